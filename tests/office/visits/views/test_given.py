"""What was given and used: doses, cautions, materials, lots."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.office.visits import operations, panels, queries
from tests.care.people import actor
from tests.factories import (
    LotFactory,
    MedicalAlertFactory,
    StockMovementFactory,
    VisitActFactory,
)
from tests.office.visits.views import FRAGMENT, page, ticked, toast, url


def test_given_and_used(alice, visit, client_of):
    client = client_of(alice)
    data = {"product": "articaine_200", "cartridges": "1,5", "lot": "A1"}
    client.post(url("weight", visit), {"poids": "10"}, headers=FRAGMENT)
    refused = page(client.post(url("give", visit), data, headers=FRAGMENT))
    assert "trop bas" in refused
    sure = {**data, "confirmed": ticked(refused)}
    shown = page(client.post(url("give", visit), sure, headers=FRAGMENT))
    assert "102 mg" in shown
    assert "dépassent le maximum indicatif de 70 mg" in shown
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
        dose = {"product": product, "cartridges": "6,5"}
        asked = ticked(page(client.post(url("give", visit), dose)))
        client.post(url("give", visit), {**dose, "confirmed": asked})
    shown = page(client.get(url("visit", visit)))
    # Both hold articaine: they share its maximum.
    assert "articaïne, tous produits : <strong>884 mg dépassent le maximum indicatif" in shown
    assert "Tous produits ensemble" not in shown
    other = {"product": "lidocaine_100", "cartridges": "1"}
    asked = ticked(page(client.post(url("give", visit), other)))
    client.post(url("give", visit), {**other, "confirmed": asked})
    shown = page(client.get(url("visit", visit)))
    assert "Tous produits ensemble : 193 % du maximum indicatif. Les doses" in shown


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


def test_conditions_are_said_before_an_injection_and_the_grave_ones_are_confirmed(
    alice, patient, visit, client_of
):
    client = client_of(alice)
    MedicalAlertFactory.create(patient=patient, code="asthma", label="Asthme")
    shown = page(client.get(url("visit", visit)))
    assert "Asthme</strong> · Les produits avec adrénaline contiennent des sulfites." in shown
    assert "1/200 000 — asthme : contient des sulfites, crise possible (RCP)" in shown
    assert "sans vasoconstricteur — asthme" not in shown
    assert "pas une aide certifiée (LAP)" in shown
    data = {"product": "mepivacaine", "cartridges": "1"}
    client.post(url("give", visit), data, headers=FRAGMENT)
    assert len(queries.shown(visit).anaesthesias) == 1
    MedicalAlertFactory.create(patient=patient, code="epilepsy", label="Épilepsie")
    refused = page(client.post(url("give", visit), data, headers=FRAGMENT))
    assert "épilepsie : contre-indiqué si non équilibrée (RCP)" in refused
    assert len(queries.shown(visit).anaesthesias) == 1
    client.post(url("give", visit), {**data, "confirmed": ticked(refused)})
    assert len(queries.shown(visit).anaesthesias) == 2


@pytest.mark.parametrize(
    ("kind", "label", "words"),
    [
        ("allergy", "Xylocaïne : œdème", "allergie aux anesthésiques locaux notée"),
        ("precaution", "Anesthésie mal supportée", "anesthésie mal supportée notée"),
    ],
)
def test_alert_without_a_code_is_said_and_confirmed(
    alice, patient, visit, client_of, kind, label, words
):
    client = client_of(alice)
    MedicalAlertFactory.create(patient=patient, code="", kind=kind, label=label)
    shown = page(client.get(url("visit", visit)))
    assert f"Lidocaïne 2 % adrénaline 1/100 000 — {words}" in shown
    assert f"{label}</strong>" in shown
    data = {"product": "lidocaine_100", "cartridges": "1"}
    refused = page(client.post(url("give", visit), data, headers=FRAGMENT))
    assert words in refused
    assert not queries.shown(visit).anaesthesias
    client.post(url("give", visit), {**data, "confirmed": ticked(refused)})
    assert len(queries.shown(visit).anaesthesias) == 1


def test_adrenaline_to_avoid_is_said_beside_each_product_and_confirmed(
    alice, patient, visit, client_of
):
    client = client_of(alice)
    MedicalAlertFactory.create(patient=patient, code="adrenaline", label="Adrénaline à éviter")
    shown = page(client.get(url("visit", visit)))
    assert "1/200 000 — adrénaline à éviter" in shown
    assert "Choisissez le produit" in shown
    data = {"product": "articaine_200", "cartridges": "1"}
    # The box that stands there at once confirms the alerts of the record, of each product.
    before = ticked(shown)
    refused = page(client.post(url("give", visit), data, headers=FRAGMENT))
    assert "1 cartouche. adrénaline à éviter" in refused
    assert ticked(refused) in before
    client.post(url("give", visit), {"product": "mepivacaine", "cartridges": "1"})
    client.post(url("give", visit), {**data, "confirmed": before})
    assert len(queries.shown(visit).anaesthesias) == 2


def test_lots_that_may_not_be_used_are_not_offered(alice, patient, practice, monkeypatch):
    today = timezone.localdate()
    good, last = [
        LotFactory.create(article__practice=practice, expires_on=day) for day in (None, today)
    ]
    past = LotFactory.create(article__practice=practice, expires_on=today - timedelta(days=1))
    # The first by name: it takes nobody's place in a list that is cut.
    shelf = {"article__practice": practice, "article__name": "Aiguille"}
    recalled = LotFactory.create(**shelf, recalled_at=timezone.now(), recall_reason="Rappel")
    for lot in (good, last, past, recalled):
        StockMovementFactory.create(lot=lot, kind="in", quantity=1)
    field: Any = panels.supply_form(patient).fields["stock"]
    assert {key for key, _ in field.choices} == {"", str(good.id), str(last.id)}
    assert not field.help_text
    monkeypatch.setattr(panels.asking, "_MOST_LOTS", 1)
    field = panels.supply_form(patient).fields["stock"]
    assert (len(field.choices), "1 premiers lots" in field.help_text) == (2, True)


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
