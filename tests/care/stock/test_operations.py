from datetime import date
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.care.stock import operations, queries, rules
from quenotte.care.stock.models import Lot, StockMovement
from quenotte.care.stock.operations import Arrival, Described
from quenotte.care.stock.rules import Kind
from tests.care.people import actor
from tests.factories import ArticleFactory, PatientFactory, StockMovementFactory
from tests.support.racing import race


@pytest.fixture
def shelf(alice):
    """A lot of ten."""
    return StockMovementFactory.create(author=alice).lot


def left(lot):
    return queries.lot(lot.article.practice_id, lot.id).left


def test_arrival_fills_its_lot_once(alice):
    article, key = ArticleFactory.create(practice=alice.practice), uuid4()
    arrival = Arrival(5, "L1", expires_on=date(2027, 1, 31))
    for _ in range(2):
        operations.receive(actor=actor(alice), article_id=article.id, arrival=arrival, key=key)
    operations.receive(actor=actor(alice), article_id=article.id, arrival=Arrival(2, "L1"), key=key)
    assert left(Lot.objects.get()) == 7
    with pytest.raises(operations.OtherExpiry):
        operations.receive(
            actor=actor(alice),
            article_id=article.id,
            arrival=Arrival(1, "L1", expires_on=date(2028, 1, 31)),
        )


def test_expiry_that_was_left_out_is_filled_by_the_next_box(alice):
    article = ArticleFactory.create(practice=alice.practice)
    day = date(2026, 3, 1)
    for expires_on in (None, day, None, day):
        operations.receive(
            actor=actor(alice),
            article_id=article.id,
            arrival=Arrival(1, "L1", expires_on=expires_on),
        )
    lot = Lot.objects.get()
    assert (lot.expires_on, left(lot)) == (day, 4)
    (one,) = queries.corrections(lot)
    assert (one.before, one.after, one.signed_as) == (None, day, actor(alice).person_label)
    with pytest.raises(operations.LotExpired):
        operations.use(actor=actor(alice), lot_id=lot.id, quantity=1)


def test_expiry_that_was_mistyped_is_put_right(alice, chloe, shelf):
    wrong, right = date(2026, 3, 1), date(2028, 3, 1)
    Lot.objects.update(expires_on=wrong)
    keys = {"lot_id": shelf.id, "expires_on": right}
    with pytest.raises(operations.NoReason):
        operations.correct_expiry(actor=actor(alice), reason=" ", **keys)
    with pytest.raises(operations.NoSuchLot):
        operations.correct_expiry(actor=actor(chloe), reason="Faute", **keys)
    for _ in range(2):
        operations.correct_expiry(actor=actor(alice), reason="Faute", **keys)
    (one,) = queries.corrections(shelf)
    assert (one.before, one.after, one.reason) == (wrong, right, "Faute")
    assert Line.objects.filter(object_kind="lot", detail={"state": "expiry"}).count() == 1
    operations.use(actor=actor(alice), lot_id=shelf.id, quantity=1)


def test_number_of_a_lot_is_one_however_it_is_typed(alice):
    article = ArticleFactory.create(practice=alice.practice, gtin="0" * 14)
    for number in (" l 42 ", "L42"):
        operations.receive(actor=actor(alice), article_id=article.id, arrival=Arrival(2, number))
    assert left(Lot.objects.get()) == 4
    found = queries.lot_of_udi(alice.practice_id, article.gtin, "L42", "")
    assert (found, found.number) == (Lot.objects.get(), "l 42")
    exact = Lot.objects.create(article=article, number="L42", created_at=found.created_at)
    assert queries.lot_of_udi(alice.practice_id, article.gtin, "L42", "") == exact
    operations.receive(actor=actor(alice), article_id=article.id, arrival=Arrival(1, "L42"))
    assert (left(found), left(exact)) == (4, 1)
    assert [line.article for line in queries.lines(alice.practice_id, "l42")] == [article]


@pytest.mark.parametrize("space", rules.SPACES)
def test_number_that_was_pasted_with_any_space_names_the_same_lot(alice, space):
    article = ArticleFactory.create(practice=alice.practice)
    typed, plain = f"AB{space}4711", "ab4711"
    named = partial(queries.named, alice.practice_id, serial="", gtin="")
    for number in (typed, plain):
        lot = operations.recall_number(
            actor=actor(alice), article_id=article.id, number=number, reason="Avis"
        )
        assert named(number=typed) == named(number=plain) == [lot]
    assert Lot.objects.get().number == "AB 4711"
    # What was kept before as it was pasted is found too.
    Lot.objects.update(number=typed)
    assert queries.siblings(Lot.objects.get()) == named(number=plain) == [lot]


@pytest.mark.parametrize("number", ["é12", "ß12", "É 12"])
def test_number_with_a_letter_that_is_not_of_a_to_z_finds_itself(alice, number):
    article = ArticleFactory.create(practice=alice.practice)
    for _ in range(2):
        arrival = Arrival(2, number)
        operations.receive(actor=actor(alice), article_id=article.id, arrival=arrival)
    lot = Lot.objects.get()
    assert (left(lot), queries.siblings(lot)) == (4, [lot])


def test_movement_of_a_form_is_written_once_and_other_words_are_another(alice, patient, shelf):
    keys: dict[str, Any] = {"actor": actor(alice), "lot_id": shelf.id, "key": uuid4()}
    for quantity in (2, 2, 1):
        operations.use(quantity=quantity, patient_id=patient.id, **keys)
        operations.note(kind=Kind.RETURN, quantity=quantity, **keys)
    for reason in ("Boîte en main", "Boîte en main", "Stock faux"):
        operations.use_anyway(patient_id=patient.id, reason=reason, **keys)
    assert (left(shelf), shelf.movements.count()) == (2, 7)


def test_piece_without_a_number_takes_nothing_of_another(alice, shelf):
    operations.recall_lot(actor=actor(alice), lot_id=shelf.id, reason="Avis")
    for serial in ("S1", "S2"):
        arrival = Arrival(1, serial=serial)
        row = operations.receive(actor=actor(alice), article_id=shelf.article_id, arrival=arrival)
        assert (row.lot.recalled_at, row.lot.serial) == (None, serial)
    operations.recall_lot(actor=actor(alice), lot_id=row.lot_id, reason="Avis")
    assert Lot.objects.filter(recalled_at=None).count() == 1


def test_one_piece_arrives_once(alice):
    article = ArticleFactory.create(practice=alice.practice)
    piece = Arrival(1, "L1", serial="S1")
    operations.receive(actor=actor(alice), article_id=article.id, arrival=piece)
    with pytest.raises(operations.SerialKnown):
        operations.receive(actor=actor(alice), article_id=article.id, arrival=piece)
    with pytest.raises(operations.WrongQuantity):
        operations.receive(
            actor=actor(alice), article_id=article.id, arrival=Arrival(2, serial="S2")
        )
    assert Lot.objects.count() == 1


def test_use_for_a_patient_is_traced(bob, patient, shelf):
    row = operations.use(
        actor=actor(bob), lot_id=shelf.id, quantity=2, patient_id=patient.id, source="visit:1"
    )
    assert left(shelf) == 8
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.patient_id) == ("create", "stock", patient.id)
    assert set(Event.objects.values_list("name", "audience")) == {
        ("patient.changed", "trace.read"),
        ("stock", "stock.read"),
    }
    assert queries.patients_of_lot(bob.practice_id, shelf.id) == [row]


def test_uses_of_a_visit_are_taken_back_together(bob, patient, shelf):
    for _ in range(2):
        operations.use(
            actor=actor(bob), lot_id=shelf.id, quantity=1, patient_id=patient.id, source="visit:1"
        )
    for expected in (2, 0):
        back = operations.take_back_source(
            actor=actor(bob), patient_id=patient.id, source="visit:1"
        )
        assert back == expected
    assert operations.take_back_source(actor=actor(bob), patient_id=patient.id, source="") == 0
    assert left(shelf) == 10
    assert queries.used_for(bob.practice_id, patient.id) == []


def test_movement_is_taken_back_once(alice, shelf):
    used = operations.use(actor=actor(alice), lot_id=shelf.id, quantity=4)
    back = operations.take_back(actor=actor(alice), movement_id=used.id)
    for one in (used, back):
        with pytest.raises(operations.AlreadyTakenBack):
            operations.take_back(actor=actor(alice), movement_id=one.id)
    operations.use(actor=actor(alice), lot_id=shelf.id, quantity=1)
    with pytest.raises(operations.NotEnough):
        operations.take_back(actor=actor(alice), movement_id=shelf.movements.get(kind="in").id)
    assert left(shelf) == 9


@pytest.mark.parametrize(
    ("changes", "quantity", "refusal"),
    [
        ({}, 0, operations.WrongQuantity),
        ({}, 11, operations.NotEnough),
        ({"expires_on": date(2026, 3, 16)}, 1, operations.LotExpired),
    ],
)
def test_use_that_cannot_be_leaves_nothing(alice, shelf, changes, quantity, refusal):
    Lot.objects.update(**changes or {"udi": ""})
    with pytest.raises(refusal):
        operations.use(actor=actor(alice), lot_id=shelf.id, quantity=quantity)
    assert left(shelf) == 10
    assert not Line.objects.exists()


def test_recalled_lot_waits_until_it_is_let_go(alice, shelf):
    with pytest.raises(operations.NoReason):
        operations.recall_lot(actor=actor(alice), lot_id=shelf.id, reason=" ")
    operations.recall_lot(actor=actor(alice), lot_id=shelf.id, reason="Avis du fabricant")
    with pytest.raises(operations.LotRecalled):
        operations.use(actor=actor(alice), lot_id=shelf.id, quantity=1)
    operations.note(actor=actor(alice), lot_id=shelf.id, kind=Kind.RETURN, quantity=9)
    operations.lift_recall(actor=actor(alice), lot_id=shelf.id)
    operations.use(actor=actor(alice), lot_id=shelf.id, quantity=1)
    assert left(shelf) == 0


def test_count_corrects_what_differs(alice, shelf):
    same = StockMovementFactory.create(author=alice, lot__article=shelf.article).lot
    counted = {shelf.id: (10, 8), same.id: (10, 10)}
    found = operations.count(actor=actor(alice), counted=counted, reason="Inventaire")
    assert (found.counted, found.different) == (2, 1)
    assert [row.quantity for row in queries.differences(alice.practice_id, [found.id])] == [-2]
    assert queries.inventories(alice.practice_id) == [found]
    for wrong, refusal in (
        ({shelf.id: (10, 9)}, operations.StockMoved),
        ({shelf.id: (8, -1)}, operations.WrongQuantity),
        ({uuid4(): (1, 1)}, operations.NoSuchLot),
    ):
        with pytest.raises(refusal):
            operations.count(actor=actor(alice), counted=wrong, reason="Inventaire")
    assert left(shelf) == 8


def test_another_practice_reaches_nothing(alice, chloe, shelf):
    stranger = actor(chloe)
    moves = (
        lambda: operations.use(actor=stranger, lot_id=shelf.id, quantity=1),
        lambda: operations.recall_lot(actor=stranger, lot_id=shelf.id, reason="non"),
        lambda: operations.take_back(actor=stranger, movement_id=shelf.movements.get().id),
        lambda: operations.receive(actor=stranger, article_id=shelf.article_id, arrival=Arrival(1)),
    )
    for move in moves:
        with pytest.raises(operations.NoSuchLot):
            move()
    elsewhere = PatientFactory.create(practice=chloe.practice)
    with pytest.raises(operations.PatientElsewhere):
        operations.use(actor=actor(alice), lot_id=shelf.id, quantity=1, patient_id=elsewhere.id)


def test_article_is_saved_over_what_was_read(alice):
    gtin = "03400930000010"
    first = operations.add_article(
        actor=actor(alice), described=Described("Anesthésique", "anaesthetic", gtin=gtin)
    )
    with pytest.raises(operations.GtinTaken):
        operations.add_article(
            actor=actor(alice), described=Described("Autre", "material", gtin=gtin)
        )
    again = Described("Anesthésique 1/200 000", "anaesthetic", gtin=gtin)
    operations.change_article(
        actor=actor(alice), article_id=first.id, described=again, seen=first.version
    )
    with pytest.raises(operations.ArticleChanged):
        operations.change_article(
            actor=actor(alice), article_id=first.id, described=again, seen=first.version
        )
    found = queries.article_of_gtin(alice.practice_id, gtin)
    assert found is not None
    assert found.name == again.name
    assert queries.article_of_gtin(alice.practice_id, "") is None


def test_list_says_what_is_left_and_what_to_order(alice, shelf):
    type(shelf.article).objects.update(reorder_point=20, order_quantity=30, supplier="Dentalux")
    Lot.objects.update(expires_on=date(2026, 3, 20))
    (line,) = queries.lines(alice.practice_id, "dental")
    assert (line.left, line.to_order, line.freshness) == (10, 30, "soon")
    assert queries.lines(alice.practice_id, "rien") == []
    assert queries.ending(alice.practice_id) == queries.ending(alice.practice_id, limit=1)
    assert queries.lot_of_udi(alice.practice_id, "", shelf.number, "") is None
    empty = ArticleFactory.create(practice=alice.practice, name="Zinc")
    assert queries.lines(alice.practice_id)[-1].first_expiry is None
    assert empty in queries.articles(alice.practice_id)


@pytest.mark.parametrize("words", ["UPDATE {} SET quantity = 5", "DELETE FROM {}"])
def test_ledger_is_only_added_to(shelf, words):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(words.format("care_stockmovement"))
    assert StockMovement.objects.get().quantity == 10


@pytest.mark.django_db(transaction=True)
def test_last_one_is_used_once(alice, bob):
    lot = StockMovementFactory.create(author=alice, quantity=1).lot
    answers = race(
        *(
            lambda who=who: operations.use(actor=actor(who), lot_id=lot.id, quantity=1)
            for who in (alice, bob)
        )
    )
    assert sorted(type(one).__name__ for one in answers) == ["NotEnough", "StockMovement"]
    assert left(lot) == 0
