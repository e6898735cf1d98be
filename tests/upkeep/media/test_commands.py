"""What the commands of the media tell the journal of accesses, and the register."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import DatabaseError
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.config.cli import main
from quenotte.config.media import discs, disks, journal, rests, tapes
from quenotte.devices.media.carriers import Finding
from quenotte.devices.media.disks.fake import FakeSystem
from quenotte.devices.media.disks.register import Register
from quenotte.devices.media.sorts import Sort
from quenotte.devices.media.tape import carrier
from quenotte.devices.media.tape.device import BLOCK_BYTES, Status
from quenotte.devices.media.tape.simulator import SimulatedTape
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.guard import operations as guard
from quenotte.upkeep.guard.signals import Sign, Signal
from quenotte.upkeep.media import operations, queries
from tests.factories import AnomalyFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_engine]

A = "1111-aaaa"


@pytest.fixture(autouse=True)
def practice(folder: Path, machine: FakeSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "machine", lambda: machine)
    monkeypatch.setattr(disks, "_seen", machine.devices)
    monkeypatch.setattr(journal, "is_practice", lambda: True)
    (folder / "keys" / "journal.key").write_text("0" * 64)


def said(*wanted: object, code: int = 0) -> str:
    done = CliRunner().invoke(main, ["media", *map(str, wanted)])
    assert done.exit_code == code, (done.output, done.exception)
    return done.output


def lines() -> list[tuple[str, str, str, str]]:
    found = Line.objects.filter(object_kind="medium").order_by("number")
    return [(one.action, one.object_id, one.result, str(one.detail["state"])) for one in found]


def test_each_command_leaves_its_line(place: str, folder: Path, machine: FakeSystem):
    copy = backups.run(place)
    node = machine.plug(A).node
    said("enrol", "A", "--device", node)
    told = json.loads(said("write", "disk", "--from", place, "--json").splitlines()[-1])
    assert told["letter"] == "A"
    run = Register(folder).read().runs[-1]
    assert (run.letter, run.data_at) == ("A", copy.data_at)
    said("verify", "disk")
    machine.unplug(A)
    said("verify", "disk", code=1)
    assert lines() == [
        ("create", "A", "ok", "ready"),
        ("send", "A", "ok", "written"),
        ("read", "A", "ok", "sound"),
        ("read", "", "refused", "refused"),
    ]
    assert Line.objects.filter(object_kind="medium", source="cli").count() == 4
    sent = Line.objects.get(object_kind="medium", action="send")
    assert (sent.detail["media"], sent.detail["count"] > 3) == ("disk", True)


def test_disk_is_refused_while_an_anomaly_is_open(place: str, machine: FakeSystem):
    backups.run(place)
    said("enrol", "A", "--device", machine.plug(A).node)
    guard.raise_alarm([Signal(Sign.CANARY, 1)])
    assert "ne branchez pas le disque" in said("write", "disk", "--from", place, code=1)
    assert not (machine.content(A) / "QUENOTTE" / "depot").exists()
    assert lines()[-1] == ("send", "", "refused", "refused")


def test_disk_is_refused_although_the_mark_could_not_be_written(
    place: str, folder: Path, machine: FakeSystem, monkeypatch: pytest.MonkeyPatch
):
    backups.run(place)
    said("enrol", "A", "--device", machine.plug(A).node)
    with monkeypatch.context() as full:
        full.setattr(Register, "refuse", _unwritable)
        guard.raise_alarm([Signal(Sign.CANARY, 1)])
    assert not Register(folder).read().is_refused
    assert "ne branchez pas le disque" in said("write", "disk", "--from", place, code=1)
    said("list", "--json")
    assert not (machine.content(A) / "QUENOTTE" / "depot").exists()
    # The mark is written as soon as that can be, and suffices when no database answers.
    guard.settle_disks()
    monkeypatch.setattr(queries, "is_refused", _away)
    assert "ne branchez pas le disque" in said("write", "disk", "--from", place, code=1)


def test_mark_goes_with_the_anomaly_that_a_person_closed_and_not_with_its_row(folder: Path):
    Register(folder).refuse(True)
    guard.settle_disks()
    assert Register(folder).read().is_refused
    AnomalyFactory.create(closed_at=timezone.now(), ending="expected", reason="essai fait par nous")
    guard.settle_disks()
    assert not Register(folder).read().is_refused


def _unwritable(*_: object) -> None:
    raise OSError


def _away(*_: object) -> bool:
    raise DatabaseError


def test_list_sees_what_is_plugged_without_rights(
    folder: Path, machine: FakeSystem, links: Path, monkeypatch: pytest.MonkeyPatch
):
    said("enrol", "A", "--device", machine.plug(A).node)
    machine.unplug(A)
    assert "débranché" in said("list")
    monkeypatch.setattr(disks, "BY_UUID", links)
    (links / A).touch()
    assert "Disque A : branché" in said("list")
    # Where the machine tells nothing, what the worker saw last is believed.
    (links / A).unlink()
    links.rmdir()
    Register(folder).see({A}, timezone.now())
    assert "Disque A : branché" in said("list")


def test_tapes_and_labels_leave_theirs(place: str, folder: Path, tmp_path: Path):
    backups.run(place)
    tape = tmp_path / "b.tap"
    said("write", "tape", "--from", place, "--to", tape, "--new", "B-1")
    said("verify", "tape", "--from", tape)
    said("read", "tape", "--from", tape, "--to", tmp_path / "back")
    assert not Register(folder).read().shelved
    assert [line[:3] for line in lines()] == [
        ("send", "B-1", "ok"), ("read", "", "ok"), ("read", "", "ok"),
    ]  # fmt: skip


class Drive(SimulatedTape):
    """A drive, as far as a command can tell."""

    def status(self) -> Status:
        return replace(super().status(), is_simulated=False)


def test_tape_counts_once_under_its_own_name_and_leaves_the_drive(
    place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen_clock: Any
):
    drives: list[Drive] = []

    def opened(path: Path) -> Drive:
        drives.append(Drive(path))
        return drives[-1]

    monkeypatch.setattr(tapes, "LinuxTape", opened)
    backups.run(place)
    (tmp_path / "nst0").touch()
    words = ("write", "tape", "--from", place, "--to", tmp_path / "nst0")
    said(*words, "--new", "B-1")
    frozen_clock.shift(86_400)
    second = backups.run(place)
    said(*words)
    shelved = Register(folder).read().shelved
    assert [one.name for one in shelved] == ["B-1", "B-1"]
    assert shelved[-1].data_at == second.data_at
    for drive in drives:
        with pytest.raises(OSError, match="no tape"):
            drive.rewind()


def test_rest_of_a_copy_brings_back_what_that_copy_did(
    place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, frozen_clock: Any
):
    capacity = 12 * BLOCK_BYTES
    monkeypatch.setattr(tapes, "LinuxTape", lambda path: Drive(path, capacity_bytes=capacity))
    monkeypatch.setattr(carrier, "ARCHIVE_BYTES", 1)
    monday = backups.run(place)
    for name in ("1", "2", "3"):
        (tmp_path / name).touch()
    said("write", "tape", "--from", place, "--to", tmp_path / "1", "--new", "B-1")
    assert not Register(folder).read().shelved
    frozen_clock.shift(86_400)
    tuesday = backups.run(place)
    assert monday.data_at != tuesday.data_at
    capacity = 64 << 20
    words = ("write", "tape", "--from", place, "--new", "B-2", "--rest", "--to")
    said(*words, tmp_path / "2")
    (shelved,) = Register(folder).read().shelved
    assert (shelved.name, shelved.data_at) == ("B-2", monday.data_at)
    # Nothing is left: what is asked for is a whole copy, of today.
    said(*words, tmp_path / "3")
    assert Register(folder).read().shelved[-1].data_at == tuesday.data_at


def test_tape_that_does_not_read_back_settles_nothing_of_the_rest(
    place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    capacity, damages = 12 * BLOCK_BYTES, [Finding(Sort.CHANGED, "config")]
    monkeypatch.setattr(tapes, "LinuxTape", lambda path: Drive(path, capacity_bytes=capacity))
    monkeypatch.setattr(carrier, "ARCHIVE_BYTES", 1)
    monday = backups.run(place)
    for name in ("1", "2", "3", "4"):
        (tmp_path / name).touch()
    first = ("write", "tape", "--from", place, "--new", "B-1", "--to")
    rest = ("write", "tape", "--from", place, "--new", "B-2", "--rest", "--to")

    def damaged(*words: object) -> None:
        with monkeypatch.context() as context:
            context.setattr(carrier.TapeCarrier, "verify", lambda _tape: damages)
            said(*words, code=1)

    # The first one is of no use: there is no rest of it, nor of a copy before.
    rests.keep(["config"], None)
    damaged(*first, tmp_path / "1")
    assert rests.kept() is None
    # The second one is: what is left stays for another.
    said(*first, tmp_path / "2")
    left = rests.kept()
    assert left
    capacity = 64 << 20
    damaged(*rest, tmp_path / "3")
    assert rests.kept() == left
    assert not Register(folder).read().shelved
    said(*rest, tmp_path / "4")
    assert rests.kept() is None
    assert Register(folder).read().shelved[-1].data_at == monday.data_at


def test_rest_that_is_gone_makes_no_copy(
    place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    backups.run(place)
    rests.keep(["config", "data/gone"], None)
    tape = tmp_path / "b.tap"
    words = ("write", "tape", "--from", place, "--to", tape, "--new", "B-2", "--rest")
    assert "n’est plus tout entier dans le dépôt" in said(*words, code=1)
    assert not tape.exists()


def test_database_that_does_not_answer_stops_no_command(
    place: str, machine: FakeSystem, monkeypatch: pytest.MonkeyPatch, folder: Path
):
    def away(*_: object, **__: object) -> None:
        raise DatabaseError

    backups.run(place)
    said("enrol", "A", "--device", machine.plug(A).node)
    monkeypatch.setattr(operations, "tell", away)
    monkeypatch.setattr(operations, "note_run", away)
    output = said("write", "disk", "--from", place)
    assert "n’a pas pu être inscrite au journal" in output
    assert Register(folder).read().runs[-1].letter == "A"


def test_blank_machine_has_no_journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.undo()
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "blank"))
    monkeypatch.delenv("QUENOTTE_DATABASE_URL", raising=False)
    assert not journal.is_practice()
    assert not journal.note_run("A", A, None)
    monkeypatch.setenv("QUENOTTE_DATABASE_URL", "postgres://x/y")
    assert journal.is_practice()


def test_discs_that_are_burnt_are_out_of_reach(
    place: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(discs, "is_drive", (tmp_path / "sr0").__eq__)
    copy = backups.run(place)
    (tmp_path / "images").mkdir()
    (tmp_path / "sr0").touch()
    wanted = ["--from", place, "--to", tmp_path / "images", "--disc", "cd"]
    said("write", "optical", *wanted, "--set", "S-1")
    assert not Register(folder).read().shelved
    said("write", "optical", *wanted, "--set", "S-2", "--burn", tmp_path / "sr0")
    (shelved,) = Register(folder).read().shelved
    assert (shelved.kind, shelved.name, shelved.data_at) == ("optical", "S-2", copy.data_at)
    # What a disc holds already is not burnt over, even where the disc would allow it.
    output = said(
        "burn", "--from", tmp_path / "images", "--set", "S-1", "--to", tmp_path / "sr0", code=1
    )
    assert "pas de disque vierge" in output
    assert len(Register(folder).read().shelved) == 1
