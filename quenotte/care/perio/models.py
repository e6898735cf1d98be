"""Periodontal examinations, what was measured, what was concluded."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.perio.rules.mouths import TEETH
from quenotte.care.perio.rules.paths import USUAL


def _is_a_grade(field: str) -> Q:
    return Q(**{field: None}) | Q(**{f"{field}__range": (0, 3)})


class PerioExam(models.Model):
    """One periodontal examination: a draft while it is typed, then never changed.

    Triggers refuse any change of a closed one, and of what it holds.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    class Status(models.TextChoices):
        """How far an examination is."""

        DRAFT = "draft", _("En cours")
        CLOSED = "closed", _("Clos")
        GIVEN_UP = "given_up", _("Abandonné")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(
        "care.Patient", on_delete=models.PROTECT, related_name="perio_exams", db_index=False
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    examined_on = models.DateField(_("examen du"))
    examiner = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    # The examiner's name as it was that day.
    examined_by = models.CharField(max_length=120)
    started_at = models.DateTimeField()
    # The last value keyed in, by whom, and when the journal was last told of it.
    typed_at = models.DateTimeField(null=True)
    typed_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    told_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=120, blank=True)
    # The patient as long as this is a draft: two people who begin at once find themselves in the
    # same examination, and two records that are united may each bring a draft.
    draft_of = models.UUIDField(null=True, unique=True)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        ordering = ["-examined_on", "-started_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", draft_of__isnull=False)
                | (~Q(status="draft") & Q(draft_of=None)),
                name="perio_draft_says_of_whom",
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                condition=~Q(status="given_up"),
                name="perio_exam_is_corrected_once",
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_at__isnull=False)
                | (~Q(status="closed") & Q(closed_at=None)),
                name="perio_closed_exam_says_when",
            ),
        ]
        indexes = [models.Index(fields=["patient", "-examined_on"], name="perio_by_patient")]

    def __str__(self) -> str:
        return f"{self.examined_on:%Y-%m-%d} {self.status}"


class PerioTooth(models.Model):
    """What an examination found of one tooth: whether it is there, mobility, furcations.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    exam = models.ForeignKey(
        PerioExam, on_delete=models.PROTECT, related_name="teeth", db_index=False
    )
    # FDI number (ISO 3950).
    tooth = models.PositiveSmallIntegerField()
    presence = models.CharField(max_length=8, default="present")
    # Grades: Miller 0 to 3; Hamp or Glickman I to III, 0 for a furcation that is closed.
    mobility = models.PositiveSmallIntegerField(null=True)
    furcation_v = models.PositiveSmallIntegerField(null=True)
    furcation_l = models.PositiveSmallIntegerField(null=True)
    furcation_m = models.PositiveSmallIntegerField(null=True)
    furcation_d = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["exam", "tooth"], name="perio_tooth_once_an_exam"),
            models.CheckConstraint(
                condition=Q(tooth__in=sorted(TEETH)), name="perio_tooth_is_permanent"
            ),
            models.CheckConstraint(
                condition=Q(presence__in=["present", "missing", "implant"]),
                name="perio_presence_is_known",
            ),
            models.CheckConstraint(
                condition=_is_a_grade("mobility")
                & _is_a_grade("furcation_v")
                & _is_a_grade("furcation_l")
                & _is_a_grade("furcation_m")
                & _is_a_grade("furcation_d"),
                name="perio_grades_are_0_to_3",
            ),
        ]

    def __str__(self) -> str:
        return str(self.tooth)


class PerioSite(models.Model):
    """What was measured at one of the six sites of a tooth; the attachment level is computed.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    exam = models.ForeignKey(
        PerioExam, on_delete=models.PROTECT, related_name="sites", db_index=False
    )
    tooth = models.PositiveSmallIntegerField()
    site = models.CharField(max_length=2)
    # In mm; a recession below zero is an overgrowth.
    depth = models.PositiveSmallIntegerField(null=True)
    recession = models.SmallIntegerField(null=True)
    bleeding = models.BooleanField(default=False)
    plaque = models.BooleanField(default=False)
    suppuration = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["exam", "tooth", "site"], name="perio_site_once_an_exam"
            ),
            models.CheckConstraint(
                condition=Q(tooth__in=sorted(TEETH)), name="perio_site_is_of_a_permanent_tooth"
            ),
            models.CheckConstraint(
                condition=Q(site__in=["MV", "V", "DV", "ML", "L", "DL"]),
                name="perio_site_is_one_of_six",
            ),
            models.CheckConstraint(
                condition=Q(depth=None) | Q(depth__range=(0, 15)), name="perio_depth_0_to_15_mm"
            ),
            models.CheckConstraint(
                condition=Q(recession=None) | Q(recession__range=(-9, 15)),
                name="perio_recession_is_possible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tooth} {self.site}"


class PerioStatement(models.Model):
    """What somebody signed about a closed examination: a conclusion, or an addition.

    Each is added, none is changed (triggers): the newest conclusion is the one that holds. What
    the help was told (bone loss, tobacco, diabetes) is kept with the conclusion.

    Privacy: health data; legal basis: care; kept with the record; never deleted.
    """

    class Kind(models.TextChoices):
        """What a statement is."""

        CONCLUSION = "conclusion", _("Conclusion")
        ADDITION = "addition", _("Complément")

    class Extent(models.TextChoices):
        """How far a periodontitis goes."""

        LOCALISED = "localised", _("localisée")
        GENERALISED = "generalised", _("généralisée")
        MOLAR_INCISOR = "molar_incisor", _("molaires et incisives")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    exam = models.ForeignKey(PerioExam, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    author = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    signed_as = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    text = models.TextField(_("texte"))
    stage = models.CharField(_("stade"), max_length=3, blank=True)
    grade = models.CharField(_("grade"), max_length=1, blank=True)
    extent = models.CharField(_("étendue"), max_length=14, choices=Extent.choices, blank=True)
    # What the help was told, as ``rules.staging.Context``.
    context = models.JSONField(default=dict)

    class Meta:
        ordering = ["signed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text="") | ~Q(stage=""), name="perio_statement_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.signed_at:%Y-%m-%d}"

    @property
    def extent_words(self) -> str:
        """How far it goes, in words; "" when nobody said."""
        return str(self.Extent(self.extent).label) if self.extent else ""


class PerioHabit(models.Model):
    """How one person goes round the mouth, and whether keys are heard.

    Privacy: a preference of staff; legal basis: legitimate interest; goes with the account.
    """

    person = models.OneToOneField(
        "base.Person", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    order = models.CharField(max_length=12, default=USUAL.value)
    lower_first = models.BooleanField(default=False)
    has_sound = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.order
