"""Notes of what was erased, taken from the newest copy of all, whichever one is brought back.

Source: `quenotte.base.erasures`, which writes and reads them.
"""

import os
from pathlib import Path
from typing import Final

from quenotte.devices.repository.browsing import read_file
from quenotte.devices.repository.errors import NoSuchPath
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.snapshots import Snapshot

NAME: Final = "erasures.jsonl"


def gather(repository: Repository, newest: Snapshot, folder: Path) -> None:
    """Add what the newest copy notes to the notes of the folder.

    Raises: Damaged, Missing, Unreachable; OSError.
    """
    try:
        text = read_file(repository, newest, NAME)
    except NoSuchPath:
        return
    path = folder / NAME
    ours = path.read_bytes() if path.is_file() else b""
    lines = dict.fromkeys([*ours.splitlines(), *text.splitlines()])
    draft = path.with_suffix(".part")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(b"\n".join(lines) + b"\n")
        os.fsync(file.fileno())
    draft.replace(path)
