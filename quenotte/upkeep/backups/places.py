"""The repository at a place: its name for people, the year in use, opened with our own key."""

import hashlib
import socket
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import NotThere, WrongPassphrase
from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import Store
from quenotte.kernel.errors import Refusal


class NotPrepared(Refusal):
    """Nobody prepared this place for copies."""

    message = _("Il n’y a pas encore de dépôt de sauvegarde à cet endroit.")
    next_step = _(
        "Vérifiez l’adresse ou le dossier, et que le support est branché. Pour le préparer : "
        "« quenotte backup init »."
    )


class ForeignKey(Refusal):
    """The server's own key does not open the repository."""

    message = _("La clé de ce serveur n’ouvre pas ce dépôt : il a été préparé par un autre.")
    next_step = _(
        "Rien n’a été modifié. « quenotte backup init » avec la clé de la feuille de secours y "
        "ajoute ce serveur."
    )


def normal(place: str) -> str:
    """Return a place as it is kept: an address without ``rest:``, a folder with its whole path."""
    if is_server(place):
        return place.removeprefix("rest:").rstrip("/")
    return str(Path(place).expanduser().resolve())


def digest_of(place: str) -> str:
    """Return what a place is found again by."""
    return hashlib.sha256(normal(place).encode()).hexdigest()


def label_of(place: str) -> str:
    """Return a place as it is shown: never with a password."""
    if not is_server(place):
        return normal(place)
    whole = urlsplit(normal(place))
    host = f"[{whole.hostname}]" if ":" in (whole.hostname or "") else whole.hostname or ""
    port = f":{whole.port}" if whole.port else ""
    return f"{whole.scheme}://{host}{port}{whole.path}"


def at(place: str, epoch: int) -> str:
    """Return where the repository of a year lies; 0 is the one at the place itself."""
    return epochs.place_of(place, epoch) if epoch else place


def opened(place: str) -> Repository:
    """Open the repository at a place with the server's own key.

    Raises: NotPrepared, ForeignKey, Damaged, Refused, Unreachable.
    """
    return opened_with(place, settings.BACKUP_KEY, ForeignKey)


def opened_with(
    place: str, passphrase: str, wrong: Callable[[], Refusal] = WrongPassphrase
) -> Repository:
    """Open the repository at a place with a passphrase.

    Raises: NotPrepared, what ``wrong`` makes, Damaged, Refused, Unreachable.
    """
    try:
        return Repository.open(open_store(place), passphrase)
    except NotThere as error:
        raise NotPrepared from error
    except WrongPassphrase as error:
        raise wrong() from error


def newest_epoch(place: str, *, on: date) -> int:
    """Return the year of the repository in use, 0 for the one at the place itself.

    Raises: NotPrepared, Refused, Unreachable.
    """
    found = epochs.newest(place, on=on)
    if found is None:
        raise NotPrepared
    return 0 if found == place else int(found.rstrip("/").rpartition("/")[2])


def store_at(place: str) -> Store:
    """Return the store at a place."""
    return open_store(place)


def host() -> str:
    """Return the name of this machine, as snapshots and keys bear it."""
    return socket.gethostname()
