"""What is placed in a mouth for years, and the work that laboratories do for it."""

import uuid
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.care.prosthetics import rules


class Laboratory(models.Model):
    """A dental laboratory that works for the practice.

    Privacy: contact data of a company; kept as long as an order names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="laboratories"
    )
    name = models.CharField(_("nom"), max_length=80)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    is_active = models.BooleanField(_("travaille avec le cabinet"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="laboratory_name_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class LaboratorySettings(models.Model):
    """How a practice works with laboratories; its row also gives orders their numbers.

    Privacy: no personal data; kept as long as the practice exists.
    """

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    hides_names = models.BooleanField(_("bons sans le nom du patient"), default=True)
    days_before = models.PositiveSmallIntegerField(
        _("alerte avant la pose (jours)"), default=rules.USUAL_DAYS_BEFORE
    )
    last_order = models.PositiveIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return str(self.practice_id)


class LabOrder(models.Model):
    """A piece of work asked of a laboratory.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="lab_orders", db_index=False
    )
    number = models.PositiveIntegerField(_("numéro"))
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT, related_name="orders")
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(_("travail"), max_length=14, choices=list(rules.WORKS.items()))
    # FDI numbers, separated by spaces.
    teeth = models.CharField(_("dents"), max_length=100, blank=True)
    material = models.CharField(_("matériau"), max_length=60, blank=True)
    shade = models.CharField(_("teinte"), max_length=20, blank=True)
    instructions = models.CharField(_("consignes"), max_length=1000, blank=True)
    price_cents = models.PositiveIntegerField(null=True, blank=True)
    due_on = models.DateField(_("retour demandé"), null=True, blank=True)
    # The visit in which it is fitted: when that one moves, the alarm moves with it.
    appointment = models.ForeignKey(
        "care.Appointment", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(max_length=10, choices=list(rules.STATUSES.items()))
    sent_on = models.DateField(null=True)
    # Declaration of conformity of a device made to measure ((EU) 2017/745, annex XIII).
    conformity = models.ForeignKey(
        "care.Document", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The work that this one replaces, because it had to be made again.
    remakes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, editable=False, related_name="remade_as"
    )
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["remakes"], condition=~Q(status="cancelled"), name="order_is_remade_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "number"], name="order_number_is_of_one_order"
            ),
            models.CheckConstraint(
                condition=Q(status__in=list(rules.STATUSES)), name="order_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=list(rules.WORKS)), name="order_kind_is_known"
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-created_at"], name="order_by_patient"),
            models.Index(
                fields=["practice", "status"],
                name="order_not_over",
                condition=~Q(status__in=sorted(one.value for one in rules.OVER)),
            ),
        ]

    def __str__(self) -> str:
        return f"n° {self.number}"

    @property
    def fitting_on(self) -> date | None:
        """The day of the visit in which it is fitted; None without one, or once it is off."""
        visit = self.appointment
        if visit is None or visit.status in {"cancelled", "missed"}:
            return None
        return timezone.localtime(visit.starts_at).date()

    @property
    def lacks_conformity(self) -> bool:
        """Whether it is in a mouth without its declaration."""
        has_one = self.conformity_id is not None
        return rules.lacks_conformity(self.kind, self.status, has_declaration=has_one)


class LabStep(models.Model):
    """That a piece of work went, came back, was tried, was fitted.

    Privacy: health data; legal basis: care; kept with the order; never deleted.
    """

    order = models.ForeignKey(LabOrder, on_delete=models.PROTECT, related_name="steps")
    status = models.CharField(max_length=10, choices=list(rules.STATUSES.items()))
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    words = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.status}"


class PlacedDevice(models.Model):
    """An implant, or another device, that stays in a patient's mouth.

    Privacy: health data; legal basis: legal obligation (traceability of implantable devices);
    kept with the record; never deleted: it is removed from the mouth, or entered by mistake.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="placed_devices"
    )
    kind = models.CharField(_("type"), max_length=10, choices=list(rules.PLACED.items()))
    name = models.CharField(_("désignation"), max_length=120)
    maker = models.CharField(_("fabricant"), max_length=80, blank=True)
    reference = models.CharField(_("référence"), max_length=60, blank=True)
    gtin = models.CharField(max_length=24, blank=True)
    lot_number = models.CharField(_("numéro de lot"), max_length=40, blank=True)
    serial = models.CharField(_("numéro de série"), max_length=40, blank=True)
    expires_on = models.DateField(_("péremption"), null=True, blank=True)
    udi = models.CharField(_("code UDI"), max_length=120, blank=True)
    # FDI number (ISO 3950); none for what belongs to no single tooth.
    tooth = models.PositiveSmallIntegerField(_("dent"), null=True, blank=True)
    dimension = models.CharField(_("dimensions"), max_length=40, blank=True)
    torque_ncm = models.PositiveSmallIntegerField(_("couple (Ncm)"), null=True, blank=True)
    placed_on = models.DateField(_("posé le"))
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    placed_by = models.CharField(max_length=120)
    movement = models.ForeignKey(
        "care.StockMovement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=rules.LONGEST_TEXT, blank=True)
    # What was known against it when it was written all the same, and why it was.
    barred = models.CharField(max_length=8, choices=list(rules.BARRED.items()), blank=True)
    despite = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)
    created_at = models.DateTimeField()
    removed_on = models.DateField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)

    class Meta:
        ordering = ["-placed_on", "-created_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "gtin", "serial"],
                condition=~Q(serial="") & Q(voided_at=None, removed_on=None),
                name="one_piece_is_in_one_mouth",
            ),
            models.CheckConstraint(
                condition=Q(removed_on=None, voided_at=None) | ~Q(reason=""),
                name="removed_device_says_why",
            ),
            models.CheckConstraint(
                condition=Q(barred="", despite="") | (~Q(barred="") & ~Q(despite="")),
                name="barred_device_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.name
