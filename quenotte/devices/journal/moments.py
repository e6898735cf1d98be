"""All pages of the database at one moment, while others write.

The file alone is a mixture: the log is being copied into it. What may be copied into it while we
hold the log lies in the log itself, so the newest committed images of the log over the file are
the database at the last commit that was read.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quenotte.devices.journal import frames
from quenotte.devices.journal.frames import Found, NotContinuous
from quenotte.devices.journal.hashes import lock_page
from quenotte.devices.journal.states import Why

Page = tuple[int, bytes]

_BLOCK_BYTES: Final = 4 * 2**20


def file_pages(descriptor: int, size: int, page_size: int) -> Iterator[Page]:
    """Yield the first ``size`` pages of an open file; zeros where it ends early.

    The page on which SQLite locks bytes is left out: nothing is kept there, and Windows refuses.
    """
    left_out = lock_page(page_size)
    step = max(1, _BLOCK_BYTES // page_size)
    first = 1
    while first <= size:
        last = min(first + step - 1, size)
        if first == left_out:
            first += 1
            continue
        if first < left_out <= last:
            last = left_out - 1
        wanted = (last - first + 1) * page_size
        block = os.pread(descriptor, wanted, (first - 1) * page_size).ljust(wanted, b"\0")
        for number in range(first, last + 1):
            at = (number - first) * page_size
            yield number, block[at : at + page_size]
        first = last + 1


def held_pages(database: int, log: int, found: Found, size: int, page_size: int) -> Iterator[Page]:
    """Yield the pages as they were at the end of ``found``, which begins where the log begins.

    Raises: NotContinuous when the log was begun anew meanwhile.
    """
    for number, image in file_pages(database, size, page_size):
        at = found.pages.get(number)
        yield number, image if at is None else frames.page_at(log, at, page_size)
    if found.frames:
        header = frames.read_header(log)
        if header is None or found.position is None or header.salts != found.position.salts:
            raise NotContinuous(Why.REWRITTEN)


def copied_pages(path: Path, page_size: int) -> Iterator[Page]:
    """Yield the pages of a copy with which nobody works."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield from file_pages(descriptor, path.stat().st_size // page_size, page_size)
    finally:
        os.close(descriptor)
