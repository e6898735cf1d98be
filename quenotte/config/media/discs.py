"""What the commands of the optical discs do and say."""

from pathlib import Path
from typing import Any

from quenotte.config import console
from quenotte.config.media import journal
from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import answered, judged
from quenotte.config.words import _, ngettext
from quenotte.devices.media import depots
from quenotte.devices.media.optical import images
from quenotte.devices.media.optical.sets import DiscSets
from quenotte.devices.media.optical.volumes import CAPACITIES


def write(
    place: Path, target: Path, label: str, disc: str, drive: Path | None, *, as_json: bool
) -> int:
    """Make the images of a set, each read back, and burn them; return the exit code."""

    def work() -> dict[str, Any]:
        sets = DiscSets(target, capacity_bytes=CAPACITIES[disc])
        data_at = journal.data_at_of(str(place))
        made = sets.write(depots.files_of(place), label, progress=_tell)
        for image in made if drive is not None else ():
            _burn(image, drive)
        if drive is not None:
            journal.note_shelved("optical", label, data_at)
        return {
            "state": "written",
            "images": [str(one) for one in made],
            "is_burnt": drive is not None,
            "outcome": _done(len(made), is_burnt=drive is not None),
        }

    return answered(work, as_json=as_json, deed=Deed("send", "optical", label))


def verify(discs: Path, *, as_json: bool) -> int:
    """Read discs whole; return the exit code."""

    def work() -> dict[str, Any]:
        return judged(DiscSets(discs).verify(), _("Les disques se relisent en entier."))

    return answered(work, as_json=as_json, deed=Deed("read", "optical"))


def read(discs: Path, target: Path, *, as_json: bool) -> int:
    """Gather a repository from discs; return the exit code."""

    def work() -> dict[str, Any]:
        sets = DiscSets(discs)
        count = depots.gather(sets.here(), sets.get, target)
        left = sum(not (target / one.name).exists() for one in sets.list())
        return {
            "state": "gathered",
            "files": count,
            "left": left,
            "outcome": _gathered(target, count, left),
        }

    return answered(work, as_json=as_json, deed=Deed("read", "optical"))


def _gathered(folder: Path, count: int, left: int) -> str:
    said = _("{count} fichiers sont dans {folder}, chacun prouvé.").format(
        folder=folder, count=count
    )
    if not left:
        return f"{said} " + _("Le dépôt est complet.")
    return f"{said} " + ngettext(
        "{count} fichier est sur un autre disque du jeu : insérez-le et recommencez.",
        "{count} fichiers sont sur d’autres disques du jeu : insérez-les et recommencez.",
        left,
    ).format(count=left)


def _tell(volume: int, volumes: int) -> None:
    said = _("Disque {volume} sur {volumes}")
    console.progress(said.format(volume=volume, volumes=volumes))


def _burn(image: Path, drive: Path | None) -> None:
    if drive is not None:
        console.progress(_("Gravure et relecture de {name}").format(name=image.name))
        images.burn(image, drive)


def _done(count: int, *, is_burnt: bool) -> str:
    said = ngettext(
        "{count} disque est prêt, relu en entier.",
        "{count} disques sont prêts, relus en entier.",
        count,
    ).format(count=count)
    if is_burnt:
        return f"{said} " + _("Étiquetez-les, et gardez-les hors du cabinet.")
    return f"{said} " + _(
        "Ce sont des images : tant qu’elles ne sont pas gravées, ce n’est pas une copie de plus. "
        "Une fois gravées, relisez chaque disque avec « quenotte media verify optical »."
    )
