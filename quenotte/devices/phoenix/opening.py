"""The repository at a place, opened with what was typed from paper, or with what is kept here."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from quenotte.devices.phoenix import choosing
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import OtherYear
from quenotte.devices.phoenix.marker import Secret
from quenotte.devices.recovery import commands
from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import (
    Damaged,
    Missing,
    NotThere,
    Refused,
    WrongPassphrase,
)
from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey
from quenotte.devices.repository.store import SNAPSHOTS, Store

_WRITTEN_ON: Final = date(2026, 11, 1)


def opened(
    place: str,
    passphrase: str,
    *,
    fingerprint: str = "",
    ca_file: str = "",
    wish: Wish | None = None,
) -> tuple[Repository, Secret]:
    """Open the year of a place that holds what is wished; return it with what opens it again.

    On New Year's night that of the new year may hold no copy yet, or none that is trusted: then it
    is the one before. Without any that serves, the newest that opens is returned.

    Raises: NotThere, WrongPassphrase, OtherYear, Damaged, Refused, Unreachable.
    """
    wish = wish or Wish()
    found = list(_years(place, passphrase, fingerprint, ca_file))
    if not found:
        raise NotThere
    opens = [one for one in found if one.repository is not None]
    if not opens:
        raise next((one.trouble for one in found if one.trouble), WrongPassphrase())
    best = max(opens, key=lambda one: one.worth(wish))
    closed = [one for one in found[: found.index(best)] if one.is_closed]
    if closed and wish.is_newest:
        raise OtherYear(label_of(closed[0].place), label_of(best.place))
    assert best.repository is not None
    return best.repository, _secret(best.place, best.repository, fingerprint, ca_file)


def earlier(secret: Secret, root: str) -> list[tuple[Repository, Secret]]:
    """Return the other years of a place that the same master key opens, newest first."""
    trusting = _trusting(secret.fingerprint, secret.ca_file)
    key = MasterKey.from_json(secret.master)
    others = []
    for one in epochs.existing(_plain(root), on=epochs.horizon(_today()), open_at=trusting):
        with contextlib.suppress(Damaged, Missing, Refused):
            if one != secret.place:
                repository = Repository.known(trusting(one), key)
                others.append((repository, replace(secret, place=one)))
    return others


@dataclass
class _Year:
    """One year of a place: open, closed to this key, or damaged."""

    place: str
    repository: Repository | None = None
    trouble: Damaged | None = None
    is_closed: bool = False

    def worth(self, wish: Wish) -> int:
        """Return how well it serves: 0 not at all; of equals the newest year is taken."""
        try:
            assert self.repository is not None
            return choosing.worth(self.repository.snapshots(), wish)
        except (Damaged, Missing):
            return 0


def _years(place: str, passphrase: str, fingerprint: str, ca_file: str) -> Iterator[_Year]:
    """Yield the years of a place, newest first."""
    trusting = _trusting(fingerprint, ca_file)
    today = _today()
    root = _plain(place)
    for one in epochs.existing(root, on=epochs.horizon(today), open_at=trusting):
        try:
            yield _Year(one, Repository.open(trusting(one), passphrase))
        except Damaged as damage:
            yield _Year(one, trouble=damage)
        except WrongPassphrase:
            # One that has not begun, or holds no copy, says nothing against the one before.
            has_begun = (
                epochs.year_in(epochs.epoch_of(one, root)) <= (today + timedelta(days=1)).year
            )
            yield _Year(one, is_closed=has_begun and any(trusting(one).names(SNAPSHOTS)))


def _secret(place: str, repository: Repository, fingerprint: str, ca_file: str) -> Secret:
    return Secret(place, repository.key.to_json(), fingerprint, ca_file)


def _trusting(fingerprint: str, ca_file: str) -> Callable[[str], Store]:
    return partial(open_store, ca_file=_path(ca_file), fingerprint=fingerprint or None)


def again(secret: Secret, repository_id: str) -> Repository:
    """Open a repository with what was kept. Raises: Unreachable, Refused, when it is used."""
    store = open_store(
        secret.place, ca_file=_path(secret.ca_file), fingerprint=secret.fingerprint or None
    )
    return Repository(store, MasterKey.from_json(secret.master), repository_id)


def as_of(place: str, moment: datetime) -> str:
    """Return the place as it was at a moment; a folder has no such view and stays itself."""
    if not is_server(place) or "/as-of/" in place:
        return place
    return commands.as_of(_plain(place), f"{moment:%Y-%m-%dT%H:%M:%SZ}").removeprefix("rest:")


def label_of(place: str) -> str:
    """Return a place as it is shown: never with a password."""
    if not is_server(place):
        return place
    parts = urlsplit(place.removeprefix("rest:"))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _today() -> date:
    """Return the day, or ours where the clock of a blank machine stands at some old date."""
    return max(date.today(), _WRITTEN_ON)  # noqa: DTZ011 - a year, of here


def _plain(place: str) -> str:
    if is_server(place):
        return place.removeprefix("rest:").rstrip("/")
    return str(Path(place).expanduser().resolve())


def _path(name: str) -> Path | None:
    return Path(name) if name else None
