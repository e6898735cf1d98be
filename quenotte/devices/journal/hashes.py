"""One hash for each page of the database as the chain's end has it, and their sum.

With them a break of the chain is closed by the pages that differ, and replay is proved without
replaying. The sum is kept up to date page by page: each object says what it must be after it.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from quenotte.devices.journal.durable import kept

_BYTES: Final = 16
#: SQLite never keeps anything on the page at this offset: it locks bytes there.
#: Source: https://www.sqlite.org/fileformat2.html#the_lock_byte_page
LOCK_BYTE: int = 0x40000000


def lock_page(page_size: int) -> int:
    """Return the number of the page that is never written."""
    return LOCK_BYTE // page_size + 1


def of_page(number: int, image: bytes) -> bytes:
    """Return the hash of a page in its place."""
    mixed = hashlib.blake2b(number.to_bytes(4, "big"), digest_size=_BYTES)
    mixed.update(image)
    return mixed.digest()


def total_of(pages: Iterable[tuple[int, bytes]], size: int, page_size: int) -> str:
    """Return the sum over the pages of a database, as an object of the chain states it."""
    found = 0
    for number, image in pages:
        found ^= int.from_bytes(of_page(number, image), "big")
    locked = lock_page(page_size)
    if locked <= size:
        found ^= int.from_bytes(of_page(locked, bytes(page_size)), "big")
    return f"{found:032x}"


class Hashes:
    """The hashes of a database of ``size`` pages, kept in a file."""

    def __init__(self, path: Path, page_size: int) -> None:
        self._path = path
        self.page_size = page_size
        self._hashes = bytearray(path.read_bytes() if path.exists() else b"")
        self._total = 0
        for at in range(0, len(self._hashes), _BYTES):
            self._total ^= int.from_bytes(self._hashes[at : at + _BYTES], "big")

    @property
    def size(self) -> int:
        """How many pages there are."""
        return len(self._hashes) // _BYTES

    @property
    def total(self) -> str:
        """The sum over all pages, as hexadecimal."""
        return f"{self._total:032x}"

    def differs(self, number: int, image: bytes) -> bool:
        """Tell whether a page is another one than the chain's end has."""
        at = (number - 1) * _BYTES
        return bytes(self._hashes[at : at + _BYTES]) != of_page(number, image)

    def take(self, pages: Iterable[tuple[int, bytes]], size: int) -> None:
        """Follow a step: its pages, then the size of the database after it."""
        self._resize(size)
        for number, image in pages:
            if number <= size:
                self._put(number, of_page(number, image))

    def _put(self, number: int, found: bytes) -> None:
        at = (number - 1) * _BYTES
        before = int.from_bytes(self._hashes[at : at + _BYTES], "big")
        self._total ^= before ^ int.from_bytes(found, "big")
        self._hashes[at : at + _BYTES] = found

    def _resize(self, size: int) -> None:
        """Forget pages beyond the end; new ones are empty until somebody writes them."""
        for number in range(size + 1, self.size + 1):
            self._put(number, bytes(_BYTES))
        del self._hashes[size * _BYTES :]
        empty = bytes(self.page_size)
        for number in range(self.size + 1, size + 1):
            self._hashes += bytes(_BYTES)
            self._put(number, of_page(number, empty))

    def save(self) -> None:
        """Keep the hashes, whole or as they were.

        Raises: OSError.
        """
        kept(self._path, bytes(self._hashes))
