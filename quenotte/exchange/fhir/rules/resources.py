"""Plain values of a record as FHIR R4B resources (JSON-like). Source: HL7 FHIR R4B (4.3.0)."""

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from quenotte.exchange.fhir.rules.codes import (
    ACT,
    ALLERGY,
    CATEGORY,
    CCAM,
    CIS,
    CLINICAL,
    FILE_NUMBER,
    LOINC,
    PRESCRIPTION,
    PROGRESS_NOTE,
    Resource,
    coded,
    filled,
    surfaces,
    tooth,
)
from quenotte.kernel.teeth import is_tooth

_GENDERS: Final = {"F": "female", "M": "male"}


@dataclass(frozen=True, slots=True)
class Person:
    """Who a record is of. ``matricule`` and its OID are given for a qualified identity alone."""

    id: UUID
    file_number: int
    family: str
    given: str
    used_family: str
    used_given: str
    born_on: date | None
    sex: str
    matricule: str = ""
    oid: str = ""
    phones: tuple[str, ...] = ()
    email: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class Alerted:
    """An alert: its kind (« allergy », « condition » ...), words, since when, until when."""

    id: UUID
    kind: str
    label: str
    details: str
    is_serious: bool
    since: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Performed:
    """An act done at a visit: its code of the nomenclature, FDI numbers of its teeth.

    ``error``: why it was struck, when it was entered in error.
    """

    id: UUID
    code: str
    label: str
    teeth: tuple[int, ...]
    done_at: datetime
    practitioner: str
    surfaces: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Prescribed:
    """A line of a prescription that was issued; ``code`` is its CIS code, if it has one.

    ``until``: its last day, None when the line names no duration.
    """

    id: UUID
    number: str
    drug: str
    code: str
    instructions: str
    issued_at: datetime
    prescriber: str
    is_cancelled: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """A document: its bytes only when they travel with it. ``sha1`` is the digest FHIR asks for.

    ``is_outlived``: what it says was so, and is so no more.
    """

    id: UUID
    kind: str
    title: str
    dated_on: date
    media_type: str
    size_bytes: int
    sha1: bytes
    is_cancelled: bool = False
    is_outlived: bool = False
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """A clinical note that was signed; ``corrects``: the note whose place it took.

    ``is_corrected``: another one took its place since.
    """

    id: UUID
    text: str
    signed_as: str
    signed_at: datetime
    corrects: UUID | None = None
    is_corrected: bool = False


def note(noted: Noted, subject: str) -> Resource:
    """Return the DocumentReference of a note; a corrected one is superseded, and still says all.

    Source: FHIR R4B DocumentReference; LOINC 11506-3 (progress note).
    """
    content = noted.text.encode()
    attachment = {
        "contentType": "text/plain; charset=utf-8",
        "language": "fr",
        "creation": noted.signed_at.isoformat(),
        "size": len(content),
        "data": b64encode(content).decode(),
    }
    replaced = f"urn:uuid:{noted.corrects}"
    relates = [{"code": "replaces", "target": {"reference": replaced}}] if noted.corrects else []
    return filled(
        {
            "resourceType": "DocumentReference",
            "id": str(noted.id),
            "status": "superseded" if noted.is_corrected else "current",
            "docStatus": "amended" if noted.corrects else "final",
            "type": {"coding": [{"system": LOINC, "code": PROGRESS_NOTE}], "text": "Note clinique"},
            "subject": {"reference": subject},
            "date": noted.signed_at.isoformat(),
            "author": [{"display": noted.signed_as}],
            "relatesTo": relates,
            "content": [{"attachment": attachment}],
        }
    )


def performed(act: Performed, subject: str) -> Resource:
    """Return the Procedure of an act that was done. Source: FHIR R4B Procedure."""
    return filled(
        {
            "resourceType": "Procedure",
            "id": str(act.id),
            "status": "entered-in-error" if act.error else "completed",
            "code": {
                "coding": [{"system": _nomenclature(act.code), "code": act.code}],
                "text": act.label,
            },
            "subject": {"reference": subject},
            "performedDateTime": act.done_at.isoformat(),
            "performer": [{"actor": {"display": act.practitioner}}],
            "bodySite": [
                *(tooth(one) for one in act.teeth if is_tooth(one)),
                *surfaces(act.surfaces),
            ],
            "note": [{"text": act.error}] if act.error else [],
        }
    )


def _nomenclature(code: str) -> str:
    return CCAM if re.fullmatch(r"[A-Z]{4}\d{3}", code) else ACT


#: A prescription is taken to the pharmacy within three months. Source: Code de la santé publique,
#: article R. 5132-22.
_MAY_BE_DISPENSED: Final = timedelta(days=92)


def _status_of_order(line: Prescribed, on: date) -> str:
    """Return whether an order still goes on: over once its days are; unknown when it names none."""
    if line.is_cancelled:
        return "cancelled"
    if line.until is not None:
        return "active" if on <= line.until else "completed"
    return "active" if on <= line.issued_at.date() + _MAY_BE_DISPENSED else "unknown"


def medication(line: Prescribed, subject: str, on: date) -> Resource:
    """Return the MedicationRequest of a line as it is on a day.

    Source: FHIR R4B MedicationRequest.
    """
    drug: Resource = {"text": line.drug}
    if line.code:
        drug["coding"] = [{"system": CIS, "code": line.code, "display": line.drug}]
    return filled(
        {
            "resourceType": "MedicationRequest",
            "id": str(line.id),
            "groupIdentifier": {"system": PRESCRIPTION, "value": line.number},
            "status": _status_of_order(line, on),
            "intent": "order",
            "medicationCodeableConcept": drug,
            "subject": {"reference": subject},
            "authoredOn": line.issued_at.isoformat(),
            "requester": {"display": line.prescriber},
            "dosageInstruction": [{"text": line.instructions}] if line.instructions else [],
        }
    )


def document(filed: Filed, subject: str) -> Resource:
    """Return the DocumentReference of a document. Source: FHIR R4B DocumentReference."""
    status = "entered-in-error" if filed.is_cancelled else "current"
    attachment = {
        "contentType": filed.media_type,
        "title": filed.title,
        "creation": filed.dated_on.isoformat(),
        "size": filed.size_bytes,
        "hash": b64encode(filed.sha1).decode(),
        "data": b64encode(filed.content).decode() if filed.content is not None else "",
    }
    return filled(
        {
            "resourceType": "DocumentReference",
            "id": str(filed.id),
            "status": "superseded" if filed.is_outlived else status,
            "type": {"text": filed.kind},
            "subject": {"reference": subject},
            "content": [{"attachment": filled(attachment)}],
        }
    )


def patient(person: Person) -> Resource:
    """Return the Patient resource. Source: FHIR R4B Patient."""
    found: Resource = {
        "resourceType": "Patient",
        "id": str(person.id),
        "identifier": _identifiers(person),
        "name": _names(person),
        "gender": _GENDERS.get(person.sex, "unknown"),
        "birthDate": person.born_on and person.born_on.isoformat(),
        "telecom": [{"system": "phone", "value": one} for one in person.phones if one]
        + ([{"system": "email", "value": person.email}] if person.email else []),
        "deceasedDateTime": person.died_on and person.died_on.isoformat(),
    }
    if person.address or person.town:
        place = {"line": [person.address], "postalCode": person.postcode, "city": person.town}
        found["address"] = [filled({**place, "line": [one for one in place["line"] if one]})]
    return filled(found)


def alert(found: Alerted, subject: str) -> Resource:
    """Return an AllergyIntolerance for an allergy, a MedicationStatement for a treatment.

    A Condition for anything else. Source: FHIR R4B.
    """
    if found.kind == "treatment":
        return _treatment(found, subject)
    state = "resolved" if found.ended_at else "active"
    common: Resource = {
        "id": str(found.id),
        "code": {"text": found.label},
        "note": [{"text": found.details}] if found.details else [],
        "recordedDate": found.since.isoformat(),
    }
    if found.kind == "allergy":
        return filled(
            {
                "resourceType": "AllergyIntolerance",
                "patient": {"reference": subject},
                "clinicalStatus": coded(ALLERGY, state),
                "criticality": "high" if found.is_serious else "unable-to-assess",
                **common,
            }
        )
    return filled(
        {
            "resourceType": "Condition",
            "subject": {"reference": subject},
            "clinicalStatus": coded(CLINICAL, state),
            "category": [coded(CATEGORY, "problem-list-item")],
            "abatementDateTime": found.ended_at and found.ended_at.isoformat(),
            **common,
        }
    )


def _treatment(found: Alerted, subject: str) -> Resource:
    """Return what a patient takes, as she or her doctor told it: no disease, no order of ours."""
    ended = found.ended_at and {"end": found.ended_at.isoformat()}
    return filled(
        {
            "resourceType": "MedicationStatement",
            "id": str(found.id),
            "status": "completed" if ended else "active",
            "medicationCodeableConcept": {"text": found.label},
            "subject": {"reference": subject},
            "effectivePeriod": ended,
            "dateAsserted": found.since.isoformat(),
            "note": [{"text": found.details}] if found.details else [],
        }
    )


def bundle(resources: Iterable[Resource], at: datetime) -> Resource:
    """Return a collection of resources; ``at`` is an aware datetime."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "timestamp": at.isoformat(),
        "entry": [{"fullUrl": _full_url(resource), "resource": resource} for resource in resources],
    }


def _identifiers(person: Person) -> list[Resource]:
    found = [{"system": FILE_NUMBER, "value": str(person.file_number), "use": "usual"}]
    if person.matricule and person.oid:
        ins = {"system": f"urn:oid:{person.oid}", "value": person.matricule, "use": "official"}
        found.append(ins)
    return found


def _names(person: Person) -> list[Resource]:
    found = [{"use": "official", "family": person.family, "given": [person.given]}]
    used = (person.used_family or person.family, person.used_given or person.given)
    if used != (person.family, person.given):
        found.append({"use": "usual", "family": used[0], "given": [used[1]]})
    return found


def _full_url(resource: Resource) -> str:
    return f"urn:uuid:{UUID(resource['id'])}"
