"""An operator that exists on this disk only: it keeps the rules, and no telephone rings.

What becomes of a message is written in its number, so that each case can be tried: a number that
ends in 00 has no subscriber, in 01 is switched off until the message expires, in 02 is refused
by its operator; all others receive it a little later.
"""

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from quenotte.devices.sms.alphabets import measure
from quenotte.devices.sms.port import (
    MOST_SEGMENTS,
    Delivery,
    Reason,
    Report,
    SmsTrouble,
    Text,
    check_purpose,
    check_recipient,
    check_sender,
)

#: How long a telephone takes to say that it has the message.
_TRAVEL: Final = timedelta(seconds=20)
#: How long an operator keeps a message for a telephone that is switched off.
_PATIENCE: Final = timedelta(hours=48)
#: What the number says of its end: last two digits, then how it ends and why.
_ENDS: Final = {
    "00": (Delivery.FAILED, Reason.UNKNOWN_SUBSCRIBER),
    "01": (Delivery.EXPIRED, Reason.ABSENT),
    "02": (Delivery.FAILED, Reason.REFUSED_BY_OPERATOR),
}
_TABLE: Final = """
CREATE TABLE IF NOT EXISTS message (
    key TEXT PRIMARY KEY, content TEXT NOT NULL, ends TEXT NOT NULL, taken_at REAL NOT NULL
)
"""


class Simulator:
    """Keeps what it was given in a file: keys, digests and times; no number and no text."""

    is_simulated = True

    def __init__(self, path: Path, *, per_second: int = 10) -> None:
        self._path = path
        self._per_second = per_second

    def send(self, text: Text, *, now: datetime) -> None:
        """Take a message, once for each key.

        Raises: SmsTrouble: number, sender, length or purpose against the rules; another text
        under a known key; too many within a second (temporary).
        """
        check_recipient(text.recipient)
        check_sender(text.sender)
        check_purpose(text)
        if measure(text.text).segments > MOST_SEGMENTS:
            raise SmsTrouble(Reason.TOO_LONG)
        content = _digest(text)
        with self._opened() as database:
            known = database.execute(
                "SELECT content FROM message WHERE key = ?", [text.key]
            ).fetchone()
            if known is not None:
                _refuse_another(known[0], content)
                return
            self._slow_down(database, now)
            values = [text.key, content, text.recipient[-2:], now.timestamp()]
            database.execute("INSERT INTO message VALUES (?, ?, ?, ?)", values)

    def report(self, key: str, *, now: datetime) -> Report | None:
        """Return the latest news of a message; None when it was never taken."""
        with self._opened() as database:
            row = database.execute(
                "SELECT ends, taken_at FROM message WHERE key = ?", [key]
            ).fetchone()
        if row is None:
            return None
        delivery, reason = _ENDS.get(row[0], (Delivery.DELIVERED, None))
        taken_at = datetime.fromtimestamp(row[1], UTC)
        over_at = taken_at + (_PATIENCE if delivery is Delivery.EXPIRED else _TRAVEL)
        if now < over_at:
            return Report(key, Delivery.ACCEPTED, None, taken_at)
        return Report(key, delivery, reason, over_at)

    def _slow_down(self, database: sqlite3.Connection, now: datetime) -> None:
        since = now.timestamp() - 1
        count = database.execute(
            "SELECT count(*) FROM message WHERE taken_at > ? AND taken_at <= ?",
            [since, now.timestamp()],
        ).fetchone()[0]
        if count >= self._per_second:
            raise SmsTrouble(Reason.THROTTLED, is_temporary=True)

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """Give the file, held for us alone until the block ends well; else nothing is written."""
        with closing(sqlite3.connect(self._path, timeout=10, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute(_TABLE)
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


def _digest(text: Text) -> str:
    parts = f"{text.recipient}\0{text.sender}\0{text.purpose}\0{text.text}"
    return hashlib.sha256(parts.encode("utf-8")).hexdigest()


def _refuse_another(known: str, content: str) -> None:
    if known != content:
        raise SmsTrouble(Reason.SAME_KEY)
