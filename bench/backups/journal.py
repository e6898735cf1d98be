"""The journal of the database at work: a database of the size of twenty years is followed.

``journal_delta_kib`` and ``journal_ms``: what thirty commits of a busy minute become, and how long
that takes, the disk's answers included (medians). ``writer_stall_max_ms``: the longest that a
writer in another process waited for one commit while the base was copied, the log brought into the
database, everything proved, and a copy made by SQLite's own means. Beside them: ``journal_base_s``
and ``journal_replay_s``.
"""

import contextlib
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from quenotte.devices.journal import mending
from quenotte.devices.journal.carriers import Folder, sealed_by
from quenotte.devices.journal.replay import replay
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier
from quenotte.devices.journal.states import Why
from quenotte.devices.repository.sealing import MasterKey

ROWS = 1_000_000
MINUTES = 7
COMMITS = 30
#: As a practice closes its objects.
SEAL = sealed_by(MasterKey.draw())

_WORDS = "composite carie molaire distal mésial occlusal contrôle gencive bord radio".split()


def connect(path: Path) -> sqlite3.Connection:
    """Open a database as the practice does while the journal follows."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=8)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA wal_autocheckpoint=0")
    return connection


def fill(path: Path, rows: int) -> None:
    """Make a practice's database: records, what was done, who did it."""
    chance = random.Random(5)
    with contextlib.closing(connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("CREATE TABLE act (id INTEGER PRIMARY KEY, who INT, words TEXT)")
        connection.execute("CREATE INDEX act_who ON act (who)")
        connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, act INT, seal TEXT)")
        connection.execute("BEGIN")
        for number in range(rows):
            _write(connection, number, chance)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    # Made without waiting for the disk: whoever waits next would wait for all of it.
    os.sync()


def _write(connection: sqlite3.Connection, number: int, chance: random.Random) -> None:
    words = " ".join(chance.choices(_WORDS, k=40))
    who = chance.randrange(20_000)
    connection.execute("INSERT INTO act (who, words) VALUES (?, ?)", (who, words))
    seal = chance.randbytes(32).hex()
    connection.execute("INSERT INTO line (act, seal) VALUES (?, ?)", (number, seal))


def commit(connection: sqlite3.Connection, chance: random.Random) -> float:
    """Commit one act, a change of an older one and their line; return the wait in ms."""
    began = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    _write(connection, 0, chance)
    (last,) = connection.execute("SELECT max(id) FROM act").fetchone()
    older = chance.randrange(1, last)
    connection.execute("UPDATE act SET who = ? WHERE id = ?", (chance.randrange(20_000), older))
    connection.execute("COMMIT")
    return (time.perf_counter() - began) * 1000


def write_on(path: Path, until: Path) -> None:
    """Write ten times a second until a file is there; print the longest wait, in ms."""
    chance = random.Random(9)
    longest = 0.0
    with contextlib.closing(connect(path)) as connection:
        while not until.exists():
            longest = max(longest, commit(connection, chance))
            time.sleep(0.1)
    print(longest)


def busy_minutes(path: Path, shipper: Shipper, couriers: list[Courier]) -> tuple[float, float]:
    """Return the size of a minute's delta in KiB and the time it took in ms: medians."""
    chance = random.Random(7)
    sizes, times = [], []
    with contextlib.closing(connect(path)) as connection:
        for _ in range(MINUTES):
            for _ in range(COMMITS):
                commit(connection, chance)
            began = time.perf_counter()
            shipper.turn(couriers)
            times.append((time.perf_counter() - began) * 1000)
            sizes.append(shipper.end.spool.bytes_waiting() / 1024)
            _deliver(shipper, couriers)
    return statistics.median(sizes), statistics.median(times)


def _deliver(shipper: Shipper, couriers: list[Courier]) -> None:
    for courier in couriers:
        courier.deliver()
    for name in shipper.end.spool.names():
        shipper.end.spool.remove(name)


def longest_stall(path: Path, shipper: Shipper, couriers: list[Courier]) -> float:
    """Return how long a writer waited at most while everything heavy was done, in ms."""
    until = path.with_name("enough")
    command = [sys.executable, "-m", "bench.backups.journal", str(path), str(until)]
    writer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        time.sleep(1)
        for _ in range(3):
            shipper.settle()
            shipper.prove()
            mending.begin_anew(shipper.end, shipper._watch, Why.AWAY)
            _deliver(shipper, couriers)
        mending.copy(shipper.end, path, Why.AWAY)
    finally:
        until.touch()
        said, _ = writer.communicate(timeout=60)
    return float(said)


def measure(folder: Path, *, share: float) -> dict[str, Any]:
    """Return the figures."""
    path, kept = folder / "db.sqlite3", folder / "kept"
    kept.mkdir()
    fill(path, int(ROWS * share))
    shipper = Shipper(path, folder / "state", SEAL)
    couriers = [Courier(Folder(kept), shipper.end.spool, SEAL)]
    began = time.perf_counter()
    shipper.turn(couriers)
    base_s = time.perf_counter() - began
    _deliver(shipper, couriers)
    delta_kib, journal_ms = busy_minutes(path, shipper, couriers)
    began = time.perf_counter()
    replay([couriers[0].carrier], folder / "replayed.sqlite3", SEAL)
    replay_s = time.perf_counter() - began
    stall_ms = longest_stall(path, shipper, couriers)
    shipper.close()
    return {
        "journal_database_mib": round(path.stat().st_size / 2**20),
        "journal_delta_kib": round(delta_kib, 1),
        "journal_ms": round(journal_ms, 1),
        "writer_stall_max_ms": round(stall_ms, 1),
        "journal_base_s": round(base_s, 2),
        "journal_replay_s": round(replay_s, 2),
    }


if __name__ == "__main__":
    write_on(Path(sys.argv[1]), Path(sys.argv[2]))
