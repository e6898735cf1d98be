"""A set of discs through one drive: each blank disc is asked for, and what was burnt is remembered.

A drive holds one disc at a time. A set is out of reach once all of it was burnt, and read back.
"""

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from quenotte.config import console, data_folder
from quenotte.config.media import journal, owner
from quenotte.config.words import _, ngettext
from quenotte.devices.media import messages
from quenotte.devices.media.disks.register import Burning, Register
from quenotte.devices.media.errors import Damaged, MediaError
from quenotte.devices.media.optical import images
from quenotte.devices.media.optical.manifests import Manifest

Images = Sequence[tuple[Path, Manifest, int]]


class NotBlank(MediaError):
    """The drive holds no disc, or one that is written already."""

    message = messages.NOT_BLANK
    next_step = messages.NOT_BLANK_NEXT


class Burner(Protocol):
    """A drive that burns. Each method may raise MediaError."""

    def is_blank(self) -> bool:
        """Tell whether the disc in it holds nothing."""
        ...

    def burn(self, image: Path) -> None:
        """Burn an image, and compare the disc with it."""
        ...

    def eject(self) -> None:
        """Give the disc out."""
        ...


class Drive:
    """A drive by its name (``/dev/sr0``), through xorriso."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_blank(self) -> bool:
        """Ask what is in it."""
        return images.is_blank(self._path)

    def burn(self, image: Path) -> None:
        """Burn, and compare byte for byte."""
        images.burn(image, self._path)

    def eject(self) -> None:
        """Open it."""
        images.eject(self._path)


def begin(manifest: Manifest, data_at: datetime | None) -> None:
    """Remember a set whose images were made, and the moment that it brings back."""
    _keep(Burning(manifest.label, manifest.made_at, manifest.volumes, data_at=data_at))


def burn(made: Images, burner: Burner) -> dict[str, Any]:
    """Burn the discs of a set that are not burnt yet, one after the other.

    Where nobody is there to change the disc, one is burnt. Raises: MediaError.
    """
    burning = _known(made[0][1])
    pending = [(image, volume) for image, _manifest, volume in made if volume in burning.left]
    for number, (image, volume) in enumerate(pending):
        if number:
            if not _is_somebody_there():
                break
            _ask(image.name)
        if not burner.is_blank():
            raise NotBlank
        # It may have lain here for weeks.
        if images.check(image):
            raise Damaged(image.name)
        console.progress(_("Gravure et relecture de {name}").format(name=image.name))
        burner.burn(image)
        burning = _done(burning, volume)
        burner.eject()
    return _told(burning, made)


def read_back(manifest: Manifest, volume: int) -> str:
    """Remember that a disc was read in a drive, and is whole; return what that means for its set.

    "" for a set that was not made here, or that was whole already.
    """
    burning = _rota_burning(manifest)
    if burning is None or not burning.left:
        return ""
    return _standing(_done(burning, volume))


def _known(manifest: Manifest) -> Burning:
    known = _rota_burning(manifest)
    return known or Burning(manifest.label, manifest.made_at, manifest.volumes)


def _done(burning: Burning, volume: int) -> Burning:
    burning = replace(burning, done=burning.done | {volume})
    _keep(burning)
    if not burning.left:
        journal.note_shelved("optical", burning.label, burning.data_at, burning.made_at)
    return burning


@owner.acting()
def _keep(burning: Burning) -> None:
    if not owner.is_elsewhere():
        Register(data_folder.default_folder()).burn(burning)


@owner.acting()
def _rota_burning(manifest: Manifest) -> Burning | None:
    rota = Register(data_folder.default_folder()).read()
    return rota.burning(manifest.label, manifest.made_at)


def _is_somebody_there() -> bool:
    return sys.stdin.isatty()


def _ask(name: str) -> None:
    said = _("Insérez un disque vierge pour {name}, puis appuyez sur Entrée.")
    console.progress(said.format(name=name))
    sys.stdin.readline()


def _told(burning: Burning, made: Images) -> dict[str, Any]:
    return {
        "state": "written",
        "images": [str(image) for image, _manifest, _volume in made],
        "is_burnt": not burning.left,
        "left": len(burning.left),
        "outcome": _standing(burning),
    }


def _standing(burning: Burning) -> str:
    left = burning.left
    if not left:
        whole = (
            _(
                "Le disque du jeu {label} est gravé et relu en entier. Étiquetez-le, et gardez-le "
                "hors du cabinet."
            )
            if burning.volumes == 1
            else _(
                "Les {count} disques du jeu {label} sont gravés et relus en entier. Étiquetez-les, "
                "et gardez-les hors du cabinet."
            )
        )
        return whole.format(count=burning.volumes, label=burning.label)
    said = ngettext(
        "Il manque encore {count} disque au jeu {label}, le {numbers} : d’ici là, le jeu n’est pas "
        "une copie de plus.",
        "Il manque encore {count} disques au jeu {label} ({numbers}) : d’ici là, le jeu n’est pas "
        "une copie de plus.",
        len(left),
    ).format(count=len(left), label=burning.label, numbers=", ".join(map(str, left)))
    return f"{said} " + _(
        "Insérez un disque vierge et lancez « quenotte media burn » ; s’il est déjà gravé, "
        "insérez-le et relisez-le par « quenotte media verify optical »."
    )
