"""What changes about a patient: each one transaction, one line of the journal, one event."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files.operations import keep
from quenotte.base.live.operations import publish
from quenotte.base.practice.operations import draw_file_number
from quenotte.care.patients import bulk, duplicates, keys, photos, raising, rules, searches
from quenotte.care.patients.conflicts import (
    AlertNotedOtherwise,
    PhotoChanged,
    alert_differences,
    changed_meanwhile,
    conflicts_noted,
)
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson
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


#: What an import does to thousands of records at once.
NewRecord = bulk.NewRecord
keys_for = bulk.keys_for
prepare_many, store_many = bulk.prepare_many, bulk.store_many
touched_among, remove_untouched = bulk.touched_among, bulk.remove_untouched
traits_of = duplicates.traits_of
#: What answers of a questionnaire say: alerts that come and go with them.
Raised = raising.Raised
raise_alerts, end_alerts, hold = raising.raise_alerts, raising.end_alerts, raising.hold
#: Who may be the same person; the first writes who was shown in the journal.
look, look_alikes = duplicates.look, duplicates.look_alikes
#: How a record is found.
search_keys_of = keys.search_keys_of
rebuild_search_keys, rebuild_all_search_keys = (
    keys.rebuild_search_keys,
    keys.rebuild_all_search_keys,
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


@transaction.atomic
def create_patient(*, actor: Actor, values: Mapping[str, Any], look_alikes: int = 0) -> Patient:
    """Open a record with the next file number of the practice.

    ``look_alikes``: the records that the person saw and said to be somebody else's.

    Raises: DuplicateIns; ValueError when a field is not one that a person types.
    """
    _check_fields(values)
    assert actor.practice_id is not None
    patient = Patient(
        practice_id=actor.practice_id, file_number=draw_file_number(actor.practice_id)
    )
    _apply(patient, values)
    _save(patient, None)
    keys.write_search_keys(patient)
    _tell(actor, patient, Action.CREATE, purpose=f"despite {look_alikes}" if look_alikes else "")
    return patient


def take_back_record(*, actor: Actor, patient_id: UUID) -> None:
    """Take away a record that was opened by mistake and in which nothing was written since.

    In the caller's transaction, which asked ``touched_among``; the line of the journal stays.

    Raises: IntegrityError when something was added meanwhile: nothing is then removed.
    """
    patient = _locked(actor, patient_id)
    bulk.remove_untouched([patient.id])
    _tell(actor, patient, Action.CHANGE, purpose="taken back")


@conflicts_noted
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
        raise changed_meanwhile(patient, values, seen)
    before = {name: getattr(patient, name) for name in TYPED_FIELDS}
    _apply(patient, values)
    traits = rules.changed_traits(before, {name: getattr(patient, name) for name in TYPED_FIELDS})
    patient.identity_status = rules.after_change(patient.identity_status, traits)
    if patient.is_doubtful or patient.is_fictitious:
        patient.identity_status = rules.PROVISIONAL
    fields = sorted(name for name in TYPED_FIELDS if before[name] != getattr(patient, name))
    if fields:
        _save(patient, [*fields, "identity_status"])
        keys.write_search_keys(patient)
        _tell(actor, patient, Action.CHANGE, fields=fields)
    return patient


@conflicts_noted
def check_identity(*, actor: Actor, patient_id: UUID, expected_version: int, paper: str) -> Patient:
    """Say that ``paper`` (a code of ``rules.PAPERS``) was seen; no copy of it is kept.

    Who saw it and when is the line of the journal. The paper proves the traits that were on
    screen, those of ``expected_version``, and no others. Source: RNIV.

    Raises: ChangedMeanwhile; BirthDateMissing; PapersNotEnough; KeyError for an unknown paper.
    """
    if paper not in rules.PAPERS:
        raise KeyError(paper)
    patient = _locked(actor, patient_id)
    if patient.version != expected_version:
        raise changed_meanwhile(patient, {})
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


@conflicts_noted
def record_death(
    *, actor: Actor, patient_id: UUID, expected_version: int, died_on: date | None
) -> Patient:
    """Note the death of a patient, who is never contacted again; None takes it back.

    Her objection to being contacted stays what it was. Nothing is written when nothing differs.

    Raises: ChangedMeanwhile; ImpossibleDeath when the date is before birth or after today.
    """
    patient = _locked(actor, patient_id)
    if patient.version != expected_version:
        raise changed_meanwhile(patient, {"died_on": died_on})
    if died_on and not patient.born_on <= died_on <= timezone.localdate():
        raise ImpossibleDeath
    if patient.died_on != died_on:
        patient.died_on = died_on
        _save(patient, ["died_on"])
        _tell(actor, patient, Action.CHANGE, fields=["died_on"])
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


def set_photo(*, actor: Actor, patient_id: UUID, seen: str, content: bytes) -> Patient:
    """Keep a face: turned upright, made small, without what the camera wrote in it.

    ``seen`` is the SHA-256 of the photo that the page showed, empty when it showed none.

    Raises: PhotoChanged; photos.NotAPhoto; NoRoom when the disk is full.
    """
    # The slow part comes first: nobody waits for a lock meanwhile.
    blob = keep(photos.cleaned(content), media_type="image/jpeg")
    return _show_photo(actor=actor, patient_id=patient_id, seen=seen, blob=blob)


def remove_photo(*, actor: Actor, patient_id: UUID, seen: str) -> Patient:
    """Show no face any more; ``seen`` is the SHA-256 of the photo that
    the page showed.

    Raises: PhotoChanged.
    """
    return _show_photo(actor=actor, patient_id=patient_id, seen=seen, blob=None)


@conflicts_noted
def _show_photo(*, actor: Actor, patient_id: UUID, seen: str, blob: "Blob | None") -> Patient:
    patient = _locked(actor, patient_id)
    if (patient.photo_id or "") != seen:
        raise PhotoChanged
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
    keys.write_search_keys(patient)
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
    keys.write_search_keys(patient)
    _tell(actor, patient, Action.CHANGE, fields=["related_people"], kind="related")


@conflicts_noted
def add_alert(
    *,
    actor: Actor,
    patient_id: UUID,
    code: str = "",
    kind: str = "",
    severity: str = "",
    label: str = "",
    details: str = "",
    replaces: UUID | None = None,
) -> MedicalAlert:
    """Add an alert of the list (``code``), or a free one (kind, severity, label).

    Two lines saying the same would hide both: one that is already shown with other words is
    ended, and kept, when ``replaces`` names it; one that had no details is completed. Nothing
    is written when nothing differs.

    Raises: AlertNotedOtherwise when other words are shown, which ``replaces`` does not name;
    KeyError for an unknown code.
    """
    patient = _locked(actor, patient_id)
    if code:
        known = rules.ALERTS[code]
        kind, severity, label = known.kind, known.severity, known.label
    noted = MedicalAlert.objects.filter(
        patient=patient, ended_at=None, code=code, label=label
    ).first()
    if noted is not None:
        differences = alert_differences(noted, kind=kind, severity=severity, details=details)
        if not differences:
            return noted
        if noted.id != replaces and any(one.theirs for one in differences):
            raise AlertNotedOtherwise(noted.id, differences)
        details = details or noted.details
        _end(noted)
    alert = MedicalAlert.objects.create(
        patient=patient, code=code, kind=kind, severity=severity, label=label, details=details
    )
    _tell(actor, patient, Action.CHANGE, fields=["alerts"], kind="alert")
    return alert


@transaction.atomic
def end_alert(*, actor: Actor, patient_id: UUID, alert_id: UUID) -> None:
    """Say that an alert no longer holds; the row stays.

    Raises: MedicalAlert.DoesNotExist.
    """
    patient = _locked(actor, patient_id)
    _end(MedicalAlert.objects.get(id=alert_id, patient=patient, ended_at=None))
    _tell(actor, patient, Action.CHANGE, fields=["alerts"], kind="alert")


def _end(alert: MedicalAlert) -> None:
    alert.ended_at = timezone.now()
    alert.save(update_fields=["ended_at"])


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
