"""Acts of a closed visit are corrected with a date: nothing goes, the mouth and the plan follow."""

from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.chart.models import ChartEvent
from quenotte.exchange.fhir import queries as fhir
from quenotte.exchange.fhir import rules as fhir_rules
from quenotte.office.plans import operations as plans
from quenotte.office.plans.models import PlanLine
from quenotte.office.visits import operations, queries, rules, telling
from quenotte.office.visits.models import Visit, VisitAct
from tests.care.people import actor
from tests.office.plans.conftest import CROWN, SCALING
from tests.office.plans.test_operations import marks
from tests.support.racing import race

ELSEWHERE = CROWN.__class__("HBLD038", "Couronne métallique", "17", charts_as="crown")
WHY = "mauvaise dent"


@pytest.fixture
def visit(alice, patient):
    """A visit opened by hand."""
    return operations.open_visit(actor=actor(alice), patient_id=patient.id)


@pytest.fixture
def later(alice, visit, frozen_clock):
    """A function that ends the visit, and lets three days go by."""

    def close() -> None:
        call(operations.end_visit, alice, visit, text="", seen=1, anyway=True)
        frozen_clock.shift(timedelta(days=3))

    return close


def call(operation, person, visit, **values):
    return operation(actor=actor(person), patient_id=visit.patient_id, visit_id=visit.id, **values)


def done(alice, visit, one=CROWN):
    [act] = call(operations.do_others, alice, visit, acts=[one])
    return act


def statuses():
    return list(PlanLine.objects.order_by("position").values_list("status", "teeth"))


def test_moment_of_care_is_that_of_the_visit():
    opened, closed = datetime(2026, 11, 2, 9, tzinfo=UTC), datetime(2026, 11, 2, 10, tzinfo=UTC)
    day, next_day = opened.date(), opened.date() + timedelta(days=1)
    found = [
        rules.moment_of_care(opened, closed, opened_on=day, until_on=one) for one in (day, next_day)
    ]
    assert found == [closed, opened]


def test_struck_act_stays_in_sight_and_is_restored(alice, patient, visit, later):
    act = done(alice, visit)
    later()
    strike = {"act_id": act.id, "reason": WHY}
    assert call(operations.strike_act, alice, visit, **strike) == act
    call(operations.strike_act, alice, visit, **strike)
    assert Line.objects.filter(detail__action="act_struck").count() == 1
    assert marks(patient) == set()
    shown = queries.shown(visit)
    assert (shown.acts, shown.struck, queries.recent_acts(patient.id)) == ([], [act], [])
    [told] = telling.told(patient.id, 5)
    assert (told.acts, told.amended_at) == ([], timezone.now())
    [sent] = [fhir_rules.performed(one, "x") for one in fhir.acts_of(patient.id)]
    assert (sent["status"], sent["note"]) == ("entered-in-error", [{"text": WHY}])
    again = call(operations.restore_act, alice, visit, act_id=act.id)
    assert call(operations.restore_act, alice, visit, act_id=act.id) == again
    assert (again.replaces_id, again.done_at) == (act.id, act.done_at)
    assert marks(patient) == {("crown", "done", (16,))}
    with pytest.raises(operations.ActStruck):
        call(operations.restore_act, alice, visit, act_id=again.id)


def test_corrected_act_stands_beside_the_struck_one_on_the_day_of_care(
    alice, patient, visit, later
):
    act = done(alice, visit)
    call(operations.change_act, alice, visit, act_id=act.id, values={"modifiers": "N"})
    later()
    correct = {"act_id": act.id, "acts": [ELSEWHERE, SCALING], "reason": WHY, "key": uuid4()}
    new, other = call(operations.correct_act, alice, visit, **correct)
    assert call(operations.correct_act, alice, visit, **correct) == [new, other]
    assert (new.replaces, new.teeth, new.modifiers, new.fee_cents) == (act, "17", "N", 29_000)
    assert {one.done_at for one in (new, other)} == {act.done_at}
    assert new.noted_at - act.done_at == timedelta(days=3)
    assert marks(patient) == {("crown", "done", (17,))}
    assert ChartEvent.objects.get(source=new.source).on == timezone.localdate(act.done_at)
    shown = queries.shown(visit)
    assert shown.told_acts[0].is_struck
    assert len(shown.told_acts) == 3
    sent = [fhir_rules.performed(one, "x")["status"] for one in fhir.acts_of(patient.id)]
    assert sorted(sent) == ["completed", "completed", "entered-in-error"]
    for again in ({**correct, "key": uuid4()}, {**correct, "key": None}):
        with pytest.raises(operations.ActStruck):
            call(operations.correct_act, alice, visit, **again)
    with pytest.raises(operations.ActStruck):
        call(operations.strike_act, alice, visit, act_id=act.id, reason=WHY)
    with pytest.raises(operations.NothingChanges):
        call(operations.correct_act, alice, visit, act_id=new.id, acts=[ELSEWHERE], reason=WHY)


def test_plan_follows_what_is_struck_corrected_and_forgotten(alice, patient, visit, lines, later):
    crown, scaling = lines
    act = call(operations.do_planned, alice, visit, line_id=crown.id)
    later()
    [new] = call(operations.correct_act, alice, visit, act_id=act.id, acts=[ELSEWHERE], reason=WHY)
    assert statuses() == [("done", "17"), ("planned", "")]
    assert marks(patient) == {("crown", "done", (17,))}
    call(operations.strike_act, alice, visit, act_id=new.id, reason=WHY)
    assert statuses() == [("planned", "17"), ("planned", "")]
    assert marks(patient) == {("crown", "planned", (17,))}
    call(operations.restore_act, alice, visit, act_id=new.id)
    assert marks(patient) == {("crown", "done", (17,))}
    late = {"line_id": scaling.id, "key": uuid4()}
    [added] = call(operations.add_late, alice, visit, **late)
    assert call(operations.add_late, alice, visit, **late) == [added]
    line = PlanLine.objects.get(id=scaling.id)
    day = timezone.localdate(visit.opened_at)
    assert (line.status, line.done_on, timezone.localdate(added.done_at)) == ("done", day, day)
    call(operations.strike_act, alice, visit, act_id=added.id, reason=WHY)
    plans.remove_line(
        actor=actor(alice), patient_id=patient.id, plan_id=line.plan_id, line_id=line.id
    )
    alone = call(operations.restore_act, alice, visit, act_id=added.id)
    assert (alone.line_id, PlanLine.objects.get(id=line.id).status) == (None, "removed")
    with pytest.raises(plans.StepNotAllowed):
        plans.correct_done(
            actor=actor(alice), patient_id=patient.id, line_id=line.id, values={"teeth": "1"}
        )
    with pytest.raises(ValueError, match="status"):
        plans.correct_done(
            actor=actor(alice), patient_id=patient.id, line_id=line.id, values={"status": "x"}
        )


def test_corrections_are_refused_with_their_reason(alice, bob, patient, visit, later):
    act = done(alice, visit)
    strike = {"act_id": act.id, "reason": WHY}
    with pytest.raises(operations.VisitGoesOn):
        call(operations.strike_act, alice, visit, **strike)
    gone = done(alice, visit, SCALING)
    call(operations.undo_act, alice, visit, act_id=gone.id)
    later()
    with pytest.raises(operations.NotTheCorrector):
        call(operations.strike_act, bob, visit, **strike)
    with pytest.raises(operations.NoReasonGiven):
        call(operations.strike_act, alice, visit, act_id=act.id, reason=" ")
    with pytest.raises(operations.NoSuchVisit):
        call(operations.strike_act, alice, visit, act_id=gone.id, reason=WHY)
    with pytest.raises(plans.UnknownAct):
        call(operations.add_late, alice, visit)


@pytest.mark.django_db(transaction=True)
def test_two_people_correct_one_act(alice, patient):
    visit = operations.open_visit(actor=actor(alice), patient_id=patient.id)
    act = done(alice, visit)
    call(operations.end_visit, alice, visit, text="", seen=1, anyway=True)
    one = {"act_id": act.id, "acts": [ELSEWHERE], "reason": WHY}
    found = race(
        lambda: call(operations.correct_act, alice, visit, **one, key=uuid4()),
        lambda: call(operations.strike_act, alice, visit, act_id=act.id, reason="doublon"),
    )
    assert sum(isinstance(one, operations.ActStruck) for one in found) == 1
    assert VisitAct.objects.filter(undone_at=None).count() <= 1


def page(answer):
    return unescape(answer.content.decode())


def test_pages_ask_show_and_correct(shelf, alice, bob, patient, visit, lines, later, client_of):
    act = done(alice, visit)
    where = {
        name: reverse(f"visits:{name}", args=[patient.id, visit.id, act.id])
        for name in ("strike", "correct", "restore")
    }
    where["late"] = reverse("visits:add_late", args=[patient.id, visit.id])
    shown = reverse("visits:visit", args=[patient.id, visit.id])
    later()
    client, helper = client_of(alice), client_of(bob)
    assert "Corriger cet acte" in page(client.get(shown))
    assert "Corriger cet acte" not in page(helper.get(shown))
    assert [client_of(bob).get(where[name]).status_code for name in ("correct", "late")] == [
        403
    ] * 2
    nowhere = reverse("visits:strike", args=[patient.id, visit.id, uuid4()])
    assert client.get(nowhere).status_code == 404

    assert 'value="16"' in page(client.get(where["correct"]))
    typed = {"teeth": "16", "surfaces": "", "words": "", "reason": WHY, "key": uuid4()}
    wrong = {"19": "n’existe pas", "zz": "n’a pas été compris"}
    for teeth, words in wrong.items():
        answer = client.post(where["correct"], {**typed, "teeth": teeth})
        assert (answer.status_code, words in page(answer)) == (422, True)
    assert "Aucun acte du catalogue" in page(
        client.post(where["correct"], {**typed, "words": "zz"})
    )
    same = client.post(where["correct"], {**typed, "actes": "HBLD038;16;"})
    assert "tel qu’il est déjà noté" in page(same)
    offered = page(client.post(where["correct"], {**typed, "teeth": "17"}))
    assert 'value="HBLD038;17;"' in offered
    assert not Visit.objects.get().amended_at
    chosen = {**typed, "teeth": "17", "actes": "HBLD038;17;"}
    for _ in range(2):
        assert client.post(where["correct"], chosen, follow=True).redirect_chain
    told = page(client.get(shown))
    assert "mauvaise dent" in told
    assert "remplace l’acte rayé" in told
    assert "Rayé le" in page(client.get(reverse("visits:visits", args=[patient.id])))

    offered = page(client.post(where["late"], {"q": "17 couronne"}))
    assert "déjà noté ce jour" in offered
    assert client.post(where["late"], {"q": "détartrage", "actes": "HBJD001;;"}).status_code == 302
    assert client.post(where["late"], {"ligne": lines[0].id}).status_code == 302
    assert "déjà noté comme fait" in page(client.post(where["late"], {"ligne": lines[0].id}))
    assert "Aucun acte" in page(client.post(where["late"], {"q": "zz", "actes": "zz;;"}))

    scaling = VisitAct.objects.get(code="HBJD001")
    there = {
        name: reverse(f"visits:{name}", args=[patient.id, visit.id, scaling.id])
        for name in ("strike", "restore")
    }
    assert client.post(there["strike"], {"reason": ""}).status_code == 422
    assert client.post(there["strike"], {"reason": "doublon"}).status_code == 302
    assert "vient d’être rayé" in page(client.post(there["strike"], {"reason": "autre"}))
    assert "Rétablir cet acte" in page(client.get(shown))
    assert "noté à nouveau" in page(client.post(there["restore"], follow=True))
    assert "vient d’être rayé" in page(client.post(where["restore"], follow=True))
    record = reverse("patients:record", args=[patient.id])
    assert "actes ou produits corrigés le" in page(client.get(record)) + page(
        client.get(f"{record}histoire/")
    )


def test_planned_act_added_late_shows_its_remarks_and_asks(
    shelf, alice, patient, visit, lines, later, client_of
):
    done(alice, visit)
    later()
    late = reverse("visits:add_late", args=[patient.id, visit.id])
    client = client_of(alice)
    assert "déjà noté ce jour" in page(client.get(late))
    asked = page(client.post(late, {"ligne": lines[0].id}))
    assert "Rien n’est encore écrit" in asked
    assert 'name="confirme"' in asked
    assert VisitAct.objects.count() == 1
    assert client.post(late, {"ligne": lines[0].id, "confirme": "1"}).status_code == 302
    assert client.post(late, {"ligne": lines[1].id}).status_code == 302
    assert VisitAct.objects.count() == 3
