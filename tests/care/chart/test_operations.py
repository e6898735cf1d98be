from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.chart import operations, queries
from quenotte.care.chart.models import Note
from tests.care.people import actor
from tests.factories import NoteFactory, PatientFactory


def test_write_note_is_signed_dated_and_traced(alice, patient):
    note = operations.write_note(
        actor=actor(alice), patient_id=patient.id, text=" Détartrage.\r\nRAS "
    )
    assert (note.text, note.signed_as) == ("Détartrage.\nRAS", alice.full_name)
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("create", "note", str(note.id))
    assert line.detail == {}
    event = Event.objects.get()
    assert (event.name, event.audience) == ("patient.changed", "chart.read")
    assert event.data == {"patient": str(patient.id), "part": "note"}


def test_write_note_forgets_the_draft(alice, patient):
    save_draft(person_id=alice.id, key=queries.draft_key(patient.id), text="Détar")
    operations.write_note(actor=actor(alice), patient_id=patient.id, text="Détartrage.")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("text", ["", "  \n", "\x00"])
def test_write_note_that_says_nothing_is_refused(alice, patient, text):
    with pytest.raises(operations.EmptyNote):
        operations.write_note(actor=actor(alice), patient_id=patient.id, text=text)
    assert not Note.objects.exists()


def test_correction_leaves_the_first_note(alice, patient):
    first = NoteFactory.create(patient=patient, author=alice, text="Carie 16")
    second = operations.write_note(
        actor=actor(alice), patient_id=patient.id, text="Carie 26", corrects_id=first.id
    )
    assert second.corrects_id == first.id
    first.refresh_from_db()
    assert first.text == "Carie 16"


def test_second_correction_of_one_note_is_refused(alice, bob, patient):
    first = NoteFactory.create(patient=patient, author=alice)
    NoteFactory.create(patient=patient, author=alice, corrects=first)
    with pytest.raises(operations.AlreadyCorrected):
        operations.write_note(
            actor=actor(bob), patient_id=patient.id, text="Encore", corrects_id=first.id
        )
    assert Note.objects.count() == 2


def test_database_refuses_two_corrections_of_one_note(alice, patient):
    first = NoteFactory.create(patient=patient, author=alice)
    NoteFactory.create(patient=patient, author=alice, corrects=first)
    with pytest.raises(IntegrityError), transaction.atomic():
        NoteFactory.create(patient=patient, author=alice, corrects=first)


@pytest.mark.parametrize("whose", ["another patient", "nobody"])
def test_correction_of_a_note_from_elsewhere_is_refused(alice, practice, patient, whose):
    other = PatientFactory.create(practice=practice)
    note_id = NoteFactory.create(patient=other, author=alice).id
    if whose == "nobody":
        note_id = uuid4()
    with pytest.raises(Note.DoesNotExist):
        operations.write_note(
            actor=actor(alice), patient_id=patient.id, text="Carie", corrects_id=note_id
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE care_note SET text = 'autre'", "DELETE FROM care_note"]
)
def test_note_is_never_changed_nor_removed_by_the_database(alice, patient, statement):
    NoteFactory.create(patient=patient, author=alice, text="Carie 16")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Note.objects.get().text == "Carie 16"


def test_note_is_never_replaced_by_the_database(alice, patient):
    """SQLite's REPLACE and PostgreSQL's upsert are changes under another name."""
    NoteFactory.create(patient=patient, author=alice, text="Carie 16")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM care_note")
        names = [column[0] for column in cursor.description]
        listed = ", ".join(names)
        values = ", ".join("'Rien fait'" if name == "text" else name for name in names)
        if connection.vendor == "sqlite":
            statement = (
                f"INSERT OR REPLACE INTO care_note ({listed}) SELECT {values} FROM care_note"
            )
        else:
            statement = (
                f"INSERT INTO care_note ({listed}) SELECT {listed} FROM care_note "
                "ON CONFLICT (id) DO UPDATE SET text = 'Rien fait'"
            )
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
    assert Note.objects.get().text == "Carie 16"
