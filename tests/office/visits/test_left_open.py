"""What is noted on another day in a visit that was left open is of the day of care."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from quenotte.care.chart.models import ChartEvent
from quenotte.office.catalogue.models import Act, ActVersion
from quenotte.office.plans import operations as plans
from quenotte.office.plans.models import PlanLine
from quenotte.office.visits import filling, operations, queries, remarks
from quenotte.office.visits.models import Anaesthesia, VisitAct, VisitSupply
from tests.care.people import actor
from tests.factories import LotFactory, StockMovementFactory
from tests.office.plans.conftest import SCALING
from tests.office.visits.test_amending import ELSEWHERE, call, visit
from tests.office.visits.views import page, url

__all__ = ["visit"]

DAY, NEXT = date(2026, 3, 17), date(2026, 3, 18)


@pytest.fixture
def left_open(visit, frozen_clock):
    """The visit, that nobody ended, on the next day."""
    frozen_clock.shift(timedelta(days=1))
    return visit


def days(name, rows):
    return {timezone.localdate(getattr(one, name)) for one in rows}


def test_planned_act_and_others_are_of_the_day_of_care(alice, lines, left_open):
    planned = call(operations.do_planned, alice, left_open, line_id=lines[0].id)
    others = call(operations.do_others, alice, left_open, acts=[ELSEWHERE])
    assert days("done_at", [planned, *others]) == {DAY}
    assert days("noted_at", [planned, *others]) == {NEXT}
    assert PlanLine.objects.get(id=lines[0].id).done_on == DAY
    marks = ChartEvent.objects.filter(finding__status="done")
    assert set(marks.values_list("on", flat=True)) == {DAY}
    assert marks.count() == 2
    call(operations.end_visit, alice, left_open, text="", seen=1, anyway=True)
    # What was forgotten once more gets the same day.
    late = call(operations.add_late, alice, left_open, acts=[SCALING])
    assert days("done_at", late) == {DAY}


def test_inputs_are_of_the_day_of_care_as_is_the_lot(alice, practice, left_open):
    call(operations.give_anaesthetic, alice, left_open, code="articaine_200", quarters=4)
    lot = LotFactory.create(article__practice=practice, expires_on=DAY)
    StockMovementFactory.create(lot=lot, kind="in", quantity=3)
    call(operations.use_supply, alice, left_open, used=operations.Used(lot_id=lot.id))
    assert days("given_at", Anaesthesia.objects.all()) == {DAY}
    assert days("added_at", VisitSupply.objects.all()) == {DAY}
    given, used = Anaesthesia.objects.get(), VisitSupply.objects.get()
    assert (given.noted_by, used.noted_by) == (alice, alice)
    assert days("noted_at", [given, used]) == {NEXT}
    assert used.movement_id is not None


def test_page_says_which_day_and_when_each_line_was_written(alice, left_open, client_of):
    client = client_of(alice)
    assert "daté du mardi 17 mars, jour de la séance" in page(client.get(url("visit", left_open)))
    call(operations.do_others, alice, left_open, acts=[SCALING])
    call(operations.end_visit, alice, left_open, text="", seen=1, anyway=True)
    assert "Ajouté le 18 mars 2026" in page(client.get(url("visit", left_open)))


def test_visit_of_today_says_nothing_of_it(alice, visit, client_of):
    call(operations.do_others, alice, visit, acts=[SCALING])
    assert "jour de la séance" not in page(client_of(alice).get(url("visit", visit)))
    assert VisitAct.objects.get().noted_at is None


def test_acts_of_the_day_of_care_contradict_one_another(alice, plan, lines, left_open, shelf):
    call(operations.do_others, alice, left_open, acts=[SCALING])
    call(operations.do_others, alice, left_open, acts=[SCALING])
    assert any("déjà noté ce jour" in text for text in remarks.open_of(left_open))
    plans.choose(actor=actor(alice), patient_id=left_open.patient_id, plan_id=plan.id)
    told = remarks.before(left_open, queries.planned_of(left_open))
    assert any("déjà noté ce jour" in text for some in told.values() for text in some)


def test_date_of_a_template_is_the_day_of_care(left_open):
    assert filling.known_places(queries.shown(left_open), ())["date"] == "17/03/2026"


def test_tariff_of_an_act_is_that_of_the_day_of_care(alice, shelf, left_open, client_of):
    act = Act.objects.get(practice=left_open.practice, code=SCALING.code)
    ActVersion.objects.create(act=act, from_on=NEXT, tariff_cents=9_999)
    client_of(alice).post(url("add", left_open), {"actes": "", "q": SCALING.code})
    assert VisitAct.objects.get().tariff_cents == SCALING.tariff_cents
