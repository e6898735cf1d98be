"""Plain values as FHIR R4B resources (JSON-like), and findings of a mouth read back from them.

Source: HL7 FHIR R4B (4.3.0). What FHIR has no code for that everybody shares (a kind of finding, a
material) is said in words, and exactly in an extension of ours, so that nothing is lost.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from quenotte.care.chart.rules import Finding, Status, sentence_of
from quenotte.care.chart.rules.findings import WORKS, finding_of
from quenotte.kernel.teeth import SNOMED_WRITE, is_tooth, name_fr

Resource = dict[str, Any]

SNOMED: Final = "http://snomed.info/sct"
#: FDI numbers, as the example code system of HL7 has them.
TOOTH: Final = "http://terminology.hl7.org/CodeSystem/ex-tooth"
SURFACE: Final = "http://terminology.hl7.org/CodeSystem/FDI-surface"
FINDING: Final = "urn:quenotte:fhir:finding"
KIND: Final = "urn:quenotte:fhir:kind"
FILE_NUMBER: Final = "urn:quenotte:fhir:file-number"
#: The public drug file names drugs by their CIS code.
CIS: Final = "urn:quenotte:fhir:cis"
#: Codes of acts as the practice's catalogue has them: CCAM, NGAP or its own.
#: Acts that the CCAM does not know. Source for the CCAM: ANS, terminologie-ccam.
ACT: Final = "urn:quenotte:fhir:act"
CCAM: Final = "https://smt.esante.gouv.fr/terminologie-ccam"
PRESCRIPTION: Final = "urn:quenotte:fhir:prescription"
LOINC: Final = "http://loinc.org"
_NOTE: Final = "11506-3"
_CLINICAL: Final = "http://terminology.hl7.org/CodeSystem/condition-clinical"
_ALLERGY: Final = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical"
_CATEGORY: Final = "http://terminology.hl7.org/CodeSystem/condition-category"

_GENDERS: Final = {"F": "female", "M": "male"}
#: Surfaces that HL7 has a code for; the root and the apex are said in words.
_SURFACES: Final = frozenset("MOIDVL")
_PROCEDURE_STATUS: Final = {
    Status.PLANNED: "preparation",
    Status.REFERRED: "preparation",
    Status.EXISTING: "completed",
    Status.DONE: "completed",
    Status.WATCH: "completed",
}


@dataclass(frozen=True, slots=True)
class Charted:
    """A finding that counts: its event's key, its clinical day, the act at a visit that made it."""

    key: str
    on: date
    finding: Finding
    act_id: str = ""


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
    """A line of a prescription that was issued; ``code`` is its CIS code, if it has one."""

    id: UUID
    number: str
    drug: str
    code: str
    instructions: str
    issued_at: datetime
    prescriber: str
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Filed:
    """A document: its bytes only when they travel with it. ``sha1`` is the digest FHIR asks for."""

    id: UUID
    kind: str
    title: str
    dated_on: date
    media_type: str
    size_bytes: int
    sha1: bytes
    is_cancelled: bool = False
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
    return _filled(
        {
            "resourceType": "DocumentReference",
            "id": str(noted.id),
            "status": "superseded" if noted.is_corrected else "current",
            "docStatus": "amended" if noted.corrects else "final",
            "type": {"coding": [{"system": LOINC, "code": _NOTE}], "text": "Note clinique"},
            "subject": {"reference": subject},
            "date": noted.signed_at.isoformat(),
            "author": [{"display": noted.signed_as}],
            "relatesTo": relates,
            "content": [{"attachment": attachment}],
        }
    )


def performed(act: Performed, subject: str) -> Resource:
    """Return the Procedure of an act that was done. Source: FHIR R4B Procedure."""
    return _filled(
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
                *(_tooth(one) for one in act.teeth if is_tooth(one)),
                *_surfaces(act.surfaces),
            ],
            "note": [{"text": act.error}] if act.error else [],
        }
    )


def _nomenclature(code: str) -> str:
    return CCAM if re.fullmatch(r"[A-Z]{4}\d{3}", code) else ACT


def medication(line: Prescribed, subject: str) -> Resource:
    """Return the MedicationRequest of a line. Source: FHIR R4B MedicationRequest."""
    drug: Resource = {"text": line.drug}
    if line.code:
        drug["coding"] = [{"system": CIS, "code": line.code, "display": line.drug}]
    return _filled(
        {
            "resourceType": "MedicationRequest",
            "id": str(line.id),
            "groupIdentifier": {"system": PRESCRIPTION, "value": line.number},
            "status": "cancelled" if line.is_cancelled else "active",
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
    attachment = {
        "contentType": filed.media_type,
        "title": filed.title,
        "creation": filed.dated_on.isoformat(),
        "size": filed.size_bytes,
        "hash": b64encode(filed.sha1).decode(),
        "data": b64encode(filed.content).decode() if filed.content is not None else "",
    }
    return _filled(
        {
            "resourceType": "DocumentReference",
            "id": str(filed.id),
            "status": "entered-in-error" if filed.is_cancelled else "current",
            "type": {"text": filed.kind},
            "subject": {"reference": subject},
            "content": [{"attachment": _filled(attachment)}],
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
        found["address"] = [_filled({**place, "line": [one for one in place["line"] if one]})]
    return _filled(found)


def alert(found: Alerted, subject: str) -> Resource:
    """Return an AllergyIntolerance for an allergy, a Condition for anything else."""
    state = "resolved" if found.ended_at else "active"
    common: Resource = {
        "id": str(found.id),
        "code": {"text": found.label},
        "note": [{"text": found.details}] if found.details else [],
        "recordedDate": found.since.isoformat(),
    }
    if found.kind == "allergy":
        return _filled(
            {
                "resourceType": "AllergyIntolerance",
                "patient": {"reference": subject},
                "clinicalStatus": {"coding": [{"system": _ALLERGY, "code": state}]},
                "criticality": "high" if found.is_serious else "unable-to-assess",
                **common,
            }
        )
    return _filled(
        {
            "resourceType": "Condition",
            "subject": {"reference": subject},
            "clinicalStatus": {"coding": [{"system": _CLINICAL, "code": state}]},
            "category": [{"coding": [{"system": _CATEGORY, "code": "problem-list-item"}]}],
            **common,
        }
    )


def charted(one: Charted, subject: str) -> Resource:
    """Return a Procedure for what somebody makes, a Condition for what is seen.

    Each names its teeth as body sites, in SNOMED CT and by FDI number.
    """
    common: Resource = {
        "id": one.key,
        "extension": [{"url": FINDING, "extension": _exactly(one.finding)}],
        "subject": {"reference": subject},
        "code": {
            "coding": [{"system": KIND, "code": one.finding.kind.value}],
            "text": sentence_of(one.finding),
        },
        "bodySite": [*map(_tooth, one.finding.teeth), *_surfaces(one.finding.surfaces)],
    }
    if one.finding.kind in WORKS:
        status = _PROCEDURE_STATUS[one.finding.status]
        when: Resource = {"performedDateTime": one.on.isoformat()}
        if one.act_id:
            # What an act left in the mouth is a part of it, and no second thing that was done.
            when["partOf"] = [{"reference": f"urn:uuid:{one.act_id}"}]
        return _filled({"resourceType": "Procedure", "status": status, **common, **when})
    state = {"coding": [{"system": _CLINICAL, "code": "active"}]}
    category = [{"coding": [{"system": _CATEGORY, "code": "encounter-diagnosis"}]}]
    return _filled(
        {
            "resourceType": "Condition",
            "clinicalStatus": state,
            "category": category,
            "recordedDate": one.on.isoformat(),
            **common,
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


def charted_in(found: Mapping[str, Any]) -> list[Charted]:
    """Return the findings of a mouth that a bundle of ours holds, in the order written.

    What has no extension of ours is left out: it says too little of a mouth.

    Raises: ValueError when an extension of ours cannot be read.
    """
    resources = [entry.get("resource", {}) for entry in found.get("entry", ())]
    return [one for resource in resources for one in _charted_of(resource)]


def _charted_of(resource: Mapping[str, Any]) -> Iterable[Charted]:
    for extension in resource.get("extension", ()):
        if extension.get("url") == FINDING:
            day = resource.get("performedDateTime") or resource.get("recordedDate") or ""
            try:
                finding = finding_of(_plain(extension.get("extension", ())))
                key, on = str(resource.get("id", "")), date.fromisoformat(day[:10])
                yield Charted(key, on, finding, _act_of(resource))
            except (KeyError, TypeError) as error:
                raise ValueError(f"unreadable finding: {error}") from error


def _act_of(resource: Mapping[str, Any]) -> str:
    whole: Mapping[str, Any] = next(iter(resource.get("partOf") or ()), {})
    return str(whole.get("reference", "")).removeprefix("urn:uuid:")


def _exactly(finding: Finding) -> list[Resource]:
    """Return a finding as simple extensions, one for each value."""
    found = []
    for name, value in finding.plain().items():
        for one in value if isinstance(value, list) else [value]:
            kind = "valueInteger" if isinstance(one, int) else "valueString"
            found.append({"url": name, kind: one if isinstance(one, int) else str(one)})
    return found


_MANY: Final = frozenset({"teeth", "pontics"})


def _plain(extensions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in extensions:
        value = one.get("valueInteger", one.get("valueString"))
        if one["url"] in _MANY:
            found.setdefault(one["url"], []).append(value)
        else:
            found[one["url"]] = value
    return found


def _tooth(fdi: int) -> Resource:
    coding = [
        {"system": SNOMED, "code": SNOMED_WRITE[fdi]},
        {"system": TOOTH, "code": str(fdi)},
    ]
    return {"coding": coding, "text": f"{fdi}, {name_fr(fdi)}"}


def _surfaces(letters: str) -> list[Resource]:
    return [
        {"coding": [{"system": SURFACE, "code": letter}]} if letter in _SURFACES else {"text": text}
        for letter in letters
        for text in [{"R": "racine", "A": "apex"}.get(letter, letter)]
    ]


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


def _filled(resource: Resource) -> Resource:
    """Leave out what is empty: FHIR allows no empty value."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
