"""Pages of the visits: opened by itself, one key an act, a note that nothing loses, the end."""

import json
from dataclasses import asdict
from datetime import timedelta
from html import unescape
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.agenda import operations as agenda
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart import operations as chart
from quenotte.care.chart.models import Note
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.office.plans import operations as plans
from quenotte.office.visits import operations, panels, queries, telling
from quenotte.office.visits.models import AnaestheticProduct, NoteTemplate, Visit, VisitAct
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    LotFactory,
    MedicalAlertFactory,
    NoteTemplateFactory,
    PatientFactory,
    StockMovementFactory,
    VisitActFactory,
)
from tests.office.plans.conftest import SCALING

FRAGMENT = {"HX-Request": "true"}


def url(name, visit, *more):
    return reverse(f"visits:{name}", args=[visit.patient_id, visit.id, *more])


def page(answer):
    return unescape(answer.content.decode())


def toast(answer):
    return json.loads(answer.headers.get("HX-Trigger", "{}")).get("toast", {}).get("text", "")


@pytest.fixture
def visit(alice, patient):
    """A visit opened by hand."""
    return operations.open_visit(actor=actor(alice), patient_id=patient.id)


def test_record_opens_the_visit_of_who_sits_in_the_chair(alice, patient, client_of):
    client, card = client_of(alice), reverse("visits:card", args=[patient.id])
    assert "Ouvrir une séance" in page(client.get(card, headers=FRAGMENT))
    assert client.get(card).status_code == 302
    seated = AppointmentFactory.create(patient=patient, practitioner=alice, status="in_chair")
    shown = page(client.get(card, headers=FRAGMENT))
    assert 'hx-trigger="load"' in shown
    there = reverse("visits:open", args=[patient.id])
    opened = page(client.post(there, {"rendez-vous": seated.id}, headers=FRAGMENT))
    assert "Continuer la séance" in opened
    assert client.post(there).status_code == 302
    assert Visit.objects.get().appointment_id == seated.id


def test_visit_opened_by_hand_seats_its_appointment_and_the_agenda_takes_it_back(
    alice, patient, client_of
):
    due = AppointmentFactory.create(patient=patient, practitioner=alice)
    client, there = client_of(alice), reverse("visits:open", args=[patient.id])
    assert "est passé « au fauteuil »" in page(client.post(there, follow=True))
    due.refresh_from_db()
    assert (due.status, due.seated_at is None) == ("in_chair", False)
    assert Line.objects.filter(object_kind="appointment", action="change").count() == 1
    assert "est passé" not in page(client.post(there, follow=True))
    assert Visit.objects.get().appointment_id == due.id
    agenda.undo_status(actor=actor(alice), appointment_id=due.id, expected_version=None)
    due.refresh_from_db()
    assert due.status == "booked"


def test_visit_without_an_appointment_becomes_that_of_who_is_seated(alice, patient, visit):
    for status in ("in_chair", "booked"):
        one = AppointmentFactory.create(patient=patient, practitioner=alice, status=status)
        found = operations.open_visit(
            actor=actor(alice), patient_id=patient.id, appointment_id=one.id
        )
        assert found.id == visit.id
    # It has its own by now: the second is another visit, later.
    assert found.appointment_id != one.id
    one.refresh_from_db()
    assert one.status == "booked"


def test_home_tells_of_a_visit_that_was_left_open(
    alice, bob, sarah, visit, client_of, frozen_clock
):
    there = reverse("visits:open_here")
    client = client_of(alice)
    for _ in range(2):
        assert "Séances en cours" in page(client.get("/"))
    assert Line.objects.filter(object_kind="open_visits").count() == 1
    frozen_clock.shift(timedelta(hours=5))
    assert "Séance restée ouverte" in page(client_of(bob).get(there, headers=FRAGMENT))
    assert "Restée ouverte" in page(client_of(alice).get(url("visit", visit)))
    assert "Séances en cours" not in page(client_of(sarah).get("/"))
    assert client_of(alice).get(there).status_code == 302


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


def test_note_is_kept_as_it_is_typed_and_a_conflict_keeps_both(alice, bob, visit, client_of):
    client = client_of(bob)
    saved = client.post(url("note", visit), {"text": "Vu", "version": "1"})
    assert (saved.status_code, saved.headers["X-Draft-Version"]) == (204, "2")
    late = client_of(alice).post(url("note", visit), {"text": "Autre", "version": "1"})
    assert (late.status_code, "Rien n’a été écrasé" in late.json()["error"]) == (409, True)
    assert ">Vu</textarea>" in page(client_of(alice).get(url("visit", visit)))
    part = client_of(alice).get(url("visit", visit), {"partie": "note"}, headers=FRAGMENT)
    assert ">Vu</textarea>" in page(part)


def test_template_is_added_and_what_was_typed_stays(alice, visit, practice, client_of):
    client = client_of(alice)
    template = NoteTemplateFactory.create(practice=practice)
    data = {"modele": template.id, "text": "Vu.", "version": "1"}
    shown = page(client.post(url("use_template", visit), data, headers=FRAGMENT))
    assert "Vu.\nDent {dent}" in shown
    late = client.post(url("use_template", visit), {**data, "text": "Mes mots"}, headers=FRAGMENT)
    assert (late.status_code, "Mes mots" in page(late)) == (409, True)
    assert client.post(url("use_template", visit), {"modele": "x"}).status_code == 302


def test_given_and_used(alice, visit, client_of):
    client = client_of(alice)
    data = {"product": "articaine_200", "cartridges": "1,5", "lot": "A1"}
    client.post(url("weight", visit), {"poids": "10"}, headers=FRAGMENT)
    refused = client.post(url("give", visit), data, headers=FRAGMENT)
    assert "trop bas" in toast(refused)
    shown = page(client.post(url("give", visit), {**data, "confirmed": "on"}, headers=FRAGMENT))
    assert "102 mg" in shown
    assert "maximum indicatif 70 mg" in shown
    wrong = client.post(url("give", visit), {**data, "cartridges": "1,3"}, headers=FRAGMENT)
    assert "quarts de cartouche" in toast(wrong)
    assert "pas été compris" in toast(
        client.post(url("weight", visit), {"poids": "x"}, headers=FRAGMENT)
    )
    rounded = client.post(url("weight", visit), {"poids": "8,4"}, headers=FRAGMENT)
    assert "8 kg, arrondi" in toast(rounded)
    client.post(url("use", visit), {"name": "Ciment", "lot": "C1", "quantity": "1"})
    assert "Choisissez un lot" in toast(
        client.post(url("use", visit), {"quantity": "1"}, headers=FRAGMENT)
    )
    done = queries.shown(visit)
    client.post(url("drop_supply", visit, done.supplies[0].id))
    client.post(url("drop_anaesthetic", visit, done.anaesthesias[0].id))
    left = queries.shown(visit)
    assert (left.supplies, left.anaesthesias) == ([], [])


def test_form_of_a_dose_has_a_key_that_each_answer_renews(alice, visit, client_of):
    client = client_of(alice)
    assert 'id="anesthesie-key"' in page(client.get(url("visit", visit)))
    data = {"product": "articaine_200", "cartridges": "1", "key": uuid4()}
    first = page(client.post(url("give", visit), data, headers=FRAGMENT))
    assert 'id="anesthesie-key" hx-swap-oob="true"' in first
    assert str(data["key"]) not in first.partition('name="key"')[2]
    client.post(url("give", visit), data, headers=FRAGMENT)
    assert len(queries.shown(visit).anaesthesias) == 1


def test_doses_of_two_products_are_told_together(alice, visit, client_of):
    client = client_of(alice)
    client.post(url("weight", visit), {"poids": "70"})
    for product in ("articaine_200", "articaine_100"):
        client.post(url("give", visit), {"product": product, "cartridges": "6,5"})
    shown = page(client.get(url("visit", visit)))
    assert "Tous produits ensemble : 181 % du maximum indicatif. Les doses" in shown


def test_cautions_beside_the_form(alice, patient, visit, client_of):
    client, part = client_of(alice), {"partie": "alertes"}
    assert page(client.get(url("visit", visit), part, headers=FRAGMENT)).strip() == ""
    MedicalAlertFactory.create(patient=patient, code="sulphites", label="Sulfites")
    MedicalAlertFactory.create(patient=patient, code="latex", label="Latex")
    client.post(url("weight", visit), {"poids": "18"})
    shown = page(client.get(url("visit", visit), part, headers=FRAGMENT))
    assert "Allergie : Sulfites" in shown
    assert "pas avant 4 ans ni sous 20 kg" in shown
    assert "je confirme" in shown
    assert "Latex" not in shown


def test_adrenaline_to_avoid_is_said_beside_each_product_and_confirmed(
    alice, patient, visit, client_of
):
    client = client_of(alice)
    MedicalAlertFactory.create(patient=patient, code="adrenaline", label="Adrénaline à éviter")
    shown = page(client.get(url("visit", visit)))
    assert "1/200 000 — adrénaline à éviter" in shown
    assert "Choisissez le produit" in shown
    data = {"product": "articaine_200", "cartridges": "1"}
    refused = client.post(url("give", visit), data, headers=FRAGMENT)
    assert "adrénaline à éviter" in toast(refused)
    client.post(url("give", visit), {"product": "mepivacaine", "cartridges": "1"})
    client.post(url("give", visit), {**data, "confirmed": "on"})
    assert len(queries.shown(visit).anaesthesias) == 2


def test_lots_that_may_not_be_used_are_not_offered(alice, patient, practice, monkeypatch):
    today = timezone.localdate()
    good, last = [
        LotFactory.create(article__practice=practice, expires_on=day) for day in (None, today)
    ]
    past = LotFactory.create(article__practice=practice, expires_on=today - timedelta(days=1))
    recalled = LotFactory.create(
        article__practice=practice, recalled_at=timezone.now(), recall_reason="Rappel"
    )
    for lot in (good, last, past, recalled):
        StockMovementFactory.create(lot=lot, kind="in", quantity=1)
    field: Any = panels.supply_form(patient).fields["stock"]
    assert {key for key, _ in field.choices} == {"", str(good.id), str(last.id)}
    assert not field.help_text
    monkeypatch.setattr(panels, "_MOST_LOTS", 1)
    field = panels.supply_form(patient).fields["stock"]
    assert (len(field.choices), "1 premiers lots" in field.help_text) == (2, True)


def test_note_that_waits_is_listed_and_signed(alice, bob, patient, visit, client_of, frozen_clock):
    operations.save_note(
        actor=actor(alice), patient_id=patient.id, visit_id=visit.id,
        text="Teinte {teinte}", seen=1,
    )  # fmt: skip
    frozen_clock.shift(timedelta(days=1))
    client = client_of(alice)
    AppointmentFactory.create(
        patient=patient, practitioner=alice, status="in_chair", starts_at=timezone.now()
    )
    card = page(client.get(reverse("visits:card", args=[patient.id]), headers=FRAGMENT))
    assert 'hx-trigger="load"' in card
    client.post(reverse("visits:open", args=[patient.id]))
    assert "Note à signer" in page(client.get(reverse("visits:open_here"), headers=FRAGMENT))
    assert "Note à signer" in page(client.get(reverse("visits:visits", args=[patient.id])))
    assert "Signer la note" not in page(client_of(bob).get(url("visit", visit)))
    assert client_of(bob).post(url("sign", visit)).status_code == 403
    assert f'data-draft-url="{url("note", visit)}"' in page(client.get(url("visit", visit)))
    kept = client.post(url("note", visit), {"text": "Teinte {teinte} vue", "version": "2"})
    assert (kept.status_code, kept["X-Draft-Version"]) == (204, "3")
    data = {"text": "Teinte {teinte} vue", "version": "3"}
    asked = client.post(url("sign", visit), data)
    assert (asked.status_code, "{teinte} vue" in page(asked)) == (422, True)
    for _ in range(2):
        signed = client.post(url("sign", visit), {**data, "quand-meme": "1"}, follow=True)
    assert "{teinte} vue" in page(signed)
    assert Note.objects.count() == 1


def test_assistant_who_ends_is_told_who_signs(bob, visit, client_of):
    answer = client_of(bob).post(url("end", visit), {"text": "Vu.", "version": "1"})
    assert (answer.status_code, "Seul un praticien signe" in page(answer)) == (422, True)
    assert ">Vu.</textarea>" in page(answer)
    assert "Terminer quand même" not in page(answer)


def test_end_in_one_step_then_the_next_appointment(alice, patient, visit, lines, client_of):
    client = client_of(alice)
    where = {"actor": actor(alice), "patient_id": patient.id, "plan_id": lines[0].plan_id}
    plans.add_session(**where)
    asked = client.post(url("end", visit), {"text": "Teinte {teinte}", "version": "1"})
    assert (asked.status_code, "{teinte}" in page(asked)) == (422, True)
    assert "Terminer quand même" in page(asked)
    data = {"text": "Teinte A2", "version": "1"}
    ended = client.post(url("end", visit), data, follow=True)
    assert "note signée" in page(ended)
    assert "Prochain rendez-vous" in page(ended)
    assert client.post(url("end", visit), data).status_code == 302
    assert Note.objects.count() == 1
    at = timezone.localtime().replace(hour=10, minute=0) + timedelta(days=3)
    slot = {"plan": lines[0].plan_id, "seance": lines[0].session_id, "creneau": at.isoformat()}
    assert "Aucun créneau choisi" in page(client.post(url("book_next", visit), follow=True))
    assert "est réservé" in page(client.post(url("book_next", visit), slot, follow=True))
    assert Appointment.objects.get().starts_at == at
    assert "déjà son rendez-vous" in page(client.post(url("book_next", visit), slot, follow=True))
    listed = page(client.get(reverse("visits:visits", args=[patient.id])))
    assert "Aucun acte." in listed


def test_settings_of_the_practice(alice, client_of, chloe):
    client = client_of(alice)
    there = reverse("visits:templates")
    client.post(reverse("visits:usual_templates"))
    data = {"name": "Mien", "text": "Dent {dent}", "is_active": "on"}
    client.post(there, data)
    mine = NoteTemplate.objects.get(name="Mien")
    assert client.post(there, data).status_code == 422
    one = reverse("visits:template", args=[mine.id])
    assert "changé entre-temps" in page(client.post(one, {**data, "text": "Perdu"}))
    client.post(one, {**data, "text": "Autre", "version": "1"})
    assert NoteTemplate.objects.get(name="Mien").text == "Autre"
    assert client.post(one, {"name": ""}).status_code == 422
    assert client_of(chloe).get(one).status_code == 404
    product = reverse("visits:anaesthetic", args=["mepivacaine"])
    assert "Mépivacaïne" in page(client.get(product))
    figures = {"name": "Mépi", "mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 3000,
               "child_ug_per_kg": 3000, "most_mg": 200, "source": "RCP", "from_years": 4,
               "from_kg": 20}  # fmt: skip
    assert client.post(product, {**figures, "most_mg": 0}).status_code == 422
    client.post(product, figures)
    assert "changé entre-temps" in page(client.post(product, figures))
    assert AnaestheticProduct.objects.get().is_active is False
    assert "plus proposé" in page(client.get(reverse("visits:anaesthetics")))
    assert client.get(reverse("visits:anaesthetic", args=["inconnu"])).status_code == 404


def test_each_product_that_is_described_is_one_of_its_own(alice, client_of):
    client, new = client_of(alice), reverse("visits:anaesthetic", args=["nouveau"])
    figures = {"mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 3000, "most_mg": 200,
               "child_ug_per_kg": 3000, "source": "RCP", "from_years": 4, "from_kg": 20,
               "is_active": "on"}  # fmt: skip
    for name, status in (("Prilo", 302), ("Bupi", 302), ("prilo ", 422)):
        key = client.get(new).context["key"]
        data = {**figures, "name": name, "cle": key}
        assert client.post(new, data).status_code == status
        # Sent twice, it is one.
        assert client.post(new, data).status_code == 422
    rows = AnaestheticProduct.objects.order_by("name")
    assert [one.name for one in rows] == ["Bupi", "Prilo"]
    for one in rows:
        assert one.name in page(client.get(reverse("visits:anaesthetic", args=[one.code])))


def test_timeline_tells_a_visit_once_with_its_acts_and_its_note(
    alice, sarah, patient, visit, client_of, frozen_clock, django_assert_num_queries
):
    who = {"actor": actor(alice), "patient_id": patient.id, "visit_id": visit.id}
    operations.do_others(**who, acts=[SCALING, SCALING])
    operations.undo_act(**who, act_id=VisitAct.objects.all()[1].id)
    record = reverse("patients:record", args=[patient.id])
    client = client_of(alice)
    assert "Séance :" not in page(client.get(record))
    operations.end_visit(**who, text="Tartre sous-gingival. " * 9, seen=1)
    shown = page(client.get(record))
    assert f"Séance : {SCALING.label}</a>" in shown
    timeline = shown.partition('class="timeline"')[2]
    assert ("Tartre sous-gingival" in timeline, "Note de séance" in timeline) == (True, False)
    assert "Séance :" not in page(client_of(sarah).get(record))
    frozen_clock.shift(timedelta(hours=1))
    note = Note.objects.get()
    chart.write_note(actor=actor(alice), patient_id=patient.id, text="Non.", corrects_id=note.id)
    empty = operations.open_visit(actor=actor(alice), patient_id=patient.id)
    frozen_clock.shift(timedelta(hours=1))
    operations.end_visit(
        actor=actor(alice), patient_id=patient.id, visit_id=empty.id, text="", seen=1, anyway=True
    )
    with django_assert_num_queries(1):
        last, first = telling.told(patient.id, 31)
    assert (first.id, first.is_corrected, first.who) == (visit.id, True, alice.full_name)
    assert (last.acts, last.note, last.is_to_sign, last.who) == ([], "", False, alice.full_name)
    assert [one.id for one in telling.told(patient.id, 31, last.at)] == [visit.id]
    assert [one.id for one in telling.told(patient.id, 1)] == [empty.id]


def test_strangers_and_other_roles(chloe, sarah, marc, visit, client_of):
    for person, code in ((chloe, 404), (sarah, 403), (marc, 403)):
        client = client_of(person)
        for name in ("do", "end", "note", "give", "use", "book_next"):
            assert client.post(url(name, visit)).status_code == code
    assert client_of(visit.practitioner).get(url("do", visit)).status_code == 405


def test_visit_of_another_patient_is_not_there(alice, visit, practice, client_of):
    other = PatientFactory.create(practice=practice)
    wrong = reverse("visits:visit", args=[other.id, visit.id])
    assert client_of(alice).get(wrong).status_code == 404


def test_typed_lot_is_said_in_the_visit_and_traced_in_the_record(alice, visit, client_of):
    client = client_of(alice)
    shelf = {"article__practice": alice.practice, "number": "A2411", "recall_reason": "Aiguille"}
    LotFactory.create(**shelf, recalled_at=timezone.now())
    dose = {"product": "articaine_200", "cartridges": "1", "lot": "a2411", "key": uuid4()}
    noted = page(client.post(url("give", visit), dose, headers=FRAGMENT))
    assert "Le lot A2411 est rappelé" in noted
    traced = page(client.get(reverse("stock:traceability", args=[visit.patient_id])))
    assert "Lots écrits dans les séances" in traced
    assert "Le lot A2411 est rappelé" in traced


def test_act_that_is_sent_twice_is_done_once(alice, visit, shelf, client_of):
    client, key = client_of(alice), {"key": str(uuid4())}
    for line in (SCALING, SCALING, "16 couronne"):
        answer = client.post(url("add", visit), {"q": line} | key, headers=FRAGMENT)
    assert 'id="acte-key"' in page(answer)
    assert len(queries.shown(visit).acts) == 2
    client.post(url("add", visit), {"q": SCALING, "key": uuid4()}, headers=FRAGMENT)
    assert len(queries.shown(visit).acts) == 3


def test_implant_of_the_stock_leads_to_its_form_and_leaves_the_shelf_there(alice, visit, client_of):
    bought = {"lot__article__practice": alice.practice, "lot__article__category": "implant"}
    lot = StockMovementFactory.create(**bought, author=alice, lot__number="L42").lot
    client = client_of(alice)
    VisitActFactory.create(visit=visit, charts_as="implant", teeth="36")
    led = client.post(url("use", visit), {"stock": lot.id, "quantity": 1}, headers=FRAGMENT)
    assert led["HX-Redirect"].endswith(f"?lot={lot.id}&dent=36")
    form = page(client.get(led["HX-Redirect"]))
    assert 'value="L42"' in form
    assert 'value="36"' in form
    assert f'value="{lot.id}"' in form
    with pytest.raises(operations.IsADevice):
        operations.use_supply(
            actor=actor(alice), patient_id=visit.patient_id, visit_id=visit.id,
            used=operations.Used(lot_id=lot.id),
        )  # fmt: skip
    assert not queries.shown(visit).supplies


@pytest.mark.django_db
def test_shipped_minimums_reach_a_practice_with_its_own_figures_and_are_said(alice, client_of):
    figures = asdict(queries.anaesthetics(alice.practice_id)[0])
    own = {**figures, "from_years": 0, "from_kg": 0, "most_mg": 400}
    AnaestheticProduct.objects.create(practice_id=alice.practice_id, **own)
    there = reverse("visits:anaesthetics")
    shown = page(client_of(alice).get(there))
    assert "maximum (mg) : 500, âge minimal (ans) : 4, poids minimal (kg) : 20" in shown
    AnaestheticProduct.objects.update(from_kg=15)
    import_module("quenotte.office.migrations.0004_shipped_minimums").fill(apps, None)
    kept = AnaestheticProduct.objects.get()
    assert (kept.from_years, kept.from_kg, kept.most_mg, kept.version) == (4, 15, 400, 2)
    code = figures["code"]
    shown = page(client_of(alice).get(reverse("visits:anaesthetic", args=[code])))
    assert "maximum (mg) : 500, poids minimal (kg) : 20. Les vôtres" in shown


def test_typed_lot_of_the_stock_is_told_with_its_way_back(alice, visit, client_of):
    lot = LotFactory.create(article__practice=visit.practice, number="A2411")
    StockMovementFactory.create(lot=lot, kind="in", quantity=1)
    client = client_of(alice)
    typed = {"name": "Composite", "lot": "a2411", "quantity": "1"}
    answer = client.post(url("use", visit), typed, headers=FRAGMENT)
    told = json.loads(answer.headers["HX-Trigger"])["toast"]
    assert told["text"] == "Lot A2411 reconnu : 1 sorti du stock pour ce patient."
    assert "Remis au stock" in toast(client.post(told["undoUrl"], headers=FRAGMENT))
    other = client.post(url("use", visit), {**typed, "lot": "Z99"}, headers=FRAGMENT)
    assert not toast(other)
