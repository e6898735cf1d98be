"""Backups beside stock restic, in one run: ``python -m bench.backup --json``.

Whole it takes a database of 522 MiB and 3 GB of pictures, a tenth of both with ``--small``. Ratios
are our wall clock over restic's (`bench.backups.speed`); ``kill_points_ok`` counts the places at
which a run was killed, or its disk was full, and after which stock restic found no error and the
snapshot before came back (`bench.backups.kills`); ``flip_detected`` is the share of single flipped
bits that were found and named (`bench.backups.flips`). The journal, the way back and the drill have
figures of their own (`journal`, `phoenix`, `drill` beside them).
"""

import argparse
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.backups import drill, flips, journal, kills, phoenix, speed

#: At most.
GOALS = {
    "first_ratio": 1.0,
    "night_ratio": 1.0,
    "restore_ratio": 1.2,
    "night_db_growth_ratio": 0.25,
    "journal_delta_kib": 300,
    "journal_ms": 150,
    "writer_stall_max_ms": 500,
    "rpo_s": 60,
    "rto_agenda_s": 300,
    "drill_lost": 0,
}
#: At least.
FLOORS = {"flip_detected": 1.0, "kill_points_ok": 500}
SMALL_SHARE = 0.1

PARTS: dict[str, Callable[[Path, bool], dict[str, Any]]] = {
    "speed": lambda folder, small: speed.measure(folder, share=_share(small=small)),
    "journal": lambda folder, small: journal.measure(folder, share=_share(small=small)),
    "phoenix": lambda folder, small: phoenix.measure(folder, share=_share(small=small)),
    "drill": lambda folder, small: drill.measure(folder, small=small),
    "kills": lambda folder, small: kills.measure(folder, points=50 if small else 500),
    "flips": lambda folder, _small: flips.measure(folder),
}


def _share(*, small: bool) -> float:
    return SMALL_SHARE if small else 1.0


def measure(parts: list[str], *, small: bool) -> dict[str, Any]:
    """Return the figures of some parts, each in a folder of its own that is removed."""
    figures: dict[str, Any] = {}
    for part in parts:
        with tempfile.TemporaryDirectory(prefix=f"quenotte-backup-{part}-") as folder:
            figures |= PARTS[part](Path(folder), small)
    return figures


def main() -> None:
    """Measure and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--small", action="store_true", help="a tenth of everything")
    parser.add_argument("--part", action="append", choices=[*PARTS], help="these parts alone")
    asked = parser.parse_args()
    figures = measure(asked.part or [*PARTS], small=asked.small)
    told = {"bench": "backup", "goals": GOALS, "floors": FLOORS, "small": asked.small}
    print(json.dumps(told | figures))


if __name__ == "__main__":
    main()
