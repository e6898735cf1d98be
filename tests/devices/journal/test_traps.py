"""The ways in which a write-ahead log escapes who follows it, each tried for real."""

import ctypes
import datetime
import os
import sqlite3
import struct
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
import time_machine

from quenotte.devices.journal import frames, hashes, holding, mending, moments
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.hashes import lock_page
from quenotte.devices.journal.states import Chain, Why
from tests.devices.journal.site import Site


def _elsewhere(code: str, *words: object) -> str:
    """Run some lines in another process."""
    command = [sys.executable, "-c", code, *map(str, words)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


_CHECKPOINT = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0.05)
print(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone())
connection.close()
"""


# 1. Somebody else checkpoints


def test_checkpoint_of_another_program_takes_nothing_away_while_we_hold(site: Site):
    site.turn()
    site.write(3)
    _elsewhere(_CHECKPOINT, site.database)
    site.write(2)
    for mode in ("PASSIVE", "FULL", "RESTART", "TRUNCATE"):
        with closing(sqlite3.connect(site.database, timeout=0.01)) as other:
            other.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        site.write()
    assert site.turn().chain is Chain.PROVEN
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_log_that_the_last_one_to_leave_takes_along_is_a_declared_gap(site: Site):
    site.write()
    site.turn()
    site.shipper.close()
    site.write()
    site.work.close()
    assert not site.log.exists()
    site.work = site.connect()
    site.write()
    site.restart()
    assert site.turn().chain is Chain.PROVEN
    (hole,) = site.memory.holes
    assert (hole.why, site.kinds()[-1]) == ("away", "bridge")
    assert site.replayed_dump() == site.dump()


def test_log_brought_in_before_we_come_back_leaves_no_gap_when_nothing_was_written(site: Site):
    site.write()
    site.turn()
    site.shipper.close()
    site.work.close()
    site.work = site.connect()
    site.restart()
    assert site.turn().chain is Chain.PROVEN
    assert (site.memory.holes, site.kinds()) == ((), ["base"])


# 2. The salts change


def test_other_salts_under_our_hold_are_a_declared_gap(site: Site):
    site.write()
    site.turn()
    raw = bytearray(site.log.read_bytes())
    raw[16:24] = os.urandom(8)
    order = ">" if raw[3] & 1 else "<"
    s, t = 0, 0
    for one, two in struct.iter_unpack(f"{order}2I", raw[:24]):
        s = (s + one + t) & 0xFFFFFFFF
        t = (t + two + s) & 0xFFFFFFFF
    raw[24:32] = struct.pack(">2I", s, t)
    with site.log.open("r+b") as stream:
        stream.write(raw[:32])
    with site.log.open("rb") as stream, pytest.raises(frames.NotContinuous) as caught:
        frames.since(stream.fileno(), site.memory.position)
    assert caught.value.why is Why.SALTS


def test_log_begun_anew_while_nobody_held_it_is_a_declared_gap(site: Site):
    site.write()
    site.turn()
    site.shipper.close()
    site.write(2)
    site.work.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    site.write()
    site.restart()
    site.turn()
    assert [hole.why for hole in site.memory.holes] == ["away"]
    assert (site.kinds(), site.replayed_dump()) == (["base", "bridge"], site.dump())


def test_log_begun_anew_after_we_settled_it_is_no_gap(site: Site):
    site.turn()
    site.write(5)
    site.turn()
    assert site.shipper.settle()
    before = site.memory.position
    site.write()
    site.turn()
    assert before is not None
    assert site.memory.position.salts != before.salts
    assert (site.memory.holes, site.kinds()[-1], site.replayed_dump()) == ((), "delta", site.dump())


# 3. A torn last frame


@pytest.mark.parametrize("lost", [1, 2000, 4096, 4119])
def test_torn_frame_is_read_when_it_is_whole(site: Site, lost: int):
    site.write()
    site.turn()
    site.write(each=1)
    whole = site.log.read_bytes()
    end = 32 + (site.memory.position.frames + 1) * 4120
    torn = site.folder / "torn-wal"
    torn.write_bytes(whole[: end - lost])
    with torn.open("rb") as stream:
        found = frames.since(stream.fileno(), site.memory.position)
    assert (found.frames, found.position) == (0, site.memory.position)
    with site.log.open("rb") as stream:
        assert frames.since(stream.fileno(), site.memory.position).commits == 1


# 4. Up to a commit


def test_open_transaction_stays_here(site: Site):
    site.turn()
    site.write()
    before = site.dump()
    other = site.connect()
    other.execute("PRAGMA cache_size=1")
    other.execute("BEGIN")
    other.executemany("INSERT INTO acts (words) VALUES (?)", [("x" * 3000,)] * 50)
    committed, there = site.memory, site.log_frames()
    site.turn()
    assert site.memory.position.frames < there
    assert site.replayed_dump() == before
    other.execute("ROLLBACK")
    site.write()
    site.turn()
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())
    assert committed.sequence < site.memory.sequence


# 5. The database shrinks


def test_replayed_database_shrinks_with_the_one_at_work(site: Site):
    site.write(30, each=5)
    site.turn()
    big = site.replayed().size
    site.work.execute("DELETE FROM acts WHERE id > 5")
    site.work.execute("VACUUM")
    site.turn()
    made = site.replayed()
    assert made.size < big / 2
    assert (site.folder / "replayed.sqlite3").stat().st_size == made.size * 4096
    site.write(40, each=5)
    site.turn()
    site.shipper.prove()
    assert site.replayed_dump() == site.dump()


# 6. Descriptors


_LOOKS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("SELECT count(*) FROM acts").fetchone()
connection.close()
"""


def test_locks_of_this_process_outlive_everything_that_we_do(site: Site):
    site.write()
    site.turn()
    site.restart()
    site.turn()
    site.shipper.prove()
    site.shipper.close()
    _elsewhere(_LOOKS, site.database)
    assert site.log.exists()


def test_closing_a_descriptor_would_take_them_away(site: Site):
    """What the trap is: the other program takes itself for the last one, and the log along."""
    site.write()
    os.close(os.open(site.database, os.O_RDONLY))
    _elsewhere(_LOOKS, site.database)
    assert not site.log.exists()


# 7. The log grows


def test_log_is_settled_whenever_it_is_long(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quenotte.devices.journal.shipping.SETTLE_FRAMES", 40)
    site.turn()
    longest = 0
    for _ in range(12):
        site.write(5)
        site.turn()
        longest = max(longest, site.log_frames())
    assert longest < 100
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_reader_that_stays_makes_the_log_wait_and_breaks_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("quenotte.devices.journal.shipping.SETTLE_FRAMES", 20)
    site.turn()
    reader = site.connect()
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM acts").fetchone()
    for _ in range(4):
        site.write(5)
        site.turn()
    long = site.log_frames()
    reader.execute("COMMIT")
    for _ in range(3):
        site.write(5)
        site.turn()
    assert site.log_frames() <= long + 25
    assert (site.memory.holes, site.replayed_dump()) == ((), site.dump())


def test_log_is_kept_short_while_nothing_can_be_sent(site: Site, monkeypatch: pytest.MonkeyPatch):
    site.turn()
    monkeypatch.setattr("quenotte.devices.journal.shipping.SPOOL_BYTES", -1)
    for _ in range(6):
        site.write(10)
        assert site.turn().why is Why.WAITING
    assert site.log_frames() < 50
    monkeypatch.undo()
    assert site.turn().chain is Chain.PROVEN
    assert [hole.why for hole in site.memory.holes] == ["away"]
    assert site.replayed_dump() == site.dump()


# 8. The page on which SQLite locks


_BEYOND = """
import ctypes, pathlib, sys
PENDING_BYTE = 11
library = ctypes.CDLL(sys.argv[2])
library.sqlite3_test_control(PENDING_BYTE, 0x10000)
from quenotte.devices.journal import hashes
hashes.LOCK_BYTE = 0x10000
from tests.devices.journal.site import Site
site = Site(pathlib.Path(sys.argv[1]))
site.write(60, each=5)
site.turn()
site.write(60, each=5)
site.turn()
site.shipper.prove()
made = site.replayed()
assert made.size > hashes.lock_page(4096) == 17, made
assert site.replayed_dump() == site.dump()
site.restart()
site.turn()
print(site.kinds(), len(site.memory.holes))
site.close()
"""


def test_page_of_the_locks_is_left_out(site: Site):
    """The real page lies at 1 GiB; SQLite can be told to keep it elsewhere."""
    (site.folder / "far").mkdir()
    library = _library_of_sqlite()
    assert _elsewhere(_BEYOND, site.folder / "far", library) == "['base', 'delta'] 0"


def _library_of_sqlite() -> str:
    import _sqlite3

    ctypes.CDLL(_sqlite3.__file__)
    with Path("/proc/self/maps").open() as maps:
        return next(line.split()[-1] for line in maps if "libsqlite3" in line)


def test_page_of_the_locks_lies_at_one_gibibyte():
    assert [lock_page(size) for size in (512, 4096, 65536)] == [2097153, 262145, 16385]


def test_page_of_the_locks_is_not_read(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hashes, "LOCK_BYTE", 2 * 4096)
    path = site.folder / "pages"
    path.write_bytes(b"".join(bytes([number]) * 4096 for number in range(1, 6)))
    with path.open("rb") as stream:
        found = [number for number, _ in moments.file_pages(stream.fileno(), 5, 4096)]
    assert found == [1, 2, 4, 5]


# 9. The clock steps


def test_clock_that_goes_back_changes_no_order(site: Site):
    for hours in (0, 9000, -9000, 3):
        with time_machine.travel(datetime.datetime.now() + datetime.timedelta(hours=hours)):
            site.write()
            site.turn()
    made = site.replayed()
    assert (made.steps, made.is_whole) == (4, True)
    assert site.replayed_dump() == site.dump()
    before = site.replayed(until=2)
    assert (before.sequence, before.steps) == (2, 2)


# 10. Everything changes at once


def test_upheaval_is_a_new_base_and_no_gap(site: Site, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(mending, "UPHEAVAL_PAGES", 8)
    site.write(20, each=15)
    site.turn()
    site.work.execute("DELETE FROM acts WHERE id % 3 = 0")
    site.turn()
    site.work.execute("VACUUM")
    site.turn()
    with site.transaction():
        site.work.execute("ALTER TABLE acts ADD COLUMN seen INTEGER")
        site.work.execute("UPDATE acts SET seen = 1")
    site.turn()
    site.write()
    site.turn()
    assert site.kinds() == ["base", "base", "base", "base", "delta"]
    made = site.replayed()
    assert (made.steps, site.memory.holes, site.shipper.state.chain) == (2, (), Chain.PROVEN)
    assert site.replayed_dump() == site.dump()


def test_database_put_in_place_of_another_is_a_declared_gap(site: Site):
    site.write()
    site.turn()
    other = site.folder / "other.sqlite3"
    with closing(sqlite3.connect(other)) as copy:
        site.work.backup(copy)
        copy.execute("INSERT INTO acts (words) VALUES ('of another day')")
        copy.commit()
        copy.execute("PRAGMA journal_mode=wal")
    for suffix in ("-wal", "-shm"):
        (site.folder / f"db.sqlite3{suffix}").unlink()
    holding.let_go(site.database)
    other.replace(site.database)
    site.work = site.connect()
    assert site.turn().chain is Chain.PROVEN
    assert [hole.why for hole in site.memory.holes] == ["replaced"]
    assert site.replayed_dump() == site.dump()


# And a place that comes later, or comes back


def test_place_that_comes_later_is_given_a_base_of_its_own(site: Site):
    site.turn()
    site.write()
    site.turn()
    # The repository of a new year takes the journal from here on: it is empty.
    first = site.carriers[0]
    later = Folder(site.folder / "later")
    later.path.mkdir()
    site.carriers = [later]
    site.restart()
    assert site.turn().chain is Chain.PROVEN
    assert site.kinds() == ["base"]
    assert site.replayed_dump() == site.dump()
    site.write()
    site.turn()
    assert site.kinds() == ["base", "delta"]
    assert site.replayed_dump() == site.dump()
    # Nothing was missed: that is no hole, and who has all gets no second base.
    assert site.memory.holes == ()
    site.restart()
    site.turn()
    assert site.kinds() == ["base", "delta"]
    # The first one, back again, is lent what came meanwhile: a base is long through a thin line.
    site.carriers = [first, later]
    site.restart()
    site.turn()
    site.carriers = [first]
    assert site.kinds() == ["base", "delta", "base", "delta"]
    assert site.replayed_dump() == site.dump()
    # What the other holds is no longer what it was: then all are given a base.
    behind = Folder(site.folder / "behind")
    behind.path.mkdir()
    for name in later.names():
        (later.path / name).write_bytes(b"rotten")
    site.carriers = [behind, later]
    site.restart()
    site.turn()
    site.carriers = [behind]
    assert site.kinds() == ["base"]
    assert site.replayed_dump() == site.dump()
