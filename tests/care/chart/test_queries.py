from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from quenotte.base.audit.rules import SYSTEM
from quenotte.base.people.operations import save_draft
from quenotte.care.chart import queries
from tests.care.people import actor
from tests.factories import NoteFactory


def notes(patient, author, count):
    now = timezone.now()
    return [
        NoteFactory.create(
            patient=patient, author=author, text=f"n{i}", signed_at=now - timedelta(days=i)
        )
        for i in range(count)
    ]


def test_notes_come_newest_first_by_pages(alice, patient):
    notes(patient, alice, 5)
    first = queries.notes_page(patient.id, 3)
    assert [note.text for note in first.notes] == ["n0", "n1", "n2"]
    rest = queries.notes_page(patient.id, 3, first.older_than)
    assert [note.text for note in rest.notes] == ["n3", "n4"]
    assert rest.older_than is None


def test_corrected_note_names_its_correction_on_any_page(alice, patient):
    old = notes(patient, alice, 3)[2]
    new = NoteFactory.create(patient=patient, author=alice, corrects=old, signed_at=timezone.now())
    whole = {note.id: note for note in queries.notes_of(patient.id, 10)}
    assert whole[old.id].corrected_by == new.id
    assert whole[new.id].corrects == old.id
    before = timezone.now() - timedelta(days=1, hours=1)
    (older,) = queries.notes_of(patient.id, 10, before)
    assert older.corrected_by == new.id
    assert queries.note_of(patient.id, old.id) == older


def test_note_of_another_patient_is_none(alice, patient):
    assert queries.note_of(patient.id, uuid4()) is None


def test_draft_is_hers_alone(alice, bob, patient):
    save_draft(person_id=alice.id, key=queries.draft_key(patient.id), text="Détar")
    assert queries.draft_of(actor(alice), queries.draft_key(patient.id)) == "Détar"
    assert queries.draft_of(actor(bob), queries.draft_key(patient.id)) == ""
    assert queries.draft_of(SYSTEM, queries.draft_key(patient.id)) == ""
