"""What the commands of the optical discs do and say."""

from pathlib import Path
from typing import Any

from quenotte.config import console
from quenotte.config.media import burning, journal
from quenotte.config.media.burning import Burner, Drive
from quenotte.config.media.journal import Deed
from quenotte.config.media.telling import answered, judged
from quenotte.config.words import _, ngettext
from quenotte.devices.media import depots
from quenotte.devices.media.errors import Absent
from quenotte.devices.media.optical.images import is_drive
from quenotte.devices.media.optical.sets import SUFFIX, DiscSets
from quenotte.devices.media.optical.volumes import CAPACITIES


def write(
    place: Path, target: Path, label: str, disc: str, drive: Path | None, *, as_json: bool
) -> int:
    """Make the images of a set, each read back, and burn them; return the exit code."""

    def work() -> dict[str, Any]:
        sets = DiscSets(target, capacity_bytes=CAPACITIES[disc])
        data_at = journal.data_at_of(str(place))
        made = sets.write(depots.files_of(place), label, progress=_tell)
        found = DiscSets(target).images_of(label)
        burning.begin(found[0][1], data_at)
        if drive is not None:
            return burning.burn(found, burner(drive))
        return {
            "state": "written",
            "images": [str(one) for one in made],
            "is_burnt": False,
            "outcome": _done(len(made)),
        }

    return answered(work, as_json=as_json, deed=Deed("send", "optical", label))


def burn(place: Path, label: str, drive: Path, *, as_json: bool) -> int:
    """Burn what is left of a set whose images are there; return the exit code."""

    def work() -> dict[str, Any]:
        return burning.burn(DiscSets(place).images_of(label), burner(drive))

    return answered(work, as_json=as_json, deed=Deed("send", "optical", label))


def burner(drive: Path) -> Burner:
    """Return the drive that burns; no file is one. Raises: NotBlank."""
    if not is_drive(drive):
        raise burning.NotBlank
    return Drive(drive)


def verify(discs: Path, *, as_json: bool) -> int:
    """Read discs whole, or images, which are no discs yet; return the exit code."""

    def work() -> dict[str, Any]:
        sets = DiscSets(discs)
        if not sets.count():
            raise Absent(f"*{SUFFIX}")
        findings = sets.verify()
        if not is_drive(discs):
            return judged(findings, _images_read(sets.count()))
        return judged(findings, _read_back(sets) if not findings else "")

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


def _read_back(sets: DiscSets) -> str:
    said = sets.said()
    if said is None:
        return _("Ce disque se relit en entier.")
    manifest, volume = said
    sound = _("Le disque {volume} sur {volumes} du jeu {label} se relit en entier.").format(
        volume=volume, volumes=manifest.volumes, label=manifest.label
    )
    return f"{sound} {burning.read_back(manifest, volume)}".strip()


def _images_read(count: int) -> str:
    return ngettext(
        "{count} image se relit en entier ; ce n’est pas un disque gravé.",
        "{count} images se relisent en entier ; ce ne sont pas des disques gravés.",
        count,
    ).format(count=count)


def _done(count: int) -> str:
    said = ngettext(
        "{count} disque est prêt, relu en entier.",
        "{count} disques sont prêts, relus en entier.",
        count,
    ).format(count=count)
    return f"{said} " + _(
        "Ce sont des images : tant qu’elles ne sont pas gravées, ce n’est pas une copie de plus. "
        "Gravez-les par « quenotte media burn » ; gravées autrement, relisez chaque disque dans le "
        "lecteur par « quenotte media verify optical »."
    )
