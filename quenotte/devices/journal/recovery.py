"""Finds after a start, or after a step that failed, where the chain ends.

A step is in the spool before the hashes follow it, and they before the memory counts it. So a step
that the memory does not count yet lies in the spool still, whole or void.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from quenotte.devices.journal import deltas, memory
from quenotte.devices.journal.deltas import Damaged, Object, Seal
from quenotte.devices.journal.hashes import Hashes
from quenotte.devices.journal.memory import Memory
from quenotte.devices.journal.spool import Spool


def recovered(folder: Path, spool: Spool, seal: Seal) -> tuple[Memory, Hashes | None]:
    """Return what is remembered and the hashes; None when every page has to be sent anew.

    Raises: OSError.
    """
    spool.drop_drafts()
    found = memory.load(folder / "state.json")
    path = folder / "hashes"
    hashes = Hashes(path, found.page_size) if found.page_size else None
    before = found
    step: list[Object] = []
    sent = 0
    for name, sealed, thing in _uncounted(spool, found.sequence, seal):
        step, sent = ([], 0) if thing.head.part == 1 else (step, sent)
        step.append(thing)
        sent += len(sealed)
        if thing.head.is_last and len(step) == thing.head.part:
            hashes = _followed(hashes, path, step)
            found = found.after(thing.head, name, sent=sent)
        else:
            found = _passed(found, name)
    if hashes is not None and hashes.total != found.total:
        hashes = None
    if hashes is not None and found != before:
        hashes.save()
        memory.save(folder / "state.json", found)
    return found, hashes


def _uncounted(spool: Spool, counted: int, seal: Seal) -> Iterator[tuple[str, bytes, Object]]:
    """Yield name, bytes and content of what the memory does not count yet.

    One that is damaged, and what follows it, is thrown away: nothing was built on it here. If a
    carrier has it whole, it is noticed as the end of another chain.
    """
    names = [one for one in spool.names() if (deltas.sequence_of(one) or 0) > counted]
    for place, name in enumerate(names):
        sealed = spool.read(name)
        try:
            thing = deltas.opened(name, sealed, seal)
        except Damaged:
            for lost in names[place:]:
                spool.remove(lost)
            return
        yield name, sealed, thing


def _passed(found: Memory, name: str) -> Memory:
    """Return the memory after an object that belongs to no whole step, so far."""
    number, _, digest = name.partition("-")
    return replace(found, sequence=int(number), previous=digest)


def _followed(hashes: Hashes | None, path: Path, step: list[Object]) -> Hashes:
    head = step[-1].head
    if hashes is None or hashes.page_size != head.page_size:
        hashes = Hashes(path, head.page_size)
    hashes.take((), head.size)
    for thing in step:
        hashes.take(thing.pages, head.size)
    return hashes
