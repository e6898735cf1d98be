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
    """What holds it, what opens it, and what it says of the copies beside it."""

    carrier: Listed
    seal: Seal
    chain: Chain

    def is_listed(self) -> bool:
        """Tell whether the place says what it holds of it; asked again where it did not.

        A server of restic's own that knows no journal refuses to list one: it holds none.
        """
        try:
            self.carrier.names()
        except OSError as error:
            return isinstance(error.__cause__, Refused)
        return True


_listed: Final[WeakKeyDictionary[Repository, Journal]] = WeakKeyDictionary()


def of(repository: Repository) -> Journal:
    """Return the journal of a place; an empty one where it holds none.

    It stays as it was listed first, for as long as the repository is open; see ``forget``.
    """
    found = _listed.get(repository)
    if found is None:
        carrier, seal = Listed(Shelf(repository.store)), sealed_by(repository.key)
        chain = Chain(Shelves([carrier], seal, marks.opened))
        found = _listed[repository] = Journal(carrier, seal, chain)
    return found


def forget(repository: Repository) -> None:
    """Have it listed anew when it is asked for next: a server may have gone on meanwhile."""
    _listed.pop(repository, None)
