"""Copies of a repository as it is, file by file, without its key; and mending from such a copy.

A file is taken over only when its bytes hash to its name, so damage never spreads; nothing is
deleted at the other side because it is gone on this one. Order as in writing: a mirror that is
broken off is a repository all the same.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import AlreadyThere, Damaged, Missing, NotThere
from quenotte.devices.repository.progress import Listener, Teller
from quenotte.devices.repository.store import (
    CONFIG,
    DATA,
    INDEX,
    KEYS,
    NAMED_KINDS,
    SNAPSHOTS,
    Store,
)

_ORDER = (KEYS, DATA, INDEX, SNAPSHOTS)


@dataclass
class Mirrored:
    """What was taken over; ``damaged`` are files of the source that were left out."""

    files: int = 0
    bytes: int = 0
    damaged: list[Finding] = field(default_factory=list)


def mirror(source: Store, target: Store, *, progress: Listener | None = None) -> Mirrored:
    """Take over what ``target`` lacks; it is made when it is empty.

    Raises: NotThere, AlreadyThere when the target is another repository, Full, Refused,
    Unreachable.
    """
    if source.size(CONFIG, "") is None:
        raise NotThere
    _begin(source, target)
    # Snapshots are listed first: one that comes meanwhile would lack what it needs.
    lacks = {kind: list(_missing(source, target, kind)) for kind in reversed(_ORDER)}
    missing = [one for kind in _ORDER for one in lacks[kind]]
    told = Teller(progress, sum(size for _, _, size in missing))
    done = Mirrored()
    for kind, name, size in missing:
        body = _whole(source, kind, name)
        told.add(size, name)
        if body is None:
            done.damaged.append(Finding(kind, name, What.DAMAGED))
            continue
        target.put(kind, name, body)
        done.files += 1
        done.bytes += len(body)
    told.finish()
    return done


def _begin(source: Store, target: Store) -> None:
    """Make the target, or see that it is the same repository: its config says which.

    Keys go first: a place without config is no repository yet.
    """
    config = source.get(CONFIG, "")
    if target.size(CONFIG, "") is None:
        target.prepare()
        for _, name, _ in _missing(source, target, KEYS):
            target.put(KEYS, name, source.get(KEYS, name))
        target.put(CONFIG, "", config)
    elif target.get(CONFIG, "") != config:
        raise AlreadyThere


def _missing(source: Store, target: Store, kind: str) -> Iterator[tuple[str, str, int]]:
    """Yield what the target lacks, or holds with another size."""
    there = dict(target.names(kind))
    for name, size in sorted(source.names(kind)):
        if there.get(name) != size:
            yield kind, name, size


def _whole(store: Store, kind: str, name: str) -> bytes | None:
    try:
        body = store.get(kind, name)
    except (Damaged, Missing):
        return None
    return body if hashlib.sha256(body).hexdigest() == name else None


def mend(store: Store, others: Sequence[Store], findings: Iterable[Finding]) -> list[Finding]:
    """Store again what a check found damaged or missing, from other copies of the repository.

    Return what could be mended. Raises: Full, Refused, Unreachable.
    """
    return [one for one in findings if one.is_error and _is_mended(store, others, one)]


def _is_mended(store: Store, others: Sequence[Store], finding: Finding) -> bool:
    if finding.kind not in NAMED_KINDS:
        return False
    for other in others:
        body = _whole(other, finding.kind, finding.name)
        if body is not None:
            store.put(finding.kind, finding.name, body)
            return True
    return False
