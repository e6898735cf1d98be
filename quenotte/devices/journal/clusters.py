"""PostgreSQL's own programs, run for the journal."""

import logging
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg

from quenotte.devices.journal.segments import Cluster

logger = logging.getLogger(__name__)

#: The name under which the server keeps the log for us.
SLOT: Final = "quenotte_journal"
#: How long the receiver may be behind before we say so, in seconds.
_PATIENCE_S: Final = 2.0
_PLACES: Final = "/usr/lib/postgresql"


class ProgramFailed(OSError):
    """A program of PostgreSQL's ended badly; what it said is in the message."""


class ProgramMissing(ProgramFailed):
    """PostgreSQL's programs are not installed here."""


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs, the newest.

    Raises: ProgramMissing.
    """
    found = sorted(Path(_PLACES).glob("*/bin/pg_receivewal"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("pg_receivewal")
    if on_path is None:
        raise ProgramMissing("pg_receivewal is not installed")
    return Path(on_path).resolve().parent


def identify(dsn: str) -> Cluster:
    """Ask a server which cluster it is, by the replication protocol.

    Raises: psycopg.Error.
    """
    with psycopg.ClientCursor(
        psycopg.connect(dsn, replication="true", autocommit=True, connect_timeout=10)
    ) as cursor:
        try:
            row = cursor.execute("IDENTIFY_SYSTEM").fetchone()
        finally:
            cursor.connection.close()
    assert row is not None
    # Such a connection states no encoding: words come as bytes.
    system = row[0].decode() if isinstance(row[0], bytes) else str(row[0])
    return Cluster(system, int(row[1]))


def segment_size(dsn: str) -> int:
    """Return the size of a segment of the log, in bytes.

    Raises: psycopg.Error.
    """
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        row = connection.execute("SELECT current_setting('wal_segment_size')").fetchone()
        assert row is not None
        size = connection.execute("SELECT pg_size_bytes(%s)", row).fetchone()
    assert size is not None
    return int(size[0])


def make_slot(dsn: str) -> None:
    """Have the server keep its log until we have it. Raises: ProgramFailed, OSError."""
    run("pg_receivewal", "-d", dsn, "--slot", SLOT, "--create-slot", "--if-not-exists")


def drop_slot(dsn: str) -> None:
    """Let the server keep its log no longer. Raises: ProgramFailed, OSError."""
    run("pg_receivewal", "-d", dsn, "--slot", SLOT, "--drop-slot")


def is_received(dsn: str) -> bool:
    """Tell whether we have what the server has written by now; wait for it a moment.

    Raises: psycopg.Error.
    """
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        end = connection.execute("SELECT pg_current_wal_flush_lsn()").fetchone()
        assert end is not None
        deadline = time.monotonic() + _PATIENCE_S
        while True:
            asked = "SELECT restart_lsn >= %s FROM pg_replication_slots WHERE slot_name = %s"
            if connection.execute(asked, [*end, SLOT]).fetchone() == (True,):
                return True
            if time.monotonic() > deadline:
                return False
            time.sleep(0.01)


def receive(dsn: str, folder: Path, words: Path) -> "subprocess.Popen[bytes]":
    """Start to receive the log into a folder, each part as soon as it is written.

    ``words``: where the program's complaints go. Raises: OSError.
    """
    with words.open("wb") as stream:
        return subprocess.Popen(
            [
                *(binaries() / "pg_receivewal", "-d", dsn, "-D", folder, "--slot", SLOT),
                # At the end of a segment it says how far it is only when the interval is over.
                *("--synchronous", "--status-interval=1", "--no-loop", "--no-password"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
        )


def copy_base(dsn: str, folder: Path) -> None:
    """Copy a whole cluster while it works, and have the copy verified.

    Raises: ProgramFailed, OSError.
    """
    run(
        *("pg_basebackup", "-d", dsn, "-D", str(folder), "--format=plain", "--wal-method=fetch"),
        *("--checkpoint=fast", "--no-password", "--no-sync"),
    )
    run("pg_verifybackup", "--quiet", str(folder))


def run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's programs to its end. Raises: ProgramFailed, OSError."""
    done = subprocess.run(
        [binaries() / program, *words], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise ProgramFailed(f"{program}: {done.stderr.strip()[-400:]}")


def parts_of(path: Path, size: int) -> Iterator[tuple[bytes, bool]]:
    """Yield a file in parts of ``size`` bytes, and whether it is the last."""
    with path.open("rb") as stream:
        part = stream.read(size)
        while True:
            following = stream.read(size)
            yield part, not following
            if not following:
                return
            part = following
