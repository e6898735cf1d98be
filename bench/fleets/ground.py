"""A private PostgreSQL that keeps what it is told, as in service: no shortcut of the tests."""

import contextlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from bench.cpu import family, spent_ms
from tests.support import postgres

#: Of PostgreSQL's own defaults only what a machine of 4 GB would be given.
_OPTIONS = (
    "-c listen_addresses= -c max_connections=60 -c shared_buffers=512MB -c max_wal_size=4GB"
    " -c wal_level=replica -c fsync=on -c full_page_writes=on -c synchronous_commit=on"
    " -c checkpoint_timeout=15min -c jit=off"
)


@dataclass(frozen=True)
class Ground:
    """A running server. ``folder`` holds its socket."""

    folder: Path
    process: "subprocess.Popen[bytes]"

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgres://quenotte@/{database}?host={quote(str(self.folder))}"

    def make(self, database: str) -> str:
        """Make an empty database; return its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        return self.url(database)

    def spent_ms(self) -> float:
        """Return the CPU time of all its processes so far, in ms; those that ended count too."""
        ended = psutil.Process(self.process.pid).cpu_times()
        told_s = ended.children_user + ended.children_system
        return spent_ms(family(self.process.pid)) + told_s * 1000

    def written(self) -> int:
        """Return how many bytes of WAL were written so far."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone()
        assert row is not None
        return int(row[0])

    def settle(self, database: str) -> None:
        """Bring everything to rest: what a measurement pays for is its own."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
            connection.execute("CHECKPOINT")


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """Run a server until the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="qpg-"))
    user = postgres.make_cluster(folder / "data")
    process = subprocess.Popen(
        [postgres.binaries() / "postgres", "-D", folder / "data", "-k", folder, *_OPTIONS.split()],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user,
        cwd=folder,
    )
    try:
        postgres.wait_for(folder, user)
        yield Ground(folder, process)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        shutil.rmtree(folder, ignore_errors=True)
