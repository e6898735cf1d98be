"""Papers of the demo practice: a few documents in a few records, kept as any others."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import keep
from quenotte.care.patients.models import Patient
from quenotte.care.prescriptions import operations, queries
from quenotte.care.prescriptions.models import Prescription
from quenotte.devices.paper.typesetting import typeset

#: (kind, title, who wrote it, days ago): what colleagues sent, scanned at the reception.
RECEIVED: Final = (
    ("letter", "Courrier du cardiologue", "Dr Paul Essai, cardiologue", 40),
    ("report", "Compte rendu de scanner", "Centre d’imagerie des Essais", 12),
)


#: To whom the practice writes.
CORRESPONDENTS: Final = (
    ("Dr Paul Essai", "Cardiologue", "3 place des Essais"),
    ("Dr Line Modèle", "Orthodontiste", "8 rue du Modèle"),
)

#: The template of antibiotics that nobody of this practice has read yet.
_UNREAD: Final = "pericoronarite"


def fill(practice: Practice, patients: Sequence[Patient], now: datetime) -> None:
    """Put a few documents, prescriptions and letters in the first records."""
    _receive(practice, patients, now)
    alice = _acting(practice, "alice")
    for name, speciality, address in CORRESPONDENTS:
        operations.save_correspondent(
            actor=alice,
            correspondent_id=None,
            values={
                "name": name, "speciality": speciality, "address": address,
                "postcode": "44000", "town": "Nantes",
            },
        )  # fmt: skip
    _read_models(alice)
    for patient, template, days in zip(patients, ("extraction", "pulpite"), (20, 3), strict=False):
        draft = operations.begin(actor=alice, patient_id=patient.id, template=template)
        at = now - timedelta(days=days)
        Prescription.objects.filter(id=draft.id).update(created_at=at)
        seen = queries.checked(queries.issued_lines(draft), patient, None)
        codes = frozenset(one.code for line in seen for one in line.reminders)
        issued = operations.issue(
            actor=alice,
            prescription_id=draft.id,
            expected_version=draft.version,
            seen=codes,
            confirmed=codes,
            at=at,
        )
        Document.objects.filter(source=f"prescription:{issued.id}").update(created_at=at)
    bob = _acting(practice, "bob")
    operations.begin(actor=bob, patient_id=patients[0].id, template="implant")
    operations.begin_letter(
        actor=bob, patient_id=patients[0].id, template="adressage", given={"acte": "un avis"}
    )


def _read_models(alice: Actor) -> None:
    """Have the templates of antibiotics read and kept, but one that still waits for it."""
    for one in queries.models_of(alice.own_practice_id):
        if one.is_unread and one.code != _UNREAD:
            operations.save_model(
                actor=alice,
                code=one.code,
                expected_version=one.version,
                name=one.name,
                found=list(one.lines),
                remarks=one.remarks,
                is_active=True,
            )


def _receive(practice: Practice, patients: Sequence[Patient], now: datetime) -> None:
    sarah = _acting(practice, "sarah")
    for number, patient in enumerate(patients[:2]):
        kind, title, author, days = RECEIVED[number]
        kept = keep(
            actor=sarah,
            patient_id=patient.id,
            kind=kind,
            title=title,
            content=_sheet(title, author, patient, now),
            content_type="application/pdf",
            dated_on=_day(now, days),
        )
        # It came by post, the day after: nobody made it here.
        Document.objects.filter(id=kept.id).update(
            is_sealed=False, created_at=now - timedelta(days=days - 1)
        )


def _acting(practice: Practice, username: str) -> Actor:
    person = Person.objects.get(practice=practice, username=username)
    return Actor(
        person_id=person.id,
        person_label=person.full_name,
        practice_id=practice.id,
        workstation="Accueil",
        source="demo",
        roles=person.roles,
    )


def _sheet(title: str, author: str, patient: Patient, now: datetime) -> bytes:
    data = {
        "title": title,
        "author": {"name": author, "lines": ["Document d’exemple"]},
        "practice": {"name": "", "lines": []},
        "patient": {"name": patient.full_name, "lines": []},
        "lines": 6,
    }
    return typeset("devices/paper/blank.typ", data, made_at=now)


def _day(now: datetime, days: int) -> date:
    return (now - timedelta(days=days)).date()
