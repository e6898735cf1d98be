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
from quenotte.devices.repository.soundness import Heads, bare
from quenotte.devices.repository.store import CONFIG, DATA
from quenotte.upkeep.backups import places, rotten
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import tending


@dataclass(frozen=True)
class Past:
    """What a check found in the years that are over. ``heads`` as people see them.

    ``left``: packs that are rotten or lost still, those of a year that nobody opens among them.
    """

    findings: tuple[Finding, ...]
    heads: tuple[str, ...]
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Packs:
    """The packs of one year that are not there, those that rotted, and those put there again."""

    absent: tuple[str, ...] = ()
    rotten: tuple[str, ...] = ()
    mended: tuple[str, ...] = ()

    @property
    def left(self) -> tuple[str, ...]:
        return self.absent + self.rotten

    def findings(self) -> list[Finding]:
        return [
            *(_finding(DATA, pack, What.MISSING) for pack in self.absent),
            *(_finding(DATA, pack, What.DAMAGED) for pack in self.rotten),
            *(_finding(DATA, pack, What.MENDED) for pack in self.mended),
        ]


def tend(destination: Destination) -> tuple[tuple[str, ...], Heads]:
    """Return the packs that years which are over lack since the last look, and what was mended.

    Those that another place holds are put there again, those that were noted before too. Raises:
    Refused, Unreachable.
    """
    tended = [_tended(one, destination) for one in _opened(destination) if one]
    lost = [pack for one in tended for pack in one.left]
    mended = tuple(file_of(DATA, pack) for one in tended for pack in one.mended)
    return rotten.note_gone(destination.id, lost), Heads(mended)


def verify(destination: Destination) -> Past:
    """Compare the packs of years that are over with their indexes, and look at their heads.

    Packs that the nights found rotten are read; what another place holds is put there again.

    Raises: Refused, Unreachable.
    """
    findings, heads, is_closed = [], [], False
    lost: list[str] = []
    for repository in _opened(destination):
        if repository is None:
            findings.append(Finding(CONFIG, "", What.UNREAD, "a year that is over, of another key"))
            is_closed = True
            continue
        damaged = soundness.rotten(bare(repository.store))
        findings += [_finding(*one, What.DAMAGED) for one in damaged]
        heads += [file_of(*one) for one in damaged]
        tended = _tended(repository, destination)
        findings += tended.findings()
        lost += tended.left
    rotten.note_gone(destination.id, lost)
    left = rotten.past(destination.id) if is_closed else lost
    return Past(tuple(findings), tuple(heads), tuple(left))


def of_them(destination: Destination, packs: Collection[str]) -> tuple[str, ...]:
    """Return those of some packs that lie, or lay, in years that are over.

    Raises: Refused, Unreachable.
    """
    there: set[str] = set()
    for one in filter(None, _opened(destination) if packs else ()):
        there.update(one.index.packs, (name for name, _size in bare(one.store).names(DATA)))
    return tuple(sorted(there.intersection(packs)))


def _tended(repository: Repository, destination: Destination) -> _Packs:
    """Put again what a year lacks and what was found rotten there; what is sound is forgotten."""
    absent, store = soundness.absent(repository), bare(repository.store)
    noted = tending.noted_in(repository, rotten.gone(destination.id)).difference(absent)
    unsound = [pack for pack in sorted(noted) if not soundness.is_sound(store, (DATA, pack))]
    files = [(DATA, pack) for pack in (*absent, *unsound)]
    left = soundness.mend(store, files, tending.others).left if files else ()
    mended = tuple(name for kind, name in files if file_of(kind, name) not in left)
    rotten.found_again(destination.id, [*noted.difference(unsound), *mended])
    return _Packs(
        tuple(pack for pack in absent if pack not in mended),
        tuple(pack for pack in unsound if pack not in mended),
        mended,
    )


def _finding(kind: str, name: str, what: What) -> Finding:
    return Finding(kind, name, what, "of a year that is over", is_past=True)


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
