"""Installations of the real product for tests of processes: data folder, database, ports.

Each test gets its own, copied from one that was migrated once.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg

from quenotte.config.databases import postgres
from tests.support.scripts import Scripts

#: Never a patient's disk: what the machine of the tests has left does not matter.
_COMMON = {
    "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
    "QUENOTTE_DISK_FLOOR_BYTES": "0",
    # Longer than any test waits: what a page hears, it heard because somebody rang.
    "QUENOTTE_LIVE_POLL_S": "3600",
    # Tests kill the same process again and again: each time is the first one.
    "QUENOTTE_HEALTHY_S": "0",
}


#: A row was written and the transaction that wrote it goes on: for hours, if nobody kills it.
_ENDLESS = """
CREATE TRIGGER hold_on AFTER INSERT ON "{table}" WHEN {when} BEGIN
    SELECT count(*) FROM django_migrations a, django_migrations b, django_migrations c,
        django_migrations d, django_migrations e WHERE a.id + b.id + c.id + d.id + e.id < 0;
END
"""
#: The same on PostgreSQL, where it waits for a lock that the test holds.
_WAITS = """
CREATE FUNCTION hold_on() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NULL; END $$;
CREATE TRIGGER hold_on AFTER INSERT ON "{table}"
FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION hold_on()
"""
_WAITING = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = 1 AND NOT granted"


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(condition: Callable[[], object], *, timeout_s: float = 60.0) -> None:
    """Return as soon as ``condition`` holds.

    Raises: AssertionError when it never does.
    """
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


@dataclass
class Installation:
    """A data folder with its database, and the commands run on it."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    dicom_port: int = field(default_factory=free_port)
    _scripts: Scripts | None = field(default=None, repr=False)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its processes."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("QUENOTTE")}
        url = {"QUENOTTE_DATABASE_URL": self.database_url} if self.database_url else {}
        return {**kept, **_COMMON, "QUENOTTE_DATA": str(self.folder), **url}

    @property
    def base(self) -> str:
        """The address of its pages."""
        return f"http://127.0.0.1:{self.port}"

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run ``quenotte`` with these words to its end."""
        return subprocess.run(
            [sys.executable, "-m", "quenotte", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def script(self, code: str, *words: str) -> str:
        """Run Python in it, Django set up; return what it printed."""
        if self._scripts is None:
            self._scripts = Scripts(self.environment)
        done = self._scripts.run(code, *words)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        """End the process that its scripts are forked from."""
        if self._scripts is not None:
            self._scripts.close()
            self._scripts = None

    @contextmanager
    def serving(self) -> Iterator["subprocess.Popen[str]"]:
        """Run ``quenotte serve`` until the block ends; wait until pages are answered."""
        server = self.serve()
        try:
            wait_until(lambda: server.poll() is not None or self.answers(), timeout_s=120)
            assert server.poll() is None, server.stdout and server.stdout.read()
            yield server
        finally:
            if server.poll() is None:
                server.terminate()
            server.wait(timeout=60)
            if server.stdout is not None:
                server.stdout.close()

    def serve(self, *words: str) -> "subprocess.Popen[str]":
        """Start ``quenotte serve`` and return at once."""
        ports = ["--port", str(self.port), "--dicom-port", str(self.dicom_port)]
        return subprocess.Popen(
            [sys.executable, "-m", "quenotte", "serve", *ports, *words],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    @contextmanager
    def locked(self, table: str) -> Iterator[None]:
        """Hold off everybody who writes (to ``table``; on SQLite: to anything)."""
        if not self.database_url:
            with closing(sqlite3.connect(self.folder / "db.sqlite3")) as holder:
                holder.execute("BEGIN IMMEDIATE")
                yield
            return
        with connected(self.database_url) as connection:
            connection.execute("BEGIN")
            connection.execute(f'LOCK TABLE "{table}" IN EXCLUSIVE MODE')
            yield
            connection.execute("ROLLBACK")

    @contextmanager
    def held_after(self, table: str, when: str = "1 = 1") -> Iterator[Callable[[], bool]]:
        """Hold who inserts into ``table`` in the middle of that transaction.

        ``when``: in SQL, which rows (``NEW``) hold who writes them; the worker writes too.
        Gives a function that tells whether somebody is held there.
        """
        if self.database_url:
            with connected(self.database_url) as holder:
                holder.execute(_WAITS.format(table=table, when=when))
                holder.execute("SELECT pg_advisory_lock(1)")
                yield lambda: holder.execute(_WAITING).fetchone() is not None
                holder.execute("SELECT pg_advisory_unlock(1)")
                # Waits for who was held, whose connection is gone.
                holder.execute("DROP FUNCTION hold_on CASCADE")
            return
        path = self.folder / "db.sqlite3"
        _run_on(path, _ENDLESS.format(table=table, when=when))
        try:
            yield lambda: _stays_busy(path)
        finally:
            _run_on(path, "DROP TRIGGER hold_on")

    def answers(self) -> bool:
        """Tell whether somebody accepts connections on the port of the pages."""
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


def _run_on(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as connection:
        connection.execute(statement)


def _stays_busy(path: Path) -> bool:
    """Tell whether a writer keeps the database much longer than any other does."""
    with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection:
        for _ in range(15):
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                time.sleep(0.02)
            else:
                connection.execute("ROLLBACK")
                return False
    return True


class Workshop:
    """Makes installations quickly: they are copies of one that is migrated."""

    def __init__(self, folder: Path, migrated: dict[str, Any]) -> None:
        self._folder = folder
        self._made: list[str] = []
        self._installations: list[Installation] = []
        self._server = os.environ.get("QUENOTTE_DATABASE_URL", "")
        self._model = migrated

    def make(self) -> Installation:
        """Return a fresh installation, migrated."""
        name = uuid4().hex[:12]
        copy = self._new(name)
        shutil.copytree(self._model["folder"], copy.folder, dirs_exist_ok=True)
        self._installations.append(copy)
        return copy

    def empty_database(self) -> str:
        """Return the address of a new database without a table; "" where rows lie in a file."""
        if not self._server:
            return ""
        self._made.append(f"empty_{uuid4().hex[:12]}")
        self._on_server(f'CREATE DATABASE "{self._made[-1]}"')
        return urlunsplit(urlsplit(self._server)._replace(path=f"/{self._made[-1]}"))

    def close(self) -> None:
        """End what the installations left running; drop the databases made on the server."""
        for installation in self._installations:
            installation.close()
        for name in self._made:
            self._on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def _new(self, name: str) -> Installation:
        folder = self._folder / name
        folder.mkdir(mode=0o700)
        if not self._server:
            return Installation(folder)
        database = f"real_{name}_{uuid4().hex[:6]}"
        model = self._model["database"]
        self._on_server(f'CREATE DATABASE "{database}" TEMPLATE "{model}"')
        self._made.append(database)
        parts = urlsplit(self._server)
        return Installation(folder, urlunsplit(parts._replace(path=f"/{database}")))

    def _on_server(self, statement: str) -> None:
        with connected(self._server) as connection:
            connection.execute(statement)


def connected(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    """Connect to PostgreSQL by the address that the product takes; nothing is a transaction."""
    known = postgres(url)
    return psycopg.connect(
        dbname=known["NAME"],
        user=known["USER"],
        password=known["PASSWORD"],
        host=known["HOST"],
        port=known["PORT"] or None,
        autocommit=True,
    )
