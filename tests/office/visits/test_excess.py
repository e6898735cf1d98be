"""A dose over its maximum is said in figures before it is noted, whenever it is noted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from quenotte.base.audit.models import Line
from quenotte.office.visits import dosing, operations, queries, rules
from quenotte.office.visits.models import Anaesthesia
from quenotte.office.visits.operations import Dose
from tests.care.people import actor
from tests.factories import MedicalAlertFactory, PatientFactory
from tests.office.visits.test_amending import call, later, visit
from tests.office.visits.views import FRAGMENT, page, ticked, toast, url

__all__ = ["later", "visit"]

ARTICAINE = rules.USUAL[0]
MEPIVACAINE = rules.USUAL[3]


def given(product, dose):
    return rules.Given(product.name, dose, product.limits)


def confirmed(**dose):
    """Note a dose whose question is read, then confirmed."""
    with pytest.raises(operations.NotConfirmed) as asked:
        operations.give_anaesthetic(**dose)
    return operations.give_anaesthetic(**dose, confirmed=asked.value.question)


def test_a_tick_confirms_the_question_that_it_answers_and_no_other(alice, patient, visit):
    call(operations.note_weight, alice, visit, weight_kg=64)
    with pytest.raises(operations.NotConfirmed) as asked:
        call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=36)
    question = asked.value.question
    for code, quarters in (("articaine_200", 48), ("mepivacaine", 40), ("mepivacaine", 32)):
        dose = {"code": code, "quarters": quarters, "confirmed": question}
        with pytest.raises(operations.NotConfirmed):
            call(operations.give_anaesthetic, alice, visit, **dose)
    # What is said since was not read.
    MedicalAlertFactory.create(patient=patient, code="local_anaesthetic")
    dose = {"code": "mepivacaine", "quarters": 36, "confirmed": question}
    with pytest.raises(operations.NotConfirmed, match=r"allergie .* notée, 486 mg"):
        call(operations.give_anaesthetic, alice, visit, **dose)
    assert not queries.shown(visit).anaesthesias


def test_a_tick_that_nothing_asked_for_is_not_written_as_a_confirmation(alice, visit):
    dose = {"code": "articaine_200", "quarters": 4, "confirmed": {"0123456789abcdef"}}
    call(operations.give_anaesthetic, alice, visit, **dose)
    assert Line.objects.get(detail__action="anaesthetic").detail["state"] == "noted"


def test_excess_of_a_child_in_figures():
    found = rules.excess([], given(ARTICAINE, 476), 21, 8)
    assert [one.words for one in found] == [
        "476 mg dépassent le maximum indicatif de 105 mg pour 21 kg"
    ]
    assert found[0].is_grave
    assert rules.excess([given(ARTICAINE, 68)], given(ARTICAINE, 37), 21, 8) == []
    assert rules.excess([given(ARTICAINE, 68)], given(ARTICAINE, 38), 21, 8)


def test_without_a_weight_what_holds_whatever_the_weight_is_asked():
    assert rules.excess([], given(ARTICAINE, 500), None, 40) == []
    found = rules.excess([given(ARTICAINE, 408)], given(ARTICAINE, 408), None, 40)
    assert [one.words for one in found] == [
        "816 mg dépassent le maximum indicatif de 500 mg, quel que soit le poids"
    ]
    child = rules.excess([], given(rules.USUAL[2], 432), None, 12)
    assert [one.is_grave for one in child] == [True, True]
    assert "poids de l’enfant non noté" in child[0].words
    assert "maximum indicatif de 300 mg" in child[1].words


@pytest.mark.parametrize(
    ("weight", "age", "is_asked"),
    [(None, 14, True), (None, 15, False), (None, None, False), (30, 14, False)],
)
def test_the_weight_of_a_child_is_asked_before_a_dose(weight, age, is_asked):
    assert bool(rules.excess([], given(ARTICAINE, 17), weight, age)) is is_asked


def test_excess_of_two_products_of_one_substance():
    before = [given(ARTICAINE, 300)]
    other = rules.USUAL[1]
    assert rules.excess(before, given(other, 148), 64, 40) == []
    found = rules.excess(before, given(other, 149), 64, 40)
    assert [one.words for one in found] == [
        "articaïne, tous produits : 449 mg dépassent le maximum indicatif de 448 mg pour 64 kg"
    ]
    unknown = rules.Given("Produit", 40, None)
    known = [*before, given(MEPIVACAINE, 100), unknown]
    at_least = rules.excess(known, given(rules.USUAL[2], 36), 64, 40)
    assert "ensemble au moins 116 % du maximum" in at_least[0].words


def test_excess_of_two_products_together():
    before = [given(ARTICAINE, 300)]
    found = rules.excess(before, given(MEPIVACAINE, 200), 64, 40)
    assert "ensemble 139 % du maximum" in found[0].words
    alone = rules.excess(before, given(MEPIVACAINE, 150), None, 40)
    assert "ensemble 110 % du maximum" in alone[0].words


def test_a_child_without_a_weight_is_weighed_or_the_dose_is_confirmed(alice, practice, client_of):
    child = PatientFactory.create(practice=practice, born_on=date(2017, 5, 4))
    seen = operations.open_visit(actor=actor(alice), patient_id=child.id)
    dose = {"code": "articaine_200", "quarters": 4}
    with pytest.raises(operations.NotConfirmed, match="poids de l’enfant non noté"):
        call(operations.give_anaesthetic, alice, seen, **dose)
    assert not queries.shown(seen).anaesthesias
    call(operations.note_weight, alice, seen, weight_kg=21)
    call(operations.give_anaesthetic, alice, seen, **dose)
    assert "68 mg donnés" in page(client_of(alice).get(url("visit", seen)))


def test_page_without_a_weight_tells_what_holds_whatever_the_weight(alice, visit, client_of):
    call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=4)
    told = page(client_of(alice).get(url("visit", visit)))
    assert "68 mg donnés, 500 mg au plus quel que soit le poids ; notez le poids" in told
    with pytest.raises(operations.NotConfirmed, match="quel que soit le poids"):
        call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=40)


def test_dose_over_the_maximum_is_confirmed_before_it_is_noted(alice, visit):
    call(operations.note_weight, alice, visit, weight_kg=64)
    dose = {"code": "mepivacaine", "quarters": 36}
    with pytest.raises(
        operations.NotConfirmed, match=r"486 mg dépassent .* 281 mg pour 64 kg"
    ) as asked:
        call(operations.give_anaesthetic, alice, visit, **dose)
    assert not queries.shown(visit).anaesthesias
    question = asked.value.question
    call(operations.give_anaesthetic, alice, visit, **dose, confirmed=question)
    line = Line.objects.get(detail__action="anaesthetic")
    assert line.detail["state"] == "confirmed"


def test_correction_over_the_maximum_is_confirmed(alice, visit, later):
    call(operations.note_weight, alice, visit, weight_kg=64)
    was = call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=6)
    later()
    asked = {"input_id": was.id, "reason": "oubli"}
    with pytest.raises(operations.NotConfirmed, match="486 mg"):
        call(operations.correct_anaesthetic, alice, visit, dose=Dose("", 36), **asked)
    # What it takes the place of does not count: 3 cartridges stay below the maximum.
    call(operations.correct_anaesthetic, alice, visit, dose=Dose("", 12), **asked)
    late = Dose("articaine_200", 48)
    with pytest.raises(operations.NotConfirmed, match="816 mg") as question:
        call(operations.add_late_anaesthetic, alice, visit, dose=late)
    sure = Dose("articaine_200", 48, confirmed=question.value.question)
    call(operations.add_late_anaesthetic, alice, visit, dose=sure)
    assert Line.objects.get(detail__action="anaesthetic_added").detail["state"] == "confirmed"


def test_struck_dose_is_restored_under_the_question_it_was_noted_under(
    alice, patient, visit, later, client_of
):
    call(operations.note_weight, alice, visit, weight_kg=64)
    was = call(confirmed, alice, visit, code="mepivacaine", quarters=36)
    later()
    one = {"kind": "anaesthetic", "input_id": was.id}
    call(operations.strike_input, alice, visit, **one, reason="erreur")
    with pytest.raises(operations.NotConfirmed, match=r"486 mg dépassent .* 281 mg pour 64 kg"):
        call(operations.restore_input, alice, visit, **one)
    assert not queries.shown(visit).anaesthesias
    client, there = client_of(alice), url("restore_given", visit, was.id)
    asked = client.post(there)
    assert asked.status_code == 422
    assert "486 mg dépassent" in page(asked)
    assert "J’ai lu ces alertes et je confirme" in page(asked)
    assert not queries.shown(visit).anaesthesias
    assert client.post(there, {"confirmed": "on"}).status_code == 422
    assert client.post(there, {"confirmed": ticked(page(asked))}).status_code == 302
    assert [one.dose_mg for one in queries.shown(visit).anaesthesias] == [486]
    assert Line.objects.get(detail__action="anaesthetic_restored").detail["state"] == "confirmed"


def test_struck_dose_that_fits_no_more_is_asked(alice, patient, visit, later):
    call(operations.note_weight, alice, visit, weight_kg=64)
    dose = {"code": "articaine_200", "quarters": 12}
    was = call(operations.give_anaesthetic, alice, visit, **dose)
    later()
    one = {"kind": "anaesthetic", "input_id": was.id}
    call(operations.strike_input, alice, visit, **one, reason="erreur")
    # What was given in its place counts, and so does an allergy that was told since.
    call(operations.add_late_anaesthetic, alice, visit, dose=Dose("articaine_200", 24))
    with pytest.raises(operations.NotConfirmed, match="612 mg"):
        call(operations.restore_input, alice, visit, **one)
    MedicalAlertFactory.create(patient=patient, code="sulphites")
    with pytest.raises(operations.NotConfirmed, match="contient des sulfites"):
        call(operations.restore_input, alice, visit, **one)
    # The figures of that day hold when nobody kept them any more but the name.
    Anaesthesia.objects.filter(id=was.id).update(most_mg=None, from_years=0, from_kg=0)
    with pytest.raises(operations.NotConfirmed, match="612 mg"):
        call(operations.restore_input, alice, visit, **one)


def test_open_page_refuses_in_figures_with_the_box_to_tick(alice, practice, client_of):
    child = PatientFactory.create(practice=practice, born_on=date(2017, 5, 4))
    seen = operations.open_visit(actor=actor(alice), patient_id=child.id)
    client = client_of(alice)
    client.post(url("weight", seen), {"poids": "21"})
    data = {"product": "articaine_200", "cartridges": "7"}
    for shown in (
        page(client.post(url("give", seen), data, headers=FRAGMENT)),
        page(client.post(url("give", seen), data)),
    ):
        assert "476 mg dépassent le maximum indicatif de 105 mg pour 21 kg" in shown
        assert "line-over" in shown
        assert 'name="confirmed"' in shown
    data |= {"confirmed": ticked(shown)}
    noted = page(client.post(url("give", seen), data, headers=FRAGMENT))
    assert "476 mg dépassent le maximum indicatif de 105 mg pour 21 kg." in noted
    assert 'name="confirmed"' not in noted


def test_closed_page_tells_the_maximum_and_asks_in_a_correction(alice, visit, later, client_of):
    call(operations.note_weight, alice, visit, weight_kg=64)
    was = call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=6)
    later()
    client = client_of(alice)
    assert "81 mg donnés, maximum indicatif 281 mg pour 64 kg" in page(
        client.get(url("visit", visit))
    )
    data = {"product": "meme", "cartridges": "9", "reason": "oubli"}
    refused = page(client.post(url("correct_given", visit, was.id), data))
    assert "486 mg dépassent le maximum indicatif de 281 mg pour 64 kg" in refused
    assert 'name="confirmed"' in refused
    client.post(url("correct_given", visit, was.id), {**data, "confirmed": ticked(refused)})
    assert "486 mg dépassent le maximum indicatif de 281 mg pour 64 kg." in page(
        client.get(url("visit", visit))
    )


def test_refused_dose_comes_back_as_it_was_typed_and_no_message_repeats_it(alice, visit, client_of):
    call(operations.note_weight, alice, visit, weight_kg=38)
    client, typed = client_of(alice), {"product": "lidocaine_100", "cartridges": "5", "lot": "ZZ99"}
    answer = client.post(url("give", visit), typed, headers=FRAGMENT)
    # Nothing tells the page to empty its form; what is asked stands beside it.
    assert "HX-Trigger" not in answer.headers
    shown = page(answer)
    assert "Lidocaïne 2 % adrénaline 1/100 000, 5 cartouches. 180 mg dépassent" in shown
    other = {**typed, "product": "articaine_200", "confirmed": ticked(shown)}
    assert "Articaïne 4 % adrénaline 1/200 000, 5 cartouches. 340 mg dépassent" in page(
        client.post(url("give", visit), other, headers=FRAGMENT)
    )
    client.post(url("give", visit), {**typed, "confirmed": ticked(shown)}, headers=FRAGMENT)
    [given] = queries.shown(visit).anaesthesias
    assert (given.product[:9], given.quarters, given.lot) == ("Lidocaïne", 20, "ZZ99")


def test_page_without_script_keeps_what_was_typed(alice, visit, client_of):
    call(operations.note_weight, alice, visit, weight_kg=38)
    client, typed = client_of(alice), {"product": "lidocaine_100", "lot": "ZZ99"}
    for cartridges in ("5", "1,3"):
        answer = client.post(url("give", visit), {**typed, "cartridges": cartridges})
        shown = page(answer)
        assert answer.status_code == 422
        assert '<option value="lidocaine_100" selected>' in shown
        assert f'value="{cartridges}"' in shown
        assert 'value="ZZ99"' in shown
    noted = client.post(url("give", visit), {**typed, "cartridges": "1"}, headers=FRAGMENT)
    assert "formNoted" in noted.headers["HX-Trigger"]
    assert not toast(noted)


@pytest.fixture
def second(alice, visit, frozen_clock):
    """A function that ends the visit, and opens another one after some time."""

    def begin(**after):
        call(operations.end_visit, alice, visit, text="", seen=1, anyway=True)
        frozen_clock.shift(timedelta(**after))
        return operations.open_visit(actor=actor(alice), patient_id=visit.patient_id)

    return begin


def test_dose_of_an_earlier_visit_of_the_day_counts(alice, visit, second, client_of):
    call(operations.note_weight, alice, visit, weight_kg=60)
    call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=24)
    hour = date_format(timezone.localtime(visit.opened_at), "G \\h i")
    again = second(hours=1)
    # The weight that was noted that day holds, and nothing has to be given to see what is left.
    shown = page(client_of(alice).get(url("visit", again)))
    assert (
        f"408 mg donnés, maximum indicatif 420 mg pour 60 kg. Compté avec la séance de {hour}"
        in shown
    )
    assert 'value="60"' in shown
    dose = {"code": "articaine_200", "quarters": 8}
    with pytest.raises(
        operations.NotConfirmed,
        match=rf"544 mg dépassent .* 420 mg pour 60 kg \(avec la séance de {hour} du même jour\)",
    ) as asked:
        call(operations.give_anaesthetic, alice, again, **dose)
    call(operations.give_anaesthetic, alice, again, **dose, confirmed=asked.value.question)
    shown = page(client_of(alice).get(url("visit", again)))
    assert (
        "544 mg dépassent le maximum indicatif de 420 mg pour 60 kg.</strong> Compté avec" in shown
    )
    # Both say the same: the maximum is that of the patient.
    assert "544 mg dépassent" in page(client_of(alice).get(url("visit", visit)))


def test_dose_of_a_closed_visit_counts_with_a_later_one_of_the_day(alice, visit, second):
    call(operations.note_weight, alice, visit, weight_kg=60)
    again = second(hours=1)
    call(operations.give_anaesthetic, alice, again, code="articaine_200", quarters=24)
    with pytest.raises(operations.NotConfirmed, match="476 mg"):
        call(operations.add_late_anaesthetic, alice, visit, dose=Dose("articaine_100", 4))


def test_dose_of_another_day_or_taken_back_or_of_somebody_else_does_not_count(
    alice, practice, visit, second, frozen_clock
):
    call(operations.note_weight, alice, visit, weight_kg=60)
    gone = call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=4)
    call(operations.drop_anaesthetic, alice, visit, given_id=gone.id)
    call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=4)
    other = operations.open_visit(
        actor=actor(alice), patient_id=PatientFactory.create(practice=practice).id
    )
    call(operations.give_anaesthetic, alice, other, code="articaine_200", quarters=24)
    same = second(hours=1)
    found = dosing.told_of(queries.shown(same))
    assert [(one.name, one.dose) for one in found["doses"].substances] == [(MEPIVACAINE.name, 54)]
    call(operations.end_visit, alice, same, text="", seen=1, anyway=True)
    frozen_clock.shift(timedelta(days=1))
    next_day = operations.open_visit(actor=actor(alice), patient_id=visit.patient_id)
    found = dosing.told_of(queries.shown(next_day))
    assert (found["doses"].substances, found["weight_kg"]) == ([], None)


def test_visits_that_count_are_named_once():
    before = [
        replace(given(ARTICAINE, 100), elsewhere=hour) for hour in ("9 h 10", "9 h 10", "11 h 00")
    ]
    found = rules.excess(before, given(ARTICAINE, 150), 60, 40)
    assert found[0].words.endswith("(avec les séances de 9 h 10, 11 h 00 du même jour)")
    # Of a substance that was given now alone, no other visit is named.
    assert "avec" not in rules.excess(before[:1], given(MEPIVACAINE, 290), 60, 40)[0].words
    together = rules.excess(before, given(MEPIVACAINE, 150), 60, 40)
    assert together[0].words.endswith("(avec les séances de 9 h 10, 11 h 00 du même jour)")
