"""A small database, its journal and the places it goes to."""

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from quenotte.devices.journal import holding
from quenotte.devices.journal.carriers import Folder
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.replay import Replayed, replay
from quenotte.devices.journal.shipping import Shipper
from quenotte.devices.journal.spool import Courier, sweep
from quenotte.devices.journal.states import State

_KEY = 0x5A


class NotSealed(Exception):
    """What was given was not sealed here."""


def _close(body: bytes) -> bytes:
    return b"SEAL" + bytes(byte ^ _KEY for byte in body[:64]) + body[64:]


def _open(sealed: bytes) -> bytes:
    if sealed[:4] != b"SEAL":
        raise NotSealed
    return bytes(byte ^ _KEY for byte in sealed[4:68]) + sealed[68:]


SEAL = Seal(_close, _open)


class Site:
    """Somebody works, the journal follows, a carrier keeps."""

    def __init__(
        self, folder: Path, *, page_size: int = 4096, names: Sequence[str] = ("a",)
    ) -> None:
        self.folder = folder
        self.database = folder / "db.sqlite3"
        self.now = 0.0
        self._open: list[sqlite3.Connection] = []
        self.work = self.connect()
        self.work.execute(f"PRAGMA page_size={page_size}")
        self.work.execute("PRAGMA journal_mode=wal")
        self.work.execute("CREATE TABLE IF NOT EXISTS acts (id INTEGER PRIMARY KEY, words TEXT)")
        self.carriers = [Folder(folder / name) for name in names]
        for carrier in self.carriers:
            carrier.path.mkdir(exist_ok=True)
        self.shipper = self.new_shipper()

    def connect(self, *, checkpoints: int = 0) -> sqlite3.Connection:
        connection = sqlite3.connect(self.database, isolation_level=None, check_same_thread=False)
        connection.execute(f"PRAGMA wal_autocheckpoint={checkpoints}")
        connection.execute("PRAGMA synchronous=off")
        self._open.append(connection)
        return connection

    def new_shipper(self) -> Shipper:
        shipper = Shipper(self.database, self.folder / "state", SEAL, now=lambda: self.now)
        self.couriers = [Courier(one, shipper.end.spool, SEAL) for one in self.carriers]
        return shipper

    def restart(self) -> None:
        """The journal ends and begins again."""
        self.shipper.close()
        self.shipper = self.new_shipper()

    def write(self, times: int = 1, *, each: int = 3, width: int = 200) -> None:
        for _ in range(times):
            with self.transaction():
                words = [(os.urandom(width // 2).hex(),) for _ in range(each)]
                self.work.executemany("INSERT INTO acts (words) VALUES (?)", words)

    @contextlib.contextmanager
    def transaction(self):
        self.work.execute("BEGIN IMMEDIATE")
        yield
        self.work.execute("COMMIT")

    def turn(self, *, deliver: bool = True) -> State:
        for courier in self.couriers:
            courier.greet()
        state = self.shipper.turn(self.couriers)
        if deliver:
            self.deliver()
        return state

    def deliver(self) -> None:
        for courier in self.couriers:
            courier.deliver()
        sweep(self.shipper.end.spool, self.couriers)

    def replayed(self, until: int | None = None) -> Replayed:
        return replay(self.carriers, self.folder / "replayed.sqlite3", SEAL, until=until)

    def dump(self) -> list[str]:
        return list(self.work.iterdump())

    def replayed_dump(self, until: int | None = None) -> list[str]:
        self.replayed(until)
        with contextlib.closing(sqlite3.connect(self.folder / "replayed.sqlite3")) as connection:
            return list(connection.iterdump())

    @property
    def memory(self):
        return self.shipper.end.memory

    @property
    def log(self) -> Path:
        return self.folder / "db.sqlite3-wal"

    def log_frames(self) -> int:
        """How many frames fit into the log file."""
        (page_size,) = self.work.execute("PRAGMA page_size").fetchone()
        return max(0, self.log.stat().st_size - 32) // (page_size + 24)

    def kinds(self) -> list[str]:
        """The kinds of the steps that the first carrier has, in their order."""
        from quenotte.devices.journal import deltas

        found = []
        for name in sorted(self.carriers[0].names()):
            head = deltas.opened(name, self.carriers[0].get(name), SEAL).head
            found += [head.kind] if head.is_last else []
        return found

    def close(self) -> None:
        self.shipper.close()
        for connection in self._open:
            connection.close()
        if self.database.exists():
            holding.let_go(self.database)
