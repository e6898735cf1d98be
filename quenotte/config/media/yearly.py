"""A repository with its years on a disk: each is mirrored, read back and mended by itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from quenotte.devices.media import depots
from quenotte.devices.media.carriers import Finding
from quenotte.devices.repository import checking, epochs
from quenotte.devices.repository.errors import NotThere
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.mirroring import Mirrored, mend, mirror
from quenotte.devices.repository.opening import open_store
from quenotte.devices.repository.progress import Listener
from quenotte.devices.repository.store import NAMED_KINDS, Store

_YEARS: Final = "20[0-9][0-9]*"


class Years:
    """The years of a place, oldest first, as they are when this is made.

    A disk is judged by what was there then: copies and pictures go on arriving while it is
    written and read back. Raises: NotThere, Refused, Unreachable.
    """

    def __init__(self, place: str) -> None:
        found = _existing(place)
        if not found:
            raise NotThere
        self._sources = {epochs.epoch_of(one, place): open_store(one) for one in reversed(found)}
        self._lists = {year: depots.listed(source) for year, source in self._sources.items()}

    def mirrored(self, folder: Path, progress: Listener) -> list[Mirrored]:
        """Take over what a disk lacks. Raises: what ``mirror`` does."""
        return self.mirrored_to(str(folder / depots.FOLDER), progress)

    def mirrored_to(self, place: str, progress: Listener) -> list[Mirrored]:
        """Take over what another place lacks. Raises: what ``mirror`` does."""
        return [
            mirror(source, open_store(epochs.place_of(place, year)), progress=progress)
            for year, source in self._sources.items()
        ]

    def looked(self, folder: Path, progress: Listener) -> Sequence[Finding]:
        """Return what is not as it was at the place. Raises: RepositoryError."""
        return [
            one
            for year, listing in self._lists.items()
            for one in _looked(_at(folder, year), year, listing, progress)
        ]

    def mended(self, folder: Path, findings: Sequence[Finding]) -> None:
        """Write again what a look found damaged. Raises: Full, Refused, Unreachable."""
        for year, source in self._sources.items():
            begun = _begun(year)
            names = [one.name.removeprefix(begun) for one in findings if one.name.startswith(begun)]
            mend(_at(folder, year), [source], [_as_checked(name) for name in names])


def looked_alone(folder: Path, progress: Listener) -> Sequence[Finding]:
    """Read each year that a disk holds, without the place it came from."""
    root = folder / depots.FOLDER
    found = sorted(one for one in root.glob(_YEARS) if one.is_dir())
    has_first = (root / "config").exists() or not found
    years = [*([0] if has_first else []), *(epochs.epoch_of(str(one), str(root)) for one in found)]
    return [one for year in years for one in _looked(_at(folder, year), year, None, progress)]


def looked_at(place: str, progress: Listener) -> Sequence[Finding]:
    """Read each year that a place holds, without the one it came from."""
    years = [epochs.epoch_of(one, place) for one in _existing(place)] or [0]
    stores = [(year, open_store(epochs.place_of(place, year))) for year in reversed(years)]
    return [one for year, store in stores for one in _looked(store, year, None, progress)]


def _existing(place: str) -> list[str]:
    today = datetime.now().astimezone().date()
    return epochs.existing(place, on=epochs.horizon(today))


def _looked(
    store: Store, year: int, wanted: depots.Listing | None, progress: Listener
) -> Sequence[Finding]:
    found = depots.look(store, wanted, progress)
    return [replace(one, name=f"{_begun(year)}{one.name}") for one in found]


def _at(folder: Path, year: int) -> FolderStore:
    return FolderStore(Path(epochs.place_of(str(folder / depots.FOLDER), year)))


def _begun(year: int) -> str:
    return f"{epochs.place_of('', year)}/" if year else ""


def _as_checked(name: str) -> checking.Finding:
    kind, _slash, rest = name.partition("/")
    kind = kind if kind in NAMED_KINDS else ""
    return checking.Finding(kind, rest, checking.What.DAMAGED)
