from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.care.patients.access import OPEN_FOR, is_open, opened_patient, patient_for
from tests.care.people import actor


def lines():
    return list(
        Line.objects.order_by("number").values_list("action", "result", "patient_id", "person_id")
    )


def test_patient_for_member_of_the_team_writes_one_line(alice, patient):
    assert patient_for(actor(alice), patient.id, purpose="record") == patient
    assert lines() == [("read", "ok", patient.id, alice.id)]
    assert Line.objects.get().detail == {"purpose": "record"}


def test_patient_for_print_says_that_it_was_printed(alice, patient):
    patient_for(actor(alice), patient.id, purpose="print")
    assert lines() == [("print", "ok", patient.id, alice.id)]


def test_patient_for_stranger_is_not_found_and_traced(chloe, patient):
    with pytest.raises(Http404):
        patient_for(actor(chloe), patient.id, purpose="record")
    assert lines() == [("read", "refused", patient.id, chloe.id)]
    assert Line.objects.get().practice_id == chloe.practice_id


def test_patient_for_unknown_id_is_not_found_without_a_line(alice):
    with pytest.raises(Http404):
        patient_for(actor(alice), uuid4(), purpose="record")
    assert lines() == []


def test_patient_for_wrong_role_is_denied_and_traced(marc, patient):
    with pytest.raises(PermissionDenied):
        patient_for(actor(marc), patient.id, purpose="record")
    assert lines() == [("read", "refused", patient.id, marc.id)]


def test_patient_for_wrong_role_and_unknown_id_names_no_patient(marc):
    with pytest.raises(PermissionDenied):
        patient_for(actor(marc), uuid4(), purpose="record")
    assert lines() == [("read", "refused", None, marc.id)]


def test_patient_for_asks_the_action_it_is_given(sarah, patient):
    with pytest.raises(PermissionDenied):
        patient_for(actor(sarah), patient.id, purpose="record", action="chart.read")


def test_opened_patient_after_opening_writes_no_second_line(alice, patient):
    patient_for(actor(alice), patient.id, purpose="record")
    for _ in range(3):
        assert opened_patient(actor(alice), patient.id) == patient
    assert len(lines()) == 1


def test_opened_patient_never_opened_opens_it(alice, patient):
    opened_patient(actor(alice), patient.id)
    opened_patient(actor(alice), patient.id)
    assert lines() == [("read", "ok", patient.id, alice.id)]


def test_opened_patient_opened_by_another_opens_it(alice, bob, patient):
    patient_for(actor(bob), patient.id, purpose="record")
    opened_patient(actor(alice), patient.id)
    assert lines() == [("read", "ok", patient.id, bob.id), ("read", "ok", patient.id, alice.id)]


def test_opened_patient_from_another_workstation_opens_it_again(alice, patient):
    patient_for(actor(alice), patient.id, purpose="record")
    opened_patient(replace(actor(alice), workstation="Poste volé"), patient.id)
    assert [line.workstation for line in Line.objects.order_by("number")] == [
        actor(alice).workstation,
        "Poste volé",
    ]


def test_opened_patient_after_a_line_of_another_kind_opens_it(alice, patient):
    record(
        action=Action.READ, actor=actor(alice), patient_id=patient.id, object_kind="prescription"
    )
    opened_patient(actor(alice), patient.id)
    assert len(lines()) == 2


def test_opened_patient_next_day_opens_it_again(alice, patient, frozen_clock):
    patient_for(actor(alice), patient.id, purpose="record")
    frozen_clock.shift(OPEN_FOR + timedelta(minutes=1))
    opened_patient(actor(alice), patient.id)
    assert len(lines()) == 2


def test_opened_patient_after_a_refusal_opens_nothing(chloe, patient):
    for _ in range(2):
        with pytest.raises(Http404):
            opened_patient(actor(chloe), patient.id)
    assert [line[1] for line in lines()] == ["refused", "refused"]


def test_record_is_never_open_for_a_process(patient):
    assert not is_open(SYSTEM, patient.id)
    assert timezone.now() - OPEN_FOR < timezone.now()
