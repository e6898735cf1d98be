"""Materials, lots and anaesthetics of a closed visit are corrected later; the shelf follows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.care.chart import operations as chart
from quenotte.care.chart.models import Note
from quenotte.care.stock import operations as stock
from quenotte.care.stock import queries as shelves
from quenotte.care.stock.rules import Kind
from quenotte.office.visits import lots, operations, queries, rules
from quenotte.office.visits.models import Anaesthesia, VisitSupply
from quenotte.office.visits.operations import Dose, Used
from tests.care.people import actor
from tests.factories import LotFactory, MedicalAlertFactory, StockMovementFactory
from tests.office.visits.test_amending import call, later, page, visit
from tests.support.racing import race

__all__ = ["later", "visit"]

WHY = "mauvais lot"


@pytest.fixture
def box(practice):
    """A function that makes a lot of three, which expires soon after the visit."""

    def make(name, number, **values):
        soon = timezone.localdate() + timedelta(days=1)
        lot = LotFactory.create(
            article__practice=practice, article__name=name, number=number, expires_on=soon, **values
        )
        StockMovementFactory.create(lot=lot, kind="in", quantity=3)
        return lot

    return make


def left(lot):
    return getattr(shelves.lot(lot.article.practice_id, lot.id), "left", None)


def told(visit):
    return [(one.name, one.lot, one.is_struck) for one in queries.shown(visit).told_inputs]


def test_material_is_struck_and_noted_again_and_the_shelf_follows(alice, visit, box, later):
    lot = box("Filtek", "A2411")
    used = call(operations.use_supply, alice, visit, used=Used(lot_id=lot.id))
    later()
    strike = {"kind": "supply", "input_id": used.id, "reason": WHY}
    for _ in range(2):
        call(operations.strike_input, alice, visit, **strike)
    assert Line.objects.filter(detail__action="supply_struck").count() == 1
    assert (left(lot), told(visit)) == (3, [("Filtek", "A2411", True)])
    assert queries.shown(visit).supplies == []
    assert lots.given_of_lot(lot) == []
    [back] = shelves.movements(visit.practice_id).filter(reverses__isnull=False)
    assert back.reason == WHY
    again = {"kind": "supply", "input_id": used.id}
    made = call(operations.restore_input, alice, visit, **again)
    assert call(operations.restore_input, alice, visit, **again) == made
    # The lot has expired since: on the day of care it was good.
    assert (left(lot), made.replaces_id, made.added_at) == (2, used.id, used.added_at)
    with pytest.raises(operations.InputStruck):
        call(operations.strike_input, alice, visit, **again, reason=WHY)
    with pytest.raises(operations.InputStruck):
        call(operations.restore_input, alice, visit, kind="supply", input_id=made.id)


def test_corrected_material_changes_lots_once(alice, visit, box, later):
    wrong, right = box("Filtek", "A2411"), box("Ceram", "C77")
    used = call(operations.use_supply, alice, visit, used=Used(lot_id=wrong.id))
    later()
    correct = {
        "input_id": used.id, "used": Used(lot_id=right.id, quantity=2), "reason": WHY,
        "key": uuid4(),
    }  # fmt: skip
    made = call(operations.correct_supply, alice, visit, **correct)
    assert call(operations.correct_supply, alice, visit, **correct) == made
    assert (left(wrong), left(right)) == (3, 1)
    assert told(visit) == [("Filtek", "A2411", True), ("Ceram", "C77", False)]
    assert (made.replaces, made.noted_by) == (used, alice)
    assert made.noted_at - made.added_at >= timedelta(days=3)
    for same in (Used(lot_id=right.id, quantity=2), None):
        again = {**correct, "input_id": made.id if same else used.id, "used": same or Used("x")}
        refused = operations.InputUnchanged if same else operations.InputStruck
        with pytest.raises(refused):
            call(operations.correct_supply, alice, visit, **{**again, "key": uuid4()})
    # Typed: in words, whatever the shelf says.
    words = Used("Ciment", "Z9")
    typed = call(operations.correct_supply, alice, visit, input_id=made.id, used=words, reason=WHY)
    assert (typed.movement_id, left(right)) == (None, 3)
    with pytest.raises(operations.InputUnchanged):
        call(operations.correct_supply, alice, visit, input_id=typed.id, used=words, reason=WHY)


def test_forgotten_material_is_judged_on_the_day_of_care(alice, visit, box, later):
    lot, implant = box("Filtek", "A2411"), box("Implant", "I1", article__category="implant")
    later()
    stock.recall_lot(actor=actor(alice), lot_id=lot.id, reason="Défaut")
    add = {"used": Used(lot_id=lot.id), "key": uuid4()}
    made = call(operations.add_late_supply, alice, visit, **add)
    assert call(operations.add_late_supply, alice, visit, **add) == made
    assert (left(lot), timezone.localdate(made.added_at)) == (
        2, timezone.localdate(visit.opened_at),
    )  # fmt: skip
    # Recalled since: who received it is on the list of those to tell.
    [one] = shelves.to_tell(lot)
    assert one.patient.id == visit.patient_id
    with pytest.raises(stock.LotRecalled):
        stock.use(actor=actor(alice), lot_id=lot.id, quantity=1)
    with pytest.raises(operations.IsADevice):
        call(operations.add_late_supply, alice, visit, used=Used(lot_id=implant.id))
    with pytest.raises(stock.NotEnough):
        call(operations.add_late_supply, alice, visit, used=Used(lot_id=lot.id, quantity=9))


def test_restored_material_that_the_shelf_lacks_stays_in_words(alice, visit, box, later):
    lot = box("Filtek", "A2411")
    used = call(operations.use_supply, alice, visit, used=Used(lot_id=lot.id, quantity=3))
    words = call(operations.use_supply, alice, visit, used=Used("Ciment", "Z9"))
    later()
    stock.take_back(actor=actor(alice), movement_id=used.movement_id)
    for one in (used, words):
        call(operations.strike_input, alice, visit, kind="supply", input_id=one.id, reason=WHY)
    stock.note(actor=actor(alice), lot_id=lot.id, kind=Kind.LOSS, quantity=1, reason="casse")
    made = [
        call(operations.restore_input, alice, visit, kind="supply", input_id=one.id)
        for one in (used, words)
    ]
    assert [one.movement_id for one in made] == [None, None]
    assert [(one.name, one.quantity) for one in made] == [("Filtek", 3), ("Ciment", 1)]


def test_dose_is_corrected_with_the_figures_of_its_day(alice, visit, later):
    given = call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=1)
    later()
    correct = {"input_id": given.id, "reason": WHY, "key": uuid4()}
    with pytest.raises(operations.InputUnchanged):
        call(operations.correct_anaesthetic, alice, visit, dose=Dose("", 1), **correct)
    with pytest.raises(operations.NoSuchAnaesthetic):
        call(operations.correct_anaesthetic, alice, visit, dose=Dose("", 0), **correct)
    two = {"dose": Dose("", 8, "L1"), **correct}
    made = call(operations.correct_anaesthetic, alice, visit, **two)
    assert call(operations.correct_anaesthetic, alice, visit, **two) == made
    assert (given.dose_mg, made.dose_mg, made.most_mg) == (14, 108, given.most_mg)
    assert (made.given_at, made.given_by, made.lot) == (given.given_at, alice, "L1")
    other = call(
        operations.correct_anaesthetic, alice, visit, input_id=made.id, reason=WHY,
        dose=Dose("articaine_200", 4),
    )  # fmt: skip
    assert other.dose_mg == 68
    assert sum(one.is_struck for one in queries.shown(visit).told_inputs) == 2
    assert queries.shown(visit).dose_mg == 68
    call(operations.strike_input, alice, visit, kind="anaesthetic", input_id=other.id, reason=WHY)
    again = call(operations.restore_input, alice, visit, kind="anaesthetic", input_id=other.id)
    assert (again.dose_mg, again.product) == (other.dose_mg, other.product)


def test_dose_of_a_product_that_changed_is_scaled():
    product = rules.USUAL[0]
    assert rules.dose_again_mg(product, 8, was_mg=68, was_quarters=4) == 136
    assert rules.dose_again_mg(product, 2, was_mg=80, was_quarters=4) == 40
    assert rules.dose_again_mg(None, 3, was_mg=14, was_quarters=1) == 42


def test_forgotten_anaesthetic_asks_what_the_open_visit_asks(alice, bob, patient, visit, later):
    add = {"dose": Dose("articaine_200", 4, "L1")}
    with pytest.raises(operations.VisitGoesOn):
        call(operations.add_late_anaesthetic, alice, visit, **add)
    later()
    MedicalAlertFactory.create(patient=patient, code="sulphites")
    with pytest.raises(operations.NotConfirmed) as asked:
        call(operations.add_late_anaesthetic, alice, visit, **add)
    with pytest.raises(operations.NotTheCorrector):
        call(operations.add_late_anaesthetic, bob, visit, **add)
    dose, key = Dose("articaine_200", 4, "L1", asked.value.question), uuid4()
    made = call(operations.add_late_anaesthetic, alice, visit, dose=dose, key=key)
    assert call(operations.add_late_anaesthetic, alice, visit, dose=dose, key=key) == made
    assert timezone.localdate(made.given_at) == timezone.localdate(visit.opened_at)
    for reason, refused in ((" ", operations.NoReasonGiven), (WHY, operations.NoSuchVisit)):
        one = made.id if refused is operations.NoReasonGiven else uuid4()
        with pytest.raises(refused):
            call(
                operations.strike_input, alice, visit, kind="anaesthetic", input_id=one,
                reason=reason,
            )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_people_correct_one_material(alice, patient, box):
    visit = operations.open_visit(actor=actor(alice), patient_id=patient.id)
    lot = box("Filtek", "A2411")
    used = call(operations.use_supply, alice, visit, used=Used(lot_id=lot.id))
    call(operations.end_visit, alice, visit, text="", seen=1, anyway=True)
    one = {"input_id": used.id, "reason": WHY}
    found = race(
        lambda: call(operations.correct_supply, alice, visit, **one, used=Used("Ciment")),
        lambda: call(
            operations.strike_input, alice, visit, **{**one, "reason": "x"}, kind="supply"
        ),
    )
    assert sum(isinstance(one, operations.InputStruck) for one in found) == 1
    assert (left(lot), VisitSupply.objects.filter(removed_at=None).count() <= 1) == (3, True)


def address(name, visit, *rest):
    return reverse(f"visits:{name}", args=[visit.patient_id, visit.id, *rest])


def test_pages_correct_what_was_used_and_given(alice, bob, visit, box, later, client_of):
    lot, other = box("Filtek", "A2411"), box("Ceram", "C77")
    used = call(operations.use_supply, alice, visit, used=Used(lot_id=lot.id))
    given = call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=4)
    later()
    client, shown = client_of(alice), reverse("visits:visit", args=[visit.patient_id, visit.id])
    assert "Corriger cette ligne" in page(client.get(shown))
    assert "Corriger cette ligne" not in page(client_of(bob).get(shown))
    assert client.get(address("strike_supply", visit, given.id)).status_code == 404
    correct = address("correct_supply", visit, used.id)
    assert client_of(bob).get(correct).status_code == 403
    begun = page(client.get(correct))
    assert "Filtek · A2411" in begun
    assert f'value="{lot.id}" selected' in begun
    sent = {"key": uuid4(), "stock": other.id, "quantity": 1, "reason": WHY}
    assert "pas les deux" in page(client.post(correct, {**sent, "name": "Ciment"}))
    assert client.post(correct, {**sent, "reason": ""}).status_code == 422
    assert client.post(correct, {**sent, "stock": lot.id}).status_code == 422
    done = page(client.post(correct, sent, follow=True))
    assert "Le stock a suivi" in done
    assert "remplace la ligne rayée" in done

    dose = address("correct_given", visit, given.id)
    assert given.product in page(client.get(dose))
    sent = {"key": uuid4(), "product": "meme", "cartridges": "1,5", "lot": "L1", "reason": WHY}
    assert client.post(dose, sent).status_code == 302
    assert Anaesthesia.objects.get(removed_at=None).dose_mg == 81
    late = address("add_late_given", visit)
    sent = {"product": "articaine_200", "cartridges": "1", "lot": "", "key": uuid4()}
    assert client.post(late, sent).status_code == 302
    added = Anaesthesia.objects.get(product__startswith="Articaïne")
    strike = address("strike_given", visit, added.id)
    assert "La ligne reste lisible" not in page(client.get(strike))
    assert client.post(strike, {"reason": ""}).status_code == 422
    assert "reste lisible" in page(client.post(strike, {"reason": WHY}, follow=True))
    assert "vient d’être rayée" in page(client.post(strike, {"reason": "autre"}))
    restore = address("restore_given", visit, added.id)
    assert "noté à nouveau" in page(client.post(restore, follow=True))
    assert "vient d’être rayée" in page(
        client.post(address("restore_given", visit, given.id), follow=True)
    )


def test_page_says_what_the_stock_knows_against_a_late_lot(alice, visit, box, later, client_of):
    lot = box("Filtek", "A2411")
    stock.recall_lot(actor=actor(alice), lot_id=lot.id, reason="Défaut")
    later()
    client, late = client_of(alice), address("add_late_supply", visit)
    assert "A2411" not in page(client.get(late))
    sent = {"name": "Composite", "lot": "A2411", "quantity": 1, "key": uuid4()}
    told = page(client.post(late, sent, follow=True))
    assert "est rappelé au stock" in told
    assert "Ajouté le" in told


def test_page_of_an_ended_visit_is_drawn_again(alice, patient, visit, client_of):
    shown = reverse("visits:visit", args=[patient.id, visit.id])
    client, htmx = client_of(alice), {"HTTP_HX_REQUEST": "true"}
    assert 'hx-trigger="live:patient.changed' in page(client.get(shown))
    call(operations.end_visit, alice, visit, text="Rien.", seen=1, anyway=True)
    # A page on which it still goes on is told; what is being written there stays.
    assert "vient d’être terminée" in page(client.get(shown, **htmx))
    assert client.get(f"{shown}?partie=note", **htmx).status_code == 204
    whole = page(client.get(shown))
    # What was typed there and came too late stands beside the note.
    assert f'data-beside-place="visit:{visit.id}"' in whole
    assert 'partie=fait" hx-trigger="live:patient.changed' in whole
    note = Note.objects.get()
    chart.write_note(actor=actor(alice), patient_id=patient.id, text="Si.", corrects_id=note.id)
    part = page(client.get(f"{shown}?partie=signature", **htmx))
    assert ("<s>Rien.</s>" in part, "Si." in part, "<html" in part) == (True, True, False)
    assert "Ajouter un acte oublié" in page(client.get(f"{shown}?partie=fait", **htmx))
