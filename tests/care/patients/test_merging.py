from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart.models import Note
from quenotte.care.imaging.models import Picture
from quenotte.care.patients import merging, operations, queries, searches
from quenotte.care.patients.access import patient_for
from quenotte.care.patients.holdings import Holding
from quenotte.care.patients.jobs import gather_strays
from quenotte.care.patients.models import Merge, Patient
from quenotte.kernel.errors import Refusal
from tests.care.people import actor as actor_of
from tests.factories import (
    AppointmentFactory,
    ChartEventFactory,
    MedicalAlertFactory,
    NoteFactory,
    PatientFactory,
    PictureFactory,
    RelatedPersonFactory,
)
from tests.support.racing import race

pytestmark = pytest.mark.django_db

NIR, OTHER_NIR, OID = "279035121518989", "295109912611193", "1.2.250.1.213.1.4.10"


@pytest.fixture
def kept(practice):
    return PatientFactory.create(practice=practice, birth_name="Durand", file_number=70)


@pytest.fixture
def gone(practice):
    return PatientFactory.create(
        practice=practice, birth_name="Durant", file_number=71, email="m@courriel.example"
    )


@pytest.fixture
def actor(alice):
    return actor_of(alice)


def unite(actor, kept, gone, taken=("email",)):
    return merging.merge_patients(
        actor=actor, survivor_id=kept.id, absorbed_id=gone.id, taken=taken
    )


def everything_of(patient, alice):
    return [
        AppointmentFactory.create(patient=patient, practitioner=alice),
        NoteFactory.create(patient=patient, author=alice),
        PictureFactory.create(patient=patient),
        MedicalAlertFactory.create(patient=patient),
        RelatedPersonFactory.create(patient=patient, phone="+33639980042"),
        ChartEventFactory.create(patient=patient, author=alice),
    ]


def owners(rows):
    for row in rows:
        row.refresh_from_db()
    return {row.patient_id for row in rows}


def test_everything_follows_and_goes_back(actor, alice, kept, gone):
    rows, own = everything_of(gone, alice), NoteFactory.create(patient=kept, author=alice)
    merge = unite(actor, kept, gone)
    assert owners(rows) == {kept.id}
    since = NoteFactory.create(patient=kept, author=alice)
    merging.undo_merge(actor=actor, merge_id=merge.id)
    assert owners(rows) == {gone.id}
    assert owners([own, since]) == {kept.id}


def test_chosen_values_are_kept_and_given_back(actor, kept, gone):
    merge = unite(actor, kept, gone, taken=("email", "birth_name"))
    kept.refresh_from_db()
    assert (kept.birth_name, kept.email, kept.version) == ("Durant", "m@courriel.example", 2)
    merging.undo_merge(actor=actor, merge_id=merge.id)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.birth_name, kept.email) == ("Durand", "")
    assert gone.merged_into_id is None


def test_dates_and_signals_survive_the_way_back(actor, kept, gone):
    Patient.objects.filter(id=gone.id).update(
        died_on=date(2025, 1, 2), do_not_contact=True, mutuelle_ends_on=date(2027, 1, 1)
    )
    merge = unite(actor, kept, gone, taken=("died_on", "do_not_contact", "mutuelle"))
    kept.refresh_from_db()
    assert (kept.died_on, kept.do_not_contact) == (date(2025, 1, 2), True)
    merging.undo_merge(actor=actor, merge_id=merge.id)
    kept.refresh_from_db()
    assert (kept.died_on, kept.do_not_contact, kept.mutuelle_ends_on) == (None, False, None)


def test_what_was_typed_since_stays(actor, kept, gone):
    merge = unite(actor, kept, gone)
    operations.change_patient(
        actor=actor, patient_id=kept.id, expected_version=2, values={"email": "n@courriel.example"}
    )
    merging.undo_merge(actor=actor, merge_id=merge.id)
    kept.refresh_from_db()
    assert kept.email == "n@courriel.example"


def test_number_name_and_address_of_the_absorbed_find_the_survivor(actor, practice, kept, gone):
    RelatedPersonFactory.create(patient=gone, phone="+33639980042")
    merge = unite(actor, kept, gone)
    for text in ("71", "durant", "06 39 98 00 42"):
        assert [one.id for one in searches.search(practice.id, text).found] == [kept.id]
    assert patient_for(actor, gone.id, purpose="record").id == kept.id
    assert not queries.of_practice(practice.id).filter(id=gone.id).exists()
    merging.undo_merge(actor=actor, merge_id=merge.id)
    assert [one.id for one in searches.search(practice.id, "71").found] == [gone.id]
    assert patient_for(actor, gone.id, purpose="record").id == gone.id


def test_chain_leads_to_the_last_record(actor, practice, kept, gone):
    last = PatientFactory.create(practice=practice, file_number=72)
    first_merge = unite(actor, kept, gone)
    second = unite(actor, last, kept)
    assert patient_for(actor, gone.id, purpose="record").id == last.id
    assert [one.id for one in searches.search(practice.id, "71").found] == [last.id]
    assert {one.id for one in queries.absorbed_by(last.id)} == {kept.id, gone.id}
    with pytest.raises(merging.NewerMergeFirst):
        merging.undo_merge(actor=actor, merge_id=first_merge.id)
    merging.undo_merge(actor=actor, merge_id=second.id)
    merging.undo_merge(actor=actor, merge_id=first_merge.id)
    assert not Patient.objects.exclude(merged_into=None).exists()


def test_both_records_have_a_line_and_pages_are_told(actor, kept, gone):
    merge = unite(actor, kept, gone)
    lines = Line.objects.filter(object_kind="merge").order_by("number")
    assert [(one.patient_id, one.detail["role"]) for one in lines] == [
        (kept.id, "survivor"),
        (gone.id, "absorbed"),
    ]
    assert lines[0].detail == {"state": "united", "role": "survivor", "fields": "email", "count": 0}
    assert Event.objects.filter(name="patient.changed").count() == 2
    merging.undo_merge(actor=actor, merge_id=merge.id)
    assert Line.objects.filter(detail__state="parted").count() == 2


def test_two_qualified_ins_are_never_united(actor, kept, gone):
    for patient, number in ((kept, NIR), (gone, OTHER_NIR)):
        Patient.objects.filter(id=patient.id).update(
            ins_matricule=number, ins_oid=OID, identity_status="qualifiee"
        )
    with pytest.raises(merging.TwoProvedIdentities):
        unite(actor, kept, gone)
    assert not Merge.objects.exists()


def test_ins_of_the_absorbed_goes_over_and_back(actor, kept, gone):
    Patient.objects.filter(id=gone.id).update(ins_matricule=NIR, ins_oid=OID)
    merge = unite(actor, kept, gone, taken=("ins",))
    kept.refresh_from_db()
    assert (kept.ins_matricule, kept.ins_oid) == (NIR, OID)
    merging.undo_merge(actor=actor, merge_id=merge.id)
    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.ins_matricule, gone.ins_matricule) == ("", NIR)


def test_undo_tells_that_the_ins_was_given_to_somebody_else(actor, practice, kept, gone):
    Patient.objects.filter(id=gone.id).update(ins_matricule=NIR, ins_oid=OID)
    merge = unite(actor, kept, gone, taken=())
    PatientFactory.create(practice=practice, file_number=90, ins_matricule=NIR, ins_oid=OID)
    with pytest.raises(operations.DuplicateIns):
        merging.undo_merge(actor=actor, merge_id=merge.id)
    gone.refresh_from_db()
    assert gone.merged_into_id == kept.id


@pytest.mark.parametrize("case", ["same", "unknown", "apart", "changed", "death", "twice"])
def test_refusals_change_nothing(case, actor, kept, gone, other_practice):
    error: type[Exception] = Refusal
    versions = None
    survivor, absorbed = kept.id, gone.id
    if case == "same":
        absorbed, error = kept.id, merging.SameRecord
    elif case == "unknown":
        absorbed, error = PatientFactory.create(practice=other_practice).id, Patient.DoesNotExist
    elif case == "apart":
        unite(actor, PatientFactory.create(practice=kept.practice, file_number=9), gone)
        error = merging.NoLongerApart
    elif case == "changed":
        versions, error = (1, 7), merging.ComparedMeanwhile
    elif case == "death":
        Patient.objects.filter(id=gone.id).update(born_on="1930-01-01", died_on="1940-01-01")
        error = operations.ImpossibleDeath
    before = Merge.objects.count()
    if case == "twice":
        merge = unite(actor, kept, gone)
        merging.undo_merge(actor=actor, merge_id=merge.id)
        with pytest.raises(merging.AlreadyParted):
            merging.undo_merge(actor=actor, merge_id=merge.id)
        return
    with pytest.raises(error):
        merging.merge_patients(
            actor=actor,
            survivor_id=survivor,
            absorbed_id=absorbed,
            taken=("died_on",),
            versions=versions,
        )
    assert Merge.objects.count() == before


def test_note_follows_its_patient_and_nothing_else(actor, alice, kept, gone):
    note = NoteFactory.create(patient=gone, author=alice)
    stranger = PatientFactory.create(practice=kept.practice, file_number=99)
    unite(actor, kept, gone)
    attempts = (
        {"patient_id": stranger.id},
        {"text": "autre"},
        {"patient_id": gone.id, "text": "autre"},
        {"signed_as": "Dr Autre"},
    )
    for values in attempts:
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.filter(id=note.id).update(**values)
    note.refresh_from_db()
    assert (note.patient_id, note.text) == (kept.id, "Contrôle, rien à signaler.")


def test_note_does_not_move_without_a_union(alice, kept, gone):
    note = NoteFactory.create(patient=gone, author=alice)
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.filter(id=note.id).update(patient_id=kept.id)


def test_strays_are_gathered_and_go_back(actor, alice, kept, gone):
    merge = unite(actor, kept, gone)
    stray = AppointmentFactory.create(patient=gone, practitioner=alice)
    assert merging.gather_strays() == 1
    assert merging.gather_strays() == 0
    assert owners([stray]) == {kept.id}
    merging.undo_merge(actor=actor, merge_id=merge.id)
    assert owners([stray]) == {gone.id}
    assert merging.gather_strays() == 0


def test_unknown_merge(actor):
    with pytest.raises(Merge.DoesNotExist):
        merging.undo_merge(actor=actor, merge_id=uuid4())


def test_belongings_and_what_moved_are_told(actor, alice, kept, gone):
    everything_of(gone, alice)
    told = queries.belongings_of(gone.id)
    assert ("notes", 1) in told
    assert len(told) == 6
    assert queries.moved_by(unite(actor, kept, gone)) == told
    assert queries.belongings_of(gone.id) == []


@pytest.mark.django_db(transaction=True)
def test_two_people_who_unite_each_way_get_one_union(alice, kept, gone):
    actor = actor_of(alice)
    done = race(
        lambda: unite(actor, kept, gone),
        lambda: unite(actor, gone, kept),
    )
    assert sorted(type(one).__name__ for one in done) == ["Merge", "NoLongerApart"]
    assert Merge.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_undo_twice_at_once_parts_once(alice, kept, gone):
    actor = actor_of(alice)
    merge = unite(actor, kept, gone)
    done = race(
        lambda: merging.undo_merge(actor=actor, merge_id=merge.id),
        lambda: merging.undo_merge(actor=actor, merge_id=merge.id),
    )
    assert sorted(type(one).__name__ for one in done) == ["AlreadyParted", "Merge"]


def test_tables_stay_what_they_are(actor, alice, kept, gone):
    everything_of(gone, alice)
    counts = (Appointment.objects.count(), Note.objects.count(), Picture.objects.count())
    merge = unite(actor, kept, gone)
    merging.undo_merge(actor=actor, merge_id=merge.id)
    assert counts == (Appointment.objects.count(), Note.objects.count(), Picture.objects.count())


def test_table_of_one_row_each_leaves_the_absorbed_one_s_in_place(alice, kept, gone):
    holding = Holding("care.Note", one_each=True)
    own, other = (NoteFactory.create(patient=one, author=alice) for one in (kept, gone))
    assert holding.move(old_id=gone.id, new_id=kept.id) == []
    assert owners([own, other]) == {kept.id, gone.id}


def test_strays_are_gathered_by_a_job(actor, alice, kept, gone):
    unite(actor, kept, gone)
    stray = AppointmentFactory.create(patient=gone, practitioner=alice)
    gather_strays()
    assert owners([stray]) == {kept.id}
