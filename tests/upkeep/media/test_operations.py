"""Disks as the worker sees them come, stay and go."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone

from quenotte.base import openings
from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.register import Register
from quenotte.devices.media.disks.rotation import Alarm, Run
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.backups.rules import Light, Reason
from quenotte.upkeep.guard import operations as guard
from quenotte.upkeep.guard.models import Anomaly
from quenotte.upkeep.guard.signals import Sign, Signal
from quenotte.upkeep.media import jobs, operations, panels, queries
from tests.factories import CopyFactory, OpeningPeriodFactory
from tests.upkeep.guard.test_operations import as_actor

pytestmark = pytest.mark.django_db

A, B = "1111-aaaa", "2222-bbbb"


@pytest.fixture
def register(folder: Path) -> Register:
    found = Register(folder)
    found.enrol("A", A)
    found.enrol("B", B)
    return found


def reasons() -> set[Reason]:
    return set(backups.status().reasons)


def told() -> list[str]:
    lines = Line.objects.filter(object_kind="medium").order_by("number")
    return [str(one.detail.get("state")) for one in lines]


def test_practice_without_disks_looks_at_nothing(folder: Path, machine: FakeSystem, links: Path):
    machine.plug(A)
    assert operations.watch(machine, links=links) == []
    jobs.watch.function()
    assert queries.situation().disks == ()
    assert queries.told(timezone.now()).reasons == ()
    assert not (folder / "media" / "disks.json").exists()


def test_disk_that_comes_and_goes_is_remembered(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    came = timezone.now()
    machine.plug(A)
    operations.watch(machine, links=links)
    frozen_clock.shift(600)
    operations.watch(machine, links=links)
    first, second = queries.situation().disks
    assert (first.letter, first.plugged_since, first.seen_at) == (
        "A", came, came + timedelta(minutes=10),
    )  # fmt: skip
    assert (second.plugged_since, second.seen_at) == (None, None)
    machine.unplug(A)
    operations.watch(machine, links=links)
    first = queries.situation().disks[0]
    assert (first.plugged_since, first.seen_at) == (None, came + timedelta(minutes=10))
    # Pages hear of what came and of what went, not of each look.
    assert Event.objects.filter(name="backups.changed").count() == 2


def test_disk_is_seen_without_rights_by_its_link(
    register: Register, machine: FakeSystem, links: Path
):
    (links / B).touch()
    operations.watch(machine, links=links)
    assert register.read().plugged == {B}
    # Where the machine tells nothing at all, what was seen stays.
    operations.watch(machine, links=links / "nowhere")
    assert register.read().plugged == {B}


def test_disk_left_behind_shows_and_is_told_once(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    copy = CopyFactory.create()
    machine.plug(A)
    operations.note_run("A", A, operations.data_at_of(copy.destination.place))
    assert register.read().runs[-1].data_at == copy.data_at
    assert Reason.ALL_PLUGGED in reasons()
    assert operations.watch(machine, links=links) == ["no_offline"]
    frozen_clock.shift(29 * 60)
    assert operations.watch(machine, links=links) == []
    frozen_clock.shift(60)
    assert operations.watch(machine, links=links) == ["still_plugged"]
    assert operations.watch(machine, links=links) == []
    assert Reason.DISK_LEFT in reasons()
    machine.unplug(A)
    operations.watch(machine, links=links)
    assert Reason.DISK_LEFT not in reasons()
    assert Reason.ALL_PLUGGED not in reasons()
    assert told() == ["no_offline", "still_plugged"]
    assert "1 hors ligne depuis aujourd’hui" in backups.status().sentence
    assert "sur 2 supports" in backups.status().sentence


def test_next_disk_is_no_forgotten_one_while_it_waits_and_is_written(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    now = timezone.now()
    register.note(Run("A", A, now - timedelta(days=4)))
    register.note(Run("B", B, now - timedelta(days=2)))
    machine.plug(A)
    assert operations.watch(machine, links=links) == []
    with register.visiting(A):
        frozen_clock.shift(24 * 3_600)
        assert operations.watch(machine, links=links) == []
        assert [disk.is_visited for disk in queries.situation().disks] == [True, False]
        page = panels.card(RequestFactory().get("/"))
        assert "travail en cours" in page
        # A second visit at once is none of the mark's business.
        with register.visiting(B):
            assert register.visited == A
    assert register.visited == ""
    assert "travail en cours" not in panels.card(RequestFactory().get("/"))
    assert operations.watch(machine, links=links) == ["still_plugged"]


def test_disk_is_missed_at_opening_by_the_hours_of_the_practice(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any, alice: Any
):
    # Tuesdays from 9.40 on; it is 9.30.
    OpeningPeriodFactory.create(
        practice=alice.practice, practitioner=None, weekday=1, opens_minute=580, closes_minute=1_000
    )
    machine.plug(A)
    operations.note_run("A", A, operations.data_at_of("/nowhere"))
    frozen_clock.shift(9 * 60)
    assert "still_plugged" not in operations.watch(machine, links=links)
    frozen_clock.shift(60)
    assert "still_plugged" in operations.watch(machine, links=links)


def test_disk_that_waits_is_left_alone_after_lunch_and_when_a_colleague_begins(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any, alice: Any
):
    # It is Tuesday, 9.30: the practice opened at 8.30.
    hours = [(1, 510, 720), (1, 840, 1_140), (2, 510, 720), (2, 840, 1_140)]
    for weekday, opens, closes in hours:
        OpeningPeriodFactory.create(
            practice=alice.practice, practitioner=None, weekday=weekday, opens_minute=opens,
            closes_minute=closes,
        )  # fmt: skip
    OpeningPeriodFactory.create(
        practice=alice.practice, practitioner=alice, weekday=1, opens_minute=600, closes_minute=700
    )
    machine.plug(A)
    for minutes in (0, 30, 240):
        frozen_clock.shift(minutes * 60)
        assert "still_plugged" not in operations.watch(machine, links=links)
    assert Reason.DISK_LEFT not in reasons()
    # At 8.30 the next day nobody is to have left it there.
    frozen_clock.shift(18 * 3_600 + 29 * 60)
    assert "still_plugged" not in operations.watch(machine, links=links)
    frozen_clock.shift(60)
    assert "still_plugged" in operations.watch(machine, links=links)


def test_practice_without_hours_opens_at_eight_on_working_days(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(openings, "_tellers", [lambda _after: None])
    zone = timezone.get_default_timezone()
    for moment, opens in (
        (datetime(2026, 3, 17, 7), datetime(2026, 3, 17, 8)),
        (datetime(2026, 3, 17, 19), datetime(2026, 3, 18, 8)),
        (datetime(2026, 3, 21, 12), datetime(2026, 3, 23, 8)),
    ):
        assert queries.opening_after(moment.replace(tzinfo=zone)) == opens.replace(tzinfo=zone)


def test_same_disk_twice_and_none_offline_for_days_show(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    copy = CopyFactory.create()
    for _ in range(2):
        operations.note_run("A", A, operations.data_at_of(copy.destination.place))
        operations.watch(machine, links=links)
        frozen_clock.shift(86_400)
    assert queries.situation().next_letter == "B"
    assert Reason.SAME_DISK in reasons()
    frozen_clock.shift(8 * 86_400)
    assert operations.watch(machine, links=links) == ["no_offline"]
    assert Reason.OFFLINE_STALE in reasons()
    assert backups.status().light is Light.RED


def test_disk_that_stays_for_a_week_is_no_offline_copy(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    copy = CopyFactory.create()
    machine.plug(A)
    operations.note_run("A", A, operations.data_at_of(copy.destination.place))
    operations.watch(machine, links=links)
    frozen_clock.shift(9 * 86_400)
    operations.watch(machine, links=links)
    assert Reason.ALL_PLUGGED in reasons()


def test_page_and_light_say_the_same_of_two_disks_that_are_plugged(
    register: Register, machine: FakeSystem, links: Path, frozen_clock: Any
):
    copy = CopyFactory.create()
    for letter, uuid in (("A", A), ("B", B)):
        machine.plug(uuid)
        operations.note_run(letter, uuid, operations.data_at_of(copy.destination.place))
    operations.watch(machine, links=links)
    assert Alarm.NO_OFFLINE in queries.situation().alarms
    assert Reason.ALL_PLUGGED in reasons()
    assert backups.status().light is Light.RED
    # One in a drawer is out of reach at once, however long the other stays.
    machine.unplug(B)
    frozen_clock.shift(60)
    operations.watch(machine, links=links)
    assert Alarm.NO_OFFLINE not in queries.situation().alarms
    assert not {Reason.ALL_PLUGGED, Reason.OFFLINE_STALE, Reason.NEVER_OFFLINE} & reasons()
    assert "1 hors ligne depuis aujourd’hui" in backups.status().sentence


def test_tape_in_a_drawer_is_out_of_reach_for_the_alarms_of_the_disks_too(
    register: Register, machine: FakeSystem, links: Path
):
    copy = CopyFactory.create()
    machine.plug(A)
    operations.note_run("A", A, operations.data_at_of(copy.destination.place))
    operations.note_shelved("tape", "B-1", operations.data_at_of(copy.destination.place))
    assert operations.watch(machine, links=links) == []
    assert Reason.ALL_PLUGGED not in reasons()


@pytest.mark.django_db(transaction=True)
def test_plugged_disk_is_red_while_an_anomaly_is_open(
    register: Register, machine: FakeSystem, links: Path, alice: Any
):
    register.note(Run("A", A, timezone.now() - timedelta(days=1)))
    machine.plug(A)
    guard.raise_alarm([Signal(Sign.CANARY, 1)])
    assert "refused" in operations.watch(machine, links=links)
    found = queries.situation()
    assert found.is_refused
    assert Alarm.REFUSED in found.alarms
    assert {Reason.ANOMALY, Reason.DISK_REFUSED} <= reasons()
    guard.close(
        actor=as_actor(alice), anomaly_id=Anomaly.objects.get().id, ending="repaired",
        reason="Poste nettoyé, fichiers remis",
    )  # fmt: skip
    operations.watch(machine, links=links)
    assert not queries.situation().is_refused


def test_plugged_disk_is_red_although_the_mark_could_not_be_written(
    register: Register, machine: FakeSystem, links: Path
):
    register.note(Run("A", A, timezone.now() - timedelta(days=1)))
    machine.plug(A)
    guard.raise_alarm([Signal(Sign.CANARY, 1)])
    register.refuse(False)
    assert "refused" in operations.watch(machine, links=links)
    assert queries.situation().is_refused
    assert {Reason.ANOMALY, Reason.DISK_REFUSED} <= reasons()


def test_register_that_cannot_be_read_stops_no_page(folder: Path):
    (folder / "media").mkdir()
    (folder / "media" / "disks.json").write_text("{")
    assert queries.told(timezone.now()).places == ()
    assert "ne sait plus rien des disques" in panels.card(RequestFactory().get("/"))


def test_discs_and_tapes_are_copies_out_of_reach(folder: Path, frozen_clock: Any):
    copy = CopyFactory.create()
    assert Reason.NEVER_OFFLINE in reasons()
    operations.note_shelved("optical", "2026-03", operations.data_at_of(copy.destination.place))
    frozen_clock.shift(3 * 86_400)
    operations.note_shelved("tape", "B-1", operations.data_at_of(copy.destination.place))
    operations.note_shelved("tape", "B-1", operations.data_at_of(copy.destination.place))
    assert "sur 3 supports, 2 hors ligne depuis 3 jours" in backups.status().sentence
    assert Reason.NEVER_OFFLINE not in reasons()
    frozen_clock.shift(6 * 86_400)
    assert Reason.OFFLINE_STALE in reasons()
    # What a place held that nobody knows brings back nobody knows what.
    operations.note_shelved("tape", "B-2", operations.data_at_of("/elsewhere"))
    assert Reason.OFFLINE_STALE in reasons()
