"""The life of the companion, with clocks and a server that tests move."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.agents.credible import Told as Seen
from quenotte.devices.agents.gathering import Gathering
from quenotte.station import cadence
from quenotte.station.collectors.collector import BEAT_S, SIX_HOURS_S, collector
from quenotte.station.collectors.machines import TooSlow
from quenotte.station.collectors.rounds import Rounds
from quenotte.station.knowing import Known
from quenotte.station.refusals import Unwritable
from quenotte.station.running import Companion, End
from quenotte.station.state import Standing, State, StateFile
from quenotte.station.talking import Outcome, Word
from quenotte.wire.fingerprints import Fingerprint, fingerprint_of
from quenotte.wire.reports import Report
from tests.station.fakes import FakeClock, counts

pytestmark = pytest.mark.one_engine


class Server:
    """What a provider's door would say, and all that it heard."""

    def __init__(self) -> None:
        self.heard: list[Report | Fingerprint] = []
        self.known = ""
        self.says: Outcome | None = None
        self.is_lost = False

    def __call__(self, message: Report | Fingerprint) -> Outcome:
        if self.is_lost:
            return Outcome(Word.LATER, None, "no_route")
        self.heard.append(message)
        if self.says:
            return self.says
        if isinstance(message, Fingerprint):
            return Outcome(Word.TAKEN if message.digest == self.known else Word.SEND_ALL)
        self.known = fingerprint_of(message.facts).digest
        return Outcome(Word.TAKEN)

    @property
    def reports(self) -> list[Report]:
        return [one for one in self.heard if isinstance(one, Report)]


class World:
    """A companion and all around it."""

    def __init__(self, folder: Path) -> None:
        self.clock, self.server = FakeClock(), Server()
        self.file = StateFile(folder / "station.json")
        self.values: dict[str, Any] = {"machine.name": "ACCUEIL", "updates.missing": 3}
        self.is_slow_stuck = False
        self.slow_looks = 0
        self.state = State("https://agents.example.org", "ab" * 32, standing=Standing.BELIEVED)

    def companion(self) -> Companion:
        known = Known()
        machine: Any = type("Nothing", (), {"counts": counts()})()
        rounds = Rounds(self._collectors(), machine, known, self.clock)
        return Companion(self.file, self.state, self.server, rounds, known, self.clock)

    def again(self) -> Companion:
        """Start anew with what the file holds."""
        self.state = self.file.read()
        return self.companion()

    def _collectors(self) -> Any:
        def quick(_machine: Any, found: Gathering) -> None:
            found.tell("machine.name", Seen(self.values["machine.name"]))

        def slow(_machine: Any, found: Gathering) -> None:
            self.slow_looks += 1
            if self.is_slow_stuck:
                raise TooSlow
            found.tell("updates.missing", Seen(self.values["updates.missing"]))

        return (
            collector("quick", "machine.name", BEAT_S, quick),
            collector("slow", "updates.missing", SIX_HOURS_S, slow, is_slow=True),
        )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def _stop_at(world: World, seconds: float) -> Callable[[float], bool]:
    end = world.clock.s + seconds
    return lambda _seconds: world.clock.s >= end


def test_nothing_new_is_said_in_sixteen_bytes(world: World) -> None:
    one = world.companion()
    one.once()
    one.beat()
    one.beat()
    kinds = [type(message).__name__ for message in world.server.heard]
    assert kinds == ["Report", "Fingerprint", "Fingerprint"]


def test_what_is_new_is_told_at_once_and_all_of_it_each_hour(world: World) -> None:
    one = world.companion()
    one.once()
    world.values["machine.name"] = "FAUTEUIL-1"
    one.beat()
    assert [report.identity.name for report in world.server.reports] == ["ACCUEIL", "FAUTEUIL-1"]
    world.clock.s += cadence.REPORT_S
    one.beat()
    assert len(world.server.reports) == 3


def test_unknown_fingerprint_brings_the_whole(world: World) -> None:
    one = world.companion()
    one.once()
    world.server.known = ""
    one.beat()
    assert isinstance(world.server.heard[-1], Report)
    assert one.state.standing is Standing.BELIEVED


def test_who_waits_says_no_more_than_that_it_is_there(world: World) -> None:
    world.state = replace(world.state, standing=Standing.WAITING)
    world.server.says = Outcome(Word.WAITING)
    one = world.companion()
    one.beat()
    one.beat()
    assert world.server.reports == []
    world.server.says = None
    one.beat()
    assert len(world.server.reports) == 1
    assert one.state.standing is Standing.BELIEVED


def test_beats_come_every_five_minutes_and_never_at_one_beat(world: World) -> None:
    one = world.companion()
    waits = {one.beat() for _time in range(50)}
    assert len(waits) > 40
    assert all(270 <= wait <= 330 for wait in waits)


def test_server_that_is_away_is_tried_sooner_then_as_ever(world: World) -> None:
    one = world.companion()
    one.once()
    world.server.is_lost = True
    world.values["machine.name"] = "FAUTEUIL-1"
    waits = [one.beat() for _time in range(12)]
    assert waits[0] < 30
    assert all(wait <= cadence.BEAT_S * 1.5 for wait in waits)
    assert one.state.unsent_since
    assert one.state.trouble == "no_route"
    world.server.is_lost = False
    one.beat()
    assert one.state.unsent_since == ""
    assert [report.identity.name for report in world.server.reports][1:] == ["FAUTEUIL-1"]


@pytest.mark.parametrize(("told", "least"), [(60.0, 60.0), (7200.0, 7200.0), (1e9, 86400.0)])
def test_it_comes_when_it_is_told_to_and_never_sooner(
    world: World, told: float, least: float
) -> None:
    world.server.says = Outcome(Word.LATER, told, "busy")
    wait = world.companion().beat()
    assert least <= wait <= least * 1.2


def test_server_that_understands_nothing_is_left_for_an_hour(world: World) -> None:
    world.server.says = Outcome(Word.STRANGE, None, "strange")
    assert world.companion().beat() >= 2800


def test_revoked_stops_asking_and_remembers(world: World) -> None:
    world.server.says = Outcome(Word.REVOKED)
    assert world.companion().run() is End.REVOKED
    assert len(world.server.heard) == 1
    kept = world.file.read()
    assert (kept.standing, kept.facts) == (Standing.REVOKED, {})


def test_revoked_knocks_and_says_nothing_of_the_machine(world: World) -> None:
    world.state = replace(world.state, standing=Standing.REVOKED)
    world.server.says = Outcome(Word.REVOKED)
    one, began_s = world.companion(), world.clock.s
    assert one.run() is End.REVOKED
    # At once: it holds the file meanwhile.
    assert world.clock.s == began_s
    assert world.server.heard == [fingerprint_of(())]
    assert 800 < one.beat() < 1000
    # Nobody looked.
    assert one._known.told(world.clock.s) == ()


@pytest.mark.parametrize("is_known", [False, True])
def test_revoked_by_mistake_is_heard_as_ever_once_that_is_taken_back(
    world: World, is_known: bool
) -> None:
    world.state = replace(world.state, standing=Standing.REVOKED)
    world.server.known = fingerprint_of(()).digest if is_known else ""
    one = world.companion()
    one.beat()
    assert one.state.standing is Standing.BELIEVED
    assert [report.identity.name for report in world.server.reports] == ["ACCUEIL"]
    assert world.file.read().standing is Standing.BELIEVED


def test_revoked_that_waits_again_says_no_more_than_that_it_is_there(world: World) -> None:
    world.state = replace(world.state, standing=Standing.REVOKED)
    world.server.says = Outcome(Word.WAITING)
    one = world.companion()
    one.beat()
    assert one.state.standing is Standing.WAITING
    assert world.server.reports == []


def test_revoked_stays_so_while_nobody_answers(world: World) -> None:
    world.state = replace(world.state, standing=Standing.REVOKED)
    world.server.is_lost = True
    one = world.companion()
    assert one.run() is End.REVOKED
    assert (one.state.standing, one.state.trouble) == (Standing.REVOKED, "no_route")


def test_slow_looks_come_after_the_beat_and_then_rest(world: World) -> None:
    world.clock.on_wait = _stop_at(world, 3 * 3600)
    assert world.companion().run() is End.DONE
    first = world.server.reports[0]
    assert "updates.missing" not in {one.key for one in first.facts}
    assert world.slow_looks == 1
    assert "updates.missing" in {one.key for one in world.server.reports[1].facts}
    assert 30 <= len(world.server.heard) <= 50


def test_what_is_seldom_looked_for_outlives_a_restart(world: World) -> None:
    world.companion().once()
    world.clock.s, world.clock.at = 10.0, world.clock.at.replace(hour=12)
    one = world.again()
    one.beat()
    told = {fact.key: fact for fact in one._known.told(10.0)}
    assert told["updates.missing"].age_s == 10_800
    world.clock.on_wait = _stop_at(world, 1800)
    one.run()
    assert world.slow_looks == 1


@pytest.mark.parametrize("year", [2016, 2036])
def test_wall_clock_that_jumps_moves_no_wait_and_no_age(world: World, year: int) -> None:
    one = world.companion()
    one.once()
    world.clock.at = world.clock.at.replace(year=year)
    assert 270 <= one.beat() <= 330
    assert {fact.age_s for fact in one._known.told(world.clock.s)} == {0}


@pytest.mark.parametrize("year", [2016, 2036])
def test_facts_that_a_wrong_clock_dates_are_not_recalled(world: World, year: int) -> None:
    world.companion().once()
    world.clock.at = world.clock.at.replace(year=year)
    one = world.again()
    assert one._known.told(world.clock.s) == ()


def test_machine_that_slept_looks_at_everything_and_lets_the_network_come(world: World) -> None:
    one = world.companion()
    one.once()
    world.slow_looks = 0

    def sleep_once(_seconds: float) -> bool:
        if len(world.clock.waits) == 3:
            world.clock.s += 8 * 3600
        return len(world.clock.waits) >= 8

    world.clock.on_wait = sleep_once
    assert one.run() is End.DONE
    assert world.slow_looks == 1


def test_slow_look_that_takes_too_long_keeps_what_was_known(world: World) -> None:
    one = world.companion()
    one.once()
    world.is_slow_stuck = True
    world.clock.s += SIX_HOURS_S
    one.once()
    told = {fact.key: fact for fact in one._known.told(world.clock.s)}
    assert (told["updates.missing"].value, told["updates.missing"].age_s) == (3, SIX_HOURS_S)


def test_slow_look_that_never_came_back_is_unknown(world: World) -> None:
    world.is_slow_stuck = True
    one = world.companion()
    one.once()
    told = {fact.key: fact for fact in one._known.told(world.clock.s)}
    assert told["updates.missing"].unknown == "not_readable"


def test_log_says_what_changed_and_nothing_else(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    one = world.companion()
    one.once()
    one.beat()
    assert caplog.messages == []
    world.server.is_lost = True
    one.beat()
    one.beat()
    world.server.is_lost = False
    one.beat()
    assert len(caplog.messages) == 2
    assert "ne se laisse pas joindre" in caplog.messages[0]
    assert caplog.messages[1] == "Inscrit et reconnu."


def test_full_disk_stops_nothing_but_the_file(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(_state: State) -> None:
        raise Unwritable

    one = world.companion()
    monkeypatch.setattr(world.file, "write", refuse)
    one.once()
    world.values["machine.name"] = "FAUTEUIL-1"
    one.beat()
    assert len(world.server.reports) == 2
    assert [record.message.count("disque plein") for record in caplog.records] == [1]
    monkeypatch.undo()
    one.beat()
    assert world.file.read().fingerprint == world.server.known


def test_file_is_not_written_for_a_beat(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = world.companion()
    one.once()
    written: list[State] = []
    monkeypatch.setattr(world.file, "write", written.append)
    for _time in range(6):
        world.clock.s += 300
        one.beat()
    assert written == []
