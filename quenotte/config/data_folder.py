"""The one folder in which everything that a practice owns lies."""

import contextlib
import os
import secrets
from pathlib import Path

#: Sub-folders made on first use.
PARTS = ("blobs", "incoming", "keys", "logs", "run", "cache")


def default_folder() -> Path:
    """Return the data folder named by ``QUENOTTE_DATA``, else ``~/quenotte``."""
    return Path(os.environ.get("QUENOTTE_DATA") or Path.home() / "quenotte").expanduser().resolve()


def use(folder: Path | None) -> None:
    """Make every module find the data folder; later options win over earlier ones."""
    if folder is not None:
        os.environ["QUENOTTE_DATA"] = str(folder.expanduser().resolve())


def prepare(folder: Path) -> Path:
    """Make the folder and its parts, readable by their owner alone.

    Raises: OSError when the disk or the permissions refuse.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _close(folder)
    for part in PARTS:
        (folder / part).mkdir(mode=0o700, exist_ok=True)
    return folder


def _close(folder: Path) -> None:
    """Take from others what an older folder still gives them; it is left when not ours."""
    state = folder.stat()
    if state.st_uid == os.getuid() and state.st_mode & 0o077:
        folder.chmod(0o700)


def key(folder: Path, name: str) -> str:
    """Return the secret ``name`` of this folder, drawn on first use (64 hex characters)."""
    path = folder / "keys" / f"{name}.key"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}.part")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(secrets.token_hex(32))
            stream.flush()
            os.fsync(stream.fileno())
        # A link is refused when another process was first: both then read the same key.
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text(encoding="ascii").strip()
