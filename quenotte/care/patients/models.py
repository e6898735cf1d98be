"""The patient: identity, ways to reach, alerts, and the keys that find her."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from quenotte.care.patients import rules
from quenotte.kernel import names


class Sex(models.TextChoices):
    """Sex of the national identity traits (RNIV); I stays local."""

    FEMALE = "F", _("Femme")
    MALE = "M", _("Homme")
    UNKNOWN = "I", _("Indéterminé")


class IdentityStatus(models.TextChoices):
    """How far an identity is proved (RNIV)."""

    PROVISIONAL = "provisoire", _("Provisoire")
    RETRIEVED = "recuperee", _("Récupérée")
    VALIDATED = "validee", _("Validée")
    QUALIFIED = "qualifiee", _("Qualifiée")


class Patient(models.Model):
    """A person who is or was treated here.

    Strict traits are those of the RNIV: birth name, birth first names, first birth first
    name, birth date, sex, INSEE code of the birth place, INS matricule with its OID.

    Privacy: identity, health insurance number and health data; legal basis: care (GDPR 9-2-h);
    kept 20 years after the last act; erased by the retention job only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="patients")
    # Immutable: it is the PatientID that devices send back.
    file_number = models.PositiveIntegerField(_("numéro de dossier"), editable=False)

    birth_name = models.CharField(_("nom de naissance"), max_length=100)
    birth_first_names = models.CharField(_("prénoms de naissance"), max_length=100)
    first_birth_first_name = models.CharField(_("premier prénom de naissance"), max_length=100)
    born_on = models.DateField(_("date de naissance"))
    is_birth_date_fictive = models.BooleanField(_("date interprétée"), default=False)
    sex = models.CharField(_("sexe"), max_length=1, choices=Sex.choices)
    birth_place_code = models.CharField(
        _("code INSEE du lieu de naissance"), max_length=5, blank=True
    )
    used_name = models.CharField(_("nom utilisé"), max_length=100, blank=True)
    used_first_name = models.CharField(_("prénom utilisé"), max_length=100, blank=True)
    ins_matricule = models.CharField(_("matricule INS"), max_length=15, blank=True)
    ins_oid = models.CharField(_("OID de l’INS"), max_length=20, blank=True)
    identity_status = models.CharField(
        _("statut de l’identité"),
        max_length=10,
        choices=IdentityStatus.choices,
        default=IdentityStatus.PROVISIONAL,
    )
    is_homonym = models.BooleanField(_("homonyme"), default=False)
    is_doubtful = models.BooleanField(_("identité douteuse"), default=False)
    is_fictitious = models.BooleanField(_("identité fictive"), default=False)

    mobile_phone = models.CharField(_("téléphone mobile"), max_length=20, blank=True)
    other_phone = models.CharField(_("autre téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    address = models.CharField(_("adresse"), max_length=200, blank=True)
    postcode = models.CharField(_("code postal"), max_length=10, blank=True)
    town = models.CharField(_("ville"), max_length=80, blank=True)
    do_not_contact = models.BooleanField(_("ne pas contacter"), default=False)
    refuses_mail = models.BooleanField(_("pas de rappel par courriel"), default=False)
    refuses_sms = models.BooleanField(_("pas de rappel par SMS"), default=False)

    referring_doctor = models.CharField(_("médecin traitant"), max_length=120, blank=True)
    referring_doctor_rpps = models.CharField(_("RPPS du médecin"), max_length=11, blank=True)
    mutuelle_name = models.CharField(_("mutuelle"), max_length=120, blank=True)
    mutuelle_number = models.CharField(_("numéro AMC"), max_length=10, blank=True)
    mutuelle_contract = models.CharField(_("numéro d’adhérent"), max_length=30, blank=True)
    mutuelle_ends_on = models.DateField(_("droits jusqu’au"), null=True, blank=True)

    photo = models.ForeignKey(
        "base.Blob", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    died_on = models.DateField(_("décès"), null=True, blank=True)
    remarks = models.CharField(_("remarque d’accueil"), max_length=300, blank=True)

    # The record of the same person that this one was united with; the row itself stays.
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="absorbed",
    )

    # Optimistic lock: a form saved on an older version is refused, never merged silently.
    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["birth_name", "birth_first_names"]
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "file_number"], name="file_number_is_unique"
            ),
            models.UniqueConstraint(
                fields=["practice", "ins_oid", "ins_matricule"],
                condition=~Q(ins_matricule=""),
                name="ins_belongs_to_one_patient",
            ),
            models.CheckConstraint(
                condition=Q(ins_matricule="", ins_oid="") | (~Q(ins_matricule="") & ~Q(ins_oid="")),
                name="ins_never_goes_without_its_oid",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=["F", "M", "I"]), name="patient_sex_is_known"
            ),
            models.CheckConstraint(
                condition=Q(identity_status="provisoire")
                | Q(is_doubtful=False, is_fictitious=False),
                name="doubtful_identity_stays_provisional",
            ),
            models.CheckConstraint(
                condition=~Q(is_doubtful=True, is_fictitious=True),
                name="identity_is_not_doubtful_and_fictitious",
            ),
            models.CheckConstraint(
                condition=~Q(is_homonym=True, is_fictitious=True),
                name="identity_is_not_homonym_and_fictitious",
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=models.F("born_on")),
                name="death_follows_birth",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="patient_is_not_her_own_double"
            ),
        ]

    def __str__(self) -> str:
        return f"n° {self.file_number}"

    @property
    def full_name(self) -> str:
        """Name as the team says it: « DURAND Marie », the used names first."""
        first_name = self.used_first_name or self.first_birth_first_name
        return names.display_name(self.birth_name, self.used_name, first_name)

    @property
    def has_other_birth_name(self) -> bool:
        """Whether the name in use is not the one of birth."""
        return bool(self.used_name) and self.used_name.casefold() != self.birth_name.casefold()

    @property
    def phone(self) -> str:
        """The number to call first."""
        return self.mobile_phone or self.other_phone

    @property
    def may_be_contacted(self) -> bool:
        """Whether the practice may write to her or call her."""
        return rules.may_be_contacted(do_not_contact=self.do_not_contact, died_on=self.died_on)


class RelatedPerson(models.Model):
    """Somebody who counts for a patient: guardian, insured person, person to call.

    Privacy: identity and contact of a relative; legal basis: care; kept with the record.
    """

    class Relation(models.TextChoices):
        """What the person is for the patient."""

        GUARDIAN = "guardian", _("Représentant légal")
        INSURED = "insured", _("Assuré")
        EMERGENCY = "emergency", _("Personne à prévenir")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="related_people")
    relation = models.CharField(_("lien"), max_length=10, choices=Relation.choices)
    full_name = models.CharField(_("nom et prénom"), max_length=120)
    # The insured person's number is used for billing only and never shown in clear in a list.
    nir = models.CharField(_("numéro de sécurité sociale"), max_length=15, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("courriel"), blank=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["relation", "full_name"]

    def __str__(self) -> str:
        return self.get_relation_display()

    @property
    def shown_phone(self) -> str:
        """The telephone as people read it."""
        return rules.shown_phone(self.phone)


class MedicalAlert(models.Model):
    """A fact that whoever treats this patient must see first.

    Privacy: health data; legal basis: care; kept with the record; ended, never deleted.
    """

    class Kind(models.TextChoices):
        """What sort of fact."""

        ALLERGY = "allergy", _("Allergie")
        CONDITION = "condition", _("Antécédent")
        TREATMENT = "treatment", _("Traitement")
        PRECAUTION = "precaution", _("Précaution")

    class Severity(models.TextChoices):
        """How loudly it is shown."""

        DANGER = "danger", _("Danger")
        ATTENTION = "attention", _("Attention")
        INFORMATION = "info", _("Information")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    kind = models.CharField(_("nature"), max_length=10, choices=Kind.choices)
    # A code of the structured list (patients.rules.ALERTS); empty when typed freely.
    code = models.CharField(_("code"), max_length=30, blank=True)
    label = models.CharField(_("libellé"), max_length=120)
    severity = models.CharField(_("gravité"), max_length=10, choices=Severity.choices)
    details = models.CharField(_("précisions"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["severity", "label"]
        indexes = [models.Index(fields=["patient", "ended_at"], name="alert_by_patient")]

    def __str__(self) -> str:
        return self.get_kind_display()


class SearchKey(models.Model):
    """A folded word, number or date by which a patient is found; derived from her row.

    Privacy: identity data, derived; legal basis: care; kept and erased with the patient.
    """

    class Kind(models.TextChoices):
        """What the key was made of."""

        SURNAME = "n", "surname"
        FIRST_NAME = "g", "first name"
        PHONETIC = "p", "phonetic"
        PHONE = "t", "phone"
        BIRTH = "d", "birth date"
        FILE = "f", "file number"

    practice_id = models.UUIDField()
    patient = models.ForeignKey(
        Patient, on_delete=models.CASCADE, related_name="search_keys", db_index=False
    )
    kind = models.CharField(max_length=1, choices=Kind.choices)
    key = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "kind", "key"], name="search_key_is_unique"),
        ]
        indexes = [
            models.Index(fields=["practice_id", "kind", "key", "patient"], name="search_key_range"),
        ]

    def __str__(self) -> str:
        return self.kind


class Merge(models.Model):
    """Two records of one person made one, and what is needed to part them again.

    Privacy: identity data (values that were replaced), internal ids; legal basis: care; kept
    with the record; not erasable before it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey("base.Practice", on_delete=models.PROTECT, related_name="+")
    survivor = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    # Field -> value in the form of JSON, for the fields that the merge changed.
    survivor_before = models.JSONField(default=dict)
    survivor_after = models.JSONField(default=dict)
    absorbed_before = models.JSONField(default=dict)
    # « care.Appointment.patient » -> ids of the rows that changed hands.
    moved = models.JSONField(default=dict)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey("base.Person", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "base.Person", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-merged_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(survivor=models.F("absorbed")), name="merge_unites_two_records"
            ),
            models.UniqueConstraint(
                fields=["absorbed"],
                condition=Q(undone_at__isnull=True),
                name="record_is_absorbed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merged_at:%Y-%m-%d}"
