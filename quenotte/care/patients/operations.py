"""What changes about a patient: each one transaction, one line of the journal, one event."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files.operations import keep
from quenotte.base.live.operations import publish
from quenotte.base.practice.operations import draw_file_number
from quenotte.care.patients import lookups, photos, rules, searches
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, SearchKey
from quenotte.care.patients.queries import Found
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob

#: What a person may type; everything else is moved by an operation of its own.
TYPED_FIELDS: Final = frozenset(
    {
        *rules.STRICT_TRAITS,
        *("is_birth_date_fictive", "used_name", "used_first_name"),
        *("is_homonym", "is_doubtful", "is_fictitious"),
        *("mobile_phone", "other_phone", "email", "address", "postcode", "town"),
        *("do_not_contact", "refuses_mail", "refuses_sms"),
        *("referring_doctor", "referring_doctor_rpps"),
        *("mutuelle_name", "mutuelle_number", "mutuelle_contract", "mutuelle_ends_on"),
        *("remarks",),
    }
)


class DuplicateIns(Refusal):
    """Another patient of the practice already carries this INS."""

    message = _(
        "Ce matricule INS est déjà celui d’un autre dossier du cabinet. Rien n’a été "
        "enregistré. Ouvrez l’autre dossier, ou vérifiez le numéro."
    )


class PapersNotEnough(Refusal):
    """Papers cannot prove an identity that is marked doubtful or fictitious."""

    message = _(
        "Cette identité est signalée douteuse ou fictive. Retirez d’abord ce signalement, "
        "puis contrôlez la pièce."
    )


class BirthDateMissing(Refusal):
    """The birth date was never asked: there is no identity to prove yet."""

    message = _(
        "La date de naissance de ce patient n’a pas encore été demandée. Complétez-la d’abord "
        "dans sa fiche, puis contrôlez la pièce. Rien n’a été modifié."
    )


class ImpossibleDeath(Refusal):
    """The date of death is before birth or after today."""

    message = _("La date de décès doit se placer entre la naissance et aujourd’hui.")


@dataclass(frozen=True)
class Difference:
    """A field that two people filled differently."""

    field: str
    theirs: Any
    mine: Any


class ChangedMeanwhile(Refusal):
    """Somebody saved this patient after the form was opened; nothing was overwritten."""

    def __init__(
        self, *, version: int, who: str, at: datetime, differences: tuple[Difference, ...]
    ) -> None:
        super().__init__(
            _(
                "%(who)s a modifié cette fiche à %(time)s, pendant votre saisie. Rien n’a été "
                "écrasé et votre saisie est gardée : relisez, puis enregistrez à nouveau."
            )
            % {"who": who, "time": timezone.localtime(at).strftime("%H:%M")}
        )
        self.version = version
        self.who = who
        self.at = at
        self.differences = differences


@transaction.atomic
def create_patient(*, actor: Actor, values: Mapping[str, Any]) -> Patient:
    """Open a record with the next file number of the practice.

    Raises: DuplicateIns; ValueError when a field is not one that a person types.
    """
    _check_fields(values)
    assert actor.practice_id is not None
    patient = Patient(
        practice_id=actor.practice_id, file_number=draw_file_number(actor.practice_id)
    )
    _apply(patient, values)
    _save(patient, None)
    _write_search_keys(patient)
    _tell(actor, patient, Action.CREATE)
    return patient


@transaction.atomic
def change_patient(
    *,
    actor: Actor,
    patient_id: UUID,
    expected_version: int,
    values: Mapping[str, Any],
    seen: Mapping[str, Any] | None = None,
) -> Patient:
    """Save what a person typed; ``seen`` holds the values her form was opened with.

    A strict trait that changes makes the identity provisional again. Nothing is written
    when nothing differs.

    Raises: ChangedMeanwhile when the version is not the expected one; DuplicateIns;
    ValueError when a field is not one that a person types.
    """
    _check_fields(values)
    patient = _locked(actor, patient_id)
    if patient.version != expected_version:
        raise _changed_meanwhile(patient, values, seen or {})
    before = {name: getattr(patient, name) for name in TYPED_FIELDS}
    _apply(patient, values)
    traits = rules.changed_traits(before, {name: getattr(patient, name) for name in TYPED_FIELDS})
    patient.identity_status = rules.after_change(patient.identity_status, traits)
    if patient.is_doubtful or patient.is_fictitious:
        patient.identity_status = rules.PROVISIONAL
    fields = sorted(name for name in TYPED_FIELDS if before[name] != getattr(patient, name))
    if fields:
        _save(patient, [*fields, "identity_status"])
        _write_search_keys(patient)
        _tell(actor, patient, Action.CHANGE, fields=fields)
    return patient


@transaction.atomic
def check_identity(*, actor: Actor, patient_id: UUID, paper: str) -> Patient:
    """Say that ``paper`` (a code of ``rules.PAPERS``) was seen; no copy of it is kept.

    Who saw it and when is the line of the journal. Source: RNIV.

    Raises: BirthDateMissing, PapersNotEnough; KeyError for an unknown paper.
    """
    if paper not in rules.PAPERS:
        raise KeyError(paper)
    patient = _locked(actor, patient_id)
    _check_birth_known(patient)
    if not rules.may_check_papers(
        is_doubtful=patient.is_doubtful, is_fictitious=patient.is_fictitious
    ):
        raise PapersNotEnough
    patient.identity_status = rules.after_papers(patient.identity_status)
    _save(patient, ["identity_status"])
    _tell(
        actor,
        patient,
        Action.CHANGE,
        fields=["identity_status"],
        kind="identity",
        purpose=f"papers {paper.lower()}",
    )
    return patient


@transaction.atomic
def record_insi_answer(*, actor: Actor, patient_id: UUID, matricule: str, oid: str) -> Patient:
    """Store the INS that the national service returned for these traits. Source: RNIV.

    Raises: BirthDateMissing; PapersNotEnough when the identity is doubtful or fictitious;
    DuplicateIns.
    """
    patient = _locked(actor, patient_id)
    _check_birth_known(patient)
    if patient.is_doubtful or patient.is_fictitious:
        raise PapersNotEnough
    patient.ins_matricule, patient.ins_oid = matricule, oid
    patient.identity_status = rules.after_insi(patient.identity_status)
    fields = ["ins_matricule", "ins_oid", "identity_status"]
    _save(patient, fields)
    _tell(actor, patient, Action.CHANGE, fields=fields, kind="identity")
    return patient


@transaction.atomic
def record_death(*, actor: Actor, patient_id: UUID, died_on: date | None) -> Patient:
    """Note the death of a patient, who is never contacted again; None takes it back.

    Raises: ImpossibleDeath when the date is before birth or after today.
    """
    patient = _locked(actor, patient_id)
    if died_on and not patient.born_on <= died_on <= timezone.localdate():
        raise ImpossibleDeath
    patient.died_on = died_on
    patient.do_not_contact = died_on is not None
    _save(patient, ["died_on", "do_not_contact"])
    _tell(actor, patient, Action.CHANGE, fields=["died_on", "do_not_contact"])
    return patient


@transaction.atomic
def refuse_reminders(*, actor: Actor, patient_id: UUID, channel: str) -> Patient:
    """Note that a patient wants no reminder by « mail » or « sms » any more.

    Raises: KeyError for another channel.
    """
    field = {"mail": "refuses_mail", "sms": "refuses_sms"}[channel]
    patient = _locked(actor, patient_id)
    if not getattr(patient, field):
        setattr(patient, field, True)
        _save(patient, [field])
        _tell(actor, patient, Action.CHANGE, fields=[field])
    return patient


def set_photo(*, actor: Actor, patient_id: UUID, content: bytes) -> Patient:
    """Keep a face: turned upright, made small, without what the camera wrote in it.

    Raises: photos.NotAPhoto; NoRoom when the disk is full.
    """
    # The slow part comes first: nobody waits for a lock meanwhile.
    blob = keep(photos.cleaned(content), media_type="image/jpeg")
    return _show_photo(actor, patient_id, blob)


def remove_photo(*, actor: Actor, patient_id: UUID) -> Patient:
    """Show no face any more."""
    return _show_photo(actor, patient_id, None)


@transaction.atomic
def _show_photo(actor: Actor, patient_id: UUID, blob: "Blob | None") -> Patient:
    patient = _locked(actor, patient_id)
    patient.photo = blob
    # Not a new version: whoever is typing in the form meanwhile loses nothing by a face.
    patient.save(update_fields=["photo", "updated_at"])
    _tell(actor, patient, Action.CHANGE, fields=["photo"])
    return patient


@transaction.atomic
def add_related_person(
    *, actor: Actor, patient_id: UUID, values: Mapping[str, Any]
) -> RelatedPerson:
    """Add a guardian, an insured person or somebody to call."""
    patient = _locked(actor, patient_id)
    person = RelatedPerson.objects.create(patient=patient, **values)
    _write_search_keys(patient)
    _tell(actor, patient, Action.CHANGE, fields=["related_people"], kind="related")
    return person


@transaction.atomic
def end_related_person(*, actor: Actor, patient_id: UUID, related_id: UUID) -> None:
    """Say that a relative no longer counts; the row stays.

    Raises: RelatedPerson.DoesNotExist.
    """
    patient = _locked(actor, patient_id)
    person = RelatedPerson.objects.get(id=related_id, patient=patient, ended_at=None)
    person.ended_at = timezone.now()
    person.save(update_fields=["ended_at"])
    _write_search_keys(patient)
    _tell(actor, patient, Action.CHANGE, fields=["related_people"], kind="related")


@transaction.atomic
def add_alert(
    *,
    actor: Actor,
    patient_id: UUID,
    code: str = "",
    kind: str = "",
    severity: str = "",
    label: str = "",
    details: str = "",
) -> MedicalAlert:
    """Add an alert of the list (``code``), or a free one (kind, severity, label).

    One that is already shown is only completed: two lines saying the same would hide both.

    Raises: KeyError for an unknown code.
    """
    patient = _locked(actor, patient_id)
    if code:
        known = rules.ALERTS[code]
        kind, severity, label = known.kind, known.severity, known.label
    alert = MedicalAlert.objects.filter(
        patient=patient, ended_at=None, code=code, label=label
    ).first() or MedicalAlert(patient=patient, code=code, label=label)
    alert.kind, alert.severity = kind, severity
    alert.details = details or alert.details
    alert.save()
    _tell(actor, patient, Action.CHANGE, fields=["alerts"], kind="alert")
    return alert


@transaction.atomic
def end_alert(*, actor: Actor, patient_id: UUID, alert_id: UUID) -> None:
    """Say that an alert no longer holds; the row stays.

    Raises: MedicalAlert.DoesNotExist.
    """
    patient = _locked(actor, patient_id)
    alert = MedicalAlert.objects.get(id=alert_id, patient=patient, ended_at=None)
    alert.ended_at = timezone.now()
    alert.save(update_fields=["ended_at"])
    _tell(actor, patient, Action.CHANGE, fields=["alerts"], kind="alert")


def search(*, actor: Actor, text: str, limit: int) -> list[Found]:
    """Find patients of the actor's practice; the line says what kind of thing was typed.

    Nothing is written when nothing was typed.
    """
    if not text.strip() or actor.practice_id is None:
        return []
    answer = searches.search(actor.practice_id, text, limit)
    audit.record(
        action=Action.SEARCH,
        actor=actor,
        object_kind="patient",
        detail={"purpose": answer.kind, "count": len(answer.found)},
    )
    return answer.found


def rebuild_search_keys(patient: Patient) -> None:
    """Write the search keys of one patient again, as her row and relatives say."""
    with transaction.atomic():
        _write_search_keys(patient)


def rebuild_all_search_keys(practice_id: UUID | None = None, batch: int = 500) -> int:
    """Write every search key again (after an import, or when the rules of folding change).

    Returns the number of patients. One transaction for ``batch`` of them.
    """
    patients = Patient.objects.order_by("id")
    if practice_id:
        patients = patients.filter(practice_id=practice_id)
    ids = list(patients.values_list("id", flat=True))
    for start in range(0, len(ids), batch):
        with transaction.atomic():
            for patient in Patient.objects.filter(id__in=ids[start : start + batch]):
                _write_search_keys(patient)
    return len(ids)


def search_keys_of(patient: Patient, related_phones: list[str]) -> list[SearchKey]:
    """Return the keys, not saved, by which this patient is found."""
    return [
        SearchKey(practice_id=patient.practice_id, patient=patient, kind=kind, key=key)
        for kind, key in sorted(
            lookups.keys_of(
                surnames=(patient.birth_name, patient.used_name),
                first_names=(
                    patient.birth_first_names,
                    patient.first_birth_first_name,
                    patient.used_first_name,
                ),
                phones=(patient.mobile_phone, patient.other_phone, *related_phones),
                born_on=rules.known_birth(patient.born_on),
                file_number=patient.file_number,
            )
        )
    ]


def _write_search_keys(patient: Patient) -> None:
    phones = list(
        RelatedPerson.objects.filter(patient=patient, ended_at=None).values_list("phone", flat=True)
    )
    SearchKey.objects.filter(patient=patient).delete()
    SearchKey.objects.bulk_create(search_keys_of(patient, phones))


def _check_fields(values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - TYPED_FIELDS:
        raise ValueError(", ".join(sorted(unknown)))


def _locked(actor: Actor, patient_id: UUID) -> Patient:
    """Return the row, held until the transaction ends; another practice's does not exist."""
    assert actor.practice_id is not None
    return Patient.objects.select_for_update().get(id=patient_id, practice_id=actor.own_practice_id)


def _check_birth_known(patient: Patient) -> None:
    if rules.known_birth(patient.born_on) is None:
        raise BirthDateMissing


def _apply(patient: Patient, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(patient, name, value)
    if "birth_first_names" in values and "first_birth_first_name" not in values:
        patient.first_birth_first_name = rules.first_of(patient.birth_first_names)
    if patient.is_doubtful or patient.is_fictitious:
        # RNIV: such an identity carries no INS.
        patient.ins_matricule = patient.ins_oid = ""


def _save(patient: Patient, fields: list[str] | None) -> None:
    """Save and raise the version; a constraint that the person can act upon is translated."""
    if fields is not None:
        patient.version += 1
        fields = [*fields, "first_birth_first_name", "version", "updated_at"]
    try:
        with transaction.atomic():
            patient.save(update_fields=fields)
    except IntegrityError as error:
        if patient.ins_matricule and _ins_is_taken(patient):
            raise DuplicateIns from error
        raise


def _ins_is_taken(patient: Patient) -> bool:
    same = Patient.objects.filter(
        practice_id=patient.practice_id,
        ins_oid=patient.ins_oid,
        ins_matricule=patient.ins_matricule,
    )
    return same.exclude(id=patient.id).exists()


def _changed_meanwhile(
    patient: Patient, values: Mapping[str, Any], seen: Mapping[str, Any]
) -> ChangedMeanwhile:
    who, at = journal.last_change(patient.id) or ("", patient.updated_at)
    return ChangedMeanwhile(
        version=patient.version,
        who=who or str(_("Quelqu’un")),
        at=at,
        differences=tuple(
            Difference(name, getattr(patient, name), mine)
            for name, mine in values.items()
            if getattr(patient, name) != mine
            and not (name in seen and seen[name] == getattr(patient, name))
        ),
    )


def _tell(
    actor: Actor,
    patient: Patient,
    action: Action,
    *,
    fields: list[str] | None = None,
    kind: str = "patient",
    purpose: str = "",
) -> None:
    """Write the line (names of fields, never values) and warn the open pages."""
    detail: dict[str, str | int] = {}
    if fields:
        detail = {"fields": ",".join(fields)[:120], "count": len(fields)}
    if purpose:
        detail["purpose"] = purpose
    publish(
        practice_id=patient.practice_id,
        name="patient.changed",
        data={"patient": str(patient.id)},
        audience="patients.read",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient.id,
        object_kind=kind,
        object_id=str(patient.id),
        detail=detail,
    )
