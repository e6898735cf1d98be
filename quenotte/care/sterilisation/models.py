"""Autoclaves, their tests and cycles, the pouches that come out, and who received them."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.sterilisation import rules


class SterilisationSettings(models.Model):
    """How a practice sterilises; its row also gives pouches their numbers.

    Privacy: no personal data; kept as long as the practice exists.
    """

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    shelf_days = models.PositiveSmallIntegerField(
        _("durée de validité d’un sachet (jours)"), default=rules.USUAL_SHELF_DAYS
    )
    # Contents proposed for a pouch, one a line.
    kits = models.TextField(_("contenus habituels"), blank=True)
    last_pouch = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(shelf_days__range=(1, rules.LONGEST_SHELF_DAYS)),
                name="shelf_life_is_within_a_year",
            )
        ]

    def __str__(self) -> str:
        return str(self.practice_id)


class Autoclave(models.Model):
    """A steriliser of the practice.

    Privacy: no personal data; kept as long as a cycle names it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(
        "base.Practice", on_delete=models.PROTECT, related_name="autoclaves"
    )
    name = models.CharField(_("nom"), max_length=60)
    serial = models.CharField(_("numéro de série"), max_length=60, blank=True)
    letter = models.CharField(
        _("classe"), max_length=1, choices=[("B", "B"), ("S", "S"), ("N", "N")], default="B"
    )
    # One a line: « Prion · 134 °C · 18 min ».
    programmes = models.TextField(_("programmes"))
    is_active = models.BooleanField(_("en service"), default=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="autoclave_name_is_unique")
        ]

    def __str__(self) -> str:
        return self.name


class SteriliserTest(models.Model):
    """A daily test of an autoclave: Bowie-Dick, Helix, vacuum.

    Privacy: name of who did it; legal basis: legal obligation (traceability); kept with the
    cycles; never deleted.
    """

    autoclave = models.ForeignKey(Autoclave, on_delete=models.PROTECT, related_name="tests")
    day = models.DateField()
    kind = models.CharField(max_length=12, choices=list(rules.TESTS.items()))
    passed = models.BooleanField()
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)

    class Meta:
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["autoclave", "day"], name="test_by_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.kind}"


class SterilisationCycle(models.Model):
    """One run of an autoclave: what was chosen, what came out, who let it go.

    Privacy: names of who ran and released it; legal basis: legal obligation (traceability);
    kept with the records of those who received its pouches; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    autoclave = models.ForeignKey(Autoclave, on_delete=models.PROTECT, related_name="cycles")
    number = models.PositiveIntegerField(_("numéro de cycle"))
    programme = models.CharField(_("programme"), max_length=40)
    celsius = models.PositiveSmallIntegerField(_("température (°C)"))
    minutes = models.PositiveSmallIntegerField(_("plateau (minutes)"))
    load = models.CharField(_("charge"), max_length=rules.LONGEST_TEXT, blank=True)
    started_at = models.DateTimeField()
    operator = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    # What the day's tests lacked when it was started.
    lack = models.CharField(max_length=12, blank=True)
    ended_at = models.DateTimeField(null=True)
    indicator_passed = models.BooleanField(null=True)
    ticket_text = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)
    ticket = models.ForeignKey(
        "base.Blob", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    state = models.CharField(max_length=8, choices=list(rules.STATES.items()), default="running")
    # Who let it go stays when it is declared failed afterwards.
    released_at = models.DateTimeField(null=True)
    released_as = models.CharField(max_length=120, blank=True)
    # The last decision: let go, or failed.
    decided_at = models.DateTimeField(null=True)
    decided_as = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["autoclave", "number"], name="cycle_number_is_of_one_cycle"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(rules.STATES)), name="cycle_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
                name="cycle_that_ended_says_when",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(reason=""), name="failed_cycle_says_why"
            ),
        ]
        indexes = [models.Index(fields=["practice", "-started_at"], name="cycle_by_start")]

    def __str__(self) -> str:
        return f"{self.autoclave} n°\N{NO-BREAK SPACE}{self.number}"


class Pouch(models.Model):
    """What was wrapped, sterilised and labelled together; its code is on its label.

    Privacy: name of who made it; legal basis: legal obligation (traceability); kept with the
    records of those who received one; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    cycle = models.ForeignKey(SterilisationCycle, on_delete=models.PROTECT, related_name="pouches")
    code = models.CharField(max_length=12)
    content = models.CharField(_("contenu"), max_length=60)
    made_on = models.DateField()
    expires_on = models.DateField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="pouch_code_is_unique"),
            models.CheckConstraint(condition=~Q(content=""), name="pouch_says_what_is_in_it"),
        ]

    def __str__(self) -> str:
        return self.code


class PouchUse(models.Model):
    """A pouch opened for a patient; taken back when it was a mistake.

    Privacy: health data; legal basis: legal obligation (traceability of sterile devices); kept
    with the record; never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pouch = models.ForeignKey(Pouch, on_delete=models.PROTECT, related_name="uses")
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="pouch_uses", db_index=False
    )
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    # What it was opened for, for example "visit:<uuid>".
    source = models.CharField(max_length=80, blank=True)
    # What was known against it when it was written as opened all the same, and why it was.
    barred = models.CharField(max_length=12, choices=list(rules.BARRED.items()), blank=True)
    despite = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)
    undone_at = models.DateTimeField(null=True)
    undone_as = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["pouch"], condition=Q(undone_at=None), name="pouch_goes_to_one_patient"
            ),
            models.CheckConstraint(
                condition=Q(barred="", despite="") | (~Q(barred="") & ~Q(despite="")),
                name="barred_pouch_says_why",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-at"], name="pouch_use_by_patient")]

    def __str__(self) -> str:
        return str(self.id)


class CycleRecallNote(models.Model):
    """That somebody was told, or not reached, about the instruments of a failed cycle.

    Privacy: health data; legal basis: legal obligation (materiovigilance); kept with the record;
    never deleted.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    cycle = models.ForeignKey(SterilisationCycle, on_delete=models.PROTECT, related_name="notes")
    patient = models.ForeignKey("care.Patient", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=8, choices=list(rules.WAYS.items()))
    words = models.CharField(max_length=rules.LONGEST_TEXT, blank=True)
    at = models.DateTimeField()
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)
