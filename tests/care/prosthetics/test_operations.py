from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from unittest import mock
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from quenotte.care.documents.models import Document
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from quenotte.care.prosthetics import operations, queries
from quenotte.care.prosthetics.models import LabOrder, PlacedDevice
from quenotte.care.prosthetics.operations import Asked, Described, Placed, papers
from quenotte.care.prosthetics.operations.papers import passport_of, sheet_data
from quenotte.care.prosthetics.rules import Alarm
from quenotte.care.stock import operations as stock_operations
from quenotte.care.stock import queries as stock
from quenotte.care.stock.models import Article, Lot
from quenotte.care.stock.operations import Arrival
from quenotte.care.stock.rules import Kind
from quenotte.devices.paper import codes, reading
from quenotte.devices.paper.apart import Facts
from quenotte.kernel.gs1 import Udi, check_digit
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    ArticleFactory,
    LaboratoryFactory,
    LabOrderFactory,
    LotFactory,
    PatientFactory,
    PlacedDeviceFactory,
    StockMovementFactory,
)
from tests.support.racing import race

TODAY = date(2026, 3, 17)
GTIN = f"0376011000123{check_digit('0376011000123')}"
OTHER_GTIN = f"0376011000124{check_digit('0376011000124')}"


def asked(alice, **changes):
    laboratory = LaboratoryFactory.create(practice=alice.practice)
    return replace(Asked(laboratory.id, alice.id, "crown", (16,), price_cents=18250), **changes)


def placed(alice, **changes):
    implant = Placed("implant", "Implant conique", alice.id, TODAY, gtin=GTIN, serial="S1")
    return replace(implant, **{"tooth": 16, "torque_ncm": 35} | changes)


def _reader(calls):
    def facts_of(path):
        calls.append("read")
        return Facts(1, "")

    return facts_of


def test_words_of_the_papers_are_translated(alice, patient):
    order = LabOrderFactory.create(patient=patient, practitioner=alice)
    device = PlacedDeviceFactory.create(patient=patient, practitioner=alice)
    with mock.patch.object(papers, "_", "<{}>".format):
        assert sheet_data(order)["facts"][0][0] == "<Travail>"
        assert papers.passport_data([device])["title"] == "<Passeport implantaire>"


def test_work_goes_to_the_laboratory_and_into_the_mouth(alice, patient, monkeypatch):
    who, keys = actor(alice), {"patient_id": patient.id}
    order = operations.order(actor=who, asked=asked(alice), **keys)
    keys["order_id"] = order.id
    for status in ("sent", "received"):
        operations.step(actor=who, status=status, words="RAS", **keys)
    assert Document.objects.get().title == "Bon de laboratoire n° 1"
    with pytest.raises(operations.NoConformity):
        operations.step(actor=who, status="fitted", **keys)
    operations.step(actor=who, status="fitted", is_anyway=True, **keys)
    (work,) = queries.works_of(alice.practice_id, patient.id)
    assert (work.order.lacks_conformity, work.price) == (True, "182,50\u00a0€")
    assert queries.works(alice.practice_id) == []
    operations.step_back(actor=who, seen="fitted", **keys)
    sheet = operations.sheet_of(order)
    apart: list[Any] = []
    monkeypatch.setattr("quenotte.devices.paper.apart.facts_of", _reader(apart))
    monkeypatch.setattr("quenotte.devices.paper.reading.pages_of", None)
    operations.attach_conformity(actor=who, upload=SimpleUploadedFile("d.pdf", sheet), **keys)
    assert apart == ["read"]
    done = operations.step(actor=who, status="fitted", **keys)
    assert not done.lacks_conformity
    past = [one.status for one in queries.steps_of(done)]
    assert past == ["to_send", "sent", "received", "fitted", "received", "fitted"]
    with pytest.raises(operations.WrongStep):
        operations.step(actor=who, status="sent", **keys)


def test_first_step_has_nothing_before_it(alice, patient):
    order = operations.order(actor=actor(alice), patient_id=patient.id, asked=asked(alice))
    keys = {"actor": actor(alice), "patient_id": patient.id, "order_id": order.id}
    with pytest.raises(operations.WrongStep):
        operations.step_back(seen="to_send", **keys)
    for status in ("sent", "received"):
        operations.step(status=status, **keys)
    for seen in ("received", "sent"):
        found = operations.step_back(seen=seen, **keys)
    assert (found.status, found.sent_on) == ("to_send", None)
    # A button pressed twice, or after a colleague went on, takes nothing else back.
    operations.step(status="sent", **keys)
    with pytest.raises(operations.WrongStep):
        operations.step_back(seen="received", **keys)


def test_work_made_again_names_the_first_and_has_papers_of_its_own(alice, patient):
    first = LabOrderFactory.create(
        patient=patient, practitioner=alice, status="received", shade="A3", due_on=TODAY, number=77
    )
    keys = {"actor": actor(alice), "patient_id": patient.id, "order_id": first.id}
    with pytest.raises(operations.WrongStep):
        operations.remake(**keys)
    operations.step(status="redo", words="Teinte", **keys)
    made = operations.remake(**keys)
    assert (made.remakes_id, made.shade, made.status, made.due_on) == (
        first.id, "A3", "to_send", None,
    )  # fmt: skip
    assert "Teinte" in made.instructions
    assert ["Refait", f"le travail n° {first.number}"] in sheet_data(made)["facts"]
    refused: list[tuple[Any, dict[str, Any]]] = [
        (operations.remake, {}),
        (operations.step_back, {"seen": "redo"}),
        (operations.step, {"status": "cancelled"}),
    ]
    for operation, rest in refused:
        with pytest.raises(operations.AlreadyRemade):
            operation(**keys, **rest)
    assert [one.order.id for one in queries.works(alice.practice_id)] == [made.id]
    assert [one.alarm for one in queries.works_of(alice.practice_id, patient.id)] == [None] * 2
    # A second order that is cancelled leaves the first one to be made again.
    operations.step(**keys | {"order_id": made.id}, status="cancelled")
    assert operations.remake(**keys).remakes_id == first.id


def test_remake_that_was_cancelled_does_not_come_back_beside_another(alice, patient):
    keys = {"actor": actor(alice), "patient_id": patient.id}
    first = LabOrderFactory.create(patient=patient, practitioner=alice, status="redo", number=900)
    second = operations.remake(order_id=first.id, **keys)
    operations.step(order_id=second.id, status="cancelled", **keys)
    third = operations.remake(order_id=first.id, **keys)
    with pytest.raises(operations.AlreadyRemade):
        operations.step_back(order_id=second.id, seen="cancelled", **keys)
    operations.step(order_id=third.id, status="cancelled", **keys)
    back = operations.step_back(order_id=second.id, seen="cancelled", **keys)
    assert back.status == "to_send"


@pytest.mark.django_db(transaction=True)
def test_work_is_ordered_again_once(alice, bob):
    patient = PatientFactory.create(practice=alice.practice)
    first = LabOrderFactory.create(patient=patient, practitioner=alice, status="redo", number=77)
    answers = race(
        *(
            lambda who=who: operations.remake(
                actor=actor(who), patient_id=patient.id, order_id=first.id
            )
            for who in (alice, bob)
        )
    )
    assert sorted(type(one).__name__ for one in answers) == ["AlreadyRemade", "LabOrder"]
    assert LabOrder.objects.filter(remakes=first).count() == 1


def test_order_is_saved_over_what_was_read(alice, patient):
    order = LabOrderFactory.create(patient=patient, practitioner=alice)
    again = asked(alice, material="Zircone", due_on=TODAY)
    keys = {"actor": actor(alice), "patient_id": patient.id, "order_id": order.id, "seen": 1}
    assert operations.change_order(asked=again, **keys).version == 2
    with pytest.raises(operations.WrongStep):
        operations.change_order(asked=again, **keys)
    with pytest.raises(operations.NotHere):
        operations.change_order(asked=again, **keys | {"patient_id": uuid4()})


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"teeth": ()}, operations.WrongTooth),
        ({"teeth": (19,)}, operations.WrongTooth),
        ({"kind": "chaise"}, operations.NotHere),
        ({"laboratory_id": uuid4()}, operations.NotHere),
        ({"practitioner_id": uuid4()}, operations.NotHere),
        ({"appointment_id": uuid4()}, operations.NotHere),
    ],
)
def test_order_that_cannot_be_leaves_nothing(alice, patient, changes, refusal):
    with pytest.raises(refusal):
        operations.order(actor=actor(alice), patient_id=patient.id, asked=asked(alice, **changes))
    assert not LabOrder.objects.exists()


def test_alarm_follows_the_visit(alice, patient):
    visit = AppointmentFactory.create(
        patient=patient, practitioner=alice, starts_at=timezone.now() + timedelta(days=1)
    )
    wanted = asked(alice, appointment_id=visit.id)
    operations.order(actor=actor(alice), patient_id=patient.id, asked=wanted)
    assert [one.alarm for one in queries.late_works(alice.practice_id)] == [Alarm("danger", 1)]
    assert len(queries.works_of_visit(alice.practice_id, visit.id)) == 1
    assert queries.has_work_away(patient.id)
    for days, status in ((9, "booked"), (0, "cancelled")):
        visit.starts_at += timedelta(days=days)
        visit.ends_at, visit.status = visit.starts_at + timedelta(hours=1), status
        visit.save()
        assert queries.late_works(alice.practice_id) == []


def test_oldest_work_that_is_late_stays_on_the_list(alice, patient, monkeypatch):
    monkeypatch.setattr(queries, "_MOST", 1, raising=False)
    late = LabOrderFactory.create(
        patient=patient, practitioner=alice, status="sent", due_on=TODAY - timedelta(9)
    )
    for _ in range(2):
        LabOrderFactory.create(patient=patient, practitioner=alice, status="sent")
    for status in ("", "sent"):
        found = queries.works(alice.practice_id, status=status)
        assert (found[0].order, len(found)) == (late, 3)


def test_sheet_names_nobody_unless_the_practice_wants(alice, patient):
    # Never that of the practitioner, by chance.
    patient.birth_name = "Vandenbrouck"
    patient.save()
    order = LabOrderFactory.create(
        patient=patient, practitioner=alice, laboratory__name="<Labo> #1", instructions="*vite*"
    )
    text = reading.text_of(operations.sheet_of(order))
    assert patient.birth_name not in text.title()
    assert f"Dossier {patient.file_number}" in text
    assert {"<Labo> #1", "*vite*"} <= set(text.splitlines()) | set(text.split("\r\n"))
    operations.save_settings(actor=actor(alice), hides_names=False, days_before=5)
    assert sheet_data(order)["patient"]["name"] == patient.full_name


def test_implant_of_the_stock_leaves_it(alice, patient):
    lot = StockMovementFactory.create(
        author=alice, quantity=1, lot__article__gtin=GTIN, lot__serial="S1"
    ).lot
    who = actor(alice)
    device: Any = operations.place(
        actor=who, patient_id=patient.id, placed=placed(alice), lot_id=lot.id
    )
    assert stock.lot(alice.practice_id, lot.id).left == 0
    with pytest.raises(stock_operations.NotEnough):
        operations.place(
            actor=who, patient_id=patient.id, placed=placed(alice, serial="S2"), lot_id=lot.id
        )
    with pytest.raises(operations.AlreadyPlaced):
        operations.place(actor=who, patient_id=patient.id, placed=placed(alice))
    keys = {"actor": who, "patient_id": patient.id, "placed_id": device.id}
    with pytest.raises(operations.NoReason):
        operations.void(reason=" ", **keys)
    with pytest.raises(stock_operations.HeldByDevice):
        stock_operations.take_back(actor=who, movement_id=device.movement_id)
    assert operations.void(reason="Autre patient", **keys) is True
    assert stock.lot(alice.practice_id, lot.id).left == 1
    back = stock.movements(alice.practice_id).get(reverses_id=device.movement_id)
    assert (back.quantity, back.reason) == (1, "Autre patient")
    assert queries.placed_in(patient.id) == []
    with pytest.raises(operations.AlreadyOut):
        operations.remove(reason="Encore", removed_on=TODAY, **keys)
    operations.place(actor=who, patient_id=patient.id, placed=placed(alice))


def test_implant_whose_line_was_taken_back_before_leaves_the_stock_alone(alice, patient):
    lot = StockMovementFactory.create(author=alice, quantity=1).lot
    who = actor(alice)
    device: Any = operations.place(
        actor=who, patient_id=patient.id, placed=placed(alice), lot_id=lot.id
    )
    keys = {"actor": who, "patient_id": patient.id}
    stock_operations.take_back_placed(
        actor=who, movement_id=device.movement_id, because="Registre d’avant"
    )
    assert operations.void(placed_id=device.id, reason="Erreur", **keys) is False
    assert stock.lot(alice.practice_id, lot.id).left == 1
    other = operations.place(actor=who, patient_id=patient.id, placed=placed(alice))
    assert operations.void(placed_id=other.id, reason="Erreur", **keys) is False


@pytest.mark.parametrize(
    "changes",
    [
        {"lot_number": "L42"},
        {"lot_number": "l 42", "gtin": ""},
        {"lot_number": "L43", "lot": True},
        {"serial": "S7", "gtin": ""},
        {"expires_on": date(2026, 3, 16)},
        {"lot_number": "L44", "lot": True, "expired": True},
    ],
)
def test_device_that_is_barred_is_written_only_with_its_reason(alice, patient, changes):
    is_expired = changes.pop("expired", False) or "expires_on" in changes
    lot = StockMovementFactory.create(
        author=alice, quantity=1, lot__article__gtin=GTIN, lot__number="L42", lot__serial="S7"
    ).lot
    who = actor(alice)
    if not is_expired:
        Lot.objects.update(recalled_at=timezone.now(), recall_reason="Avis")
    else:
        Lot.objects.update(number="L44", expires_on=date(2026, 3, 16))
    lot_id = lot.id if changes.pop("lot", False) else None
    if lot_id is None:
        stock_operations.note(actor=who, lot_id=lot.id, kind=Kind.RETURN, quantity=1)
    device = placed(alice, **{"serial": ""} | changes)
    keys = {"actor": who, "patient_id": patient.id, "lot_id": lot_id}
    with pytest.raises(operations.DeviceExpired if is_expired else operations.DeviceRecalled):
        operations.place(placed=replace(device, despite=" "), **keys)
    assert not PlacedDevice.objects.exists()
    written = operations.place(placed=replace(device, despite=" Posé à 9 h "), **keys)
    barred = "expired" if is_expired else "recalled"
    assert (written.barred, written.despite) == (barred, "Posé à 9 h")
    assert stock.lot(alice.practice_id, lot.id).left == 0


def test_device_of_a_form_is_written_once(alice, patient):
    lot = StockMovementFactory.create(author=alice, quantity=3, lot__number="L42").lot
    device = placed(alice, gtin="", serial="", lot_number="L42")
    keys = {"actor": actor(alice), "patient_id": patient.id, "lot_id": lot.id, "key": uuid4()}
    first = operations.place(placed=device, **keys)
    assert operations.place(placed=device, **keys).id == first.id
    assert PlacedDevice.objects.get().movement == first.movement is not None
    operations.place(placed=replace(device, tooth=26), **keys)
    assert stock.lot(alice.practice_id, lot.id).left == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_sendings_at_once_one_device_is_written(alice, patient):
    lot = StockMovementFactory.create(author=alice, quantity=2, lot__number="L42").lot
    device, key = placed(alice, gtin="", serial="", lot_number="L42"), uuid4()
    answers = race(
        *(
            lambda: operations.place(
                actor=actor(alice), patient_id=patient.id, placed=device, lot_id=lot.id, key=key
            ),
        )
        * 2
    )
    assert [type(one).__name__ for one in answers] == ["PlacedDevice"] * 2
    assert (PlacedDevice.objects.count(), stock.lot(alice.practice_id, lot.id).left) == (1, 1)


def test_device_of_another_maker_bears_the_number_of_a_recalled_lot(alice, patient):
    lot = LotFactory.create(
        article__practice=alice.practice, article__gtin=GTIN, number="L42",
        recalled_at=timezone.now(), recall_reason="Avis",
    )  # fmt: skip
    device = placed(alice, gtin=OTHER_GTIN, lot_number=lot.number, despite="Rien")
    written = operations.place(actor=actor(alice), patient_id=patient.id, placed=device)
    assert (written.barred, written.despite) == ("", "")


@pytest.mark.parametrize("what", ["recalled", "expired"])
def test_device_placed_before_its_lot_went_bad_is_written_afterwards(alice, patient, what):
    lot = StockMovementFactory.create(
        author=alice, quantity=1, lot__article__gtin=GTIN, lot__number="L42"
    ).lot
    if what == "recalled":
        stock_operations.recall_lot(actor=actor(alice), lot_id=lot.id, reason="Avis")
    else:
        Lot.objects.update(expires_on=TODAY - timedelta(days=1))
    monday = placed(alice, lot_number="L42", serial="", placed_on=TODAY - timedelta(days=1))
    device = operations.place(
        actor=actor(alice), patient_id=patient.id, placed=monday, lot_id=lot.id
    )
    assert (device.barred, stock.lot(alice.practice_id, lot.id).left) == ("", 0)
    assert [one.patient for one in stock.to_tell(lot)] == [patient]


def test_recall_of_a_lot_finds_what_never_was_in_stock(alice, patient):
    lot = StockMovementFactory.create(author=alice, lot__article__gtin=GTIN, lot__number="L42").lot
    known = {"patient": patient, "practitioner": alice, "gtin": GTIN, "lot_number": "L42"}
    PlacedDeviceFactory.create(**known)
    PlacedDeviceFactory.create(**known | {"lot_number": "l 42", "gtin": "", "maker": "Alpha"})
    PlacedDeviceFactory.create(**known | {"lot_number": "L43"})
    PlacedDeviceFactory.create(**known | {"gtin": OTHER_GTIN})
    PlacedDeviceFactory.create(**known, voided_at=timezone.now(), reason="Erreur")
    (one,) = stock.to_tell(lot)
    assert (one.patient, one.is_told) == (patient, False)
    assert {given.words for given in one.given} == {
        "Implant",
        "Implant : Implant conique, Alpha, lot écrit sur la fiche",
    }
    Article.objects.update(gtin="")
    assert len(stock.to_tell(Lot.objects.get())[0].given) == 3


def test_recall_of_one_piece_finds_every_piece_of_its_number(alice, patient):
    who, other = actor(alice), PatientFactory.create(practice=alice.practice)
    pieces = [
        StockMovementFactory.create(
            author=alice, quantity=1, lot__article__gtin=GTIN, lot__number="L42", lot__serial="S1"
        ).lot
    ]
    for serial in ("S2", "S3"):
        arrival = Arrival(1, "l 42", serial=serial)
        row = stock_operations.receive(actor=who, article_id=pieces[0].article_id, arrival=arrival)
        pieces.append(row.lot)
    for someone, lot in ((patient, pieces[0]), (other, pieces[1])):
        device = placed(alice, lot_number="L42", serial=lot.serial)
        operations.place(actor=who, patient_id=someone.id, placed=device, lot_id=lot.id)
    stock_operations.recall_lot(actor=who, lot_id=pieces[0].id, reason="Avis")
    assert {one.patient for one in stock.to_tell(pieces[2])} == {patient, other}
    assert stock.recalls(alice.practice_id) == [(pieces[0], 2)]
    with pytest.raises(stock_operations.LotRecalled):
        stock_operations.use(actor=who, lot_id=pieces[2].id, quantity=1)
    late = stock_operations.receive(
        actor=who, article_id=pieces[0].article_id, arrival=Arrival(1, "L42", serial="S4")
    )
    assert late.lot.recall_reason == "Avis"
    stock_operations.lift_recall(actor=who, lot_id=late.lot_id)
    assert not Lot.objects.exclude(recalled_at=None).exists()


def test_device_whose_lot_was_put_right_is_found_under_both(alice, patient):
    who, article = actor(alice), ArticleFactory.create(practice=alice.practice, gtin=GTIN)
    taken, shown = (
        stock_operations.receive(actor=who, article_id=article.id, arrival=Arrival(1, number)).lot
        for number in ("L42", "L43")
    )
    device = placed(alice, lot_number="L43", serial="")
    operations.place(actor=who, patient_id=patient.id, placed=device, lot_id=taken.id)
    for lot in (taken, shown):
        (one,) = stock.to_tell(lot)
        assert (one.patient, len(one.given)) == (patient, 1)


def test_piece_without_a_lot_number_is_found_by_its_serial(alice, patient):
    known = {"patient": patient, "practitioner": alice}
    PlacedDeviceFactory.create(**known, serial="s 9", lot_number="L1")
    PlacedDeviceFactory.create(**known, serial="S8")
    lot = LotFactory.create(article__practice=alice.practice, number="", serial="S9")
    (one,) = stock.to_tell(lot)
    assert len(one.given) == 1
    nameless = LotFactory.create(article=lot.article, number="", serial="")
    assert stock.to_tell(nameless) == []


def test_lot_that_never_was_in_stock_is_recalled_by_its_number(alice, chloe, patient):
    article = ArticleFactory.create(practice=alice.practice, gtin=GTIN)
    PlacedDeviceFactory.create(patient=patient, practitioner=alice, lot_number="l 42")
    recall = partial(stock_operations.recall_number, actor=actor(alice), article_id=article.id)
    for number, reason, refusal in (
        (" ", "Avis", stock_operations.NoNumber),
        ("L42", " ", stock_operations.NoReason),
    ):
        with pytest.raises(refusal):
            recall(number=number, reason=reason)
    assert not Lot.objects.exists()
    for _ in range(2):
        lot = recall(number="L42", reason="Avis")
    assert stock.recalls(alice.practice_id) == [(lot, 1)]
    with pytest.raises(stock_operations.NoSuchLot):
        stock_operations.recall_number(
            actor=actor(chloe), article_id=article.id, number="L42", reason="Avis"
        )
    assert Lot.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"tooth": None}, operations.WrongTooth),
        ({"tooth": 29}, operations.WrongTooth),
        ({"expires_on": date(2026, 3, 16)}, operations.DeviceExpired),
        ({"practitioner_id": uuid4()}, operations.NotHere),
    ],
)
def test_implant_that_cannot_be_leaves_nothing(alice, patient, changes, refusal):
    with pytest.raises(refusal):
        operations.place(
            actor=actor(alice),
            patient_id=patient.id,
            placed=replace(placed(alice), **changes),
        )
    assert not PlacedDevice.objects.exists()


def test_passport_says_what_is_in_the_mouth(alice, patient):
    with pytest.raises(operations.NothingForAPassport):
        operations.issue_passport(actor=actor(alice), patient_id=patient.id)
    udi = Udi(GTIN, "L42", "S1", date(2030, 1, 31))
    device = PlacedDeviceFactory.create(
        patient=patient, practitioner=alice, gtin=GTIN, lot_number="L42", udi=udi.shown
    )
    PlacedDeviceFactory.create(
        patient=patient, practitioner=alice, name="Ancien", removed_on=TODAY, reason="Perdu"
    )
    operations.issue_passport(actor=actor(alice), patient_id=patient.id)
    document = Document.objects.select_related("current__blob").get()
    assert document.kind == "passport"
    pdf = passport_of([device])
    text = reading.text_of(pdf)
    assert "L42" in text
    assert "Ancien" not in text
    assert codes.read(reading.picture_of(pdf, width_px=1600)) == [udi.shown]


@pytest.mark.parametrize("way", ["remove", "void"])
def test_passport_that_names_what_left_the_mouth_says_so(way, alice, patient, frozen_clock):
    other = PlacedDeviceFactory.create(patient=patient, practitioner=alice)
    operations.issue_passport(actor=actor(alice), patient_id=patient.id)
    before = Document.objects.get()
    frozen_clock.shift(60)
    device = PlacedDeviceFactory.create(patient=patient, practitioner=alice, lot_number="L42")
    screw = PlacedDeviceFactory.create(patient=patient, practitioner=alice, kind="other")
    operations.issue_passport(actor=actor(alice), patient_id=patient.id)
    keys = {"actor": actor(alice), "patient_id": patient.id, "reason": "Autre patient"}
    day = {"removed_on": TODAY} if way == "remove" else {}
    getattr(operations, way)(placed_id=screw.id, **keys, **day)
    assert not Document.objects.exclude(cancelled_at=None).exists()
    getattr(operations, way)(placed_id=device.id, **keys, **day)
    outdated = Document.objects.exclude(cancelled_at=None).get()
    # The one before did not name it, and still says what is true.
    assert outdated != before
    assert "n’est plus porté" in outdated.cancelled_reason
    operations.issue_passport(actor=actor(alice), patient_id=patient.id)
    assert Document.objects.filter(cancelled_at=None).count() == 2
    assert other in queries.on_passport(patient.id)


def test_passport_names_no_birth_that_nobody_gave(alice, patient):
    device = PlacedDeviceFactory.create(patient=patient, practitioner=alice)
    patient.born_on = UNKNOWN_BIRTH
    told = papers.passport_data([device])["patient"]
    assert told["born"] == ""
    assert "1900" not in reading.text_of(passport_of([device]))


def test_removed_implant_says_why(alice, chloe, patient):
    device = PlacedDeviceFactory.create(patient=patient, practitioner=alice)
    keys = {"patient_id": patient.id, "placed_id": device.id, "removed_on": TODAY}
    with pytest.raises(operations.NotHere):
        operations.remove(actor=actor(chloe), reason="non", **keys)
    out = operations.remove(actor=actor(alice), reason="Mobile", **keys)
    assert (out.removed_on, out.reason) == (TODAY, "Mobile")
    assert queries.on_passport(patient.id) == []


def test_laboratory_has_a_name_of_its_own(alice, chloe):
    first = operations.add_laboratory(actor=actor(alice), described=Described("Estuaire"))
    with pytest.raises(operations.LaboratoryTaken):
        operations.add_laboratory(actor=actor(alice), described=Described("Estuaire"))
    with pytest.raises(operations.NotHere):
        operations.change_laboratory(
            actor=actor(chloe), laboratory_id=first.id, described=Described("Vol")
        )
    renamed = Described("Estuaire Sud")
    operations.change_laboratory(actor=actor(alice), laboratory_id=first.id, described=renamed)
    assert queries.laboratories(alice.practice_id).get().name == "Estuaire Sud"


def test_order_of_another_record_is_not_found(alice):
    order = LabOrderFactory.create()
    assert queries.order_of(PatientFactory.create().id, order.id) is None
