"""Patients created, changed, searched."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.patients import conflicts, operations
from quenotte.care.patients.models import Patient, SearchKey
from tests.care.patients.typed import NIR, TEST_OID, VALUES, details, refused_lines
from tests.care.people import actor
from tests.factories import PatientFactory


def test_create_patient_takes_the_next_number(alice, practice):
    first = operations.create_patient(actor=actor(alice), values=VALUES)
    second = operations.create_patient(actor=actor(alice), values=VALUES | {"birth_name": "PETIT"})
    assert (first.file_number, second.file_number) == (1, 2)
    practice.refresh_from_db()
    assert practice.last_file_number == 2


def test_create_patient_that_fails_gives_its_number_back(alice):
    with pytest.raises(IntegrityError), transaction.atomic():
        operations.create_patient(actor=actor(alice), values=VALUES | {"sex": "X"})
    assert operations.create_patient(actor=actor(alice), values=VALUES).file_number == 1


def test_create_patient_writes_line_event_and_keys(alice, practice):
    patient = operations.create_patient(actor=actor(alice), values=VALUES)
    assert patient.first_birth_first_name == "Marie"
    line = Line.objects.get()
    assert (line.action, line.patient_id) == ("create", patient.id)
    assert "DURAND" not in str(line.detail)
    event = Event.objects.get()
    assert (event.name, event.practice_id) == ("patient.changed", practice.id)
    assert event.data == {"patient": str(patient.id)}
    assert SearchKey.objects.filter(patient=patient, kind="n", key="durand").exists()


def test_create_patient_refuses_a_field_that_nobody_types(alice):
    with pytest.raises(ValueError, match="file_number"):
        operations.create_patient(actor=actor(alice), values=VALUES | {"file_number": 7})
    assert not Patient.objects.exists()


def test_change_patient_names_the_fields_and_not_the_values(alice, patient):
    operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"town": "Rezé", "mobile_phone": "+33639980001"},
    )
    patient.refresh_from_db()
    assert (patient.town, patient.version) == ("Rezé", 2)
    assert details() == [("change", "patient", {"fields": "mobile_phone,town", "count": 2})]
    assert SearchKey.objects.filter(patient=patient, key="0639980001").exists()


def test_change_patient_without_a_difference_writes_nothing(alice, patient):
    operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"sex": patient.sex}
    )
    patient.refresh_from_db()
    assert patient.version == 1
    assert not Line.objects.exists()


def test_change_of_a_strict_trait_makes_the_identity_provisional(alice, practice):
    patient = PatientFactory.create(practice=practice, identity_status="validee")
    changed = operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"born_on": date(1985, 4, 4)},
    )
    assert changed.identity_status == "provisoire"


def test_change_of_a_telephone_keeps_what_was_proved(alice, practice):
    patient = PatientFactory.create(practice=practice, identity_status="validee")
    changed = operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"town": "Rezé"}
    )
    assert changed.identity_status == "validee"


@pytest.mark.parametrize("other", ["is_doubtful", "is_homonym"])
def test_database_refuses_a_fictitious_identity_with_another_mark(practice, other):
    with pytest.raises(IntegrityError), transaction.atomic():
        PatientFactory.create(practice=practice, is_fictitious=True, **{other: True})


def test_doubtful_identity_loses_its_ins_and_its_status(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="qualifiee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.change_patient(
        actor=actor(alice), patient_id=patient.id, expected_version=1, values={"is_doubtful": True}
    )
    assert (changed.ins_matricule, changed.ins_oid) == ("", "")
    assert changed.identity_status == "provisoire"


def test_change_patient_on_an_older_version_is_told_who_and_what(alice, sarah, patient):
    operations.change_patient(
        actor=actor(sarah), patient_id=patient.id, expected_version=1, values={"town": "Rezé"}
    )
    with pytest.raises(conflicts.ChangedMeanwhile) as refused:
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"town": "Vertou", "email": "a@example.org"},
            seen={"town": "", "email": ""},
        )
    assert sarah.full_name in str(refused.value)
    assert refused.value.version == 2
    assert refused.value.differences == (conflicts.Difference("town", "Rezé", "Vertou"),)
    patient.refresh_from_db()
    assert (patient.town, patient.email) == ("Rezé", "")
    assert refused_lines() == [("change", {"reason": "conflict"})]


def test_change_patient_conflict_without_a_line_still_says_somebody(alice, practice):
    patient = PatientFactory.create(practice=practice, version=4)
    with pytest.raises(conflicts.ChangedMeanwhile, match="Quelqu’un"):
        operations.change_patient(
            actor=actor(alice), patient_id=patient.id, expected_version=3, values={"town": "Rezé"}
        )


def test_change_patient_of_another_practice_does_not_exist(chloe, patient):
    with pytest.raises(Patient.DoesNotExist):
        operations.change_patient(
            actor=actor(chloe), patient_id=patient.id, expected_version=1, values={"town": "X"}
        )


def test_search_writes_the_kind_and_the_count_only(alice, practice):
    PatientFactory.create(practice=practice, birth_name="DURAND")
    assert len(operations.search(actor=actor(alice), text="durand 1985", limit=20)) == 1
    assert details() == [("search", "patient", {"purpose": "birth,name", "count": 1})]


def test_search_of_nothing_writes_nothing(alice):
    assert operations.search(actor=actor(alice), text="  ", limit=20) == []
    assert not Line.objects.exists()


def test_every_search_key_can_be_rebuilt(practice, other_practice):
    for home in (practice, practice, other_practice):
        PatientFactory.create(practice=home)
    before = set(SearchKey.objects.values_list("patient_id", "kind", "key"))
    SearchKey.objects.all().delete()
    assert operations.rebuild_all_search_keys(practice.id, batch=1) == 2
    assert operations.rebuild_all_search_keys() == 3
    assert set(SearchKey.objects.values_list("patient_id", "kind", "key")) == before


@pytest.mark.parametrize(("channel", "field"), [("mail", "refuses_mail"), ("sms", "refuses_sms")])
def test_patient_who_wants_no_more_reminders_is_noted_once(sarah, patient, channel, field):
    for _turn in range(2):
        operations.refuse_reminders(actor=actor(sarah), patient_id=patient.id, channel=channel)
    patient.refresh_from_db()
    assert getattr(patient, field)
    assert patient.version == 2
    assert Line.objects.filter(patient_id=patient.id, action="change").count() == 1


def test_reminders_by_another_channel_are_unknown(sarah, patient):
    with pytest.raises(KeyError):
        operations.refuse_reminders(actor=actor(sarah), patient_id=patient.id, channel="pigeon")
