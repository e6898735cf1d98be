"""Where the objects of the journal go: names and bytes, written once, never changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from quenotte.devices.journal import deltas, durable
from quenotte.devices.journal.deltas import Seal
from quenotte.devices.repository.errors import RepositoryError
from quenotte.devices.repository.sealing import MasterKey, seal, unseal
from quenotte.devices.repository.store import JOURNAL, Store


class Carrier(Protocol):
    """A place that keeps objects. It raises OSError for what may pass: full, unplugged, away."""

    def put(self, name: str, body: bytes) -> None:
        """Keep an object; keeping it again changes nothing."""
        ...

    def names(self) -> Iterable[str]:
        """Yield the names of what is kept, in any order."""
        ...

    def get(self, name: str) -> bytes:
        """Return an object. Raises: OSError when it is not there."""
        ...


class Folder:
    """A folder, on another disk than the database's."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, name: str, body: bytes) -> None:
        """Keep an object durably; what is there under this name and whole stays.

        Raises: OSError. The folder itself is not made: an unplugged disk leaves none, and its
        place on the system's disk would be taken for it.
        """
        place = self.path / name
        if place.exists() and place.stat().st_size == len(body) and place.read_bytes() == body:
            return
        durable.kept(place, body)

    def names(self) -> Iterator[str]:
        """Yield the names of what is kept.

        Raises: OSError.
        """
        for entry in self.path.iterdir():
            if deltas.NAME.fullmatch(entry.name):
                yield entry.name

    def get(self, name: str) -> bytes:
        """Return an object.

        Raises: OSError.
        """
        return (self.path / name).read_bytes()


class Listed:
    """A carrier that is asked for its names once: a vault's list of years is long.

    What others put there afterwards is not seen.
    """

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self._listed: tuple[str, ...] | None = None

    def put(self, name: str, body: bytes) -> None:
        """Keep an object. Raises: OSError."""
        self._listed = None
        self._carrier.put(name, body)

    def names(self) -> tuple[str, ...]:
        """Return the names of what was kept when they were asked for first. Raises: OSError."""
        if self._listed is None:
            self._listed = tuple(self._carrier.names())
        return self._listed

    def get(self, name: str) -> bytes:
        """Return an object. Raises: OSError."""
        return self._carrier.get(name)


def sealed_by(key: MasterKey) -> Seal:
    """Return the seal of a repository's master key."""
    return Seal(lambda body: seal(key, body), lambda sealed: bytes(unseal(key, sealed)))


class Shelf:
    """The part of a repository's store, a vault's among them, that keeps the journal."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, name: str, body: bytes) -> None:
        """Keep an object. Raises: OSError."""
        try:
            self._store.put(JOURNAL, name, body)
        except RepositoryError as error:
            raise OSError(str(error)) from error

    def names(self) -> Iterable[str]:
        """Return the names of what is kept. Raises: OSError."""
        try:
            return [name for name, _size in self._store.names(JOURNAL)]
        except RepositoryError as error:
            raise OSError(str(error)) from error

    def get(self, name: str) -> bytes:
        """Return an object. Raises: OSError."""
        try:
            return self._store.get(JOURNAL, name)
        except RepositoryError as error:
            raise OSError(str(error)) from error
