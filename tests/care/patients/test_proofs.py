"""Papers, INS and death: what proves an identity, and what takes the proof away."""

from datetime import date

import pytest
from django.db import IntegrityError

from quenotte.base.audit.models import Line
from quenotte.care.patients import conflicts, operations, rules
from quenotte.care.patients.models import Patient
from tests.care.patients.typed import NIR, TEST_OID, VALUES, details, refused_lines
from tests.care.people import actor
from tests.factories import PatientFactory
from tests.support.racing import race


def test_ins_of_another_patient_is_refused(alice, practice, patient):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    with pytest.raises(operations.DuplicateIns):
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"ins_matricule": NIR, "ins_oid": TEST_OID},
        )
    patient.refresh_from_db()
    assert patient.ins_matricule == ""


def test_ins_of_another_patient_is_refused_at_creation(alice, practice):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    with pytest.raises(operations.DuplicateIns):
        operations.create_patient(
            actor=actor(alice), values=VALUES | {"ins_matricule": NIR, "ins_oid": TEST_OID}
        )
    assert Patient.objects.count() == 1


def test_other_broken_constraint_is_not_called_a_duplicate(alice, patient):
    with pytest.raises(IntegrityError):
        operations.change_patient(
            actor=actor(alice),
            patient_id=patient.id,
            expected_version=1,
            values={"ins_matricule": NIR},
        )


@pytest.mark.parametrize("paper", rules.PAPERS)
def test_check_identity_validates_and_notes_the_paper(alice, patient, paper):
    assert (
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper=paper
        ).identity_status
        == "validee"
    )
    line = Line.objects.get()
    assert line.object_kind == "identity"
    assert line.detail["purpose"] == f"papers {paper.lower()}"


def changed_by(person, patient):
    operations.change_patient(
        actor=actor(person),
        patient_id=patient.id,
        expected_version=patient.version,
        values={"birth_name": "MARTIN"},
    )


def test_papers_prove_no_trait_that_was_not_on_screen(alice, sarah, patient):
    changed_by(sarah, patient)
    with pytest.raises(conflicts.ChangedMeanwhile, match=sarah.full_name):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"
    assert refused_lines() == [("change", {"reason": "conflict"})]


@pytest.mark.django_db(transaction=True)
def test_papers_and_a_change_at_once_never_prove_what_was_not_seen(alice, sarah, patient):
    answers = race(
        lambda: operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        ),
        lambda: changed_by(sarah, patient),
    )
    assert sum(isinstance(answer, conflicts.ChangedMeanwhile) for answer in answers) == 1
    patient.refresh_from_db()
    assert (patient.identity_status == "validee") != (patient.birth_name == "MARTIN")
    assert len(refused_lines()) == 1


def test_identity_without_a_birth_date_is_not_proved(alice, practice):
    patient = PatientFactory.create(practice=practice, born_on=rules.UNKNOWN_BIRTH)
    with pytest.raises(operations.BirthDateMissing):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"


def test_check_identity_of_an_unknown_paper_is_refused(alice, patient):
    with pytest.raises(KeyError):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="XX"
        )


def test_check_identity_of_a_doubtful_identity_is_refused(alice, practice):
    patient = PatientFactory.create(practice=practice, is_doubtful=True)
    with pytest.raises(operations.PapersNotEnough):
        operations.check_identity(
            actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
        )


def test_papers_seen_after_the_national_service_qualify(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="recuperee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.check_identity(
        actor=actor(alice), patient_id=patient.id, expected_version=1, paper="CN"
    )
    assert changed.identity_status == "qualifiee"
    assert NIR not in str(Line.objects.get().detail)


def test_qualified_identity_with_another_matricule_is_provisional(alice, practice):
    patient = PatientFactory.create(
        practice=practice, identity_status="qualifiee", ins_matricule=NIR, ins_oid=TEST_OID
    )
    changed = operations.change_patient(
        actor=actor(alice),
        patient_id=patient.id,
        expected_version=1,
        values={"ins_matricule": "253072A07300443", "ins_oid": TEST_OID},
    )
    assert changed.identity_status == "provisoire"


@pytest.mark.parametrize("objects", [False, True])
def test_death_stops_all_contact_and_its_correction_keeps_the_objection(alice, practice, objects):
    patient = PatientFactory.create(practice=practice, do_not_contact=objects)
    dead = operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 1)
    )
    assert (dead.died_on, dead.may_be_contacted) == (date(2026, 3, 1), False)
    alive = operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=2, died_on=None
    )
    assert (alive.died_on, alive.do_not_contact) == (None, objects)
    assert alive.may_be_contacted is not objects
    assert details() == [("change", "patient", {"fields": "died_on", "count": 1})] * 2


def test_empty_death_form_erases_no_objection_and_writes_nothing(alice, practice):
    patient = PatientFactory.create(practice=practice, do_not_contact=True)
    operations.record_death(
        actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=None
    )
    patient.refresh_from_db()
    assert (patient.do_not_contact, patient.version) == (True, 1)
    assert not Line.objects.exists()


@pytest.mark.parametrize("day", [date(1980, 1, 1), date(2026, 3, 18)])
def test_death_before_birth_or_to_come_is_refused(alice, patient, day):
    with pytest.raises(operations.ImpossibleDeath):
        operations.record_death(
            actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=day
        )


def test_death_of_two_browsers_is_told_with_both_days(alice, sarah, patient):
    operations.record_death(
        actor=actor(sarah), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 1)
    )
    with pytest.raises(conflicts.ChangedMeanwhile) as refused:
        operations.record_death(
            actor=actor(alice), patient_id=patient.id, expected_version=1, died_on=date(2026, 3, 2)
        )
    assert refused.value.differences == (
        conflicts.Difference("died_on", date(2026, 3, 1), date(2026, 3, 2)),
    )
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)
    assert refused_lines() == [("change", {"reason": "conflict"})]


@pytest.mark.django_db(transaction=True)
def test_deaths_at_once_keep_the_first(alice, sarah, patient):
    def note(person, day):
        return lambda: operations.record_death(
            actor=actor(person),
            patient_id=patient.id,
            expected_version=1,
            died_on=date(2026, 3, day),
        )

    answers = race(note(alice, 1), note(sarah, 2))
    (noted,) = [answer for answer in answers if isinstance(answer, Patient)]
    patient.refresh_from_db()
    assert patient.died_on == noted.died_on
    assert len(refused_lines()) == 1
