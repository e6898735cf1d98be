"""PostgreSQL's own programs, run for the journal; passwords go through their environment."""

import logging
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psycopg
from psycopg import conninfo

from quenotte.devices.journal.segments import Cluster
from quenotte.devices.journal.states import Why

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


class NotAllowed(Exception):
    """The server does not let us follow it; ``why`` in one of the states' words."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why


def check_allowed(dsn: str) -> None:
    """Make sure that a server may be followed by this account.

    Raises: NotAllowed; psycopg.Error when nobody answers.
    """
    asked = (
        "SELECT current_setting('wal_level') <> 'minimal' "
        "AND current_setting('max_wal_senders')::int >= 2 "
        "AND current_setting('max_replication_slots')::int >= 1, "
        "(SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user)"
    )
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        row = connection.execute(asked).fetchone()
    assert row is not None
    if not row[0] or not row[1]:
        raise NotAllowed(Why.SETTINGS if not row[0] else Why.NO_ROLE)
    try:
        psycopg.connect(dsn, replication="true", autocommit=True, connect_timeout=10).close()
    except psycopg.OperationalError as error:
        # The same account was let in a moment ago by the ordinary door.
        raise NotAllowed(Why.NO_DOOR) from error


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


def size_bytes(dsn: str) -> int:
    """Return how much the databases of a server hold together, as far as we may ask.

    Raises: psycopg.Error.
    """
    asked = (
        "SELECT coalesce(sum(pg_database_size(oid)), 0)::bigint FROM pg_database "
        "WHERE has_database_privilege(oid, 'CONNECT')"
    )
    with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
        row = connection.execute(asked).fetchone()
    assert row is not None
    return int(row[0])


def make_slot(dsn: str) -> None:
    """Have the server keep its log until we have it. Raises: ProgramFailed, OSError."""
    run("pg_receivewal", "-d", dsn, "--slot", SLOT, "--create-slot", "--if-not-exists")


def drop_slot(dsn: str) -> None:
    """Let the server keep its log no longer. Raises: ProgramFailed, OSError."""
    run("pg_receivewal", "-d", dsn, "--slot", SLOT, "--drop-slot")


def forget_slot(dsn: str) -> None:
    """Drop our slot if there is one that nobody reads. Raises: OSError."""
    asked = (
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots "
        "WHERE slot_name = %s AND NOT active"
    )
    try:
        with psycopg.connect(dsn, autocommit=True, connect_timeout=10) as connection:
            connection.execute(asked, [SLOT])
    except psycopg.Error as error:
        raise ProgramFailed(type(error).__name__) from error


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
    told, env = _told(dsn)
    with words.open("wb") as stream:
        return subprocess.Popen(
            [
                *(binaries() / "pg_receivewal", "-d", told, "-D", folder, "--slot", SLOT),
                # At the end of a segment it says how far it is only when the interval is over.
                *("--synchronous", "--status-interval=1", "--no-loop", "--no-password"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stream,
            env=env,
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
    """Run one of PostgreSQL's programs to its end; what follows ``-d`` is where it connects.

    Raises: ProgramFailed, OSError.
    """
    told, env = list(words), dict(os.environ)
    if "-d" in told:
        at = told.index("-d") + 1
        told[at], env = _told(told[at])
    done = subprocess.run(
        [binaries() / program, *told], capture_output=True, text=True, check=False, env=env
    )
    if done.returncode != 0:
        raise ProgramFailed(f"{program}: {done.stderr.strip()[-400:]}")


def _told(dsn: str) -> tuple[str, dict[str, str]]:
    """Return where a program connects, without the password, and the environment that has it."""
    known = conninfo.conninfo_to_dict(dsn)
    password = known.pop("password", None)
    env = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    return conninfo.make_conninfo("", **known), env


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
