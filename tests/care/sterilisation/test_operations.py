from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.sterilisation import operations, queries, rules
from quenotte.care.sterilisation.models import Pouch, PouchUse
from quenotte.care.sterilisation.operations import Described, Outcome, Started
from quenotte.care.sterilisation.rules import Lack, Programme
from quenotte.devices.paper import codes, reading
from tests.care.people import actor
from tests.factories import (
    AutoclaveFactory,
    PatientFactory,
    PouchFactory,
    PouchUseFactory,
    SterilisationCycleFactory,
)
from tests.support.racing import race

PRION = Programme("Prion", 134, 18)
TICKET = b"%PDF-1.4 ticket"


@pytest.fixture
def machine(alice):
    return AutoclaveFactory.create(practice=alice.practice)


def started(bob, machine, number=1):
    return operations.start(actor=actor(bob), started=Started(machine.id, number, PRION, "6 kits"))


def test_load_goes_from_its_start_to_a_patient(bob, machine, patient):
    who = actor(bob)
    assert started(bob, machine).lack == Lack.NO_TEST
    with pytest.raises(operations.StillRunning):
        started(bob, machine, 2)
    cycle = queries.today(bob.practice_id)[0].running
    assert cycle is not None
    operations.save_settings(actor=who, shelf_days=30, kits="Kit examen\n")
    pouches = operations.make_pouches(actor=who, cycle_id=cycle.id, content="Kit", count=3)
    more = operations.make_pouches(actor=who, cycle_id=cycle.id, content="Plateau", count=1)
    assert [one.code for one in pouches + more] == [rules.code_of(n) for n in (1, 2, 3, 4)]
    assert pouches[0].expires_on == timezone.localdate() + timedelta(days=30)
    with pytest.raises(operations.CycleNotReleased):
        operations.attach(actor=who, patient_id=patient.id, code=pouches[0].code)
    operations.end(actor=who, cycle_id=cycle.id, outcome=Outcome(True, "134,6 °C", TICKET))
    with pytest.raises(operations.DayUntested):
        operations.release(actor=who, cycle_id=cycle.id)
    operations.release(actor=who, cycle_id=cycle.id, is_confirmed=True)
    use = operations.attach(actor=who, patient_id=patient.id, code=pouches[0].code)
    assert queries.uses_of(patient.id) == [use]
    line = Line.objects.latest("number")
    assert (line.object_kind, line.patient_id) == ("pouch_use", patient.id)
    operations.detach(actor=who, patient_id=patient.id, use_id=use.id)
    with pytest.raises(operations.AlreadyUndone):
        operations.detach(actor=who, patient_id=patient.id, use_id=use.id)
    operations.attach(actor=who, patient_id=patient.id, code=pouches[0].code)
    assert PouchUse.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"expires_on": "2026-03-16"}, operations.PouchExpired),
        ({"cycle__state": "ended"}, operations.CycleNotReleased),
        ({"cycle__state": "failed", "cycle__reason": "panne"}, operations.CycleFailed),
        ({"code": "ST0000000000"}, operations.UnknownPouch),
    ],
)
def test_pouch_that_may_not_be_opened_leaves_nothing(bob, patient, changes, refusal):
    PouchFactory.create(cycle__operator=bob, **{"code": rules.code_of(7)} | changes)
    for code in (rules.code_of(7), "bonjour"):
        with pytest.raises((refusal, operations.UnknownPouch)):
            operations.attach(actor=actor(bob), patient_id=patient.id, code=code)
    assert not PouchUse.objects.exists()
    assert not Line.objects.exists()


@pytest.mark.parametrize(
    ("changes", "barred"),
    [
        ({"cycle__state": "failed", "cycle__reason": "panne"}, "failed"),
        ({"cycle__state": "ended"}, "not_released"),
        ({"expires_on": "2026-03-16"}, "expired"),
    ],
)
def test_pouch_that_was_opened_all_the_same_is_on_the_recall(bob, patient, changes, barred):
    pouch, who = PouchFactory.create(cycle__operator=bob, **changes), actor(bob)
    keys: dict[str, Any] = {"actor": who, "code": pouch.code}
    with pytest.raises(operations.MAY_BE_OPEN):
        operations.attach(patient_id=patient.id, despite=" ", **keys)
    use = operations.attach(patient_id=patient.id, despite=" Ouvert à 9 h ", **keys)
    assert (use.barred, use.despite) == (barred, "Ouvert à 9 h")
    if barred != "failed":
        operations.fail(actor=who, cycle_id=pouch.cycle_id, reason="Positif")
    assert [one.waiting for one in queries.recalls(bob.practice_id)] == [1]
    pouch.cycle.refresh_from_db()
    assert [one.patient for one in queries.to_tell(pouch.cycle)] == [patient]


def test_pouch_that_went_to_the_wrong_patient_finds_the_right_one_after_the_failure(bob, patient):
    use = PouchUseFactory.create(author=bob, patient__practice=bob.practice)
    cycle, who = use.pouch.cycle, actor(bob)
    operations.fail(actor=who, cycle_id=cycle.id, reason="Positif")
    attach = partial(
        operations.attach, actor=who, code=use.pouch.code, despite="Lu sur un autre dossier"
    )
    with pytest.raises(operations.PouchUsed):
        attach(patient_id=patient.id)
    with pytest.raises(operations.AlreadyHere):
        attach(patient_id=use.patient_id)
    operations.detach(actor=who, patient_id=use.patient_id, use_id=use.id)
    attach(patient_id=patient.id)
    cycle.refresh_from_db()
    assert [one.patient for one in queries.to_tell(cycle)] == [patient]


def test_pouch_that_may_be_opened_needs_no_reason(bob, patient):
    pouch = PouchFactory.create(cycle__operator=bob)
    use = operations.attach(
        actor=actor(bob), patient_id=patient.id, code=pouch.code, despite="Ouvert à 9 h"
    )
    assert (use.barred, use.despite) == ("", "")


def test_pouch_goes_to_one_patient_alone(bob, chloe, patient):
    use = PouchUseFactory.create(patient=patient, author=bob)
    code = use.pouch.code
    with pytest.raises(operations.AlreadyHere):
        operations.attach(actor=actor(bob), patient_id=patient.id, code=code)
    other = PatientFactory.create(practice=bob.practice)
    with pytest.raises(operations.PouchUsed):
        operations.attach(actor=actor(bob), patient_id=other.id, code=code)
    with pytest.raises(operations.UnknownPouch):
        operations.attach(actor=actor(chloe), patient_id=other.id, code=code)


@pytest.mark.django_db(transaction=True)
def test_of_two_scans_at_once_one_counts(bob, alice, patient):
    pouch = PouchFactory.create(cycle__operator=bob)
    other = PatientFactory.create(practice=bob.practice)
    answers = race(
        *(
            lambda who=who, one=one: operations.attach(
                actor=actor(who), patient_id=one.id, code=pouch.code
            )
            for who, one in ((alice, patient), (bob, other))
        )
    )
    assert sorted(type(one).__name__ for one in answers) == ["PouchUse", "PouchUsed"]


def test_failed_cycle_names_whom_to_tell(bob, sarah, patient):
    use = PouchUseFactory.create(patient=patient, author=bob)
    PouchUseFactory.create(pouch__cycle=use.pouch.cycle, author=bob, undone_at=timezone.now())
    cycle, who = use.pouch.cycle, actor(bob)
    with pytest.raises(operations.WrongStep):
        operations.note_told(actor=who, cycle_id=cycle.id, patient_id=patient.id, way="phone")
    with pytest.raises(operations.NoReason):
        operations.fail(actor=who, cycle_id=cycle.id, reason=" ")
    failed = operations.fail(actor=who, cycle_id=cycle.id, reason="Test biologique positif")
    assert [one.patient for one in queries.to_tell(failed)] == [patient]
    assert [one.waiting for one in queries.recalls(bob.practice_id)] == [1]
    for way, is_told in (("tried", False), ("phone", True)):
        operations.note_told(
            actor=actor(sarah), cycle_id=cycle.id, patient_id=patient.id, way=way, words="OK"
        )
        assert queries.to_tell(failed)[0].is_told is is_told
    assert queries.recalls(bob.practice_id) == []
    for patient_id, way in ((uuid4(), "phone"), (patient.id, "signaux")):
        with pytest.raises(operations.NotOurs):
            operations.note_told(actor=who, cycle_id=cycle.id, patient_id=patient_id, way=way)


@pytest.mark.parametrize("failed_first", [True, False])
def test_load_of_a_day_whose_test_failed_says_why_it_goes(bob, machine, failed_first):
    who = actor(bob)

    def fails():
        operations.note_test(actor=who, autoclave_id=machine.id, kind="helix", passed=False)

    if failed_first:
        fails()
    cycle = started(bob, machine)
    if not failed_first:
        fails()
    operations.end(actor=who, cycle_id=cycle.id, outcome=Outcome(True))
    with pytest.raises(operations.DayTestFailed):
        operations.release(actor=who, cycle_id=cycle.id, reason=" ", is_confirmed=True)
    released = operations.release(actor=who, cycle_id=cycle.id, reason="Test refait, conforme")
    assert released.reason == "Test refait, conforme"
    failed = operations.fail(actor=who, cycle_id=cycle.id, reason="Panne")
    assert failed.reason == "Panne · Test refait, conforme"


def test_recalls_are_one_question_however_many(bob, patient, django_assert_num_queries):
    for number in range(3):
        use = PouchUseFactory.create(
            patient=patient,
            author=bob,
            pouch__cycle__number=90 + number,
            pouch__cycle__state="failed",
            pouch__cycle__reason="Panne",
        )
        PouchUseFactory.create(patient=patient, author=bob, pouch__cycle=use.pouch.cycle)
    with django_assert_num_queries(1):
        assert [one.waiting for one in queries.recalls(bob.practice_id)] == [1, 1, 1]


def test_cycle_cannot_skip_a_step(bob, machine):
    who, cycle = actor(bob), started(bob, machine)
    with pytest.raises(operations.WrongStep):
        operations.release(actor=who, cycle_id=cycle.id)
    with pytest.raises(operations.NotATicket):
        operations.end(actor=who, cycle_id=cycle.id, outcome=Outcome(True, ticket=b"MZ"))
    operations.end(actor=who, cycle_id=cycle.id, outcome=Outcome(False))
    with pytest.raises(operations.IndicatorFailed):
        operations.release(actor=who, cycle_id=cycle.id)
    operations.fail(actor=who, cycle_id=cycle.id, reason="Indicateur non viré")
    with pytest.raises(operations.WrongStep):
        operations.make_pouches(actor=who, cycle_id=cycle.id, content="Kit", count=1)
    with pytest.raises(operations.NumberTaken):
        started(bob, machine)
    assert queries.next_number(machine.id) == 2


@pytest.mark.parametrize("count", [0, 81])
def test_pouches_are_as_many_as_a_load_holds(bob, count):
    cycle = SterilisationCycleFactory.create(operator=bob)
    with pytest.raises(operations.TooManyPouches):
        operations.make_pouches(actor=actor(bob), cycle_id=cycle.id, content="Kit", count=count)
    assert not Pouch.objects.exists()


def test_test_of_the_day_lets_loads_go(bob, chloe, machine):
    for passed, expected in ((False, Lack.TEST_FAILED), (True, None)):
        operations.note_test(actor=actor(bob), autoclave_id=machine.id, kind="helix", passed=passed)
        assert queries.today(bob.practice_id)[0].lack is expected
    assert started(bob, machine).lack == ""
    for who, kind in ((chloe, "helix"), (bob, "gazette")):
        with pytest.raises(operations.NotOurs):
            operations.note_test(actor=actor(who), autoclave_id=machine.id, kind=kind, passed=True)


def test_autoclave_has_a_name_of_its_own(alice, machine):
    with pytest.raises(operations.NameTaken):
        operations.add_autoclave(actor=actor(alice), described=Described(machine.name, "x"))
    changed = operations.change_autoclave(
        actor=actor(alice), autoclave_id=machine.id, described=Described("Mélusine", "x")
    )
    assert changed.name == "Mélusine"
    with pytest.raises(operations.NotOurs):
        operations.end(actor=actor(alice), cycle_id=uuid4(), outcome=Outcome(True))


@pytest.mark.parametrize(
    ("form", "skipped", "pages", "width"), [("a4", 22, 2, 1600), ("roll", 0, 3, 700)]
)
def test_labels_are_read_back_from_their_picture(bob, form, skipped, pages, width):
    cycle = SterilisationCycleFactory.create(operator=bob)
    pouches = [
        PouchFactory.create(cycle=cycle, content="<Plateau> *chirurgie* #1", code=rules.code_of(n))
        for n in (41, 42, 43)
    ]
    pdf = operations.labels_of(cycle, pouches, form=form, skipped=skipped)
    assert reading.pages_of(pdf) == pages
    assert "<Plateau> *chirurgie* #1" in reading.text_of(pdf)
    pictures = [reading.picture_of(pdf, page=page, width_px=width) for page in range(pages)]
    found = [code for picture in pictures for code in codes.read(picture)]
    assert sorted(found) == [one.code for one in pouches]


def test_no_pouch_joins_a_released_load_but_a_retry_is_answered(bob, machine):
    cycle = SterilisationCycleFactory.create(operator=bob, state="ended", released_at=None)
    sent: dict[str, Any] = {"actor": actor(bob), "cycle_id": cycle.id, "content": "Kit", "count": 2}
    key = uuid4()
    first = operations.make_pouches(**sent, key=key)
    cycle.state = "released"
    cycle.save()
    again = operations.make_pouches(**sent, key=key)
    assert {one.id for one in again} == {one.id for one in first}
    with pytest.raises(operations.LoadReleased):
        operations.make_pouches(**sent)
    assert Pouch.objects.count() == 2
