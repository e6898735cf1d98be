"""A place is looked at before anything is written there: what would happen, what speaks against."""

import os
import shutil
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.devices.repository import trust
from quenotte.devices.repository.errors import Untrusted, WrongPassphrase
from quenotte.devices.repository.opening import is_server
from quenotte.devices.repository.trust import Shown
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import disks, places


class NoSuchFolder(Refusal):
    """The folder is not there: a disk that is not plugged in, a slip of the pen."""

    message = _("Ce dossier n’existe pas sur le serveur.")
    next_step = _("Rien n’a été écrit. Branchez le support, ou créez le dossier, puis recommencez.")


class ClosedFolder(Refusal):
    """The server may not write there."""

    message = _("Le serveur n’a pas le droit d’écrire dans ce dossier.")
    next_step = _("Rien n’a été écrit. Donnez-lui ce droit, ou choisissez un autre dossier.")


class InsideItself(Refusal):
    """A copy inside what is copied."""

    message = _("Ce dossier est dans celui des données du cabinet.")
    next_step = _("Une copie doit être ailleurs : choisissez un dossier d’un autre disque.")


class Held(StrEnum):
    """What a place holds now."""

    NOTHING = "nothing"
    OURS = "ours"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found at a place. ``free_bytes`` is None for a vault."""

    held: Held
    is_server: bool
    is_same_disk: bool = False
    is_clear: bool = False
    free_bytes: int | None = None


def look(place: str, passphrase: str = "", fingerprint: str = "", authority: bytes = b"") -> Looked:
    """Return what lies at a place, writing nothing there.

    ``fingerprint`` is of a vault's certificate or of its authority, ``authority`` that one (PEM).

    Raises: NoSuchFolder, ClosedFolder, InsideItself, UnreadableFingerprint, Damaged, Refused,
        Untrusted and its family, Unreachable.
    """
    if is_server(place):
        is_clear = places.normal(place).startswith("http://")
        known = places.read_fingerprint(fingerprint)
        with places.authority_noted(place, authority, is_kept=False):
            return Looked(_held(place, passphrase, known), is_server=True, is_clear=is_clear)
    folder = Path(places.normal(place))
    check_folder(folder)
    return Looked(
        held=_held(place, passphrase),
        is_server=False,
        is_same_disk=disks.is_ours(folder),
        free_bytes=shutil.disk_usage(folder).free,
    )


def stranger(place: str, refusal: Refusal) -> Shown | None:
    """Return what a vault that nobody vouches for shows of itself, for a person to compare.

    None for any other refusal: one that shows something else than what was noted is no stranger.
    """
    if type(refusal) is not Untrusted:
        return None
    try:
        return trust.shown_by(places.normal(place))
    except Refusal:
        return None


def check_folder(folder: Path) -> None:
    """Make sure that copies can go to a folder.

    Raises: NoSuchFolder, ClosedFolder, InsideItself.
    """
    if not folder.is_dir():
        raise NoSuchFolder
    if folder.is_relative_to(Path(settings.DATA_DIR).resolve()):
        raise InsideItself
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise ClosedFolder


def _held(place: str, passphrase: str, fingerprint: str = "") -> Held:
    try:
        epoch = places.newest_epoch(place, on=timezone.localdate(), fingerprint=fingerprint)
    except places.NotPrepared:
        return Held.NOTHING
    for key in filter(None, (settings.BACKUP_KEY, passphrase)):
        try:
            places.opened_with(places.at(place, epoch), key, fingerprint=fingerprint)
        except WrongPassphrase:
            continue
        return Held.OURS
    return Held.FOREIGN
