"""What of our code the tests walked: reads the counts of each process, judges them together."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import slipcover

#: Of all lines and branches, in per cent.
WHOLE = 95.0
#: What decides about money, health and access is walked to the last branch.
WITHOUT_A_GAP = ("quenotte/kernel/*", "quenotte/*/*/rules.py", "quenotte/*/*/rules/*",
                 "quenotte/*/*/access.py")  # fmt: skip


def hold(folder: Path) -> bool:
    """Print what no test walks; tell whether both bounds hold."""
    print("== Coverage", flush=True)
    found = _together(sorted(folder.glob("*.json")))
    if found is None:
        print("No test was counted.", flush=True)
        return False
    slipcover.print_coverage(found, skip_covered=True)
    share = found["summary"]["percent_covered"]
    print(f"{share:.1f} % of all lines and branches (at least {WHOLE:.0f} %)", flush=True)
    gaps = _gaps(found["files"])
    for line in gaps:
        print(line, flush=True)
    return bool(share >= WHOLE and not gaps)


def _together(paths: list[Path]) -> dict[str, Any] | None:
    found: dict[str, Any] | None = None
    for path in paths:
        one = json.loads(path.read_text("utf-8"))
        found = slipcover.merge_coverage(found, one) if found else one
    return found


def _gaps(files: dict[str, Any]) -> list[str]:
    """Return a line for each file that must have no gap and has one, or for a kind without file."""
    strict = {
        pattern: [name for name in files if fnmatch(name, pattern)] for pattern in WITHOUT_A_GAP
    }
    empty = [f"No file {pattern} was counted." for pattern, names in strict.items() if not names]
    return empty + [
        f"{name} must be walked whole: lines {files[name]['missing_lines']}, "
        f"branches {files[name]['missing_branches']}"
        for name in sorted({name for names in strict.values() for name in names})
        if files[name]["missing_lines"] or files[name]["missing_branches"]
    ]
