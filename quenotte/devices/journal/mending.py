"""Makes a broken chain whole again, and says that it was broken."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from quenotte.devices.journal import holding, moments
from quenotte.devices.journal.deltas import BASE, BRIDGE, COPY
from quenotte.devices.journal.ends import End
from quenotte.devices.journal.hashes import Hashes
from quenotte.devices.journal.moments import Page
from quenotte.devices.journal.spool import Courier
from quenotte.devices.journal.states import Why
from quenotte.devices.journal.steps import Step
from quenotte.devices.journal.watching import Watch

#: A step of more pages, and of half the database, is a base.
UPHEAVAL_PAGES: Final = 512
#: After these each page is looked at, even if the log goes on where it was left.
PAGES_ARE_IN_DOUBT: Final = frozenset({Why.MISMATCH, Why.REPLACED, Why.ENGINE})


def is_upheaval(pages: int, size: int) -> bool:
    """Tell whether so many pages of so many are better sent as a base."""
    return pages > UPHEAVAL_PAGES and pages * 2 > size


def pass_over(end: End, couriers: Sequence[Courier]) -> None:
    """Begin anew after what a carrier holds of ours and we do not remember."""
    ahead = max((courier.ahead for courier in couriers), default=(0, ""))
    if not ahead[0]:
        return
    memory = replace(end.memory, base=0)
    if ahead[0] > memory.sequence:
        memory = replace(memory, sequence=ahead[0], previous=ahead[1])
    end.remember(memory)
    for courier in couriers:
        courier.ahead = (0, "")


def begin_anew(end: End, watch: Watch, why: Why) -> None:
    """Send all pages.

    Raises: OSError, NotContinuous, sqlite3.Error, as do the others here.
    """
    if not end.memory.sequence:
        why = Why.NEW
    elif why is not Why.CARRIER_AHEAD:
        why = Why.STATE_LOST
    with watch.now(BASE, why) as step:
        _declare(end, step)


def renew(end: End, watch: Watch) -> None:
    """Send all pages to whoever lacks the base there is; nothing was missed."""
    with watch.now(BASE, Why.AGE) as step:
        end.send(step)


def bridge(end: End, watch: Watch, why: Why) -> None:
    """Send the pages in which the database differs from the chain's end."""
    hashes = end.hashes()
    assert hashes is not None
    if why in {Why.NEW, Why.WAITING}:
        why = Why.AWAY
    with watch.now() as step:
        differing = sum(1 for _ in _differing(step.pages, hashes))
        if not differing and step.size == hashes.size:
            # Nothing was missed: the same pages, in another place of the log.
            end.remember(replace(end.memory, position=step.position))
            return
    kind = BASE if is_upheaval(differing, step.size) else BRIDGE
    with watch.now(kind, why) as again:
        pages = again.pages if kind == BASE else _differing(again.pages, hashes)
        _declare(end, replace(again, pages=pages))


def copy(end: End, database: Path, why: Why) -> None:
    """Send what differs in a copy made by SQLite's own means, without looking at the log."""
    path = end.folder / "copy.sqlite3"
    try:
        page_size = holding.copy(database, path)
        size = path.stat().st_size // page_size
        hashes = end.hashes()
        pages: Iterable[Page] = moments.copied_pages(path, page_size)
        kind = BASE
        if hashes is not None and end.memory.base and hashes.page_size == page_size:
            kind = COPY
            pages = _differing(pages, hashes)
        end.send(Step(kind, pages, size, page_size, None, why))
    finally:
        path.unlink(missing_ok=True)


def _differing(pages: Iterable[Page], hashes: Hashes) -> Iterator[Page]:
    """Yield the pages that the chain's end does not have, which may follow them meanwhile."""
    return (page for page in pages if hashes.differs(*page))


def _declare(end: End, step: Step) -> None:
    """Send a step after a break, and remember the break."""
    before = end.memory.sequence
    end.send(step)
    if before:
        at = datetime.now(UTC).isoformat(timespec="seconds")
        end.remember(end.memory.with_hole(before, before + 1, step.why.value, at))
