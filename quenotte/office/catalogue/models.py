"""The acts of a practice, what they were worth from which day, and what the practice chose."""

import uuid
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

#: The longest code is one of our own; a code of the nomenclature has seven signs.
CODE_LENGTH: Final = 13
#: One hundred thousand euros: nothing that a dentist does costs more.
MOST_CENTS: Final = 10_000_000


def _is_amount(field: str) -> Q:
    """Amounts are not negative, and none is so large that it must be a slip."""
    return Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__range": (0, MOST_CENTS)})


class Catalogue(models.Model):
    """The acts of one practice taken as a whole: which edition they are, when they last changed.

    Privacy: no personal data; kept as long as the practice exists.
    """

    practice = models.OneToOneField(
        "base.Practice", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    # Drawn anew with every change: what each process keeps in memory is then read again. No
    # counter: one that was rolled back would come again, with other acts.
    revision = models.UUIDField(default=uuid.uuid4)
    # The edition of our own file that was last loaded.
    shipped = models.CharField(max_length=20, blank=True)
    official_version = models.CharField(_("version de la CCAM"), max_length=20, blank=True)
    official_on = models.DateField(_("date d’effet"), null=True, blank=True)
    imported_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"catalogue {self.practice_id}"


class Act(models.Model):
    """Something that a dentist does and may bill: what it is, whatever it is worth.

    Upgrades and imports write what is known of it; what the practice says of it stands in the
    fields ``own_…`` and ``is_hidden``, which they leave alone.

    Privacy: no personal data; kept as long as the practice exists; not erasable.
    """

    class Origin(models.TextChoices):
        """Where the act comes from."""

        SHIPPED = "shipped", _("Quenotte")
        OFFICIAL = "official", _("Fichier officiel")
        OWN = "own", _("Cabinet")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(_("code"), max_length=CODE_LENGTH)
    system = models.CharField(max_length=5, default="ccam")
    activity = models.CharField(max_length=1, blank=True)
    phase = models.CharField(max_length=1, blank=True)
    label = models.CharField(_("libellé"), max_length=200)
    official_label = models.TextField(blank=True)
    official_notes = models.TextField(blank=True)
    family = models.CharField(_("famille"), max_length=14, default="other")
    area = models.CharField(max_length=7, default="none")
    teeth = models.CharField(max_length=24, blank=True)
    count_least = models.PositiveSmallIntegerField(null=True, blank=True)
    count_most = models.PositiveSmallIntegerField(null=True, blank=True)
    faces_least = models.PositiveSmallIntegerField(null=True, blank=True)
    faces_most = models.PositiveSmallIntegerField(null=True, blank=True)
    age_least = models.PositiveSmallIntegerField(null=True, blank=True)
    age_most = models.PositiveSmallIntegerField(null=True, blank=True)
    charts_as = models.CharField(max_length=20, blank=True)
    material = models.CharField(max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=20, blank=True)
    origin = models.CharField(max_length=8, choices=Origin.choices, default=Origin.SHIPPED)
    own_label = models.CharField(_("libellé du cabinet"), max_length=200, blank=True)
    own_minutes = models.PositiveSmallIntegerField(_("durée du cabinet"), null=True, blank=True)
    is_hidden = models.BooleanField(_("masqué"), default=False)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "code"], name="act_code_is_unique"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_least__isnull": True})
                    | Q(**{f"{name}_most__isnull": True})
                    | Q(**{f"{name}_least__lte": F(f"{name}_most")}),
                    name=f"act_{name}_least_is_not_above_most",
                )
                for name in ("count", "faces", "age")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


class ActVersion(models.Model):
    """What an act is worth from a day on, until the day from which its next version counts.

    Its end is the next one's beginning, so that two versions can neither overlap nor leave a gap;
    an act that the nomenclature gives up has a last version that ``is_ended``.

    Privacy: no personal data; kept as long as the practice exists; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="versions")
    from_on = models.DateField(_("à partir du"))
    is_ended = models.BooleanField(default=False)
    tariff_cents = models.PositiveIntegerField(_("tarif"), null=True, blank=True)
    ceiling_cents = models.PositiveIntegerField(_("honoraire limite"), null=True, blank=True)
    coverage = models.CharField(max_length=11, default="covered")
    group = models.CharField(max_length=3, blank=True)
    modifiers = models.CharField(max_length=26, blank=True)
    origin = models.CharField(max_length=8, choices=Act.Origin.choices, default=Act.Origin.SHIPPED)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "from_on"], name="act_has_one_version_from_a_day"
            ),
            models.CheckConstraint(
                condition=_is_amount("tariff_cents"), name="act_tariff_is_an_amount"
            ),
            models.CheckConstraint(
                condition=_is_amount("ceiling_cents"), name="act_ceiling_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.from_on}"


class Fee(models.Model):
    """What the practice itself asks for an act from a day on; without an amount: the tariff.

    Privacy: no personal data; kept as long as the practice exists; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="fees")
    from_on = models.DateField(_("à partir du"))
    fee_cents = models.PositiveIntegerField(_("honoraires"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.UniqueConstraint(fields=["act", "from_on"], name="act_has_one_fee_from_a_day"),
            models.CheckConstraint(condition=_is_amount("fee_cents"), name="fee_is_an_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.act_id} {self.from_on}"


class Favourite(models.Model):
    """An act that somebody wants at hand; without a person: the whole practice does.

    Privacy: a habit of a professional at work; legal basis: legitimate interest (her own
    convenience); kept until she or the practice takes it away; erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    act = models.ForeignKey(Act, on_delete=models.CASCADE, related_name="favourites")
    person = models.ForeignKey(
        "base.Person", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["act", "person"], name="act_is_a_favourite_of_a_person_once"
            ),
            models.UniqueConstraint(
                fields=["act"],
                condition=Q(person__isnull=True),
                name="act_is_a_favourite_of_the_practice_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act_id}"


class Macro(models.Model):
    """Several acts that the practice does together, under a name of its own.

    Privacy: no personal data; kept until the practice removes it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=60)
    # In order: codes of acts, or words from which the tooth decides (« couronne »).
    lines = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "name"], name="macro_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class Check(models.Model):
    """A rule of billing on which the practice is warned, never stopped.

    Privacy: no personal data; kept until the practice removes it.
    """

    class Kind(models.TextChoices):
        """What the rule compares; see ``rules.checks``."""

        TOGETHER = "together", _("Pas le même jour que")
        OFTEN = "often", _("Pas plus souvent que")
        AFTER = "after", _("Pas peu après")
        ONCE_EACH = "once_each", _("Une seule fois pour chaque")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    # The name of a rule that Quenotte ships; empty for one of the practice.
    key = models.CharField(max_length=40, blank=True)
    kind = models.CharField(_("règle"), max_length=9, choices=Kind.choices)
    codes = models.CharField(_("actes"), max_length=300)
    others = models.CharField(_("autres actes"), max_length=300, blank=True)
    times = models.PositiveSmallIntegerField(_("fois au plus"), default=1)
    months = models.PositiveSmallIntegerField(_("en combien de mois"), default=0)
    is_by_tooth = models.BooleanField(_("sur une même dent"), default=False)
    reason = models.CharField(_("pourquoi"), max_length=300)
    source = models.CharField(_("source"), max_length=120, blank=True)
    is_active = models.BooleanField(_("règle active"), default=True)
    # Upgrades leave a rule alone once the practice wrote in it.
    is_changed = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "codes"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "key"], condition=~Q(key=""), name="check_key_is_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.codes}"


class Rate(models.Model):
    """A share or an amount of the nomenclature from a day on: a modifier, the usual cover.

    Privacy: no personal data; kept as long as the practice exists; not erasable.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    # « amo » is the usual cover of the Assurance Maladie; else the letter of a modifier.
    key = models.CharField(_("modificateur"), max_length=3)
    label = models.CharField(_("libellé"), max_length=120)
    from_on = models.DateField(_("à partir du"))
    permille = models.PositiveSmallIntegerField(_("pour mille"), null=True, blank=True)
    amount_cents = models.PositiveIntegerField(_("montant"), null=True, blank=True)
    age_most = models.PositiveSmallIntegerField(_("jusqu’à l’âge de"), null=True, blank=True)
    is_verified = models.BooleanField(default=True)
    is_changed = models.BooleanField(default=False)

    class Meta:
        ordering = ["key", "-from_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "key", "from_on"], name="rate_has_one_value_from_a_day"
            ),
            models.CheckConstraint(
                condition=Q(permille__isnull=False) | Q(amount_cents__isnull=False),
                name="rate_says_a_share_or_an_amount",
            ),
            models.CheckConstraint(
                condition=_is_amount("amount_cents"), name="rate_amount_is_an_amount"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.from_on}"


class CatalogueImport(models.Model):
    """An official file that the practice brought: what it would change, then what it changed.

    Privacy: no personal data (public nomenclature); kept as long as the practice exists.
    """

    class State(models.TextChoices):
        """How far it is. Values are stored."""

        READING = "reading", _("Lecture")
        READY = "ready", _("À confirmer")
        APPLYING = "applying", _("Mise à jour")
        APPLIED = "applied", _("Appliqué")
        REFUSED = "refused", _("Refusé")
        GIVEN_UP = "given_up", _("Abandonné")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    blob = models.ForeignKey("base.Blob", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(_("fichier"), max_length=120)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    version = models.CharField(_("version"), max_length=20, blank=True)
    effective_on = models.DateField(_("date d’effet"), null=True, blank=True)
    counts = models.JSONField(default=dict)
    trouble = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"
