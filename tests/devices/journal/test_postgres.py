"""What becomes of PostgreSQL's log, with a server and programs that are made up.

The real ones take part in `tests/real/test_journal_of_postgres.py`.
"""

import errno
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.journal import clusters, pieces, segments, status
from quenotte.devices.journal.deltas import Damaged
from quenotte.devices.journal.replay import CannotReplay
from quenotte.devices.journal.running import run_postgres
from quenotte.devices.journal.segments import Cluster, Foreign
from quenotte.devices.journal.sentences import sentence_of
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.server import SIZE, SYSTEM, WELL, Receiver, Server, name_of, segment
from tests.devices.journal.site import SEAL


def test_log_is_sent_as_it_grows(server: Server):
    assert server.turn() == WELL
    for written in (600, 600, 900):
        server.has(1, written=written)
        assert server.turn() == WELL
    server.has(1, whole=True)
    server.has(2, written=700)
    server.turn()
    server.turn()
    assert server.shipper.is_current
    made = server.laid(until=datetime(2026, 3, 1, tzinfo=UTC))
    assert (made.segments, made.is_whole, made.system) == (2, True, str(SYSTEM))
    assert server.log_of(1) == segment(1).ljust(SIZE, b"\0")
    assert server.log_of(2) == segment(2)[:700].ljust(SIZE, b"\0")
    told = (server.folder / "made" / "postgresql.auto.conf").read_text()
    assert "recovery_target_time = '2026-03-01T00:00:00+00:00'" in told
    assert (server.folder / "made" / "recovery.signal").exists()
    names = sorted(path.name for path in (server.folder / "state" / "received").iterdir())
    assert names == [name_of(2) + segments.PARTIAL]
    sizes = [len(server.carrier.get(name)) for name in server.carrier.names()]
    assert sum(sizes) < 10_000


def test_base_alone_can_be_laid_out(server: Server):
    server.turn()
    assert server.laid().segments == 0
    assert (server.folder / "made" / "PG_VERSION").read_text() == "base 1"


def test_segment_begun_before_a_base_is_completed_by_what_the_base_brought(server: Server):
    server.turn()
    server.has(1, written=400)
    server.turn()
    server.shipper.memory = server.shipper.memory.__class__(
        **{**server.shipper.memory.__dict__, "later_bytes": 2**40}
    )
    server.turn()
    server.has(1, written=900)
    server.turn()
    assert server.bases == 2
    assert server.shipper.memory.holes == ()
    server.laid()
    assert server.log_of(1) == segment(1)[:900].ljust(SIZE, b"\0")


@pytest.mark.parametrize(
    "come", [{"number": 3}, {"number": 2, "system": 5}, {"number": 2, "timeline": 2}]
)
def test_log_that_does_not_belong_is_a_declared_gap(server: Server, come: dict[str, Any]):
    server.turn()
    server.has(1, whole=True)
    server.turn()
    server.has(**come)
    assert server.turn() == (Chain.GAP, Why.REPLACED)
    assert not server.shipper.is_current
    server.has(3, written=300)
    assert server.turn() == WELL
    assert [hole.why for hole in server.shipper.memory.holes] == ["away"]
    assert server.bases == 2
    made = server.laid()
    assert (made.segments, (server.folder / "made" / "PG_VERSION").read_text()) == (1, "base 2")


def test_other_cluster_begins_with_a_base(server: Server):
    server.turn()
    server.cluster = Cluster(str(SYSTEM), 2)
    assert server.turn() == WELL
    assert [hole.why for hole in server.shipper.memory.holes] == ["replaced"]
    assert server.shipper.told().holes == server.shipper.memory.holes
    for path in sorted(server.carrier.path.iterdir())[1:]:
        path.unlink()
    assert server.laid().timeline == 1


def test_slot_that_keeps_nothing_is_made_anew(server: Server):
    server.turn()
    server.has(1, written=0)
    server.receiver.code = 1
    assert server.turn() == WELL
    assert (server.slots, server.bases) == (["made", "dropped", "made"], 2)
    server.has(1)
    server.turn()
    server.receiver.code = 1
    server.turn()
    assert (server.slots[-1], server.bases) == ("made", 2)


def test_log_that_the_server_threw_away_is_a_declared_gap(server: Server):
    server.turn()
    server.has(1)
    server.turn()
    # Ends once, as when the server is started anew; then again without a byte more.
    for slots, bases in (("made", 1), ("made", 2)):
        server.receiver.code = 1
        server.turn()
        assert (server.slots[-1], server.bases) == (slots, bases)
    assert server.slots.count("dropped") == 1
    assert [hole.why for hole in server.shipper.memory.holes] == ["away"]
    assert server.turn() == WELL


def test_receiver_that_does_not_live_is_told(server: Server, monkeypatch: pytest.MonkeyPatch):
    dead = Receiver()
    dead.code = 1
    monkeypatch.setattr(clusters, "receive", lambda *_: dead)
    assert server.turn() == (Chain.GAP, Why.NOT_RECEIVED)
    assert not server.shipper.is_current


def test_server_that_lets_nobody_follow_is_told_and_followed_once_it_does(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    def refused(_dsn: str) -> None:
        raise clusters.NotAllowed(Why.NO_ROLE)

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "check_allowed", refused)
        assert server.turn() == (Chain.SNAPSHOTS, Why.NO_ROLE)
        assert server.turn() == (Chain.SNAPSHOTS, Why.NO_ROLE)
        assert not server.shipper.is_current
    assert "ALTER ROLE" in sentence_of(server.shipper.state)
    assert server.turn() == WELL
    assert (server.bases, server.shipper.memory.holes) == (1, ())


def test_place_that_comes_later_gets_a_base(server: Server):
    server.turn()
    server.has(1, written=400)
    server.turn()
    server.joins(server.folder / "another")
    assert server.turn() == WELL
    server.has(1, written=900)
    assert server.turn() == WELL
    assert server.bases == 2
    assert server.shipper.memory.holes == ()
    server.laid()
    assert server.log_of(1) == segment(1)[:900].ljust(SIZE, b"\0")


def test_restart_goes_on_where_it_was(server: Server):
    server.turn()
    server.has(1, written=600)
    counted = server.shipper.memory
    server.shipper.turn()
    # Killed before the memory counted the piece that is in the spool.
    server.shipper._remember(counted)
    server.begin()
    server.has(1, written=900)
    assert server.turn() == WELL
    made = server.laid()
    assert (made.is_whole, server.bases) == (True, 1)
    assert server.log_of(1) == segment(1)[:900].ljust(SIZE, b"\0")


def test_base_that_was_not_counted_is_made_again(server: Server):
    empty = server.shipper.memory
    server.shipper.turn()
    server.shipper._remember(empty)
    server.begin()
    assert server.shipper.memory.sequence == 1
    assert server.turn() == WELL
    assert (server.bases, server.laid().is_whole) == (2, True)


def test_piece_that_is_torn_is_thrown_away(server: Server):
    server.turn()
    server.has(1, written=600)
    counted = server.shipper.memory
    server.shipper.turn()
    server.shipper._remember(counted)
    (name,) = server.shipper.spool.names()
    (server.shipper.spool.path / name).write_bytes(b"torn")
    server.begin()
    assert server.turn() == WELL
    assert server.laid().is_whole


def test_memory_that_is_lost_begins_after_what_the_carrier_has(server: Server):
    server.turn()
    server.has(1)
    server.turn()
    (server.folder / "state" / "state.json").write_text("[]")
    server.begin()
    assert server.turn() == WELL
    assert server.shipper.memory.base == 3


def test_what_may_pass_is_told_and_passes(server: Server, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def fails(*_: object) -> None:
        raise clusters.ProgramFailed("pg_basebackup: no")

    def is_missing(*_: object) -> None:
        raise clusters.ProgramMissing

    told = ((full, Why.DISK_FULL), (fails, Why.ENGINE), (is_missing, Why.NO_PROGRAM))
    for broken, why in told:
        with monkeypatch.context() as patched:
            patched.setattr(clusters, "copy_base", broken)
            assert server.turn() == (Chain.GAP, why)
    with monkeypatch.context() as patched:
        patched.setattr("quenotte.devices.journal.postgres.SPOOL_BYTES", -1)
        assert server.turn() == (Chain.GAP, Why.WAITING)
    assert server.turn() == WELL
    server.shipper.close()


def test_nothing_to_lay_out_is_refused(server: Server):
    with pytest.raises(CannotReplay):
        server.laid()
    server.turn()
    for path in server.carrier.path.iterdir():
        raw = SEAL.open(path.read_bytes())
        for length in (0, 9, 14, len(raw) - 3):
            with pytest.raises(Damaged):
                pieces.unpack(raw[:length])
        path.write_bytes(b"rotten")
    with pytest.raises(CannotReplay):
        server.laid()


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("history", segment(1)),
        (name_of(1), b""),
        (name_of(1), b"\0" * 40),
        (name_of(2), segment(1)),
        (name_of(1), segment(1, system=1)),
        (name_of(1, 2), segment(1)),
        (name_of(1), segment(1, timeline=2)),
    ],
)
def test_first_page_tells_what_a_segment_is(name: str, start: bytes):
    cluster = Cluster(str(SYSTEM), 1)
    segments.look_at(name_of(1), segment(1), cluster)
    with pytest.raises(Foreign):
        segments.look_at(name, start, cluster)


def test_segments_follow_one_another_over_the_end_of_a_log():
    assert segments.follows(f"{1:08X}{1:08X}{0:08X}", f"{1:08X}{0:08X}{4095:08X}", SIZE)
    assert not segments.follows(name_of(3), name_of(1), SIZE)
    assert not segments.follows(name_of(2, 2), name_of(1), SIZE)


def test_program_that_fails_says_why(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    program = tmp_path / "fails"
    program.write_text("#!/bin/sh\necho because >&2\nexit 3\n")
    program.chmod(0o700)
    monkeypatch.setattr(clusters, "binaries", lambda: tmp_path)
    with pytest.raises(clusters.ProgramFailed, match="fails: because"):
        clusters.run("fails")


def test_programs_are_found_or_missed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setattr(clusters, "_PLACES", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(clusters.ProgramMissing):
        clusters.binaries()
    for place in ("pg_receivewal", "9/bin/pg_receivewal", "15/bin/pg_receivewal"):
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(0o700)
        assert clusters.binaries() == path.parent


@pytest.mark.real_clock
def test_cluster_is_followed_by_the_same_loop(server: Server):
    stop = threading.Event()
    state = server.folder / "state"
    arguments = ("", {"Disque": server.carrier}, SEAL, state, stop)
    thread = threading.Thread(target=run_postgres, args=arguments, kwargs={"every_s": 0.02})
    thread.start()
    deadline = time.monotonic() + 20
    while not (told := status.read(state)) or not told.carriers[0].current_to:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    stop.set()
    thread.join()
    assert (told.chain, told.sequence) == ("proven", 1)
