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

from quenotte.devices.repository import epochs, trust
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


class Away(NotPrepared):
    """A place that was prepared is not there: a disk was unplugged, a share is not mounted."""

    message = _("Cet emplacement n’est pas là en ce moment (disque débranché ou réseau coupé).")
    next_step = _("Ses copies y restent. Branchez-le ou rétablissez le réseau, puis recommencez.")


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


def usual_kind(place: str) -> Destination.Kind:
    """Return what a place is when nobody says more: an address is a vault."""
    return Destination.Kind.VAULT if is_server(place) else Destination.Kind.FOLDER


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
    return epochs.place_of(place, epoch)


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
    found = epochs.existing(place, on=epochs.horizon(on), open_at=trusting)
    if not found:
        raise NotPrepared
    return epochs.epoch_of(found[0], place)


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


def printed_fingerprint(place: str) -> str:
    """Return the fingerprint by which a paper names the server of a place, "" for none.

    It is that of the authority wherever one is known: a certificate is renewed each year.
    """
    told = trust_of(place)
    if told["fingerprint"] or not told["ca_file"]:
        return told["fingerprint"]
    return trust.fingerprint_in(Path(told["ca_file"]).read_bytes())


def lasting_fingerprint(place: str, fingerprint: str) -> str:
    """Return the fingerprint to note for a server that has just proved this one.

    A server that hands out the authority which signed its certificate is known by that one: it
    outlives the renewals. Raises: Unreachable.
    """
    shown = trust.shown_by(normal(place))
    return shown.lasting if fingerprint == shown.certificate else fingerprint


@contextmanager
def authority_noted(place: str, authority: bytes, *, is_kept: bool = True) -> Iterator[None]:
    """Keep the certificate of a vault's own authority, if the work inside succeeds with it.

    With ``is_kept`` false it serves the work inside alone.
    """
    path = _authority_of(place)
    before = path.read_bytes() if path.is_file() else b""
    if authority:
        path.write_bytes(authority)
    is_good = False
    try:
        yield
        is_good = is_kept
    finally:
        if not is_good and authority:
            path.unlink()
            if before:
                path.write_bytes(before)


def _authority_of(place: str) -> Path:
    """Return where the authority of a server is kept: among the keys, which come along."""
    name = hashlib.sha256(door_of(normal(place)).encode()).hexdigest()[:16]
    return Path(settings.DATA_DIR) / "keys" / f"vault-{name}.pem"


def read_fingerprint(typed: str) -> str:
    """Return a fingerprint as it is kept, however it was written: AB:CD:… or abcd….

    Raises: UnreadableFingerprint.
    """
    digits = trust.plain(typed)
    if digits and not _FINGERPRINT.fullmatch(digits):
        raise UnreadableFingerprint
    return digits


def _noted_fingerprint(place: str) -> str:
    for one in Destination.objects.exclude(fingerprint=""):
        if door_of(one.place) == door_of(normal(place)):
            return one.fingerprint
    return ""


def door_of(place: str) -> str:
    """Return host and port of the server of a place, without its login; "" for a folder."""
    return urlsplit(place).netloc.rpartition("@")[2]


def host() -> str:
    """Return the name of this machine, as snapshots and keys bear it."""
    return socket.gethostname()
