"""Visits: what was done at the chair, and the practice's templates and anaesthetics."""

import uuid
from datetime import datetime
from typing import ClassVar, Final

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.office.visits import rules


class Visit(models.Model):
    """A time at the chair, from when it was opened to when its note was signed.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # One to one: however many pages open a visit, an appointment has one.
    appointment = models.OneToOneField(
        "care.Appointment", on_delete=models.PROTECT, null=True, related_name="visit"
    )
    plan_session = models.ForeignKey(
        "office.PlanSession", on_delete=models.PROTECT, null=True, related_name="visits"
    )
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    # The signed note: until then the text below is a draft that the team shares.
    note = models.OneToOneField(
        "care.Note", on_delete=models.PROTECT, null=True, related_name="visit"
    )
    note_text = models.TextField(_("note"), blank=True)
    note_version = models.PositiveIntegerField(default=1)
    note_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    weight_kg = models.PositiveSmallIntegerField(_("poids (kg)"), null=True)
    # When its acts were last corrected after it had been closed.
    amended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("opened_at")),
                name="visit_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(note__isnull=True) | Q(closed_at__isnull=False),
                name="visit_is_closed_when_signed",
            ),
            models.CheckConstraint(
                condition=Q(weight_kg__isnull=True) | Q(weight_kg__gte=2, weight_kg__lte=400),
                name="visit_weight_is_one_of_a_person",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "-opened_at"], name="visit_by_patient"),
            models.Index(
                fields=["practice", "opened_at"],
                condition=Q(closed_at__isnull=False, note__isnull=True) & ~Q(note_text=""),
                name="visit_to_sign",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d}"

    @property
    def is_to_sign(self) -> bool:
        """Whether it ended, and its note waits for a signature."""
        return self.closed_at is not None and self.note_id is None and bool(self.note_text.strip())


class OpenVisit(models.Model):
    """The visit of a patient that is going on: one at most, and the row goes as it ends.

    Privacy: health data by inference; legal basis: care; erased when the visit ends; erasable.
    """

    patient = models.OneToOneField(
        "care.Patient", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="open")

    def __str__(self) -> str:
        return str(self.visit_id)


class VisitAct(models.Model):
    """An act that was done, as the catalogue said it that day; ``undone_at``: taken back.

    Amounts are cents for one act. ``teeth`` are FDI numbers (« 16 17 »). An act of a closed visit
    is struck, with a reason; the one that ``replaces`` it stands beside it.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="acts")
    line = models.ForeignKey(
        "office.PlanLine", on_delete=models.PROTECT, null=True, related_name="done_as"
    )
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("acte"), max_length=200)
    teeth = models.CharField(_("dents"), max_length=120, blank=True)
    surfaces = models.CharField(_("faces"), max_length=5, blank=True)
    quantity = models.PositiveSmallIntegerField(_("quantité"), default=1)
    modifiers = models.CharField(_("modificateurs"), max_length=4, blank=True)
    tariff_cents = models.PositiveIntegerField(null=True)
    fee_cents = models.PositiveIntegerField(_("honoraires"), null=True)
    basket = models.CharField(max_length=20, blank=True)
    charts_as = models.CharField(max_length=20, blank=True)
    material = models.CharField(max_length=40, blank=True)
    practitioner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
    done_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    struck_reason = models.CharField(_("raison"), max_length=200, blank=True)
    # One to one: of two people who correct an act, the second is told.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    # When it was written, for what was written after the day of care, or once closed.
    noted_at = models.DateTimeField(null=True)
    # Whether the mouth shows it: some acts have nothing to show, some cannot be shown.
    is_charted = models.BooleanField(default=False)

    class Meta:
        ordering = ["done_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(undone_at__isnull=True),
                name="planned_act_is_done_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=99), name="visit_act_has_a_quantity"
            ),
            models.CheckConstraint(
                condition=Q(struck_by__isnull=True, struck_reason="")
                | (Q(struck_by__isnull=False, undone_at__isnull=False) & ~Q(struck_reason="")),
                name="struck_act_says_who_and_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.teeth}".strip()

    @property
    def is_struck(self) -> bool:
        """Whether it was entered in error: it stays in sight, struck through."""
        return bool(self.struck_reason)

    @property
    def source(self) -> str:
        """How the mouth names where the mark of an unplanned act comes from."""
        return f"visit-act:{self.id}"

    @property
    def marks(self) -> frozenset[str]:
        """The sources under which the mouth may show it: its own, or that of its planned act."""
        return frozenset({self.source, f"plan-line:{self.line_id}"})


class Input(models.Model):
    """What was given or used: taken back while its visit goes on, struck once it has closed.

    ``removed_at`` says since when it no longer stands. Struck, it stays in sight with its reason;
    the one that ``replaces`` it stands beside it.
    """

    #: Whether it lies on a shelf of the stock, or was injected.
    is_material: ClassVar[bool]

    removed_at = models.DateTimeField(null=True)
    struck_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    struck_reason = models.CharField(_("raison"), max_length=200, blank=True)
    # One to one: of two people who correct it, the second is told.
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    # When and by whom it was written, for what was written after the day of care, or once closed.
    noted_at = models.DateTimeField(null=True)
    noted_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def is_struck(self) -> bool:
        """Whether it was entered in error: it stays in sight, struck through."""
        return bool(self.struck_reason)


#: What is struck says who did it and why.
_STRUCK: Final = Q(struck_by__isnull=True, struck_reason="") | (
    Q(struck_by__isnull=False, removed_at__isnull=False) & ~Q(struck_reason="")
)


class VisitSupply(Input):
    """A material that was used, with its lot; ``movement_id`` is its line of the stock.

    Privacy: health data; legal basis: care and traceability; kept with the record.
    """

    is_material = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="supplies")
    name = models.CharField(_("matériau"), max_length=120)
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    quantity = models.PositiveSmallIntegerField(_("quantité"), default=1)
    movement_id = models.UUIDField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=_STRUCK, name="struck_supply_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.lot}".strip()

    @property
    def at(self) -> datetime:
        """When it was noted."""
        return self.added_at


class Anaesthesia(Input):
    """An anaesthetic that was given: the product as it was that day, and the dose.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    is_material = False

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="anaesthesias")
    product = models.CharField(_("produit"), max_length=120)
    vasoconstrictor = models.CharField(_("vasoconstricteur"), max_length=60, blank=True)
    # Cartridges in quarters: half a cartridge is 2.
    quarters = models.PositiveSmallIntegerField(_("cartouches (quarts)"))
    dose_mg = models.PositiveSmallIntegerField(_("dose (mg)"))
    # The figures of that day: the product may be renamed, changed or retired later.
    most_ug_per_kg = models.PositiveSmallIntegerField(null=True)
    child_ug_per_kg = models.PositiveSmallIntegerField(null=True)
    most_mg = models.PositiveSmallIntegerField(null=True)
    from_years = models.PositiveSmallIntegerField(default=0)
    from_kg = models.PositiveSmallIntegerField(default=0)
    source = models.CharField(max_length=200, blank=True)
    lot = models.CharField(_("lot"), max_length=60, blank=True)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quarters__gte=1, quarters__lte=80), name="anaesthesia_has_a_dose"
            ),
            models.CheckConstraint(condition=_STRUCK, name="struck_anaesthesia_says_who_and_why"),
        ]

    def __str__(self) -> str:
        return f"{self.product} {self.dose_mg} mg"

    @property
    def name(self) -> str:
        """What was given, as a material is named."""
        return self.product

    @property
    def at(self) -> datetime:
        """When it was given."""
        return self.given_at

    @property
    def limits(self) -> rules.Limits | None:
        """The figures that were kept with the dose."""
        if self.most_ug_per_kg is None or self.child_ug_per_kg is None or self.most_mg is None:
            return None
        return rules.Limits(
            self.most_ug_per_kg,
            self.child_ug_per_kg,
            self.most_mg,
            self.source,
            self.from_years,
            self.from_kg,
        )

    @property
    def shown_cartridges(self) -> str:
        """The cartridges as people say them: « 1,5 cartouche »."""
        return rules.shown_cartridges(self.quarters)


class AnaestheticProduct(models.Model):
    """An anaesthetic as the practice describes it, in place of the usual one of that code.

    Privacy: no personal data; kept as long as the practice exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=40)
    name = models.CharField(_("nom"), max_length=120)
    mg_per_ml = models.PositiveSmallIntegerField(_("mg par ml"))
    cartridge_ul = models.PositiveSmallIntegerField(_("cartouche (µl)"))
    vasoconstrictor = models.CharField(_("vasoconstricteur"), max_length=60, blank=True)
    most_ug_per_kg = models.PositiveSmallIntegerField(_("maximum (µg par kg)"))
    child_ug_per_kg = models.PositiveSmallIntegerField(_("maximum enfant (µg par kg)"))
    most_mg = models.PositiveSmallIntegerField(_("maximum (mg)"))
    # Not given below this age or this weight; 0: the source names none.
    from_years = models.PositiveSmallIntegerField(_("âge minimal (ans)"), default=0)
    from_kg = models.PositiveSmallIntegerField(_("poids minimal (kg)"), default=0)
    source = models.CharField(_("source"), max_length=200)
    is_active = models.BooleanField(_("proposé"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="anaesthetic_code_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class NoteTemplate(models.Model):
    """A text that a note may begin with; « {dent} » is a place to fill.

    Privacy: no personal data; kept as long as the practice exists.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    text = models.TextField(_("texte"), max_length=4000)
    is_active = models.BooleanField(_("proposé"), default=True)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "name"], name="note_template_name_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return self.name
