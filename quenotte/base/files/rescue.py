"""Files that are still away while a practice comes back from a copy: fetched when asked for.

An app above registers who brings them (`rescue_with`) and which of them people will ask for first
(`want_first`); nothing here knows where they come from.
"""

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final, Protocol

from django.conf import settings

from quenotte.base.files import disk
from quenotte.base.files.rules import blob_name, is_digest
from quenotte.kernel.errors import Refusal

logger = logging.getLogger(__name__)


class Rescuer(Protocol):
    """Who brings files back."""

    def is_under_way(self) -> bool:
        """Tell whether files may still be away."""

    def pieces(self, sha256: str) -> Iterable[bytes] | None:
        """Return the content of a file, piece by piece; None when it is not to be had."""


#: Yields digests, those that people will ask for first in front.
Wanted = Callable[[], Iterable[str]]

_LOCKS: Final = tuple(threading.Lock() for _ in range(16))
_rescuers: list[Rescuer] = []
_wanted: list[Wanted] = []


def rescue_with(rescuer: Rescuer | None) -> None:
    """Ask ``rescuer`` for what is missing; None: nobody any more."""
    _rescuers[:] = [] if rescuer is None else [rescuer]


def is_under_way() -> bool:
    """Tell whether files may still be away."""
    return any(rescuer.is_under_way() for rescuer in _rescuers)


def want_first(source: Wanted) -> None:
    """Add a source of digests to those that are brought back first."""
    if source not in _wanted:
        _wanted.append(source)


def wanted() -> Iterator[str]:
    """Yield the digests that are brought back first, in order, each once."""
    seen: set[str] = set()
    for source in _wanted:
        for sha256 in source():
            if sha256 not in seen:
                seen.add(sha256)
                yield sha256


def brought_back(sha256: str, root: Path) -> Path | None:
    """Fetch a file that is missing under ``root`` and return it; None when it stays away."""
    for rescuer in _rescuers:
        if not rescuer.is_under_way():
            continue
        # Two pages of one record ask for the same picture: it is fetched once.
        with _LOCKS[int(sha256[0], 16)]:
            path = root / blob_name(sha256)
            if path.is_file():
                return path
            try:
                return put(sha256, rescuer.pieces(sha256), root)
            except (Refusal, OSError) as error:
                logger.warning("a file is still away: %s", type(error).__name__)
    return None


def put(sha256: str, pieces: Iterable[bytes] | None, root: Path) -> Path | None:
    """Put pieces in their place once they are whole and hash to their name; None otherwise.

    Raises: OSError when the disk refuses, and what the pieces raise.
    """
    if pieces is None or not is_digest(sha256):
        return None
    incoming = settings.DATA_DIR / "incoming"
    incoming.mkdir(mode=0o700, exist_ok=True)
    part = disk.new_part(incoming)
    with disk.removed_on_failure(part):
        found, _size = disk.pieces_to_part(pieces, part)
        if found == sha256:
            return disk.put_in_place(part, root, sha256)
    part.unlink()
    logger.warning("a file of the copy is not what its name says")
    return None
