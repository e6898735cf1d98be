"""A second name for the bytes of an object until its row is committed.

The blob is put in place before the row is written; were the database to fail in between,
or the process to be killed, nobody would look for it there. The second name (a hard link:
no byte is copied) is what the sweep finds. The name holds the sender's title in
hexadecimal and nothing else of the wire.
"""

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

_SUFFIX = ".dcm"


def folder() -> Path:
    """Return the folder of the objects that wait for their row, made on first use."""
    path = Path(settings.DATA_DIR) / "incoming" / "pending"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def hold(path: Path, calling_ae: str) -> Path | None:
    """Give an object its second name; None when there is no room even for that."""
    spare = _new_name(calling_ae)
    with contextlib.suppress(OSError):
        os.link(path, spare)
        return spare
    # A disk without hard links: the price is a copy.
    with contextlib.suppress(OSError):
        shutil.copy2(path, spare)
        return spare
    spare.unlink(missing_ok=True)
    return None


def release(spare: Path | None) -> None:
    """Take the second name away: the row is committed."""
    if spare is not None:
        with contextlib.suppress(OSError):
            spare.unlink(missing_ok=True)


def secure(spare: Path | None, path: Path, calling_ae: str) -> None:
    """Make sure that the bytes stay after a failure, even through a power cut."""
    with contextlib.suppress(OSError):
        if spare is None and path.exists():
            path.replace(_new_name(calling_ae))
        _sync(folder())


def left(*, before: float | None) -> Iterator[tuple[Path, str, datetime]]:
    """Yield path, sender's title and arrival of what waits; ``before``: Unix time, seconds."""
    for path in sorted(folder().glob(f"*{_SUFFIX}")):
        changed_at = path.stat().st_mtime
        if before is None or changed_at <= before:
            yield path, _sender_of(path), datetime.fromtimestamp(changed_at, UTC)


def _new_name(calling_ae: str) -> Path:
    title = calling_ae.encode("utf-8", "replace").hex()
    return folder() / f"{title}.{secrets.token_hex(12)}{_SUFFIX}"


def _sender_of(path: Path) -> str:
    try:
        return bytes.fromhex(path.name.split(".")[0]).decode("utf-8", "replace")
    except ValueError:
        return ""


def _sync(path: Path) -> None:
    if os.name != "posix":  # pragma: no cover - other systems order this themselves
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
