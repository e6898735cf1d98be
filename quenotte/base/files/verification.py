"""Proving that every blob is where it should be, unaltered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from quenotte.base.files import disk
from quenotte.base.files.models import Blob
from quenotte.base.files.shelves import Shelf, shelf

#: Called with the number of blobs checked and their total.
Progress = Callable[[int, int], None]


class Trouble(StrEnum):
    """What can be wrong with a blob."""

    MISSING = "missing"
    ALTERED = "altered"
    ORPHAN = "orphan"


@dataclass(frozen=True)
class Finding:
    """One blob that is not as it should be."""

    trouble: Trouble
    sha256: str


@dataclass(frozen=True)
class Report:
    """What a verification found; ``size_bytes`` is what was read."""

    blobs: int
    size_bytes: int
    findings: tuple[Finding, ...]

    @property
    def is_sound(self) -> bool:
        """Nothing is missing and nothing was altered (an orphan is no loss)."""
        return all(finding.trouble is Trouble.ORPHAN for finding in self.findings)


def verify(progress: Progress = lambda _done, _total: None) -> Report:
    """Read every blob again and compare it with its name; name what is wrong.

    Bytes without a row (a process was killed between the two) are named orphans: `reindex`
    gives them a row.
    """
    place = shelf()
    total = Blob.objects.count()
    findings: list[Finding] = []
    size = 0
    for done, blob in enumerate(Blob.objects.order_by("sha256").iterator(), start=1):
        trouble = check(place, blob)
        if trouble is not None:
            findings.append(Finding(trouble, blob.sha256))
        size += blob.size_bytes
        progress(done, total)
    findings += [Finding(Trouble.ORPHAN, sha256) for sha256 in orphans(place)]
    return Report(total, size, tuple(findings))


def check(place: Shelf, blob: Blob) -> Trouble | None:
    """Return what is wrong with one blob; None when it is sound."""
    stream = place.open_original(blob.sha256)
    if stream is None:
        return Trouble.MISSING
    return None if _is_intact(stream, blob) else Trouble.ALTERED


def orphans(place: Shelf) -> Iterator[str]:
    """Return the digests that have bytes and no row."""
    known = set(Blob.objects.values_list("sha256", flat=True))
    return (sha256 for sha256 in place.digests() if sha256 not in known)


def _is_intact(stream: BinaryIO, blob: Blob) -> bool:
    with stream:
        try:
            return disk.digest_of(stream) == (blob.sha256, blob.size_bytes)
        except OSError:
            # A disk that cannot read its own bytes has altered them as well.
            return False
