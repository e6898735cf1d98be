"""How one process wakes the others: a ring carries no data, only « look now ».

On SQLite every process is on this machine: each listener holds a UDP port of the loopback
and writes it in ``run/<channel>-<pid>.json``. On PostgreSQL the machines may be many: NOTIFY.
A lost ring costs a few seconds, never an event: listeners also look by themselves.
"""

import contextlib
import json
import socket
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

#: Somebody wrote an event that open pages may want.
LIVE = "live"
#: Somebody asked for background work.
JOBS = "jobs"


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
    folder = settings.DATA_DIR / "run"
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.setblocking(False)
        for card in folder.glob(f"{channel}-*.json"):
            with contextlib.suppress(OSError, ValueError):
                sender.sendto(b"", ("127.0.0.1", _port(card)))


def _port(card: Path) -> int:
    return int(json.loads(card.read_text(encoding="ascii"))["port"])
