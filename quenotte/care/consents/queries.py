"""Reads of consents: the texts handed out, those of a patient, whether one is still intact."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.queries import detail_of
from quenotte.base.files.operations import Missing, open_blob
from quenotte.base.prepared import prepared
from quenotte.care.consents import rules
from quenotte.care.consents.models import Consent, ConsentText
from quenotte.care.consents.texts import PARTS, TEXTS, text_of
from quenotte.care.documents.queries import made_by
from quenotte.care.patients.queries import guardians_of, of_practice
from quenotte.care.patients.rules import known_birth
from quenotte.kernel.dates import age_years
from quenotte.kernel.names import same_name

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: What the link of a tablet is about.
PURPOSE = "consent"


@dataclass(frozen=True, slots=True)
class HandedText:
    """The text of an act as it is handed out today; version 0 is the product's."""

    act: str
    version: int
    title: str
    parts: dict[str, str]


def texts(practice_id: UUID) -> list[HandedText]:
    """Return the texts of a practice, one for each act."""
    own: dict[str, ConsentText] = {}
    for row in ConsentText.objects.filter(practice_id=practice_id).order_by("version"):
        own[row.act] = row
    return [_handed(own.get(one.act), one.act) for one in TEXTS]


def text(practice_id: UUID, act: str) -> HandedText:
    """Return the text of an act. Raises: KeyError."""
    rows = ConsentText.objects.filter(practice_id=practice_id, act=act)
    return _handed(rows.order_by("-version").first(), act)


def _handed(row: ConsentText | None, act: str) -> HandedText:
    if row is not None:
        return HandedText(row.act, row.version, row.title, row.parts)
    ours = text_of(act)
    parts = {key: _(words) for key, words in ours.parts.items()}
    return HandedText(ours.act, 0, _(ours.title), parts)


def of_patient(patient_id: UUID) -> list[Consent]:
    """Return the consents of a patient, the newest first; those given up before are left out."""
    rows = Consent.objects.filter(patient_id=patient_id)
    return list(rows.exclude(state=rules.State.CANCELLED).order_by("-prepared_at"))


def one_of(patient_id: UUID, consent_id: UUID) -> Consent | None:
    """Return one consent of a patient."""
    return Consent.objects.filter(patient_id=patient_id, id=consent_id).first()


def by_id(consent_id: UUID) -> Consent:
    """Return a consent; a link of ours leads to it."""
    return Consent.objects.select_related("patient").get(id=consent_id)


def told_parts(consent: Consent) -> list[tuple[str, str]]:
    """Return the text of a consent, part by part, with the titles of the parts."""
    return [(_(title), consent.parts[key]) for key, title in PARTS if consent.parts.get(key)]


def is_minor(consent: Consent) -> bool:
    """Tell whether somebody else signs for the patient."""
    known = known_birth(consent.patient.born_on)
    return known is not None and age_years(known, timezone.localdate()) < 18


def is_expected(consent: Consent, signer: str, name: str) -> bool:
    """Tell whether a name is that of who signs: the patient's own, or a known guardian's."""
    patient = consent.patient
    if signer != "guardian":
        return rules.is_named(
            name,
            [patient.birth_name, patient.used_name],
            [patient.birth_first_names, patient.first_birth_first_name, patient.used_first_name],
        )
    return any(same_name(name, known) for known in guardians_of(patient.id))


def greeting(patient_id: UUID, practice_id: UUID) -> tuple[str, str]:
    """Return what a tablet asks of its holder: a first name and a year."""
    found = of_practice(practice_id).get(id=patient_id)
    known = known_birth(found.born_on)
    return _called(found), str(known.year) if known else ""


def first_name_of(consent: Consent) -> str:
    """Return the first name by which the patient is called: all that a tablet says of her."""
    return _called(consent.patient)


def _called(patient: "Patient") -> str:
    return patient.used_first_name or patient.first_birth_first_name


def sealed_values(consent: Consent) -> dict[str, Any]:
    """Return what the digest is made of: the exact text, the answers, the signatures, the times.

    The record's own number may change (two records united): it is not of the patient's words.
    """
    assert consent.answered_at is not None
    assert consent.sealed_at is not None
    return {
        "id": str(consent.id),
        "act": consent.act,
        "version": consent.text_version,
        "title": consent.title,
        "parts": consent.parts,
        "teeth": consent.teeth,
        "details": consent.details,
        "decision": consent.decision,
        "questions": consent.questions,
        "reason": consent.reason,
        "signer": _signer_values(consent),
        "answered_at": int(consent.answered_at.timestamp()),
        "practitioner": [
            str(consent.practitioner_id),
            consent.practitioner_as,
            consent.practitioner_signature,
        ],
        "sealed_at": int(consent.sealed_at.timestamp()),
    }


def _signer_values(consent: Consent) -> list[str]:
    """Return who signed and how; a quality that nobody was asked for leaves older seals as is."""
    values = [consent.signer, consent.signer_name, consent.signed, consent.signature]
    return [*values, consent.signer_quality] if consent.signer_quality else values


def paper_of(consent: Consent) -> bytes | None:
    """Return the PDF of a sealed consent, None when its bytes are nowhere."""
    document = made_by(f"consent:{consent.id}")
    if document is None or document.current is None:
        return None
    try:
        with open_blob(document.current.blob) as file:
            return file.read()
    except Missing:
        return None


def check(consent: Consent) -> rules.Check | None:
    """Return whether a consent and its PDF are still what was signed; None before it is sealed."""
    if consent.state != rules.State.SEALED or consent.journal_number is None:
        return None
    line = detail_of(consent.journal_number, "consent", str(consent.id))
    content = paper_of(consent) or b""
    words = rules.check(
        kept=consent.digest,
        again=rules.digest_of(sealed_values(consent)),
        journal=str(line.get("digest", "")).replace(":", ""),
    )
    paper = rules.check(
        kept=consent.file_digest,
        again=rules.file_digest_of(content),
        journal=str(line.get("file", "")).replace(":", ""),
    )
    is_intact = words is paper is rules.Check.INTACT
    return rules.Check.INTACT if is_intact else rules.Check.ALTERED


def told_before(patient_id: UUID, before: datetime | None) -> list[tuple[Any, ...]]:
    """Return the consents that a patient answered, the newest first.

    When, decision, title, who signed last, id, state, when it was withdrawn.
    """
    return [row for row in _told_rows(patient_id) if before is None or row[0] < before]


@prepared
def _told_rows(patient_id: UUID) -> QuerySet[Consent, tuple[Any, ...]]:
    states = [rules.State.ANSWERED.value, rules.State.SEALED.value]
    rows = Consent.objects.filter(patient_id=patient_id, state__in=states)
    rows = rows.annotate(told_at=Coalesce("sealed_at", "answered_at"))
    columns = ("told_at", "decision", "title", "practitioner_as", "id", "state", "withdrawn_at")
    return rows.order_by("-told_at").values_list(*columns)


def to_sign(practice_id: UUID, limit: int) -> list[Consent]:
    """Return what patients signed and no practitioner did yet, the oldest first."""
    rows = Consent.objects.filter(
        patient__practice_id=practice_id, state=rules.State.ANSWERED.value, withdrawn_at=None
    )
    return list(rows.select_related("patient").order_by("answered_at")[:limit])
