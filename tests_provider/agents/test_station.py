"""Our own companion's protocol at the door."""

import asyncio
import gzip
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.config.agents.door import Door
from quenotte.config.agents.repeating import Memory, Said
from quenotte.config.fleet_demo import machines, parc
from quenotte.kernel.enrolment import Hardware, digest
from quenotte.kernel.posture.contacts import Answer as Taken
from quenotte.kernel.posture.contacts import Contact
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.fleet.models import Change, Inventory, Pulsed, State
from quenotte.wire.answers import Answer, Code
from quenotte.wire.enrolments import Enrolled
from quenotte.wire.fingerprints import fingerprint_of
from quenotte.wire.messages import read, write
from quenotte.wire.pulses import Pulse
from quenotte.wire.repeats import Outline
from quenotte.wire.reports import Report, Told
from tests_provider.agents.conftest import Ask
from tests_provider.factories import CustomerFactory

FACTS = (
    Told("machine.name", "ACCUEIL"),
    Told("machine.uuid", "4c4c4544-1"),
    Told("machine.serial", "ABC123"),
    Told("os.family", "windows"),
    Told("updates.missing_security", 2, age_s=90_000),
)


@pytest.fixture
def token(transactional_db: None, actor: Actor) -> str:
    customer = CustomerFactory.create()
    return enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]


def report(*facts: Told) -> bytes:
    return write(Report(timezone.now(), facts or FACTS))


@pytest.fixture
def key(ask: Ask, token: str) -> str:
    told = ask("/agents/station/enrol", report(), headers={"x-quenotte-token": token})
    assert told.status == 200
    return read(told.body, Enrolled).key


def said(ask: Ask, key: str, body: bytes, what: str = "report") -> Code:
    headers = {"authorization": f"Bearer {key}"}
    told = ask(f"/agents/station/{what}", body, headers=headers)
    assert told.status == 200
    return read(told.body, Answer).code


def accept(actor: Actor, *, speaks: bool = False) -> None:
    machine_id = Machine.objects.get().id
    enrolment.accept(machine_id=machine_id, actor=actor, speaks_for_practice=speaks)


def test_companion_enrols_waits_reports_and_beats(ask: Ask, key: str, actor: Actor):
    assert said(ask, key, report()) is Code.QUARANTINED
    accept(actor)
    beat = write(fingerprint_of(FACTS))
    assert said(ask, key, beat) is Code.SEND_REPORT
    assert said(ask, key, gzip.compress(report())) is Code.ACCEPTED
    assert said(ask, key, beat) is Code.ACCEPTED
    facts = Inventory.objects.get().facts
    assert facts["updates.missing_security"]["on"] == "2026-03-16"
    assert facts["clock.offset_s"]["value"] == 0


def test_wrong_token_gets_no_key(ask: Ask, db: None):
    told = ask("/agents/station/enrol", report(), headers={"x-quenotte-token": "AAAAA"})
    assert (told.status, read(told.body, Answer).code) == (403, Code.UNKNOWN_NODE)


@pytest.mark.parametrize("header", ["", "Bearer ", "Bearer 0", "Basic x"])
def test_nobody_is_believed_without_a_key(ask: Ask, key: str, actor: Actor, header: str):
    accept(actor)
    told = ask("/agents/station/report", report(), headers={"authorization": header})
    assert read(told.body, Answer).code is Code.UNKNOWN_NODE
    assert not State.objects.exists()


def test_clock_ten_years_off_is_a_fact_and_moves_nothing(ask: Ask, key: str, actor: Actor):
    accept(actor)
    wrong = timezone.now() - timedelta(days=3653)
    assert said(ask, key, write(Report(wrong, FACTS))) is Code.ACCEPTED
    assert Inventory.objects.get().facts["clock.offset_s"]["value"] < -3600 * 24 * 3600
    assert State.objects.get().seen_at == timezone.now()


def test_server_tells_of_its_copies(ask: Ask, key: str, actor: Actor):
    accept(actor, speaks=True)
    pulse = Pulse(timezone.now(), "green", restorable_until=timezone.now())
    assert said(ask, key, write(pulse), "pulse") is Code.ACCEPTED
    assert Inventory.objects.get().source == "practice"


def test_workstation_is_not_believed_about_the_copies(ask: Ask, key: str, actor: Actor):
    accept(actor)
    pulse = Pulse(timezone.now(), "green", restorable_until=timezone.now())
    assert said(ask, key, write(pulse), "pulse") is Code.UNKNOWN_NODE
    assert not Inventory.objects.exists()
    assert not Pulsed.objects.exists()


def test_last_word_of_the_practice_is_kept_and_shown_with_its_time(
    ask: Ask, key: str, actor: Actor, tom: Person, client_of: Any
):
    accept(actor, speaks=True)
    customer_id = Machine.objects.get().customer_id
    page = client_of(tom).get(f"/parc/cabinets/{customer_id}/").content.decode()
    assert "Le cabinet dit" not in page
    for light, reasons in (("green", ()), ("red", ("silent", "no_kit"))):
        said(ask, key, write(Pulse(timezone.now(), light, reasons)), "pulse")
    kept = Pulsed.objects.get()
    assert (kept.light, kept.reasons, kept.at) == ("red", ["silent", "no_kit"], timezone.now())
    page = client_of(tom).get(f"/parc/cabinets/{customer_id}/").content.decode()
    assert "voyant rouge. Aucune copie n’a abouti depuis plus de 26 heures. Aucune feuille" in page
    assert "Montré tel quel" in page

    # Whose key opens no more says nothing.
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    page = client_of(tom).get(f"/parc/cabinets/{customer_id}/").content.decode()
    assert "Le cabinet dit" not in page


def test_fact_that_was_seen_anew_is_fresh_though_it_is_the_same(ask: Ask, key: str, actor: Actor):
    accept(actor)
    said(ask, key, report())
    assert "on" in Inventory.objects.get().facts["updates.missing_security"]
    said(ask, key, report(*FACTS[:-1], Told("updates.missing_security", 2)))
    assert "on" not in Inventory.objects.get().facts["updates.missing_security"]


FRESH = (*FACTS[:-1], Told("updates.missing_security", 2))


def seen(facts: tuple[Told, ...], *, ago: int, clock: timedelta = timedelta()) -> bytes:
    told = [Told(one.key, one.value, one.unknown, one.age_s + ago) for one in facts]
    return write(Report(timezone.now() + clock, tuple(told)))


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The messages that the door read whole."""
    found: list[bytes] = []

    def reading(raw: bytes, *kinds: Any) -> Any:
        found.append(raw)
        return read(raw, *kinds)

    monkeypatch.setattr("quenotte.config.agents.station.read", reading)
    return found


def test_what_is_said_again_is_not_read_again(
    ask: Ask, key: str, actor: Actor, whole: list[bytes], frozen_clock: Any
):
    accept(actor)
    assert said(ask, key, report(*FRESH)) is Code.ACCEPTED
    frozen_clock.shift(300)
    assert said(ask, key, seen(FRESH, ago=300)) is Code.ACCEPTED
    assert len(whole) == 1
    assert State.objects.get().seen_at == timezone.now()
    assert not Change.objects.exists()


def test_new_facts_are_read_and_what_was_before_is_new_again(
    ask: Ask, key: str, actor: Actor, whole: list[bytes]
):
    accept(actor)
    said(ask, key, report(*FRESH))
    other = (*FRESH[:-1], Told("updates.missing_security", 3))
    for facts, count in ((other, 3), (FRESH, 2)):
        assert said(ask, key, report(*facts)) is Code.ACCEPTED
        assert Inventory.objects.get().facts["updates.missing_security"]["value"] == count
    assert len(whole) == 3


def test_facts_that_grow_old_and_a_clock_that_moves_are_read(
    ask: Ask, key: str, actor: Actor, whole: list[bytes]
):
    accept(actor)
    said(ask, key, report(*FRESH))
    assert said(ask, key, seen(FRESH, ago=0, clock=timedelta(minutes=3))) is Code.ACCEPTED
    assert Inventory.objects.get().facts["clock.offset_s"]["value"] == 180
    assert said(ask, key, seen(FRESH, ago=90_000)) is Code.ACCEPTED
    assert "on" in Inventory.objects.get().facts["updates.missing_security"]
    # What was told with its day is not remembered: fresh again, it is read again.
    assert said(ask, key, seen(FRESH, ago=0)) is Code.ACCEPTED
    assert "on" not in Inventory.objects.get().facts["updates.missing_security"]
    assert len(whole) == 4


def test_nothing_is_believed_from_memory_alone(
    ask: Ask, key: str, actor: Actor, whole: list[bytes]
):
    accept(actor)
    said(ask, key, report(*FRESH))
    # The database forgot it: the report is read whole, and kept.
    State.objects.all().delete()
    Inventory.objects.all().delete()
    assert said(ask, key, report(*FRESH)) is Code.ACCEPTED
    assert Inventory.objects.get().facts["updates.missing_security"]["value"] == 2
    enrolment.revoke(machine_id=Machine.objects.get().id, actor=actor)
    assert said(ask, key, report(*FRESH)) is Code.UNKNOWN_NODE
    assert len(whole) == 2


def test_memory_of_the_door_is_bounded():
    memory = Memory(most=2)
    for number in range(5):
        memory.keep(bytes([number]), Said(b"", b"", Hardware("", ""), timedelta()))
    outline = Outline(b"", 0, timezone.now())
    kept = [
        number
        for number in range(5)
        if memory.again(bytes([number]), outline, timezone.now(), timedelta(hours=1))
    ]
    assert kept == [3, 4]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{}", 400),
        (b"\xff", 400),
        (b'{"kind":"report","version":9}', 400),
        (b" " * (300 * 1024), 413),
        (gzip.compress(b"0" * (4 << 20)), 413),
    ],
)
def test_rubbish_gets_a_clear_answer(ask: Ask, key: str, body: bytes, status: int):
    headers = {"authorization": f"Bearer {key}"}
    assert ask("/agents/station/report", body, headers=headers).status == status


def test_unknown_question_is_not_there(ask: Ask):
    assert ask("/agents/station/format", b"{}").status == 404


@pytest.mark.django_db(transaction=True)
def test_demo_is_a_fleet_whose_machines_are_believed(ask: Ask):
    parc.prepare(lambda _words, _share: None, size=parc.Size(practices=3, machines=2))
    parc.prepare(lambda _words, _share: None)
    assert Machine.objects.count() == 6
    for one in Machine.objects.all():
        state = State.objects.get(machine=one, source="station")
        from quenotte.wire.fingerprints import Fingerprint

        beat: Any = Fingerprint(bytes(state.fingerprint).hex())
        assert said(ask, parc.key_of(one.serial), write(beat)) is Code.ACCEPTED


def test_simulated_faults_are_told():
    from random import Random

    made = [machines.desk(Random(7), 1, place) for place in range(40)]
    names = {fault for one in made for fault in one.faults}
    assert made[0].is_server
    assert names <= set(machines._FAULTS)


def test_report_of_before_that_is_sent_again_is_answered_and_not_kept(
    ask: Ask, key: str, actor: Actor, frozen_clock: Any
):
    accept(actor)
    old = report(*FRESH)
    said(ask, key, old)
    frozen_clock.shift(86_400)
    mended = (*FRESH[:-1], Told("updates.missing_security", 0))
    said(ask, key, report(*mended))
    seen_at = timezone.now()
    frozen_clock.shift(300)
    assert said(ask, key, old) is Code.ACCEPTED
    assert Inventory.objects.get().facts["updates.missing_security"]["value"] == 0
    assert State.objects.get().seen_at == seen_at


def test_machine_that_heard_no_answer_enrols_again_as_the_same(ask: Ask, token: str):
    drawn = "ab" * 32
    headers = {"x-quenotte-token": token, "authorization": f"Bearer {drawn}"}
    for _time in range(2):
        told = ask("/agents/station/enrol", report(), headers=headers)
        assert (told.status, read(told.body, Enrolled).key) == (200, drawn)
    assert Machine.objects.count() == Token.objects.get().used == 1


@pytest.mark.parametrize("drawn", ["", "ab", "AB" * 32, "windows-1"])
def test_key_that_is_none_is_not_taken_from_a_machine(ask: Ask, token: str, drawn: str):
    headers = {"x-quenotte-token": token, "authorization": f"Bearer {drawn}"}
    told = ask("/agents/station/enrol", report(), headers=headers)
    key = read(told.body, Enrolled).key
    assert (len(key), key != drawn) == (64, True)


def test_clock_that_was_set_back_is_a_fact_and_freezes_nothing(
    ask: Ask, key: str, actor: Actor, frozen_clock: Any
):
    accept(actor)
    said(ask, key, report(*FRESH))
    back = timedelta(days=-30)
    worse = (*FRESH[:-1], Told("updates.missing_security", 40))
    for _beat in range(2):
        frozen_clock.shift(300)
        # It may be an old one that somebody says again.
        assert Inventory.objects.get().facts["updates.missing_security"]["value"] == 2
        said(ask, key, write(Report(timezone.now() + back, worse)))
    facts = Inventory.objects.get().facts
    assert facts["updates.missing_security"]["value"] == 40
    assert facts["clock.offset_s"]["value"] == -30 * 86_400
    assert said(ask, key, write(fingerprint_of(worse))) is Code.ACCEPTED

    # Set right, and said as ever.
    frozen_clock.shift(300)
    said(ask, key, report(*FRESH))
    assert Inventory.objects.get().facts["clock.offset_s"]["value"] == 0


@pytest.mark.parametrize("wait_s", [5, 240, 300, 86_400])
def test_what_is_said_again_and_again_stays_as_old_as_it_was(
    ask: Ask, key: str, actor: Actor, frozen_clock: Any, wait_s: int
):
    accept(actor)
    old = report(*FRESH)
    said(ask, key, old)
    frozen_clock.shift(86_400)
    said(ask, key, report(*FRESH[:-1], Told("updates.missing_security", 0)))
    for _time in range(4):
        frozen_clock.shift(wait_s)
        said(ask, key, old)
    assert Inventory.objects.get().facts["updates.missing_security"]["value"] == 0


def test_server_whose_clock_was_set_back_is_heard_of_its_copies(
    ask: Ask, key: str, actor: Actor, frozen_clock: Any
):
    accept(actor, speaks=True)
    said(ask, key, write(Pulse(timezone.now(), "green")), "pulse")
    for _beat in range(2):
        frozen_clock.shift(300)
        late = timezone.now() - timedelta(days=30)
        said(ask, key, write(Pulse(late, "red", ("silent",))), "pulse")
    assert Pulsed.objects.get().light == "red"


def test_memory_of_clocks_is_bounded():
    memory, at = Memory(most=2), timezone.now()
    for name in (b"a", b"b", b"c"):
        assert not memory.goes_on(name, at, at)
    later = at + timedelta(minutes=5)
    assert not memory.goes_on(b"a", later, later)
    assert memory.goes_on(b"c", later, later)


def test_what_cannot_be_kept_leaves_the_others_of_its_batch(
    ask: Ask, door: Door, key: str, actor: Actor
):
    accept(actor)
    customer = CustomerFactory.create()
    token = enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]
    let_in = ask("/agents/station/enrol", report(), headers={"x-quenotte-token": token})
    other = Machine.objects.exclude(standing="accepted").get()
    enrolment.accept(machine_id=other.id, actor=actor)

    def contact(of: str, name: str) -> Contact:
        return Contact(digest(of), "station", b"1" * 16, {"machine.name": {"value": name}})

    async def together() -> list[Any]:
        poisoned = contact(key, "\x00\ud800")
        sound = contact(read(let_in.body, Enrolled).key, "ACCUEIL")
        told = map(door.books.take, (poisoned, sound))
        return await asyncio.gather(*told, return_exceptions=True)

    assert asyncio.run(together())[1] is Taken.TAKEN
    kept = Inventory.objects.get(machine=other)
    assert kept.facts["machine.name"]["value"] == "ACCUEIL"
