"""What was planned is done with one key; what was not is typed in one line."""

from uuid import uuid4

from quenotte.care.chart import operations as chart
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.office.visits import operations, queries
from quenotte.office.visits.models import VisitAct
from tests.care.people import actor
from tests.office.plans.conftest import SCALING
from tests.office.visits.views import FRAGMENT, page, toast, url


def test_planned_act_is_done_with_one_key_and_taken_back(alice, patient, visit, lines, client_of):
    client = client_of(alice)
    assert "data-do" in page(client.get(url("visit", visit)))
    answer = client.post(url("do", visit), {"ligne": lines[0].id}, headers=FRAGMENT)
    assert toast(answer) == "Acte fait."
    again = client.post(url("do", visit), {"ligne": lines[0].id}, headers=FRAGMENT)
    assert "déjà noté comme fait" in toast(again)
    assert "plus dans une séance" in toast(client.post(url("do", visit), headers=FRAGMENT))
    act = VisitAct.objects.get()
    client.post(url("undo", visit, act.id))
    assert "Aucun acte fait" in page(client.get(url("visit", visit), headers=FRAGMENT))


def test_unplanned_act_is_typed_in_one_line_and_doubles_are_told(shelf, alice, visit, client_of):
    client = client_of(alice)
    client.post(url("add", visit), {"q": "36 MOD composite"}, headers=FRAGMENT)
    found = page(client.get(url("search", visit), {"q": "36 MOD composite"}, headers=FRAGMENT))
    assert "déjà noté ce jour" in found
    assert "HBMD038" in page(client.get(url("search", visit), {"q": "36 MOD composite"}))
    assert "La dent 19 n’existe pas" in page(
        client.get(url("search", visit), {"q": "19 composite"})
    )
    client.post(url("add", visit), {"actes": "HBMD038;36;MOD"})
    assert "déjà noté ce jour" in page(client.get(url("visit", visit)))
    assert "Aucun acte du catalogue" in toast(
        client.post(url("add", visit), {"q": "zzz"}, headers=FRAGMENT)
    )


def test_act_on_a_missing_tooth_is_told_before_and_after(
    shelf, alice, visit, lines, patient, client_of
):
    missing = [Finding(Kind.MISSING, (16,)), Finding(Kind.MISSING, (18,))]
    chart.chart(actor=actor(alice), patient_id=patient.id, findings=missing)
    client = client_of(alice)
    found = page(client.get(url("search", visit), {"q": "18 couronne"}, headers=FRAGMENT))
    assert "La 18 est notée absente" in found
    assert "Noter cet acte quand même" in found
    assert "Noter cet acte comme fait quand même" in page(client.get(url("visit", visit)))
    answer = client.post(url("add", visit), {"q": "18 couronne"}, headers=FRAGMENT)
    assert "pas dessiné sur le schéma. La 18 est notée absente" in toast(answer)
    answer = client.post(url("do", visit), {"ligne": lines[0].id}, headers=FRAGMENT)
    assert "pas dessiné sur le schéma. La 16 est notée absente" in toast(answer)
    assert page(answer).count("mais pas dessiné") == 2


def test_primary_tooth_in_an_adult_is_told(shelf, alice, visit, client_of):
    found = page(client_of(alice).get(url("search", visit), {"q": "85 extraction"}))
    assert "La 85 est une dent de lait" in found
    assert "Noté ainsi" not in found


def test_act_that_hides_a_permanent_tooth_or_stands_on_a_pontic_says_so(
    shelf, alice, visit, client_of
):
    client = client_of(alice)
    found = page(client.get(url("search", visit), {"q": "75 O composite"}, headers=FRAGMENT))
    assert "le schéma montre la dent de lait à la place de la définitive" in found
    there = client.post(url("add", visit), {"q": "75 O composite"}, headers=FRAGMENT)
    assert "Le schéma montre la 75, dent de lait, à la place de la 35" in page(there)
    planned = [Finding(Kind.BRIDGE, (14, 15, 16), status=Status.PLANNED)]
    chart.chart(actor=actor(alice), patient_id=visit.patient_id, findings=planned)
    found = page(client.get(url("search", visit), {"q": "15 couronne"}, headers=FRAGMENT))
    assert "La 15 est remplacée par le bridge 16-14" in found


def test_act_form(alice, visit, client_of):
    client = client_of(alice)
    (act,) = operations.do_others(
        actor=actor(alice), patient_id=visit.patient_id, visit_id=visit.id,
        acts=[SCALING],
    )  # fmt: skip
    there = url("act", visit, act.id)
    assert "Modificateurs" in page(client.get(there, headers=FRAGMENT))
    data = {"quantity": "2", "modifiers": "n", "practitioner": alice.id, "fee": "30"}
    wrong = client.post(there, {**data, "modifiers": "é"}, headers=FRAGMENT)
    assert (wrong.status_code, "lettre ou un chiffre" in page(wrong)) == (422, True)
    client.post(there, data)
    act.refresh_from_db()
    assert (act.quantity, act.modifiers, act.fee_cents) == (2, "N", 3_000)
    assert client.get(url("act", visit, uuid4())).status_code == 404


def test_act_that_is_sent_twice_is_done_once(alice, visit, shelf, client_of):
    client, key = client_of(alice), {"key": str(uuid4())}
    for line in (SCALING, SCALING, "16 couronne"):
        answer = client.post(url("add", visit), {"q": line} | key, headers=FRAGMENT)
    assert 'id="acte-key"' in page(answer)
    assert len(queries.shown(visit).acts) == 2
    client.post(url("add", visit), {"q": SCALING, "key": uuid4()}, headers=FRAGMENT)
    assert len(queries.shown(visit).acts) == 3
