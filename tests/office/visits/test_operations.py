"""A visit is opened once, acts are done once, the note is kept, and it ends in one step."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.people import queries as people
from quenotte.base.people.operations import save_draft
from quenotte.care.agenda.models import Appointment
from quenotte.care.chart import queries as chart
from quenotte.care.chart.models import Note
from quenotte.care.patients.merging import merge_patients
from quenotte.care.stock import operations as stock_operations
from quenotte.care.stock import queries as stock
from quenotte.office.plans import operations as plans
from quenotte.office.plans import queries as plan_reads
from quenotte.office.visits import filling, lots, operations, queries, rules
from quenotte.office.visits.models import Anaesthesia, OpenVisit, Visit, VisitAct
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    LotFactory,
    NoteTemplateFactory,
    PatientFactory,
    PersonFactory,
    StockMovementFactory,
)
from tests.office.plans.conftest import CROWN, SCALING
from tests.office.plans.test_operations import marks
from tests.support.racing import race


@pytest.fixture
def seated(alice, patient):
    """An appointment of today whose patient sits in the chair."""
    return AppointmentFactory.create(
        patient=patient, practitioner=alice, status="in_chair", arrived_at=timezone.now(),
        seated_at=timezone.now(),
    )  # fmt: skip


@pytest.fixture
def visit(alice, patient, seated):
    """The visit of that appointment, open."""
    return operations.open_visit(
        actor=actor(alice), patient_id=patient.id, appointment_id=seated.id
    )


def call(operation, person, visit, **values):
    return operation(actor=actor(person), patient_id=visit.patient_id, visit_id=visit.id, **values)


def end(person, visit, text="Détartrage fait.", seen=1, **values):
    return call(operations.end_visit, person, visit, text=text, seen=seen, **values)


def test_acts_done_beside_plans_count_for_the_warnings_of_plans(alice, patient, visit):
    call(operations.do_others, alice, visit, acts=[SCALING])
    [done] = plan_reads.recent_acts(patient.id)
    assert (done.code, done.on) == (SCALING.code, timezone.localdate())


def test_visit_opens_once_for_an_appointment(alice, bob, patient, seated, visit):
    assert (visit.appointment_id, visit.practitioner_id) == (seated.id, alice.id)
    again = operations.open_visit(actor=actor(bob), patient_id=patient.id)
    assert again.id == visit.id
    assert Line.objects.filter(object_kind="visit").count() == 1
    end(alice, visit)
    later = operations.open_visit(actor=actor(bob), patient_id=patient.id, appointment_id=seated.id)
    assert (later.id, later.closed_at is None) == (visit.id, False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            practice=patient.practice, patient=patient, practitioner=alice, appointment=seated,
            opened_at=timezone.now(), opened_by=alice,
        )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_two_pages_open_one_visit(alice, bob, patient, seated):
    found = race(
        *[
            lambda who=who: operations.open_visit(
                actor=actor(who), patient_id=patient.id, appointment_id=seated.id
            )
            for who in (alice, bob)
        ]
    )
    assert [getattr(one, "id", one) for one in found] == [Visit.objects.get().id] * 2


def test_visit_by_hand_and_of_a_stranger(alice, bob, patient, practice):
    other = AppointmentFactory.create(practitioner=alice, patient__practice=practice)
    with pytest.raises(operations.NoSuchVisit):
        operations.open_visit(actor=actor(bob), patient_id=patient.id, appointment_id=other.id)
    found = operations.open_visit(actor=actor(bob), patient_id=patient.id)
    assert (found.appointment, found.practitioner_id, found.opened_by_id) == (
        None,
        alice.id,
        bob.id,
    )


def test_planned_act_is_done_once_with_its_mark_and_taken_back(alice, patient, visit):
    plan = plans.start(actor=actor(alice), patient_id=patient.id)
    lines = plans.add_lines(
        actor=actor(alice), patient_id=patient.id, plan_id=plan.id, lines=[CROWN, SCALING]
    )
    act = call(operations.do_planned, alice, visit, line_id=lines[0].id)
    assert marks(patient) == {("crown", "done", (16,))}
    assert (act.code, act.fee_cents) == ("HBLD038", 29_000)
    with pytest.raises(plans.AlreadyDone):
        call(operations.do_planned, alice, visit, line_id=lines[0].id)
    call(operations.undo_act, alice, visit, act_id=act.id)
    assert marks(patient) == {("crown", "planned", (16,))}
    assert not queries.shown(visit).acts
    with pytest.raises(operations.NoSuchVisit):
        call(operations.undo_act, alice, visit, act_id=act.id)
    assert VisitAct.objects.get().undone_at is not None
    assert [one.line.code for one in queries.planned_of(visit)] == ["HBLD038", "HBJD001"]


def test_other_acts_are_done_in_one_line(alice, bob, chloe, patient, visit):
    odd = CROWN.__class__("X", "Acte", "16", charts_as="filling", surfaces="I")
    crown, scaling, other = call(operations.do_others, alice, visit, acts=[CROWN, SCALING, odd])
    assert (crown.is_charted, scaling.is_charted, other.is_charted) == (True, False, False)
    assert marks(patient) == {("crown", "done", (16,))}
    call(operations.change_act, alice, visit, act_id=crown.id,
         values={"quantity": 2, "modifiers": "N"})  # fmt: skip
    with pytest.raises(operations.NoSuchVisit):
        call(operations.change_act, alice, visit, act_id=crown.id,
             values={"practitioner_id": chloe.id})  # fmt: skip
    with pytest.raises(ValueError, match="code"):
        call(operations.change_act, alice, visit, act_id=crown.id, values={"code": "Y"})
    call(operations.undo_act, bob, visit, act_id=crown.id)
    call(operations.undo_act, bob, visit, act_id=other.id)
    assert marks(patient) == set()


def test_note_is_shared_and_nothing_is_overwritten(alice, bob, visit):
    version = call(operations.save_note, bob, visit, text="Composite\r\nposé", seen=1)
    assert version == 2
    assert Visit.objects.get().note_text == "Composite\nposé"
    assert call(operations.save_note, alice, visit, text="Composite\nposé", seen=1) == 2
    with pytest.raises(operations.NoteChanged):
        call(operations.save_note, alice, visit, text="Autre", seen=1)
    with pytest.raises(operations.NoteTooLong):
        call(operations.save_note, alice, visit, text="x" * 10_001, seen=2)
    assert Visit.objects.get().note_text == "Composite\nposé"


def test_template_fills_what_the_visit_knows(alice, visit, practice, other_practice):
    call(operations.do_others, alice, visit, acts=[CROWN])
    call(operations.give_anaesthetic, alice, visit, code="articaine_200", quarters=6)
    done = queries.shown(visit)
    known = filling.known_places(done, done.acts)
    template = NoteTemplateFactory.create(
        practice=practice, text="{dent} {acte} {anesthesique} {teinte}"
    )
    where = {"text": "Vu.", "seen": 1, "known": known}
    call(operations.use_template, alice, visit, template_id=template.id, **where)
    text = Visit.objects.get().note_text
    assert text.startswith("Vu.\n16 Couronne métallique Articaïne 4 %")
    assert "1,5 cartouche, 102 mg" in text
    assert text.endswith("{teinte}")
    foreign = NoteTemplateFactory.create(practice=other_practice)
    with pytest.raises(operations.NoSuchVisit):
        call(operations.use_template, alice, visit, template_id=foreign.id, **where)


def test_end_signs_closes_and_moves_the_appointment_on(alice, patient, seated, visit):
    key = chart.draft_key(patient.id)
    save_draft(person_id=alice.id, key=key, text="autre chose")
    ended = end(alice, visit, "Vu.\n")
    note = Note.objects.get()
    assert (note.text, note.author, ended.visit.note_id) == ("Vu.", alice, note.id)
    assert (ended.is_signed, ended.appointment_done) == (True, True)
    seated.refresh_from_db()
    assert seated.status == "done"
    draft = people.draft(alice.id, key)
    assert draft is not None
    assert draft.text == "autre chose"
    assert not OpenVisit.objects.exists()
    with pytest.raises(operations.VisitClosed):
        end(alice, visit)
    with pytest.raises(operations.VisitClosed):
        call(operations.do_others, alice, visit, acts=[SCALING])


@pytest.mark.parametrize(
    ("text", "refusal"), [("", "NothingNoted"), ("Teinte {teinte}.", "PlacesLeft")]
)
def test_end_asks_before_what_cannot_be_changed(alice, visit, seated, text, refusal):
    with pytest.raises(getattr(operations, refusal)):
        end(alice, visit, text)
    assert Visit.objects.get().closed_at is None
    ended = end(alice, visit, text, anyway=True)
    assert ended.is_signed is bool(text)
    assert Appointment.objects.get().status == "done"


def test_end_with_an_older_note_signs_nothing(alice, bob, visit):
    call(operations.save_note, bob, visit, text="De Bob", seen=1)
    with pytest.raises(operations.NoteChanged):
        end(alice, visit, "D’Alice")
    assert not Note.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_end_a_visit_once(alice, practice, visit):
    colleague = PersonFactory.create(practice=practice, role="praticien")
    answers = race(*[lambda who=who: end(who, visit) for who in (alice, colleague)])
    assert sum(isinstance(one, operations.VisitClosed) for one in answers) == 1
    assert Note.objects.count() == 1


def test_assistant_ends_no_visit_that_has_a_note_and_loses_no_word(alice, bob, visit):
    with pytest.raises(operations.NotTheSigner):
        end(bob, visit, "De Bob")
    found = Visit.objects.get()
    assert (found.note_text, found.closed_at, found.note) == ("De Bob", None, None)
    with pytest.raises(operations.NothingNoted):
        end(bob, visit, "", seen=2)
    assert end(alice, visit, "De Bob", seen=2).is_signed


def test_assistant_ends_a_visit_without_a_note(bob, visit):
    assert end(bob, visit, " ", anyway=True).is_signed is False


@pytest.fixture
def passed(alice, patient, visit, frozen_clock):
    """A visit that nobody ended, and the patient in the chair again on the next day."""
    call(operations.save_note, alice, visit, text="Teinte {teinte}", seen=1)
    frozen_clock.shift(timedelta(days=1))
    return AppointmentFactory.create(
        patient=patient, practitioner=alice, status="in_chair", starts_at=timezone.now()
    )


def test_visit_left_open_gives_way_and_its_note_waits(alice, bob, patient, visit, passed):
    again = operations.open_visit(actor=actor(bob), patient_id=patient.id)
    assert again.id == visit.id
    new = operations.open_visit(actor=actor(bob), patient_id=patient.id, appointment_id=passed.id)
    assert (new.appointment_id, queries.open_visit_of(patient.id)) == (passed.id, new.id)
    (waiting,) = queries.to_sign(visit.practice_id, practitioner_id=alice.id)
    visit.refresh_from_db()
    assert (waiting.visit_id, visit.note_text, visit.is_to_sign) == (
        visit.id,
        "Teinte {teinte}",
        True,
    )
    # While it waits, it is kept as it is typed by who may sign it, and is never emptied.
    for person, text, error in (
        (bob, "Teinte A2", operations.VisitClosed),
        (alice, " ", operations.NoteEmptied),
    ):
        with pytest.raises(error):
            call(operations.save_note, person, visit, text=text, seen=2)
    assert call(operations.save_note, alice, visit, text="Teinte {couleur}", seen=2) == 3
    assert call(operations.save_note, alice, visit, text="Teinte {teinte}", seen=3) == 4
    sign = {"text": "Teinte {teinte}", "seen": 4}
    with pytest.raises(operations.NotTheSigner):
        call(operations.sign_note, bob, visit, **sign)
    with pytest.raises(operations.PlacesLeft):
        call(operations.sign_note, alice, visit, **sign)
    with pytest.raises(operations.NothingNoted):
        call(operations.sign_note, alice, visit, text=" ", seen=4, anyway=True)
    call(operations.sign_note, alice, visit, text="Teinte A2", seen=4)
    assert Note.objects.get().text == "Teinte A2"
    assert queries.to_sign(visit.practice_id) == []
    for one in (visit, new):
        with pytest.raises(operations.NoSuchVisit):
            call(operations.sign_note, alice, one, **sign)
    with pytest.raises(operations.VisitClosed):
        call(operations.save_note, alice, visit, text="Trop tard", seen=4)


@pytest.mark.django_db(transaction=True)
def test_two_pages_open_the_visit_that_follows_one_left_open(alice, bob, patient, visit):
    Visit.objects.update(opened_at=timezone.now() - timedelta(days=1))
    after = AppointmentFactory.create(patient=patient, practitioner=alice, status="in_chair")
    found = race(
        *[
            lambda who=who: operations.open_visit(
                actor=actor(who), patient_id=patient.id, appointment_id=after.id
            )
            for who in (alice, bob)
        ]
    )
    assert [getattr(one, "appointment_id", one) for one in found] == [after.id] * 2
    assert Visit.objects.count() == 2


@pytest.mark.parametrize(("status", "after"), [("cancelled", "cancelled"), ("done", "done")])
def test_end_leaves_an_appointment_that_is_over(alice, visit, seated, status, after):
    Appointment.objects.filter(id=seated.id).update(status=status)
    assert end(alice, visit).appointment_done is (after == "done")
    seated.refresh_from_db()
    assert seated.status == after


def test_visit_that_was_cut_short_is_found_as_it_was(alice, visit, frozen_clock):
    """What is kept is committed as it is typed: whatever falls, the next page finds it."""
    call(operations.do_others, alice, visit, acts=[SCALING])
    call(operations.save_note, alice, visit, text="Début", seen=1)
    frozen_clock.shift(timedelta(days=1))
    (found,) = queries.open_here(visit.practice_id, practitioner_id=alice.id)
    assert (found.visit_id, found.is_left_open) == (visit.id, True)
    again = operations.open_visit(actor=actor(alice), patient_id=visit.patient_id)
    assert (again.note_text, len(queries.shown(again).acts)) == ("Début", 1)


def test_supplies_leave_the_shelf_and_come_back(alice, visit, practice):
    lot = LotFactory.create(article__practice=practice)
    StockMovementFactory.create(lot=lot, kind="in", quantity=3)

    def left():
        return getattr(stock.lot(practice.id, lot.id), "left", None)

    used = call(operations.use_supply, alice, visit, used=operations.Used(lot_id=lot.id))
    assert (used.name, used.lot) == (lot.article.name, lot.number)
    assert left() == 2
    call(operations.drop_supply, alice, visit, supply_id=used.id)
    assert left() == 3
    free = call(operations.use_supply, alice, visit, used=operations.Used("Ciment", "C1"))
    call(operations.drop_supply, alice, visit, supply_id=free.id)
    for wrong in (operations.Used(), operations.Used(lot_id=uuid4())):
        with pytest.raises(Exception, match="Rien n’a été"):
            call(operations.use_supply, alice, visit, used=wrong)
    with pytest.raises(operations.NoSuchVisit):
        call(operations.drop_supply, alice, visit, supply_id=free.id)


def test_typed_lot_of_the_stock_leaves_its_shelf_and_comes_back(alice, visit, practice):
    lot = LotFactory.create(article__practice=practice, article__name="Filtek", number="A2411")
    implant = LotFactory.create(
        article__practice=practice, article__category="implant", number="IMP77"
    )
    for one in (lot, implant):
        StockMovementFactory.create(lot=one, kind="in", quantity=3)

    def used(number, quantity=1):
        what = operations.Used("Composite", number, None, quantity)
        return call(operations.use_supply, alice, visit, used=what)

    def left():
        return getattr(stock.lot(practice.id, lot.id), "left", None)

    taken = used("a24 11", 2)
    assert (left(), taken.name, taken.lot) == (1, "Composite", "A2411")
    assert [used(number, 2).movement_id for number in ("A2411", "Z99", "IMP77")] == [None] * 3
    for _ in range(2):
        call(operations.release_supply, alice, visit, supply_id=taken.id)
    assert (left(), len(queries.shown(visit).supplies)) == (3, 4)
    stock_operations.recall_lot(actor=actor(alice), lot_id=lot.id, reason="Défaut")
    assert used("A2411").movement_id is None
    with pytest.raises(operations.NoSuchVisit):
        call(operations.release_supply, alice, visit, supply_id=uuid4())


def test_scanned_code_names_its_lot(practice):
    lot = LotFactory.create(
        article__practice=practice, article__gtin="04012345000016", number="AB12"
    )
    LotFactory.create(article__practice=practice, number="AB12")
    scanned = "(01)04012345000016(10)AB12"
    assert lots.meant(practice.id, scanned, "Ciment") == lot
    assert lots.meant(practice.id, "AB12", "Ciment") is None
    assert lots.meant(practice.id, "(01)04012345000017(10)AB12", "Ciment") is None


def test_what_is_sent_twice_is_noted_once(alice, visit, practice, patient):
    lot = LotFactory.create(article__practice=practice)
    StockMovementFactory.create(lot=lot, kind="in", quantity=3)
    key, used = uuid4(), operations.Used(lot_id=lot.id)
    dose = {"code": "articaine_200", "quarters": 4, "key": key}
    for _ in range(2):
        call(operations.give_anaesthetic, alice, visit, **dose)
        call(operations.use_supply, alice, visit, used=used, key=key)
    done = queries.shown(visit)
    assert (len(done.anaesthesias), len(done.supplies)) == (1, 1)
    assert getattr(stock.lot(practice.id, lot.id), "left", None) == 2
    end(alice, visit)
    other = operations.open_visit(actor=actor(alice), patient_id=patient.id)
    with pytest.raises(operations.NoSuchVisit):
        call(operations.give_anaesthetic, alice, other, **dose)


def test_dose_keeps_the_figures_of_its_day(alice, visit):
    call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=4)
    values = {"name": "Renommée", "mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 9000,
              "child_ug_per_kg": 9000, "most_mg": 900, "source": "X",
              "is_active": False}  # fmt: skip
    operations.save_anaesthetic(actor=actor(alice), code="mepivacaine", values=values)

    def mosts():
        found = rules.together(queries.given_of(visit, queries.shown(visit).anaesthesias), 70, 40)
        return [one.most for one in found.substances]

    assert mosts() == [300]
    # A row from before the figures were kept: those of the product of that name, retired or not.
    Anaesthesia.objects.update(most_mg=None, product="Renommée")
    assert mosts() == [630]


def test_anaesthetic_and_weight(alice, visit):
    given = call(operations.give_anaesthetic, alice, visit, code="mepivacaine", quarters=4)
    assert (given.dose_mg, given.vasoconstrictor) == (54, "")
    for code, quarters in (("inconnu", 4), ("mepivacaine", 0)):
        with pytest.raises(operations.NoSuchAnaesthetic):
            call(operations.give_anaesthetic, alice, visit, code=code, quarters=quarters)
    call(operations.drop_anaesthetic, alice, visit, given_id=given.id)
    with pytest.raises(operations.NoSuchVisit):
        call(operations.drop_anaesthetic, alice, visit, given_id=given.id)
    with pytest.raises(operations.WrongWeight):
        call(operations.note_weight, alice, visit, weight_kg=1)
    call(operations.note_weight, alice, visit, weight_kg=70)
    last = queries.last_weight(visit.patient_id)
    assert last is not None
    assert last[0] == 70


def test_templates_and_figures_of_the_practice(alice, chloe):
    who = actor(alice)
    assert operations.add_usual_templates(actor=who) == 5
    assert operations.add_usual_templates(actor=who) == 0
    first = queries.templates(alice.practice_id)[0]
    with pytest.raises(operations.TemplateNameTaken):
        operations.save_template(actor=who, values={"name": first.name, "text": "x"})
    with pytest.raises(operations.NoSuchTemplate):
        operations.save_template(actor=actor(chloe), values={"text": "x"}, template_id=first.id)
    with pytest.raises(ValueError, match="position"):
        operations.save_template(actor=who, values={"position": 3})
    with pytest.raises(operations.SettingChanged):
        operations.save_template(actor=who, values={"text": "x"}, template_id=first.id, seen=2)
    operations.save_template(actor=who, values={"text": "x"}, template_id=first.id, seen=1)
    with pytest.raises(operations.SettingChanged):
        operations.save_template(actor=who, values={"text": "y"}, template_id=first.id, seen=1)
    values = {"name": "Mépi", "mg_per_ml": 30, "cartridge_ul": 1800, "most_ug_per_kg": 3000,
              "child_ug_per_kg": 3000, "most_mg": 200, "source": "RCP"}  # fmt: skip
    operations.save_anaesthetic(actor=who, code="mepivacaine", values=values)
    with pytest.raises(operations.SettingChanged):
        operations.save_anaesthetic(actor=who, code="mepivacaine", values=values)
    operations.save_anaesthetic(actor=who, code="mepivacaine", values=values, seen=1)
    with pytest.raises(operations.AnaestheticNameTaken):
        operations.save_anaesthetic(actor=who, code="autre", values=values)
    others = {**values, "name": "Prilo", "is_active": False}
    operations.save_anaesthetic(actor=who, code="autre", values=others)
    assert [one.name for one in queries.anaesthetics(alice.practice_id)][-1] == "Mépi"
    assert len(queries.anaesthetics(alice.practice_id, with_retired=True)) == 5
    assert queries.retired(alice.practice_id) == {"autre"}
    with pytest.raises(ValueError, match="code"):
        operations.save_anaesthetic(actor=who, code="x", values={"code": "y"})


def test_plans_and_visits_follow_a_united_record(alice, patient, practice, visit, frozen_clock):
    survivor = PatientFactory.create(practice=practice)
    plans.start(actor=actor(alice), patient_id=survivor.id)
    frozen_clock.shift(60)
    plans.start(actor=actor(alice), patient_id=patient.id)
    merge_patients(actor=actor(alice), survivor_id=survivor.id, absorbed_id=patient.id, taken=())
    found = plan_reads.plans_of(survivor.id)
    assert [(one.letter, one.is_chosen) for one in found] == [("A", True), ("B", False)]
    assert queries.open_visit_of(survivor.id) == visit.id


def test_next_session_is_proposed_after_its_gap(alice, patient, visit):
    plan = plans.start(actor=actor(alice), patient_id=patient.id)
    where = {"actor": actor(alice), "patient_id": patient.id, "plan_id": plan.id}
    lines = plans.add_lines(**where, lines=[CROWN])
    plans.add_session(**where)
    plans.add_lines(**where, lines=[SCALING])
    seen = getattr(plan_reads.plan_shown(patient.id, plan.id), "version", 0)
    plans.change_session(
        **where, session_id=lines[0].session_id, values={"laboratory_days": 10}, seen=seen
    )
    call(operations.do_planned, alice, visit, line_id=lines[0].id)
    ended = end(alice, visit).visit
    coming = queries.next_session(ended)
    assert coming is not None
    found, (proposal,) = coming
    assert (found.id, proposal.session.place) == (plan.id, 2)
    day = timezone.localdate(proposal.slots[0].starts_at)
    assert day - timezone.localdate() == timedelta(days=10)


def test_typed_lot_is_recalled_like_one_of_the_stock(alice, visit):
    lot = LotFactory.create(article__practice=alice.practice, number="A2411")
    dose = {"code": "articaine_200", "quarters": 6}
    given = call(operations.give_anaesthetic, alice, visit, lot="a 2411", **dose)
    used = operations.Used(name="Composite", lot="A24 11")
    call(operations.use_supply, alice, visit, used=used)
    call(operations.give_anaesthetic, alice, visit, lot="A2412", **dose)
    assert lots.barred_of(alice.practice_id, ["a 2411"], timezone.localdate()) == []
    stock_operations.recall_lot(actor=actor(alice), lot_id=lot.id, reason="Aiguille")
    (told,) = stock.to_tell(lot)
    assert told.patient.id == visit.patient_id
    assert [one.words.split(",")[0] for one in told.given] == [given.product, "Composite"]
    barred = {one.lot: bool(one.barred) for one in lots.typed_for(
        alice.practice_id, visit.patient_id)}  # fmt: skip
    assert barred == {"a 2411": True, "A24 11": True, "A2412": False}
    (words,) = lots.barred_of(alice.practice_id, ["a 2411", "A2412", ""], timezone.localdate())
    assert "rappelé" in words
    call(operations.drop_anaesthetic, alice, visit, given_id=given.id)
    assert [len(one.given) for one in stock.to_tell(lot)] == [1]


def test_typed_lot_that_has_expired_is_said(alice, visit):
    day = timezone.localdate()
    LotFactory.create(
        article__practice=alice.practice, number="B7", expires_on=day - timedelta(days=1)
    )
    assert "périmé" in lots.barred_of(alice.practice_id, ["b7"], day)[0]
    assert lots.barred_of(alice.practice_id, ["b7"], day - timedelta(days=1)) == []
