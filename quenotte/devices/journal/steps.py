"""Makes steps of the chain: pages become sealed objects in the spool, all of them or none."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain, islice
from typing import Final

from quenotte.devices.journal import deltas
from quenotte.devices.journal.deltas import BASE, Head, Seal
from quenotte.devices.journal.frames import Position
from quenotte.devices.journal.hashes import Hashes
from quenotte.devices.journal.memory import Memory
from quenotte.devices.journal.moments import Page
from quenotte.devices.journal.spool import Spool
from quenotte.devices.journal.states import Why

#: What one object holds at most, in bytes before it is compressed.
PART_BYTES: Final = 4 * 2**20


@dataclass(frozen=True)
class Step:
    """What is to be sent."""

    kind: str
    pages: Iterable[Page]
    #: The size of the database after it, in pages.
    size: int
    page_size: int
    position: Position | None
    why: Why = Why.NOTHING
    frames: int = 0
    commits: int = 0


def make(step: Step, memory: Memory, hashes: Hashes, spool: Spool, seal: Seal) -> Memory:
    """Put a step into the spool and return what is to be remembered of it.

    ``hashes`` follow the step; they and the memory are still to be saved.

    Raises: OSError; the hashes are then to be read again and the drafts dropped.
    """
    names: list[str] = []
    sent, sequence, previous = 0, memory.sequence, memory.previous
    base = memory.sequence + 1 if step.kind == BASE else memory.base
    made_at = datetime.now(UTC).isoformat(timespec="milliseconds")
    # A page that a shorter database lost is gone before a page of the step takes its place.
    hashes.take((), step.size)
    head = None
    for part, (pages, is_last) in enumerate(_parts(step), start=1):
        sequence += 1
        hashes.take(pages, step.size)
        head = Head(
            kind=step.kind,
            sequence=sequence,
            previous=previous,
            base=base,
            part=part,
            is_last=is_last,
            page_size=step.page_size,
            size=step.size,
            total=hashes.total if is_last else "",
            made_at=made_at,
            why=step.why.value,
            position=_place(step.position),
            frames=step.frames,
            commits=step.commits,
        )
        sealed = seal.close(deltas.pack(head, pages))
        names.append(deltas.name_of(sequence, sealed))
        spool.draft(names[-1], sealed)
        previous = names[-1].partition("-")[2]
        sent += len(sealed)
    assert head is not None
    spool.publish(names)
    return memory.after(head, names[-1], sent=sent)


def _parts(step: Step) -> Iterator[tuple[list[Page], bool]]:
    """Yield the pages part by part, and whether it is the last; one part at least."""
    each = max(1, PART_BYTES // step.page_size)
    pages = iter(step.pages)
    part = list(islice(pages, each))
    while True:
        following = next(pages, None)
        if following is None:
            yield part, True
            return
        yield part, False
        part = list(islice(chain([following], pages), each))


def _place(position: Position | None) -> tuple[tuple[int, int], int, tuple[int, int]] | None:
    if position is None:
        return None
    return position.salts, position.frames, position.checksum
