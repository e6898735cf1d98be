"""The years of a place that are over: no copy goes there, so that none makes up for a lost pack.

Their packs are compared with their indexes at each proof and each check, and read in their turn.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from quenotte.devices.repository import epochs, soundness
from quenotte.devices.repository.checking import Finding, What
from quenotte.devices.repository.errors import Damaged, Missing, file_of
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.soundness import bare
from quenotte.devices.repository.store import CONFIG, DATA
from quenotte.upkeep.backups import places, rotten
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import tending


@dataclass(frozen=True)
class Past:
    """What a check found in the years that are over. ``heads`` as people see them."""

    findings: tuple[Finding, ...]
    heads: tuple[str, ...]


def packs_lost(destination: Destination) -> tuple[str, ...]:
    """Return the packs that years which are over lack since the last look, and note them.

    Those that another place holds are put there again. Raises: Refused, Unreachable.
    """
    lost = [pack for one in _opened(destination) if one for pack in _absent(one)]
    return rotten.note_gone(destination.id, lost)


def verify(destination: Destination) -> Past:
    """Compare the packs of years that are over with their indexes, and look at their heads.

    Raises: Refused, Unreachable.
    """
    findings, heads, lost = [], [], []
    for repository in _opened(destination):
        if repository is None:
            findings.append(Finding(CONFIG, "", What.UNREAD, "a year that is over, of another key"))
            continue
        damaged = soundness.rotten(bare(repository.store))
        findings += [Finding(*one, What.DAMAGED, "of a year that is over") for one in damaged]
        heads += [file_of(*one) for one in damaged]
        lost += _left(repository, destination)
    findings += [Finding(DATA, pack, What.MISSING, "of a year that is over") for pack in lost]
    rotten.note_gone(destination.id, lost)
    return Past(tuple(findings), tuple(heads))


def of_them(destination: Destination, packs: Collection[str]) -> tuple[str, ...]:
    """Return those of some packs that lie, or lay, in years that are over.

    Raises: Refused, Unreachable.
    """
    there: set[str] = set()
    for one in filter(None, _opened(destination) if packs else ()):
        there.update(one.index.packs, (name for name, _size in bare(one.store).names(DATA)))
    return tuple(sorted(there.intersection(packs)))


def _left(repository: Repository, destination: Destination) -> list[str]:
    """Return what a year lacks, and what the nights found rotten there and is so still."""
    absent = _absent(repository)
    noted = set(rotten.gone(destination.id)).intersection(repository.index.packs).difference(absent)
    store = bare(repository.store)
    return [*absent, *(pack for pack in noted if not soundness.is_sound(store, (DATA, pack)))]


def _absent(repository: Repository) -> tuple[str, ...]:
    lost = soundness.absent(repository)
    if not lost:
        return ()
    mended = soundness.mend(bare(repository.store), [(DATA, one) for one in lost], tending.others)
    return tuple(one for one in lost if file_of(DATA, one) in mended.left)


def _opened(destination: Destination) -> Iterator[Repository | None]:
    """Yield the repositories of years that are over; None for one that our key does not open."""
    on, in_use = (
        epochs.horizon(timezone.localdate()),
        places.at(destination.place, destination.epoch),
    )
    for place in epochs.existing(destination.place, on=on, open_at=places.store_at):
        if place == in_use:
            continue
        try:
            repository = places.opened(place)
        except (places.ForeignKey, Damaged, Missing):
            yield None
            continue
        repository.use_cache(Path(settings.DATA_DIR) / "cache" / "repository")
        yield repository
