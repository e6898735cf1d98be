"""What is dear to make is made by one worker of a run; the others wait, and copy it."""

import fcntl
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


def made_once(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], dict[str, Any]]
) -> dict[str, Any]:
    """Return what ``make`` told when it was called, once in a run, with an empty folder.

    A worker that fails leaves nothing behind that the next would take for it.
    """
    mine = factory.mktemp(name)
    shared = mine.parents[1] if os.environ.get("PYTEST_XDIST_WORKER") else mine.parent
    told = shared / f"{name}.json"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            told.write_text(json.dumps(make(mine)), "utf-8")
    found: dict[str, Any] = json.loads(told.read_text("utf-8"))
    return found
