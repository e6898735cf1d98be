"""What a place that holds a repository can do: files of five kinds, written once.

Source: restic's repository design, "Repository Layout".
"""

import re
from collections.abc import Iterator
from typing import Final, Protocol

CONFIG: Final = "config"
KEYS: Final = "keys"
DATA: Final = "data"
INDEX: Final = "index"
SNAPSHOTS: Final = "snapshots"
#: The kinds of which there are many, each file named by the SHA-256 of its bytes.
NAMED_KINDS: Final = (KEYS, DATA, INDEX, SNAPSHOTS)

#: Other names are leftovers; restic leaves them out as well.
NAME: Final = re.compile(r"[0-9a-f]{64}")
#: The journal of the database travels beside a repository; its objects are numbered as well.
JOURNAL: Final = "journal"
_NUMBERED: Final = re.compile(r"[0-9]{12}-[0-9a-f]{64}")


def is_name(kind: str, name: str) -> bool:
    """Tell whether a file of a kind may have this name."""
    return (_NUMBERED if kind == JOURNAL else NAME).fullmatch(name) is not None


class Store(Protocol):
    """A folder, a server or anything else that keeps files under (kind, name).

    ``config`` is the only file of its kind, and its name is empty. Every method may raise
    Unreachable and Refused.
    """

    def put(self, kind: str, name: str, body: bytes | memoryview) -> None:
        """Keep a file; when this returns, it outlives a power cut.

        ``body`` is lent: whoever wants it afterwards takes a copy. Raises: Full.
        """
        ...

    def get(self, kind: str, name: str, offset: int = 0, length: int | None = None) -> bytes:
        """Return a file, or ``length`` bytes from ``offset``. Raises: Missing, Damaged."""
        ...

    def names(self, kind: str) -> Iterator[tuple[str, int]]:
        """Yield the name and the size in bytes of each file of a kind, in no order."""
        ...

    def size(self, kind: str, name: str) -> int | None:
        """Return the size of a file in bytes, None when it is not there."""
        ...

    def prepare(self) -> None:
        """Make ready for a new repository; what is there already stays. Raises: Full."""
        ...

    def settle(self, kind: str, name: str) -> None:
        """Make sure that a file that is listed outlives a power cut."""
        ...
