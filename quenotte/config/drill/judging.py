"""What the witness saw beside what came back: which acknowledged writes are lost, and how old."""

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from quenotte.config.drill.attackers import POISONED
from quenotte.config.drill.figures import Figures
from quenotte.config.drill.witness import Write


@dataclass(frozen=True)
class Losses:
    """What is missing. ``rpo_s``: from the oldest lost write to the end, 0.0 when none is."""

    acknowledged: int
    lost: tuple[Write, ...]
    rpo_s: float

    def older_than(self, seconds: float, end: float) -> int:
        """Return how many of the lost ones were acknowledged so long before the end."""
        return sum(end - one.at > seconds for one in self.lost)


def judge(
    figures: Figures, writes: Sequence[Write], data: Path, *, end: float, allowance_s: float
) -> None:
    """Put into the figures what a folder that came back lacks, and what it should lack.

    ``end``: the moment that counts, in seconds since 1970; what was acknowledged later is nobody's.
    Raises: sqlite3.Error.
    """
    losses = compared([one for one in writes if one.at <= end], data, end)
    figures.acknowledged, figures.rpo_s = losses.acknowledged, losses.rpo_s
    figures.allowance_s = round(allowance_s, 1)
    figures.lost_acknowledged = losses.older_than(allowance_s, end)
    figures.lost_last_minute = len(losses.lost) - figures.lost_acknowledged
    figures.lost = dict(Counter(one.kind for one in losses.lost))
    figures.poisoned_back = poisoned(data)


def poisoned(data: Path) -> int:
    """Return how many rows of a folder bear what the attack wrote. Raises: sqlite3.Error."""
    asked = (
        "SELECT (SELECT count(*) FROM care_patient WHERE birth_name = ?1)"
        " + (SELECT count(*) FROM care_note WHERE text = ?1)"
    )
    with closing(sqlite3.connect(f"file:{data / 'db.sqlite3'}?mode=ro", uri=True)) as database:
        (count,) = database.execute(asked, [POISONED]).fetchone()
        return int(count)


def compared(writes: Sequence[Write], data: Path, end: float) -> Losses:
    """Compare what was acknowledged with a data folder that came back. Raises: sqlite3.Error."""
    with closing(sqlite3.connect(f"file:{data / 'db.sqlite3'}?mode=ro", uri=True)) as database:
        back = _Back(database, data)
        lost = tuple(one for one in writes if not back.holds(one))
    oldest = min((one.at for one in lost), default=end)
    return Losses(len(writes), lost, round(max(0.0, end - oldest), 1))


class _Back:
    """The practice that came back."""

    def __init__(self, database: sqlite3.Connection, data: Path) -> None:
        self._notes = "\n".join(text for (text,) in database.execute("SELECT text FROM care_note"))
        self._appointments = {
            _plain(key) for (key,) in database.execute("SELECT id FROM care_appointment")
        }
        self._pictures = dict(
            database.execute("SELECT sop_instance_uid, blob_id FROM care_picture")
        )
        self._blobs = data / "blobs"

    def holds(self, write: Write) -> bool:
        """Tell whether a write is there; a radiograph byte for byte, as it was acknowledged."""
        if write.kind == "note":
            return f"{write.mark}." in self._notes
        if write.kind == "appointment":
            return _plain(write.mark) in self._appointments
        name = self._pictures.get(write.mark, "")
        path = self._blobs / name[:2] / name[2:4] / name
        return bool(name) and path.is_file() and _digest(path) == name


def _plain(key: object) -> str:
    return str(key).replace("-", "")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
