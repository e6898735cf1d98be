"""How one process wakes the others: a ring carries no data, only « look now ».

On SQLite every process is on this machine: each listener holds a UDP port of the loopback
and writes it in ``run/<channel>-<pid>-<port>.json``. On PostgreSQL the machines may be many:
NOTIFY. A lost ring costs a few seconds, never an event: listeners also look by themselves.
"""

import contextlib
import json
import os
import select
import socket
import threading
import time
from pathlib import Path
from typing import Any, Final, Protocol, Self

from django.conf import settings
from django.db import connection, transaction

#: Somebody wrote an event that open pages may want.
LIVE: Final = "live"
#: Somebody asked for background work.
JOBS: Final = "jobs"

#: A listener on PostgreSQL looks this often whether it must stop, in seconds.
_SLICE_S: Final = 0.5
#: Waits between two attempts to reach PostgreSQL again, in seconds.
_RETRY_S: Final = 1.0


def ring_on_commit(channel: str) -> None:
    """Wake the listeners of ``channel`` once what was written can be seen by them."""
    if connection.vendor == "postgresql":
        # PostgreSQL itself holds the ring back until the transaction is committed.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [f"quenotte_{channel}"])
        return
    transaction.on_commit(lambda: ring(channel), robust=True)


def ring(channel: str) -> None:
    """Send one empty datagram to each listener of this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for card in _folder().glob(f"{channel}-*.json"):
            with contextlib.suppress(OSError, ValueError, KeyError):
                sender.sendto(b"", ("127.0.0.1", _port(card)))


class Waiter(Protocol):
    """What waits for a ring."""

    def wait(self, timeout_s: float) -> bool:
        """Sleep until a ring, ``wake`` or the timeout; tell whether somebody rang."""

    def wake(self) -> None:
        """End the current or the next ``wait`` (from any thread)."""

    def close(self) -> None:
        """Give back what is held."""


class Bell:
    """Hears the rings of one channel: ``with Bell(LIVE) as bell: bell.wait(5.0)``."""

    def __init__(self, channel: str) -> None:
        self._waiter: Waiter = (
            _NotifyWaiter(channel) if connection.vendor == "postgresql" else _UdpWaiter(channel)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._waiter.close()

    def wait(self, timeout_s: float) -> bool:
        """Sleep until a ring, ``wake`` or the timeout; tell whether somebody rang."""
        return self._waiter.wait(timeout_s)

    def wake(self) -> None:
        """End the current or the next ``wait`` (from any thread)."""
        self._waiter.wake()


class _UdpWaiter:
    """Rings of this machine."""

    def __init__(self, channel: str) -> None:
        _remove_stale(channel)
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._address = self._socket.getsockname()
        self._card = _folder() / f"{channel}-{os.getpid()}-{self._address[1]}.json"
        _write_card(self._card, self._address[1])

    def wait(self, timeout_s: float) -> bool:
        if not select.select([self._socket], [], [], timeout_s)[0]:
            return False
        # Rings that came together are answered together.
        self._socket.setblocking(False)
        with contextlib.suppress(OSError):
            while True:
                self._socket.recv(1)
        return True

    def wake(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(b"", self._address)

    def close(self) -> None:
        self._card.unlink(missing_ok=True)
        self._socket.close()


class _NotifyWaiter:
    """Rings of PostgreSQL, on a connection of its own that comes back by itself."""

    def __init__(self, channel: str) -> None:
        self._channel = f"quenotte_{channel}"
        self._parameters = connection.get_connection_params()
        self._connection: Any = None
        self._woken = threading.Event()
        self._listen()

    def wait(self, timeout_s: float) -> bool:
        import psycopg

        deadline = time.monotonic() + timeout_s
        while not self._woken.is_set() and (left := deadline - time.monotonic()) > 0:
            try:
                if self._heard(min(left, _SLICE_S)):
                    return True
            except psycopg.Error:
                if self._woken.wait(min(left, _RETRY_S)):
                    break
                return self._listen()
        self._woken.clear()
        return False

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _heard(self, timeout_s: float) -> bool:
        import psycopg

        if self._connection is None:
            raise psycopg.OperationalError("not connected")
        heard = list(self._connection.notifies(timeout=timeout_s, stop_after=1))
        return bool(heard)

    def _listen(self) -> bool:
        """Connect again; True means: look, a ring may have been lost meanwhile."""
        import psycopg

        self.close()
        try:
            self._connection = psycopg.connect(**self._parameters, autocommit=True)
            self._connection.execute(f"LISTEN {self._channel}")
        except psycopg.Error:
            self.close()
            return False
        return True


def _folder() -> Path:
    folder: Path = settings.DATA_DIR / "run"
    return folder


def _port(card: Path) -> int:
    return int(json.loads(card.read_text(encoding="ascii"))["port"])


def _write_card(card: Path, port: int) -> None:
    draft = card.with_name(f".{card.name}")
    draft.write_text(json.dumps({"port": port}), encoding="ascii")
    draft.replace(card)


def _remove_stale(channel: str) -> None:
    """Remove the cards of processes that were killed."""
    for card in _folder().glob(f"{channel}-*.json"):
        number = card.name.removeprefix(f"{channel}-").partition("-")[0]
        if number.isdigit() and not is_alive(int(number)):
            card.unlink(missing_ok=True)


def is_alive(pid: int) -> bool:
    """Tell whether a process of this machine lives."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
