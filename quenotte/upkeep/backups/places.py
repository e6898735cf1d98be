"""The repository at a place: its name for people, the year in use, opened with our own key."""

import hashlib
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from quenotte.devices.repository import epochs
from quenotte.devices.repository.errors import NotThere, WrongPassphrase
from quenotte.devices.repository.opening import is_server, open_store
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.store import Store
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups.models import Destination


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


class UnreadableFingerprint(Refusal):
    """What was given as a fingerprint is none."""

    message = _("Cette empreinte de certificat n’en est pas une : il y faut 64 signes.")
    next_step = _("Recopiez-la depuis la feuille, ou depuis « quenotte vault serve ».")


_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")


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
    place: str,
    passphrase: str,
    wrong: Callable[[], Refusal] = WrongPassphrase,
    *,
    fingerprint: str = "",
) -> Repository:
    """Open the repository at a place with a passphrase.

    Raises: NotPrepared, what ``wrong`` makes, Damaged, Refused, Unreachable.
    """
    try:
        return Repository.open(store_at(place, fingerprint), passphrase)
    except NotThere as error:
        raise NotPrepared from error
    except WrongPassphrase as error:
        raise wrong() from error


def newest_epoch(place: str, *, on: date, fingerprint: str = "") -> int:
    """Return the year of the repository in use, 0 for the one at the place itself.

    Raises: NotPrepared, Refused, Unreachable.
    """
    trusting = partial(store_at, fingerprint=fingerprint)
    found = epochs.existing(place, on=on, open_at=trusting)
    if not found:
        raise NotPrepared
    return 0 if found[0] == place else int(found[0].rstrip("/").rpartition("/")[2])


def store_at(place: str, fingerprint: str = "") -> Store:
    """Return the store at a place, trusting the certificate that was noted for its server.

    ``fingerprint`` is of a certificate that is not noted yet.
    """
    if not is_server(place):
        return open_store(place)
    told = trust_of(place)
    return open_store(
        place,
        ca_file=Path(told["ca_file"]) if told["ca_file"] else None,
        fingerprint=fingerprint or told["fingerprint"] or None,
    )


def trust_of(place: str) -> dict[str, str]:
    """Return what the server of a place is believed by: ``fingerprint`` and ``ca_file``."""
    if not is_server(place):
        return {"fingerprint": "", "ca_file": ""}
    path = _authority_of(place)
    return {
        "fingerprint": _noted_fingerprint(place) or "",
        "ca_file": str(path) if path.is_file() else "",
    }


@contextmanager
def authority_noted(place: str, authority: bytes) -> Iterator[None]:
    """Keep the certificate of a vault's own authority, if the work inside succeeds with it."""
    path = _authority_of(place)
    before = path.read_bytes() if path.is_file() else b""
    if authority:
        path.write_bytes(authority)
    try:
        yield
    except BaseException:
        if authority:
            path.unlink()
        if before:
            path.write_bytes(before)
        raise


def _authority_of(place: str) -> Path:
    """Return where the authority of a server is kept: among the keys, which come along."""
    name = hashlib.sha256(_door(normal(place)).encode()).hexdigest()[:16]
    return Path(settings.DATA_DIR) / "keys" / f"vault-{name}.pem"


def read_fingerprint(typed: str) -> str:
    """Return a fingerprint as it is kept, however it was written: AB:CD:… or abcd….

    Raises: UnreadableFingerprint.
    """
    digits = "".join(filter(str.isalnum, typed)).lower()
    if digits and not _FINGERPRINT.fullmatch(digits):
        raise UnreadableFingerprint
    return digits


def _noted_fingerprint(place: str) -> str:
    for one in Destination.objects.exclude(fingerprint=""):
        if _door(one.place) == _door(normal(place)):
            return one.fingerprint
    return ""


def _door(place: str) -> str:
    return urlsplit(place).netloc.rpartition("@")[2]


def host() -> str:
    """Return the name of this machine, as snapshots and keys bear it."""
    return socket.gethostname()
