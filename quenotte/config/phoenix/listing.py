"""The copies of a place as a person chooses among them: the doubted ones marked, in their place."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from quenotte.config.words import _
from quenotte.devices.phoenix import choosing, returning
from quenotte.devices.phoenix.choosing import QUARANTINE, Known, Wish
from quenotte.devices.repository.snapshots import Snapshot

#: Copies that are shown to choose from; of the doubted ones, which an attack leaves each hour.
_SHOWN: Final = 8
_SHOWN_DOUBTED: Final = 4


def shown(years: Sequence[Known]) -> list[Snapshot]:
    """Return the copies to choose from, the newest first, those of the first year first."""
    return list(_shown(one for year in years for one in year.listed()))


def _shown(copies: Iterator[Snapshot]) -> Iterator[Snapshot]:
    good = doubted = 0
    for one in copies:
        if not is_doubted(one):
            good += 1
            yield one
        elif doubted < _SHOWN_DOUBTED:
            doubted += 1
            yield one
        if good == _SHOWN:
            return


def is_doubted(copy: Snapshot) -> bool:
    """Tell whether the guard doubted a copy."""
    return QUARANTINE in copy.tags


def left_aside(years: Sequence[Known]) -> frozenset[str]:
    """Return the ids of the copies that are not taken by themselves: no journal knows them."""
    return frozenset(one.id for year in years for one in year.strangers())


def words_of(copy: Snapshot, aside: Collection[str] = ()) -> str:
    """Return a copy as it stands in a list; ``aside``: see ``left_aside``."""
    words = f"{returning.said(copy.time)}  {copy.short_id}"
    if is_doubted(copy):
        words = _("{copy}  en quarantaine : la garde en doute").format(copy=words)
    elif copy.id in aside:
        words = _("{copy}  laissée de côté : inconnue du journal de la base").format(copy=words)
    return words


def doubted(held: Known) -> list[Snapshot]:
    """Return the copies that keep the newest return from following the journal. Raises: NoCopy."""
    return held.doubted_since(_by_itself(held))


def words_by_itself(held: Known) -> str:
    """Return what is taken when nobody chooses. Raises: NoCopy."""
    chosen = _by_itself(held)
    moment = returning.said(chosen.time)
    if is_doubted(chosen):
        words = _("la copie du {moment}, sans le journal. La garde doute de toutes les copies.")
    elif held.doubted_since(chosen):
        words = _("la copie du {moment}, la dernière dont la garde ne doute pas, sans le journal.")
    else:
        words = _("la copie du {moment}, avec ce que le journal sait de plus.")
    return words.format(moment=moment)


def _by_itself(held: Known) -> Snapshot:
    return choosing.wanted(held.to_try(), Wish())[0]
