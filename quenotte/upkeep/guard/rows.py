"""Which rows are not as they were: one number a row, kept beside the practice between two copies.

Four bytes a row are enough to count: that two rows share a number is rare, and only hides one.
"""

import sys
import zlib
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

if TYPE_CHECKING:
    Numbers = array[int]

_FORM = b"quenotte rows 1\n"
#: Each takes a hundred bytes while it is counted.
_COUNTED_AT_ONCE = 500_000
_LITTLE = sys.byteorder == "little"


@dataclass
class Rows:
    """The numbers of the rows of each table, in the order in which they were read."""

    tables: "dict[str, Numbers]" = field(default_factory=dict)

    def begin(self, table: str) -> None:
        """Note that a table is numbered, be it empty."""
        self.tables.setdefault(table, array("I"))

    def add(self, table: str, texts: Iterable[str]) -> None:
        """Note some rows, each as one text."""
        numbers = self.tables.setdefault(table, array("I"))
        numbers.extend(zlib.crc32(text.encode("utf-8", "surrogatepass")) for text in texts)

    def save(self, path: Path) -> None:
        """Keep them in a file. Raises: OSError."""
        lines = [f"{table} {len(numbers)}\n".encode() for table, numbers in self.tables.items()]
        bodies = [_bytes(numbers) for numbers in self.tables.values()]
        text = b"".join([_FORM, *lines, b"\n", *bodies])
        part = path.with_name(f"{path.name}.part")
        part.write_bytes(zstandard.ZstdCompressor(level=1).compress(text))
        part.replace(path)


def load(path: Path) -> Rows | None:
    """Return what was kept; None when there is nothing, or nothing that can be read."""
    try:
        text = zstandard.ZstdDecompressor().decompress(path.read_bytes())
        head, _, body = text.removeprefix(_FORM).partition(b"\n\n")
        rows, at = Rows(), 0
        for line in head.decode().splitlines():
            table, _, count = line.rpartition(" ")
            end = at + 4 * int(count)
            numbers = array("I", body[at:end])
            rows.tables[table] = numbers if _LITTLE else _swapped(numbers)
            at = end
    except (OSError, ValueError, zstandard.ZstdError):
        return None
    return rows


def changed(before: Rows, now: Rows, among: Collection[str] | None = None) -> dict[str, int]:
    """Return how many rows of each table, or of some, are not there any more as they were."""
    found = {
        table: _missing(numbers, now.tables.get(table, array("I")))
        for table, numbers in before.tables.items()
        if among is None or table in among
    }
    return {table: count for table, count in found.items() if count}


def _missing(before: "Numbers", now: "Numbers") -> int:
    """Count the numbers of before that are not in those of now, each as often as it was there.

    What is the same at the same place falls out of both: what is left is counted, some at a time.
    """
    if before == now[: len(before)]:
        return 0
    length = min(len(before), len(now))
    old, new = array("I"), array("I")
    for was, is_now in zip(before, now, strict=False):
        if was != is_now:
            old.append(was)
            new.append(is_now)
    old.extend(before[length:])
    new.extend(now[length:])
    parts = 1 + max(len(old), len(new)) // _COUNTED_AT_ONCE
    return sum(_missing_of(old, new, part, parts) for part in range(parts))


def _missing_of(before: "Numbers", now: "Numbers", part: int, parts: int) -> int:
    """Count those numbers alone that are ``part`` modulo ``parts``: a table of millions fits."""
    old, new = (Counter(one for one in numbers if one % parts == part) for numbers in (before, now))
    return (old - new).total()


def _bytes(numbers: "Numbers") -> bytes:
    return numbers.tobytes() if _LITTLE else _swapped(numbers).tobytes()


def _swapped(numbers: "Numbers") -> "Numbers":
    other = array("I", numbers)
    other.byteswap()
    return other


def kept(tables: Mapping[str, Iterable[str]]) -> Rows:
    """Return the rows of some tables, each given as texts."""
    rows = Rows()
    for table, texts in tables.items():
        rows.add(table, texts)
    return rows
