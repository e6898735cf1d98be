"""The repository at a place, opened with what was typed from paper, or with what is kept here."""

from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from quenotte.devices.phoenix.errors import OtherYear
from quenotte.devices.phoenix.marker import Secret
from quenotte.devices.recovery import commands
from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import NotThere, WrongPassphrase
from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sealing import MasterKey

_WRITTEN_ON: Final = date(2026, 11, 1)


def opened(
    place: str, passphrase: str, *, fingerprint: str = "", ca_file: str = ""
) -> tuple[Repository, Secret]:
    """Open the newest year of a place; return it with what opens it again.

    Raises: NotThere, WrongPassphrase, OtherYear, Damaged, Refused, Unreachable.
    """
    trusting = partial(open_store, ca_file=_path(ca_file), fingerprint=fingerprint or None)
    places = epochs.existing(_plain(place), on=_today(), open_at=trusting)
    if not places:
        raise NotThere
    for number, one in enumerate(places):
        try:
            repository = Repository.open(trusting(one), passphrase)
        except WrongPassphrase:
            continue
        if number:
            raise OtherYear(label_of(places[0]), label_of(one))
        return repository, Secret(one, repository.key.to_json(), fingerprint, ca_file)
    raise WrongPassphrase


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
