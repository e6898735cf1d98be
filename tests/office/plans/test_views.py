"""Pages of the plans: what each role sees, one line typed, refusals that keep what was typed."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.keyboard.rules import GLASS
from quenotte.care.agenda.models import Appointment
from quenotte.office.catalogue.models import Macro
from quenotte.office.plans import access, operations, panels, queries
from quenotte.office.plans.models import TreatmentPlan
from tests.care.people import actor
from tests.factories import GrantFactory, PatientFactory

FRAGMENT = {"HX-Request": "true"}


def url(name, plan, *more):
    return reverse(f"plans:{name}", args=[plan.patient_id, plan.id, *more])


def page(answer):
    return unescape(answer.content.decode())


def toast(answer):
    return json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast", {})


def shown(plan):
    return queries.plan_shown(plan.patient_id, plan.id)


def test_record_without_a_plan_offers_one_and_the_card_says_so(alice, patient, client_of):
    client = client_of(alice)
    assert "Commencer un plan" in page(client.get(reverse("plans:plans", args=[patient.id])))
    card = reverse("plans:card", args=[patient.id])
    assert "Aucun plan" in page(client.get(card, headers=FRAGMENT))
    assert client.get(card).status_code == 302
    client.post(reverse("plans:start", args=[patient.id]))
    plan = TreatmentPlan.objects.get()
    client.post(reverse("plans:start", args=[patient.id]), {"copie": plan.id})
    assert "comparer les 2 plans" in page(client.get(card, headers=FRAGMENT))
    assert (
        client.post(reverse("plans:start", args=[patient.id]), {"copie": uuid4()}).status_code
        == 404
    )


def test_one_line_typed_adds_an_act(shelf, alice, plan, client_of):
    client = client_of(alice)
    found = page(client.get(url("search", plan), {"q": "36 MOD composite"}, headers=FRAGMENT))
    assert 'role="option"' in found
    assert "HBMD038" in found
    assert "Aucun acte" in page(client.get(url("search", plan), {"q": "zzz"}, headers=FRAGMENT))
    assert "Une dent à la fois" in page(client.get(url("search", plan), {"q": "16 M 17 D compo"}))
    assert "HBMD038" in page(client.get(url("search", plan), {"q": "36 MOD composite"}))
    answer = client.post(url("add", plan), {"q": "36 MOD composite"}, headers=FRAGMENT)
    assert json.loads(answer.headers["HX-Trigger"])["lineAdded"]
    client.post(url("add", plan), {"actes": "HBJD001;;,INCONNU;16;"}, headers=FRAGMENT)
    assert [(one.code, one.teeth, one.surfaces) for one in shown(plan).lines] == [
        ("HBMD038", (36,), "MOD"), ("HBJD001", (), ""),
    ]  # fmt: skip
    answer = client.post(url("add", plan), {"q": "zzz"}, headers=FRAGMENT)
    assert "Aucun acte du catalogue" in toast(answer)["text"]
    answer = client.post(url("add", plan), {"q": "99 extraction"}, headers=FRAGMENT)
    assert "La dent 99 n’existe pas" in toast(answer)["text"]


def test_macro_adds_all_its_acts(shelf, alice, plan, client_of):
    name = "bilan complet"
    Macro.objects.create(practice=plan.practice, name=name, lines=["HBJD001", "HBQK002"])
    client_of(alice).post(url("add", plan), {"q": name})
    assert len(shown(plan).lines) == 2


def test_page_shows_warnings_amounts_and_teeth(shelf, alice, patient, plan, client_of):
    operations.add_lines(
        actor=actor(alice), patient_id=patient.id, plan_id=plan.id,
        lines=queries.lines_of_keys(
            patient.practice_id, "HBLD350;16;,HBJD001;;", timezone.localdate()
        ),
    )  # fmt: skip
    text = page(client_of(alice).get(url("plan", plan)))
    assert 'data-teeth="16"' in text
    assert "line-warning" in text
    assert "à fixer" in text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("status", {"etat": "proposed"}, "proposé"),
        ("choose", {}, "retenu"),
        ("change", {"title": "Haut"}, "enregistré"),
        ("add_session", {}, ""),
    ],
)
def test_buttons_of_a_plan(alice, plan, lines, client_of, name, data, words):
    data = {"version": shown(plan).version, "practitioner": alice.id, **data}
    answer = client_of(alice).post(url(name, plan), data, headers=FRAGMENT)
    assert answer.status_code == 200
    assert words in toast(answer).get("text", "")
    assert client_of(alice).post(url(name, plan), data).status_code == 302


def test_second_click_on_accept_meets_the_same_button_and_does_nothing(
    alice, plan, lines, client_of
):
    client = client_of(alice)

    def step(status):
        data = {"etat": status, "version": shown(plan).version}
        return page(client.post(url("status", plan), data, headers=FRAGMENT))

    def places(text):
        return re.findall(r'name="etat" value="(\w+)"[^>]*?( disabled)?>', text)

    before = places(page(client.get(url("plan", plan))))
    assert [one for one, _off in before] == [
        "proposed", "accepted", "refused", "abandoned", "draft",
    ]  # fmt: skip
    accepted = step("accepted")
    assert [one for one, _off in places(accepted)][:4] == [one for one, _off in before][:4]
    assert dict(places(accepted))["accepted"] == " disabled"
    assert "Retenu" in accepted.partition('id="plan-onglets" hx-swap-oob="true"')[2]
    assert shown(plan).status == "accepted"


def test_plan_that_is_refused_says_so_everywhere(alice, plan, lines, client_of):
    client = client_of(alice)
    where = {"actor": actor(alice), "patient_id": plan.patient_id, "plan_id": plan.id}
    operations.answer_line(**where, line_id=lines[1].id, status="refused")
    for status in ("accepted", "refused"):
        data = {"etat": status, "version": shown(plan).version}
        text = page(client.post(url("status", plan), data, headers=FRAGMENT))
    assert "Retenu" not in text
    assert "Accepté" not in text
    assert [one.status for one in shown(plan).lines] == ["planned", "refused"]
    # Taken up again and accepted, its acts are: but the one that was refused by itself.
    for status in ("draft", "accepted"):
        client.post(
            url("status", plan), {"etat": status, "version": shown(plan).version}, headers=FRAGMENT
        )
    assert [one.status for one in shown(plan).lines] == ["accepted", "refused"]


def test_page_gives_the_line_a_new_key_once_its_act_was_added(alice, shelf, plan, client_of):
    client, key = client_of(alice), str(uuid4())
    assert page(client.get(url("plan", plan))).count('name="key"') == 3
    data = {"actes": "", "q": "HBJD001", "key": key}
    for _ in range(2):
        answer = page(client.post(url("add", plan), data, headers=FRAGMENT))
    assert re.findall(r'name="key" value="([^"]*)" id="acte-key" hx-swap-oob', answer) not in (
        [],
        [key],
    )
    assert len(shown(plan).lines) == 1
    started = reverse("plans:start", args=[plan.patient_id])
    assert (
        client.post(started, {"key": key})["Location"]
        == client.post(started, {"key": key})["Location"]
    )


def test_changed_fee_of_an_accepted_act_is_said_and_what_was_shown_alone_is_accepted(
    alice, plan, lines, client_of
):
    client, line = client_of(alice), lines[0]

    def accept():
        return client.post(url("answer", plan, line.id), agreed, headers=FRAGMENT)

    body = page(client.get(url("plan", plan)))
    agreed = {"reponse": "accepted", "vu": re.findall(r'name="vu" value="([^"]*)"', body)[0]}
    accept()
    assert shown(plan).lines[0].status == "accepted"
    form = {"teeth": "16", "quantity": "1", "fee": "900", "version": shown(plan).version}
    changed = client.post(url("line", plan, line.id), form, headers=FRAGMENT)
    assert "de nouveau à accepter" in toast(changed)["text"]
    assert "Une autre personne a modifié ce plan" in toast(accept())["text"]
    assert shown(plan).lines[0].status == "planned"


def test_buttons_of_a_line_and_a_session(alice, plan, lines, client_of):
    client, line = client_of(alice), lines[0]
    client.post(url("answer", plan, line.id), {"reponse": "refused"}, headers=FRAGMENT)
    assert shown(plan).lines[0].status == "refused"
    client.post(url("move", plan, line.id), {"sens": "bas", "version": shown(plan).version})
    assert shown(plan).lines[1].id == line.id
    client.post(url("move", plan, line.id), {"seance": line.session_id, "position": "0",
                                             "version": shown(plan).version})  # fmt: skip
    assert shown(plan).lines[0].id == line.id
    answer = client.post(url("remove", plan, line.id), headers=FRAGMENT)
    client.post(toast(answer)["undoUrl"])
    assert len(shown(plan).lines) == 2
    added = operations.add_session(actor=actor(alice), patient_id=plan.patient_id, plan_id=plan.id)
    client.post(
        url("move_session", plan, added.id), {"sens": "haut", "version": shown(plan).version}
    )
    assert shown(plan).sessions[0].id == added.id
    answer = client.post(url("remove_session", plan, added.id), headers=FRAGMENT)
    client.post(toast(answer)["undoUrl"])
    assert len(shown(plan).sessions) == 2


def test_line_form_keeps_what_was_typed_when_somebody_was_faster(alice, plan, lines, client_of):
    client, there = client_of(alice), url("line", plan, lines[0].id)
    data = {"teeth": "26", "surfaces": "", "quantity": "1", "fee": "310,50", "version": 1}
    answer = client.post(there, data, headers=FRAGMENT)
    assert (answer.status_code, "310,50" in page(answer)) == (422, True)
    assert "Une autre personne" in page(answer)
    data["version"] = shown(plan).version
    assert client.post(there, data).status_code == 302
    assert (shown(plan).lines[0].teeth, shown(plan).lines[0].fee_cents) == ((26,), 31_050)
    assert client.get(url("line", plan, uuid4())).status_code == 404
    assert "31 050" not in page(client.get(there, headers=FRAGMENT))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"teeth": "99"}, "numéros de dents"),
        ({"surfaces": "Z"}, "faces"),
        ({"fee": "douze"}, "montant"),
        ({"fee": "20000"}, "10 000"),
        ({"quantity": "0"}, "1"),
    ],
)
def test_line_form_says_what_is_wrong(alice, plan, lines, client_of, wrong, words):
    data = {"teeth": "16", "quantity": "1", "version": shown(plan).version, **wrong}
    answer = client_of(alice).post(url("line", plan, lines[0].id), data)
    assert (answer.status_code, words in page(answer)) == (422, True)


def test_session_form(alice, plan, lines, client_of):
    client, there = client_of(alice), url("session", plan, lines[0].session_id)
    assert "Cicatrisation" in page(client.get(there, headers=FRAGMENT))
    data = {"phase": "Prothèse", "minutes": "60", "laboratory_days": "8", "healing_days": "0",
            "version": shown(plan).version}  # fmt: skip
    assert client.post(there, {**data, "minutes": "2"}, headers=FRAGMENT).status_code == 422
    client.post(there, data)
    assert shown(plan).phases[0].name == "Prothèse"
    assert client.get(url("session", plan, uuid4())).status_code == 404
    assert client.post(url("change", plan), {"practitioner": "x"}).status_code == 422


def test_desk_books_sessions_without_seeing_acts(sarah, alice, plan, lines, client_of):
    client = client_of(sarah)
    text = page(client.get(reverse("plans:plans", args=[plan.patient_id])))
    assert "À réserver" in text
    assert "Couronne" not in text
    assert client.get(url("plan", plan)).status_code == 403
    offered = page(client.get(url("book", plan)))
    assert "Couronne" not in offered
    name = f"seance-{lines[0].session_id}"
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=2)
    assert client.post(url("book", plan), {name: "non"}).status_code == 200
    answer = client.post(url("book", plan), {name: at.isoformat()}, follow=True)
    assert "1 rendez-vous réservé" in page(answer)
    assert Appointment.objects.get().starts_at == at
    again = client.post(url("book", plan), {name: at.isoformat()}, follow=True)
    assert "Toutes les séances sont réservées" in page(again)
    assert Appointment.objects.count() == 1
    there = reverse("agenda:detail", args=[Appointment.objects.get().id])
    assert there in page(client_of(alice).get(url("plan", plan)))


def test_refused_slot_is_told_with_its_reason(alice, patient, plan, lines, client_of):
    other = timezone.localtime() + timedelta(days=4000)
    data = {f"seance-{lines[0].session_id}": other.isoformat()}
    answer = client_of(alice).post(url("book", plan), data, follow=True)
    assert "n’a pas été réservé" in page(answer)


def test_grant_opens_the_acts_of_its_record_alone(sarah, plan):
    GrantFactory.create(person=sarah, patient_id=plan.patient_id)
    lent = replace(actor(sarah), roles=sarah.roles | {GLASS})
    assert access.reads_acts(lent, plan.patient_id)
    assert not access.reads_acts(lent, uuid4())
    assert not access.reads_acts(actor(sarah), plan.patient_id)


def test_print_is_a_line_of_the_journal_and_no_quote(alice, plan, lines, client_of):
    plain = page(client_of(alice).get(url("print", plan)))
    assert "Couronne métallique" in plain
    assert "290" not in plain
    full = page(client_of(alice).get(url("print", plan), {"montants": "1"}))
    assert "ce n’est pas un devis" in full
    assert Line.objects.filter(action="print", patient_id=plan.patient_id).count() == 2


def test_compare_shows_phases_side_by_side(alice, patient, plan, lines, client_of):
    operations.start(actor=actor(alice), patient_id=patient.id, copy_of=plan.id)
    text = page(client_of(alice).get(reverse("plans:compare", args=[patient.id])))
    assert text.count("Couronne métallique") == 2


def test_compare_shows_a_phase_whole_that_was_left_and_taken_up_again(
    alice, patient, plan, lines, client_of
):
    for phase in ("Soins", "Prothèse", "Soins"):
        session = operations.add_session(
            actor=actor(alice), patient_id=patient.id, plan_id=plan.id, values={"phase": phase}
        )
    operations.move_line(
        actor=actor(alice), patient_id=patient.id, plan_id=plan.id, line_id=lines[0].id,
        seen=shown(plan).version, session_id=session.id,
    )  # fmt: skip
    text = page(client_of(alice).get(reverse("plans:compare", args=[patient.id])))
    assert "Couronne métallique" in text
    assert "2 séances" in text


def test_page_asks_for_the_catalogue_once_however_many_acts(shelf, alice, patient, plan):
    day = timezone.localdate()

    def page_of(keys):
        operations.add_lines(
            actor=actor(alice), patient_id=patient.id, plan_id=plan.id,
            lines=queries.lines_of_keys(patient.practice_id, keys, day),
        )  # fmt: skip
        with CaptureQueriesContext(connection) as asked:
            panels.warned(patient, shown(plan))
        return len(asked)

    assert page_of("HBLD350;16;") == page_of("HBJD001;;,HBLD073;26;,HBLD073;36;,HBMD049;24;MO")


def test_core_of_another_basket_than_its_crown_is_warned_of_across_sessions(
    shelf, alice, patient, plan
):
    day = timezone.localdate()
    for keys in ("HBLD090;16;", "HBLD734;16;", "HBLD734;26;"):
        session = operations.add_session(actor=actor(alice), patient_id=patient.id, plan_id=plan.id)
        operations.add_lines(
            actor=actor(alice), patient_id=patient.id, plan_id=plan.id, session_id=session.id,
            lines=queries.lines_of_keys(patient.practice_id, keys, day),
        )  # fmt: skip
    warned = panels.warned(patient, shown(plan))
    core, *crowns = [warned[line.id] for line in shown(plan).lines]
    assert "100 % Santé" in core[0]
    assert crowns == [[], []]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("14-16 bridge", [("HBLD099", "14 15 16")]),
        (
            "13-23 bridge",
            [
                ("HBLD785", "13 12 11 21 22 23"),
                ("HBMD479", "11"),
                ("HBMD433", "21"),
                ("HBMD072", "22"),
            ],
        ),
        (
            "14-17 bridge ccm",
            [("HBLD227", "14 15 16 17"), ("HBMD479", "15")],
        ),
        ("16-14 bridge provisoire", [("HBLD034", "16 15 14")]),
        ("24 mo", [("HBMD049", "24")]),
        ("16 17 couronne", [("HBLD073", "16"), ("HBLD073", "17")]),
        ("37 endo 36 couronne", [("HBFD008", "37"), ("HBLD073", "36")]),
        ("11-21 facette", [("HBMD048", "11"), ("HBMD048", "21")]),
        ("enfant de 12 ans 46 détartrage", [("HBJD001", "")]),
    ],
)
def test_typed_line_leads_to_acts_and_teeth(shelf, practice, text, first):
    found = queries.choices(practice.id, text, timezone.localdate())[0]
    assert [(line.code, line.teeth) for line in found.lines] == first
    again = queries.lines_of_keys(practice.id, found.keys, timezone.localdate())
    assert [(line.code, line.teeth) for line in again] == first


def test_crown_typed_on_a_primary_tooth_is_no_surgery(shelf, practice):
    found = queries.choices(practice.id, "55 couronne", timezone.localdate())
    assert {line.charts_as for one in found for line in one.lines} <= {"crown"}


def test_acts_of_one_tooth_are_priced_for_each(shelf, practice):
    one, two = (
        queries.choices(practice.id, text, timezone.localdate())[0]
        for text in ("16 endo", "16 17 endo")
    )
    assert two.codes == "HBFD008 × 2"
    assert one.codes == "HBFD008"
    assert sum(line.fee_cents or 0 for line in two.lines) == 2 * (one.lines[0].fee_cents or 0)


def test_print_says_the_alerts(alice, plan, lines, client_of):
    assert "Aucune alerte notée." in page(client_of(alice).get(url("print", plan)))


def test_strangers_and_other_roles(chloe, sarah, marc, plan, lines, client_of):
    line = lines[0].id
    for person, code in ((chloe, 404), (sarah, 403), (marc, 403)):
        client = client_of(person)
        for name, more in (("status", ()), ("remove", (line,)), ("add", ()), ("answer", (line,))):
            assert client.post(url(name, plan, *more)).status_code == code
    other = PatientFactory.create(practice=plan.practice)
    wrong = reverse("plans:plan", args=[other.id, plan.id])
    assert client_of(plan.practitioner).get(wrong).status_code == 404
    assert client_of(plan.practitioner).get(url("status", plan)).status_code == 405
