"""The data folder: there, ours alone, roomy, on an encrypted disk."""

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from quenotte.config import data_folder
from quenotte.config.doctor.finding import Finding, State
from quenotte.config.words import _, ngettext

#: Free space under which somebody should act soon, in bytes.
COMFORT_BYTES = 20_000_000_000
#: Parts whose files each copy and each look at the disks read.
_COPIED: Final = ("anchors", "keys", "media")


def examine() -> Iterator[Finding]:
    """Look at the data folder."""
    folder = data_folder.default_folder()
    subject = _("Dossier de données")
    if not folder.is_dir():
        yield Finding(
            subject, State.BAD, _("{folder} n’existe pas.").format(folder=folder),
            _("Il est créé par « quenotte serve », ou choisissez-le avec --data."),
        )  # fmt: skip
        return
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            subject, State.BAD, _("{folder} ne peut pas être écrit.").format(folder=folder),
            _("Rendez-le au compte qui fait tourner Quenotte."),
        )  # fmt: skip
        return
    yield Finding(subject, State.OK, str(folder))
    yield room(folder)
    yield permissions(folder)
    yield owners(folder)
    yield encryption(folder)


def room(folder: Path) -> Finding:
    """Tell how much space is left."""
    from django.conf import settings

    free = shutil.disk_usage(folder).free
    words = _("{size} Go libres.").format(size=f"{free / 1e9:.1f}".replace(".", ","))
    subject = _("Espace disque")
    if free < settings.DISK_FLOOR_BYTES:
        return Finding(
            subject, State.BAD, words,
            _("Libérez de la place : les images et les fichiers sont refusés sous ce seuil."),
        )  # fmt: skip
    if free < COMFORT_BYTES:
        return Finding(subject, State.ATTENTION, words, _("Prévoyez un disque plus grand."))
    return Finding(subject, State.OK, words)


def permissions(folder: Path) -> Finding:
    """Tell whether somebody else on this machine could read the practice's data."""
    open_ones = [path for path in (folder, *folder.iterdir()) if _is_open(path)]
    subject = _("Droits d’accès")
    if not open_ones:
        return Finding(subject, State.OK, _("réservés au compte de Quenotte."))
    return Finding(
        subject, State.BAD,
        ngettext(
            "{count} élément lisible par d’autres comptes : {path}.",
            "{count} éléments lisibles par d’autres comptes, dont {path}.",
            len(open_ones),
        ).format(count=len(open_ones), path=open_ones[0]),
        _("Lancez : chmod -R go= {folder}").format(folder=folder),
    )  # fmt: skip


def owners(folder: Path) -> Finding:
    """Tell whether a file of the practice is another account's: no copy could read it."""
    ours = folder.stat().st_uid
    parts = (folder, *(folder / name for name in _COPIED))
    found = sorted(path for part in parts if part.is_dir() for path in part.iterdir())
    others = [path for path in found if path.lstat().st_uid != ours]
    subject = _("Compte des fichiers")
    if not others:
        return Finding(subject, State.OK, _("tous au même compte."))
    return Finding(
        subject, State.BAD,
        ngettext(
            "{count} élément d’un autre compte : {path}. Aucune copie ne se fait sans lui.",
            "{count} éléments d’un autre compte, dont {path}. Aucune copie ne se fait sans eux.",
            len(others),
        ).format(count=len(others), path=others[0]),
        _("Lancez : sudo chown -R --reference={folder} {folder}").format(folder=folder),
    )  # fmt: skip


def _is_open(path: Path) -> bool:
    """Tell whether others may enter or read; what lies deeper is behind closed folders."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)
    except FileNotFoundError:
        return False


def encryption(folder: Path) -> Finding:
    """Tell whether the disk under the folder is encrypted (Linux: dm-crypt)."""
    subject = _("Chiffrement du disque")
    answer = is_encrypted(folder)
    if answer is True:
        return Finding(subject, State.OK, _("le disque est chiffré."))
    advice = _(
        "Un disque volé livre toutes les données de santé : "
        "chiffrez-le (LUKS, BitLocker, FileVault)."
    )
    if answer is False:
        return Finding(subject, State.ATTENTION, _("le disque n’est pas chiffré."), advice)
    return Finding(subject, State.ATTENTION, _("impossible à savoir d’ici."), advice)


def is_encrypted(folder: Path, *, sys_root: Path = Path("/sys")) -> bool | None:
    """Follow the block devices under a folder; None when they cannot be seen."""
    device = folder.stat().st_dev
    start = sys_root / "dev" / "block" / f"{os.major(device)}:{os.minor(device)}"
    if not start.exists():
        return None
    waiting, seen = [start.resolve()], set()
    while waiting:
        block = waiting.pop()
        if block in seen:
            continue
        seen.add(block)
        name = block / "dm" / "uuid"
        if name.exists() and name.read_text(encoding="ascii").startswith("CRYPT-"):
            return True
        slaves = block / "slaves"
        if slaves.is_dir():
            waiting += [one.resolve() for one in slaves.iterdir()]
    return False
