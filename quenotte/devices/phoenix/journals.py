"""The journal of a place, listed once for all that a return asks of it."""

from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

from quenotte.devices.journal import marks
from quenotte.devices.journal.carriers import Listed, Shelf, sealed_by
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.journal.marks import Chain
from quenotte.devices.journal.shelves import Shelves
from quenotte.devices.repository.errors import Refused
from quenotte.devices.repository.repository import Repository


@dataclass(frozen=True)
class Journal:
    """What holds it, what opens it, and what it says of the copies beside it.

    ``is_listed``: the place said what it holds of it. Where it did not, copies are chosen without
    it: it is then left aside altogether, whatever the place says later.
    """

    carrier: Listed
    seal: Seal
    chain: Chain
    is_listed: bool


_listed: Final[WeakKeyDictionary[Repository, Journal]] = WeakKeyDictionary()


def of(repository: Repository) -> Journal:
    """Return the journal of a place; an empty one where it holds none, or could not be listed.

    It stays as it was listed first, for as long as the repository is open; see ``forget``.
    """
    found = _listed.get(repository)
    if found is None:
        carrier, seal = Listed(Shelf(repository.store)), sealed_by(repository.key)
        is_listed = _is_listed(carrier)
        chain = Chain(Shelves([carrier] if is_listed else [], seal, marks.opened))
        found = _listed[repository] = Journal(carrier, seal, chain, is_listed)
    return found


def anew(repository: Repository) -> Journal:
    """Return the journal of a place, which is asked again where it could not be listed before."""
    before = _listed.get(repository)
    if before is not None and not before.is_listed:
        forget(repository)
    return of(repository)


def forget(repository: Repository) -> None:
    """Have it listed anew when it is asked for next: a server may have gone on meanwhile."""
    _listed.pop(repository, None)


def _is_listed(carrier: Listed) -> bool:
    """Tell whether a place says what it holds of its journal; asked once more where it does not.

    A server of restic's own that knows no journal refuses to list one: it holds none.
    """
    return _says(carrier) or _says(carrier)


def _says(carrier: Listed) -> bool:
    try:
        carrier.names()
    except OSError as error:
        return isinstance(error.__cause__, Refused)
    return True
