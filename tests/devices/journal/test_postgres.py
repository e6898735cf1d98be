"""What becomes of PostgreSQL's log, with a server and programs that are made up.

The real ones take part in `tests/real/test_journal_of_postgres.py`.
"""

import errno
import struct
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quenotte.devices.journal import asking, clusters, pieces, segments, status
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.deltas import Damaged
from quenotte.devices.journal.postgres import PostgresShipper
from quenotte.devices.journal.postgres_replay import lay_out
from quenotte.devices.journal.replay import CannotReplay
from quenotte.devices.journal.running import Delivery, run_postgres
from quenotte.devices.journal.segments import Cluster, Foreign
from quenotte.devices.journal.sentences import sentence_of
from quenotte.devices.journal.spool import Courier, Spool, sweep
from quenotte.devices.journal.states import Chain, Why
from quenotte.devices.journal.status import Delivered
from tests.devices.journal.site import SEAL

_SIZE = 2**20
_SYSTEM = 7713071688853618865


def _segment(number: int, *, system: int = _SYSTEM, timeline: int = 1) -> bytes:
    head = struct.pack(
        "<HHIQI4xQII", 0xD110, 2, timeline, number * _SIZE, 0, system, _SIZE, 8192
    )  # fmt: skip
    return head + b"w" * 1000


def _name(number: int, timeline: int = 1) -> str:
    return f"{timeline:08X}{0:08X}{number:08X}"


class _Receiver:
    """The program that receives: it lives until it is told to end."""

    code: int | None = None

    def poll(self) -> int | None:
        return self.code

    def terminate(self) -> None:
        self.code = 0

    def wait(self) -> int:
        return 0


class Server:
    """A server that is made up."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.cluster = Cluster(str(_SYSTEM), 1)
        self.folder = folder
        self.receiver = _Receiver()
        self.slots: list[str] = []
        self.bases = 0
        self.bytes = 0
        self.now_s = 1000.0
        for name in (
            *("identify", "segment_size", "size_bytes"),
            *("make_slot", "drop_slot", "copy_base", "receive"),
        ):
            monkeypatch.setattr(clusters, name, getattr(self, name))
        monkeypatch.setattr(clusters, "is_received", lambda _dsn: True)
        monkeypatch.setattr(clusters, "check_allowed", lambda _dsn: None)
        self.carrier = Folder(folder / "carrier")
        self.carrier.path.mkdir()
        self.begin()

    def begin(self) -> None:
        self.shipper = PostgresShipper("", self.folder / "state", SEAL, now=lambda: self.now_s)
        self.courier = Courier(self.carrier, self.shipper.spool, SEAL, pieces.opened)

    def identify(self, _dsn: str) -> Cluster:
        return self.cluster

    def segment_size(self, _dsn: str) -> int:
        return _SIZE

    def size_bytes(self, _dsn: str) -> int:
        return self.bytes

    def make_slot(self, _dsn: str) -> None:
        self.slots.append("made")

    def drop_slot(self, _dsn: str) -> None:
        self.slots.append("dropped")

    def receive(self, _dsn: str, _folder: Path, words: Path) -> _Receiver:
        words.write_text("why it ended")
        self.receiver = _Receiver()
        return self.receiver

    def copy_base(self, _dsn: str, folder: Path) -> None:
        self.bases += 1
        (folder / "pg_wal").mkdir(parents=True)
        (folder / "pg_wal" / _name(1)).write_bytes(_segment(1)[:500].ljust(_SIZE, b"\0"))
        (folder / "PG_VERSION").write_text(f"base {self.bases}")

    def has(self, number: int, *, written: int = 1040, whole: bool = False, **more: int) -> None:
        """Let so much of a segment have been received."""
        received = self.folder / "state" / "received"
        body = _segment(number, **more)[:written].ljust(_SIZE, b"\0")
        name = _name(number, more.get("timeline", 1))
        (received / (name + segments.PARTIAL)).unlink(missing_ok=True)
        (received / (name if whole else name + segments.PARTIAL)).write_bytes(body)

    def turn(self) -> tuple[Chain, Why]:
        self.courier.greet()
        state = self.shipper.turn([self.courier])
        self.courier.deliver()
        sweep(self.shipper.spool, [self.courier])
        return state.chain, state.why

    def delivered(self, turn_at: str) -> Delivered:
        """Bring what waits as the loop does; return what is said of the place."""
        delivery = Delivery("Coffre", self.courier)
        delivery.ask(turn_at)
        delivery.start()
        delivery.end(20)
        return delivery.told()

    def laid(self, **more: datetime):
        return lay_out([self.carrier], self.folder / "made", SEAL, **more)

    def log_of(self, number: int) -> bytes:
        return (self.folder / "made-log" / _name(number)).read_bytes()


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    return Server(tmp_path, monkeypatch)


_WELL = (Chain.PROVEN, Why.NOTHING)


def test_log_is_sent_as_it_grows(server: Server):
    assert server.turn() == _WELL
    for written in (600, 600, 900):
        server.has(1, written=written)
        assert server.turn() == _WELL
    server.has(1, whole=True)
    server.has(2, written=700)
    server.turn()
    server.turn()
    assert server.shipper.is_current
    made = server.laid(until=datetime(2026, 3, 1, tzinfo=UTC))
    assert (made.segments, made.is_whole, made.system) == (2, True, str(_SYSTEM))
    assert server.log_of(1) == _segment(1).ljust(_SIZE, b"\0")
    assert server.log_of(2) == _segment(2)[:700].ljust(_SIZE, b"\0")
    told = (server.folder / "made" / "postgresql.auto.conf").read_text()
    assert "recovery_target_time = '2026-03-01T00:00:00+00:00'" in told
    assert (server.folder / "made" / "recovery.signal").exists()
    names = sorted(path.name for path in (server.folder / "state" / "received").iterdir())
    assert names == [_name(2) + segments.PARTIAL]
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
    assert server.log_of(1) == _segment(1)[:900].ljust(_SIZE, b"\0")


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
    assert server.turn() == _WELL
    assert [hole.why for hole in server.shipper.memory.holes] == ["away"]
    assert server.bases == 2
    made = server.laid()
    assert (made.segments, (server.folder / "made" / "PG_VERSION").read_text()) == (1, "base 2")


def test_other_cluster_begins_with_a_base(server: Server):
    server.turn()
    server.cluster = Cluster(str(_SYSTEM), 2)
    assert server.turn() == _WELL
    assert [hole.why for hole in server.shipper.memory.holes] == ["replaced"]
    assert server.shipper.told().holes == server.shipper.memory.holes
    for path in sorted(server.carrier.path.iterdir())[1:]:
        path.unlink()
    assert server.laid().timeline == 1


def test_slot_that_keeps_nothing_is_made_anew(server: Server):
    server.turn()
    server.has(1, written=0)
    server.receiver.code = 1
    assert server.turn() == _WELL
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
    assert server.turn() == _WELL


def test_receiver_that_does_not_live_is_told(server: Server, monkeypatch: pytest.MonkeyPatch):
    dead = _Receiver()
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
    assert server.turn() == _WELL
    assert (server.bases, server.shipper.memory.holes) == (1, ())


def test_place_that_comes_later_gets_a_base(server: Server):
    server.turn()
    server.has(1, written=400)
    server.turn()
    server.carrier = Folder(server.folder / "another")
    server.carrier.path.mkdir()
    server.shipper.close()
    server.begin()
    assert server.turn() == _WELL
    server.has(1, written=900)
    assert server.turn() == _WELL
    assert server.bases == 2
    assert server.shipper.memory.holes == ()
    server.laid()
    assert server.log_of(1) == _segment(1)[:900].ljust(_SIZE, b"\0")


def test_restart_goes_on_where_it_was(server: Server):
    server.turn()
    server.has(1, written=600)
    counted = server.shipper.memory
    server.shipper.turn()
    # Killed before the memory counted the piece that is in the spool.
    server.shipper._remember(counted)
    server.begin()
    server.has(1, written=900)
    assert server.turn() == _WELL
    made = server.laid()
    assert (made.is_whole, server.bases) == (True, 1)
    assert server.log_of(1) == _segment(1)[:900].ljust(_SIZE, b"\0")


def test_base_that_was_not_counted_is_made_again(server: Server):
    empty = server.shipper.memory
    server.shipper.turn()
    server.shipper._remember(empty)
    server.begin()
    assert server.shipper.memory.sequence == 1
    assert server.turn() == _WELL
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
    assert server.turn() == _WELL
    assert server.laid().is_whole


def test_memory_that_is_lost_begins_after_what_the_carrier_has(server: Server):
    server.turn()
    server.has(1)
    server.turn()
    (server.folder / "state" / "state.json").write_text("[]")
    server.begin()
    assert server.turn() == _WELL
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
    assert server.turn() == _WELL
    server.shipper.close()


def test_base_that_cannot_be_made_holds_up_no_log(server: Server, monkeypatch: pytest.MonkeyPatch):
    server.turn()
    asking.ask_base(server.shipper.folder)
    tries: list[float] = []

    def fails(_dsn: str, folder: Path) -> None:
        folder.mkdir()
        tries.append(server.now_s)
        raise clusters.ProgramFailed("pg_basebackup: no")

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "copy_base", fails)
        for written in range(600, 1000, 2):
            server.has(1, written=written)
            assert server.turn() == (Chain.PROVEN, Why.NO_BASE)
            assert server.shipper.is_current
            server.now_s += 20
    server.laid()
    assert server.log_of(1) == _segment(1)[:998].ljust(_SIZE, b"\0")
    assert [round(at - tries[0]) for at in tries] == [0, 60, 180, 420, 900, 1860, 3780]
    assert not (server.shipper.folder / "base").exists()
    assert "essayée de nouveau" in sentence_of(server.shipper.state)
    # It is still asked for, and comes once it can be made.
    server.now_s += 3600
    assert server.turn() == _WELL
    assert (server.bases, asking.is_base_asked(server.shipper.folder)) == (2, False)
    assert server.shipper.memory.holes == ()


def test_base_that_does_not_fit_is_not_begun(server: Server):
    server.bytes = 10**18
    assert server.turn() == (Chain.GAP, Why.NO_ROOM)
    server.bytes = 0
    assert server.turn() == _WELL
    server.bytes = 10**18
    asking.ask_base(server.shipper.folder)
    server.has(1, written=600)
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    assert server.bases == 1
    server.laid()
    assert server.log_of(1) == _segment(1)[:600].ljust(_SIZE, b"\0")
    assert "deux fois la taille" in sentence_of(server.shipper.state)


def test_place_that_needs_a_base_still_gets_one_after_it_failed(server: Server):
    server.turn()
    server.carrier = Folder(server.folder / "another")
    server.carrier.path.mkdir()
    server.shipper.close()
    server.begin()
    server.bytes = 10**18
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.bytes, server.now_s = 0, server.now_s + 60
    assert server.turn() == _WELL
    assert server.laid().is_whole


def test_place_without_a_base_is_not_current_until_it_has_one(server: Server):
    server.turn()
    server.carrier = Folder(server.folder / "another")
    server.carrier.path.mkdir()
    server.shipper.close()
    server.begin()
    server.bytes = 10**18
    for turn in range(3):
        server.has(1, written=500 + 100 * turn)
        assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
        told = server.delivered("2026-03-17T08:00:00+00:00")
        assert (told.sequence, told.current_to) == (server.shipper.memory.sequence, "")
        with pytest.raises(CannotReplay):
            server.laid()
    # It is made, and on its way.
    server.bytes, server.now_s = 0, server.now_s + 60
    assert server.shipper.turn([server.courier]).why is Why.NOTHING
    assert not server.courier.is_whole
    assert server.delivered("2026-03-17T08:01:00+00:00").current_to == "2026-03-17T08:01:00+00:00"
    assert server.laid().is_whole


def test_place_is_not_whole_by_a_base_that_came_while_it_was_served(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    server.turn()
    server.has(1, written=500)
    server.turn()
    server.carrier = Folder(server.folder / "another")
    server.carrier.path.mkdir()
    server.begin()
    server.bytes = 10**18
    server.has(1, written=600)
    server.courier.greet()
    server.shipper.turn([server.courier])
    put = server.carrier.put

    def slow(name: str, body: bytes) -> None:
        server.bytes, server.now_s = 0, server.now_s + 60
        assert server.shipper.turn([server.courier]).why is Why.NOTHING
        put(name, body)

    with monkeypatch.context() as patched:
        patched.setattr(server.carrier, "put", slow)
        assert server.courier.deliver()
    assert (server.bases, server.courier.is_whole) == (2, False)
    assert server.courier.deliver()
    assert server.courier.is_whole
    assert server.laid().is_whole


def test_base_waits_on_when_the_journal_is_begun_anew(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    server.turn()
    asking.ask_base(server.shipper.folder)
    tries: list[float] = []

    def fails(_dsn: str, _folder: Path) -> None:
        tries.append(server.now_s)
        raise clusters.ProgramFailed("pg_basebackup: no")

    def begins_anew() -> tuple[Chain, Why]:
        server.shipper.close()
        server.begin()
        return server.turn()

    with monkeypatch.context() as patched:
        patched.setattr(clusters, "copy_base", fails)
        for _ in range(60):
            assert begins_anew() == (Chain.PROVEN, Why.NO_BASE)
            assert server.shipper.is_current
            server.now_s += 20
        assert [round(at - tries[0]) for at in tries] == [0, 60, 180, 420, 900]
        # A clock that went back holds up nothing, nor does a word that nobody can read.
        server.now_s = tries[0] - 10**6
        begins_anew()
        (server.shipper.folder / "base.missed").write_text('{"why": "what"}')
        begins_anew()
        assert len(tries) == 7
    server.now_s += 60
    assert begins_anew() == _WELL
    assert not (server.shipper.folder / "base.missed").exists()


def test_base_waits_on_a_disk_that_keeps_nothing(server: Server, monkeypatch: pytest.MonkeyPatch):
    server.turn()
    asking.ask_base(server.shipper.folder)
    server.bytes = 10**18

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("quenotte.devices.journal.misses.durable.kept", full)
        assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.bytes = 0
    assert server.turn() == (Chain.PROVEN, Why.NO_ROOM)
    server.now_s += 60
    assert server.turn() == _WELL


def test_step_that_comes_to_nothing_leaves_no_drafts(
    server: Server, monkeypatch: pytest.MonkeyPatch
):
    drafts = server.shipper.spool.path / "drafts"
    draft = Spool.draft

    def full(self: Spool, name: str, body: bytes) -> None:
        if list(drafts.iterdir()):
            raise OSError(errno.ENOSPC, "No space left on device")
        draft(self, name, body)

    monkeypatch.setattr("quenotte.devices.journal.postgres._PART_BYTES", 2**18)
    with monkeypatch.context() as patched:
        patched.setattr(Spool, "draft", full)
        assert server.turn() == (Chain.GAP, Why.DISK_FULL)
        assert list(drafts.iterdir()) == []
    assert server.turn() == _WELL

    def refuses(*_: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    server.has(1)
    with monkeypatch.context() as patched:
        patched.setattr(Spool, "publish", refuses)
        assert server.turn() == (Chain.GAP, Why.DISK)
        assert list(drafts.iterdir()) == []
    assert server.turn() == _WELL


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
        ("history", _segment(1)),
        (_name(1), b""),
        (_name(1), b"\0" * 40),
        (_name(2), _segment(1)),
        (_name(1), _segment(1, system=1)),
        (_name(1, 2), _segment(1)),
        (_name(1), _segment(1, timeline=2)),
    ],
)
def test_first_page_tells_what_a_segment_is(name: str, start: bytes):
    cluster = Cluster(str(_SYSTEM), 1)
    segments.look_at(_name(1), _segment(1), cluster)
    with pytest.raises(Foreign):
        segments.look_at(name, start, cluster)


def test_segments_follow_one_another_over_the_end_of_a_log():
    assert segments.follows(f"{1:08X}{1:08X}{0:08X}", f"{1:08X}{0:08X}{4095:08X}", _SIZE)
    assert not segments.follows(_name(3), _name(1), _SIZE)
    assert not segments.follows(_name(2, 2), _name(1), _SIZE)


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
