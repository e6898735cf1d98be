from datetime import date, timedelta
from uuid import uuid4

from django.utils import timezone

from quenotte.base.audit.rules import SYSTEM
from quenotte.base.people.operations import save_draft
from quenotte.care.chart import queries
from tests.care.people import actor
from tests.factories import NoteFactory, ToothStateFactory


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


def test_newest_sight_of_a_tooth_wins(alice, patient):
    for state, day in (("missing", date(2024, 1, 1)), ("implant", date(2025, 1, 1))):
        ToothStateFactory.create(patient=patient, tooth=36, state=state, seen_on=day, author=alice)
    assert queries.seen_teeth(patient.id)[36] == ("implant", date(2025, 1, 1))


def test_mouth_of_an_adult_and_of_a_child(patient):
    today = date(2026, 3, 17)
    adult = queries.mouth_of(patient.id, date(1985, 4, 3), today)
    child = queries.mouth_of(patient.id, date(2022, 4, 3), today)
    assert {one.fdi for one in adult} >= {11, 28, 36, 48}
    assert {one.fdi for one in child} >= {55, 65, 75, 85}
    assert 48 not in {one.fdi for one in child}


def test_mouth_of_an_adult_forgets_the_primary_teeth_of_the_child(alice, patient):
    for tooth, state, day in (
        (54, "present", date(2000, 6, 1)),
        (53, "present", date(2000, 6, 1)),
        (53, "present", date(2020, 6, 1)),
        (64, "present", date(2000, 6, 1)),
        (24, "missing", date(2015, 6, 1)),
    ):
        ToothStateFactory.create(
            patient=patient, tooth=tooth, state=state, seen_on=day, author=alice
        )
    found = queries.mouth_of(patient.id, date(1994, 5, 2), date(2026, 3, 17))
    assert {one.fdi for one in found if one.fdi > 50} == {53, 64}


def test_draft_is_hers_alone(alice, bob, patient):
    save_draft(person_id=alice.id, key=queries.draft_key(patient.id), text="Détar")
    assert queries.draft_of(actor(alice), queries.draft_key(patient.id)) == "Détar"
    assert queries.draft_of(actor(bob), queries.draft_key(patient.id)) == ""
    assert queries.draft_of(SYSTEM, queries.draft_key(patient.id)) == ""
