"""The judge of a drill, before practices that came back made up: it fails what must fail."""

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from quenotte.config.drill import judging
from quenotte.config.drill.attackers import POISONED
from quenotte.config.drill.figures import SMALL, WHOLE, Figures
from quenotte.config.drill.witness import Write

pytestmark = pytest.mark.one_engine

#: The attack, in the seconds of the witness.
END = 1_000_000.0
KINDS = ("note", "appointment", "radiograph")
#: One write each half second, in the ten seconds before the attack.
WRITES = [
    Write(END - 10 + number / 2, KINDS[number % 3], f"mark {number}", f"{number:x}")
    for number in range(20)
]


def came_back(folder: Path, writes: list[Write], *, names: tuple[str, ...] = ("Kermarec",)) -> Path:
    """Make a folder that holds these writes and these patients."""
    folder.mkdir()
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
        database.execute("CREATE TABLE care_note (text)")
        database.execute("CREATE TABLE care_appointment (id)")
        database.execute("CREATE TABLE care_picture (sop_instance_uid, blob_id)")
        database.execute("CREATE TABLE care_patient (birth_name)")
        database.executemany("INSERT INTO care_patient VALUES (?)", [(name,) for name in names])
        for one in writes:
            keep(database, folder, one)
    return folder


def keep(database: sqlite3.Connection, folder: Path, one: Write) -> None:
    if one.kind == "note":
        database.execute("INSERT INTO care_note VALUES (?)", [f"Contrôle, {one.mark}."])
    elif one.kind == "appointment":
        database.execute("INSERT INTO care_appointment VALUES (?)", [one.mark])
    else:
        content = one.mark.encode()
        name = hashlib.sha256(content).hexdigest()
        path = folder / "blobs" / name[:2] / name[2:4] / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
        database.execute("INSERT INTO care_picture VALUES (?, ?)", [one.mark, name])


def judged(
    folder: Path, *, variant: str = "fast", allowance_s: float = SMALL.allowance_s
) -> Figures:
    """Judge a folder beside all that was acknowledged; what else a drill asks for is as it must."""
    figures = Figures(variant, detected_s=1.0)
    late = Write(END + 1, "note", "after the attack")
    judging.judge(figures, [*WRITES, late], folder, end=END, allowance_s=allowance_s)
    figures.judge()
    return figures


def test_practice_that_lost_its_last_moments_alone_is_good(tmp_path: Path):
    figures = judged(came_back(tmp_path / "back", WRITES[:-5]))
    assert figures.failed == []
    assert (figures.rpo_s, figures.allowance_s) == (2.5, 3.0)
    assert (figures.acknowledged, figures.lost_last_minute) == (20, 5)
    assert figures.lost == {"note": 2, "appointment": 2, "radiograph": 1}


def test_journal_that_stood_still_is_found(tmp_path: Path):
    # What the first copy held is there, and nothing that was written since.
    figures = judged(came_back(tmp_path / "back", WRITES[:4]))
    assert figures.failed == ["lost_acknowledged", "rpo_s"]
    assert (figures.lost_acknowledged, figures.lost_last_minute) == (10, 6)
    assert not figures.is_good
    # The disk of the drawer is as old as its last evening.
    assert judged(tmp_path / "back", variant="vault-lost").is_good


def test_one_old_write_that_is_lost_is_found(tmp_path: Path):
    figures = judged(came_back(tmp_path / "back", WRITES[:3] + WRITES[4:]))
    assert (figures.failed, figures.rpo_s) == (["lost_acknowledged", "rpo_s"], 8.5)


def test_radiograph_with_other_bytes_is_lost(tmp_path: Path):
    folder = came_back(tmp_path / "back", WRITES)
    assert judged(folder).rpo_s == 0.0
    picture = next(path for path in (folder / "blobs").rglob("*") if path.is_file())
    picture.write_bytes(b"encrypted")
    assert judged(folder).lost == {"radiograph": 1}


@pytest.mark.parametrize("is_note", [True, False])
def test_poisoned_rows_that_came_back_are_found(is_note: bool, tmp_path: Path):
    names = ("Kermarec",) if is_note else ("Kermarec", POISONED)
    folder = came_back(tmp_path / "back", WRITES, names=names)
    if is_note:
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database, database:
            database.execute("UPDATE care_note SET text = ? WHERE rowid = 1", [POISONED])
    figures = judged(folder, variant="rows", allowance_s=60.0)
    assert (figures.failed, figures.poisoned_back) == (["poisoned_back"], 1)


def test_nothing_acknowledged_proves_nothing(tmp_path: Path):
    figures = Figures("fast", detected_s=1.0)
    judging.judge(figures, [], came_back(tmp_path / "back", []), end=END, allowance_s=3.0)
    figures.judge()
    assert figures.failed == ["acknowledged"]


def test_what_was_not_seen_or_not_held_fails():
    figures = Figures("fast", acknowledged=1, vault_objects_altered=1, false_alarms=1)
    figures.judge()
    assert figures.failed == ["detected_s", "vault_objects_altered", "false_alarms"]


def test_allowance_is_three_deliveries_of_the_journal():
    assert (SMALL.allowance_s, WHOLE.allowance_s) == (3.0, 60.0)
