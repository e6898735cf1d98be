"""Segments of PostgreSQL's write-ahead log: their names, their first page, how much is written.

Source: PostgreSQL 15, src/include/access/xlog_internal.h (XLogLongPageHeaderData).
"""

import re
import struct
from dataclasses import dataclass
from typing import Final

NAME: Final = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")
HISTORY: Final = re.compile(r"[0-9A-F]{8}\.history")
PARTIAL: Final = ".partial"
#: Magic, flags, timeline, address, length of what goes on, then: system, size of a segment, of a
#: page; little-endian on every machine that we know PostgreSQL to run on.
_LONG_HEAD: Final = struct.Struct("<HHIQI4xQII")
_HAS_LONG_HEAD: Final = 0x0002


class Foreign(Exception):
    """A segment is of another cluster, another timeline, or does not follow the one before."""


@dataclass(frozen=True)
class Cluster:
    """Which cluster the log is of."""

    system: str
    timeline: int


def look_at(name: str, start: bytes, cluster: Cluster) -> None:
    """Make sure by its first page that a segment is what its name says, and of our cluster.

    Raises: Foreign.
    """
    found = NAME.fullmatch(name)
    if found is None or len(start) < _LONG_HEAD.size:
        raise Foreign(f"{name} is no segment")
    _magic, flags, timeline, address, _rest, system, size, _page = _LONG_HEAD.unpack_from(start)
    if not flags & _HAS_LONG_HEAD or str(system) != cluster.system:
        raise Foreign(f"{name} is of another cluster")
    # A segment in which a timeline began keeps the first pages of the one before.
    if int(found[1], 16) != cluster.timeline or timeline > cluster.timeline:
        raise Foreign(f"{name} is of another timeline")
    if address != int(found[2], 16) * 2**32 + int(found[3], 16) * size:
        raise Foreign(f"{name} holds another part of the log")


def follows(name: str, before: str, size: int) -> bool:
    """Tell whether a segment is the next one of the same timeline; ``size`` in bytes."""
    return _number(name, size) == _number(before, size) + 1 and name[:8] == before[:8]


def _number(name: str, size: int) -> int:
    return int(name[8:16], 16) * (2**32 // size) + int(name[16:24], 16)


def written(body: bytes) -> int:
    """Return how much of a segment that is being received is written: what follows is zeros."""
    return len(body.rstrip(b"\0"))
