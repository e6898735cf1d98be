"""A record handed over as FHIR, and a mouth taken in from one."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.chart import operations as chart
from quenotte.care.chart.rules import Finding
from quenotte.exchange.fhir import queries, rules
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


class NotFhir(Refusal):
    """The file is no FHIR R4B bundle, or its mouth cannot be read."""

    message = _("Ce fichier n’est pas un dossier FHIR lisible. Rien n’a été modifié.")


class MouthAlreadyCharted(Refusal):
    """A mouth is taken in by a record without one: two mouths are not mixed by a machine."""

    message = _(
        "Ce dossier a déjà un schéma dentaire. Rien n’a été modifié : deux schémas ne se "
        "mélangent pas."
    )


def export_record(*, actor: Actor, patient: "Patient", with_files: bool = False) -> str:
    """Return a record as a FHIR R4B bundle in JSON, and write the line of the export.

    What leaves has been read again by a library that knows the standard, and the mouth read back
    from it is the one of the record. The patient was opened by the caller.

    Raises: AssertionError when what was read back is something else: a mistake of ours.
    """
    found = _read_strictly(_bundle(patient, with_files=with_files))
    text: str = found.model_dump_json(indent=1)
    again = rules.charted_in(_plain(_read_strictly(text)))
    if again != list(queries.charted_of(patient.id)):
        raise AssertionError("the mouth that was written is not the one that is read back")
    audit.record(
        action=Action.EXPORT,
        actor=actor,
        patient_id=patient.id,
        object_kind="patient",
        object_id=str(patient.id),
        detail={"format": "fhir", "count": len(found.entry)},
    )
    return text


@transaction.atomic
def take_in_mouth(*, actor: Actor, patient_id: UUID, text: str) -> int:
    """Chart the mouth of a bundle of ours in a record without one; return how many findings.

    The patient was opened by the caller. Raises: NotFhir, MouthAlreadyCharted.
    """
    try:
        found = rules.charted_in(_plain(_read_strictly(text)))
    except ValueError as error:
        raise NotFhir from error
    if any(queries.charted_of(patient_id)):
        raise MouthAlreadyCharted
    for one in found:
        chart.chart(actor=actor, patient_id=patient_id, findings=[one.finding], on=one.on)
    return len(found)


def _bundle(patient: "Patient", *, with_files: bool) -> rules.Resource:
    subject, today = f"urn:uuid:{patient.id}", timezone.localdate()
    return rules.bundle(
        [
            rules.patient(queries.person_of(patient)),
            *(rules.alert(one, subject) for one in queries.alerts_of(patient.id)),
            *_mouth(patient, subject),
            *(rules.performed(one, subject) for one in queries.acts_of(patient.id)),
            *(rules.note(one, subject) for one in queries.notes_of(patient.id)),
            *(rules.medication(one, subject, today) for one in queries.prescribed_of(patient.id)),
            *(
                rules.document(one, subject)
                for one in queries.documents_of(patient.id, with_files=with_files)
            ),
        ],
        timezone.now(),
    )


def _mouth(patient: "Patient", subject: str) -> Iterator[rules.Resource]:
    outcomes, found = queries.outcomes_of(patient), list(queries.charted_of(patient.id))
    ended: dict[str, dict[str, Finding]] = {}
    for one in found:
        if by_key := outcomes[one.key].by_key:
            ended.setdefault(by_key, {})[one.key] = one.finding
    for one in found:
        yield rules.charted(one, subject, outcomes[one.key], ended.get(one.key, {}))


def _read_strictly(found: rules.Resource | str) -> Any:
    """Read a bundle as the standard has it. Raises: ValueError (pydantic's) for anything else."""
    from fhir.resources.R4B.bundle import Bundle

    if isinstance(found, str):
        return Bundle.model_validate_json(found)
    return Bundle.model_validate(found)


def _plain(bundle: Any) -> Mapping[str, Any]:
    found: Mapping[str, Any] = bundle.model_dump(mode="json")
    return found
