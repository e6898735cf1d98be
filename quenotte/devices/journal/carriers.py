"""Where the objects of the journal go: names and bytes, written once, never changed."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from quenotte.devices.journal import deltas, durable


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


class Store(Protocol):
    """What we need of a store of a repository (`devices.repository.store`)."""

    def put(self, kind: str, name: str, body: bytes) -> None:
        """Keep an object."""
        ...

    def get(self, kind: str, name: str) -> bytes:
        """Return an object."""
        ...

    def names(self, kind: str) -> Iterable[tuple[str, int]]:
        """Return names and sizes."""
        ...


class Shelf:
    """The part of a repository's store, a vault's among them, that keeps the journal."""

    KIND = "journal"

    def __init__(self, store: Store, errors: type[Exception] = OSError) -> None:
        self._store = store
        self._errors = errors

    def put(self, name: str, body: bytes) -> None:
        """Keep an object. Raises: OSError."""
        try:
            self._store.put(self.KIND, name, body)
        except self._errors as error:
            raise OSError(str(error)) from error

    def names(self) -> Iterable[str]:
        """Return the names of what is kept. Raises: OSError."""
        try:
            return [name for name, _size in self._store.names(self.KIND)]
        except self._errors as error:
            raise OSError(str(error)) from error

    def get(self, name: str) -> bytes:
        """Return an object. Raises: OSError."""
        try:
            return self._store.get(self.KIND, name)
        except self._errors as error:
            raise OSError(str(error)) from error
