"""``quenotte media``: copies on disks, discs, tapes and in clouds."""

import sys
from pathlib import Path
from typing import Any

import click

from quenotte.config import click_words, logins
from quenotte.config.words import _

_SUBCOMMAND = click_words.french("COMMAND [ARGS]...")
_JSON = click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))
_FROM = click.option(
    "--from", "place", required=True, metavar=_("LIEU"), callback=logins.seen,
    help=_("Dépôt à copier : dossier, ou adresse d’un coffre."),
)  # fmt: skip
_FOLDER = click.option(
    "--from", "place", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("Dossier du dépôt à copier."),
)  # fmt: skip
_DRIVE = click.option(
    "--to", "drive", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help=_("Lecteur (/dev/nst0) ; un fichier « .tap » est une bande simulée."),
)  # fmt: skip
_DISCS = click.option(
    "--from", "discs", required=True, type=click.Path(exists=True, path_type=Path),
    help=_("Dossier des images, ou lecteur (/dev/sr0)."),
)  # fmt: skip
_TAPE = click.option(
    "--from", "drive", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Lecteur (/dev/nst0) ; un fichier « .tap » est une bande simulée."),
)  # fmt: skip
_TARGET = click.option(
    "--to", "target", required=True, type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier où réunir le dépôt."),
)  # fmt: skip
_REMOTE = click.option(
    "--remote", required=True, metavar="NUAGE:CHEMIN",
    help=_("Service configuré dans rclone, et dossier."),
)  # fmt: skip
_CONFIG = click.option(
    "--config", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Fichier de réglages de rclone, s’il n’est pas à sa place."),
)  # fmt: skip


@click.group(
    subcommand_metavar=_SUBCOMMAND, help=_("Supports : disques, disques optiques, bandes, nuages.")
)
@click.option(
    "--data", "folder", type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier de données (sinon QUENOTTE_DATA, sinon ~/quenotte)."),
)  # fmt: skip
def media(folder: Path | None) -> None:
    """Hold the commands of the media."""
    from quenotte.config.data_folder import use
    from quenotte.config.media import owner

    use(folder)
    owner.give_back()


@media.command(
    "list", help=_("Montre disques, lecteurs, alertes, et le prochain disque à brancher.")
)
@_JSON
def list_media(as_json: bool) -> None:
    """Say what is there."""
    from quenotte.config.media import disks

    sys.exit(disks.show(as_json=as_json))


@media.command(
    short_help=_("Prépare un disque."),
    help=_(
        "Fait d’un disque branché l’un des disques du cabinet : une marque signée y est ajoutée, "
        "rien n’y est effacé."
    ),
)
@click.argument("letter", type=click.Choice(["A", "B", "C"]), metavar=_("LETTRE"))
@click.option("--device", "node", required=True, help=_("Son nom aujourd’hui (/dev/sdb1)."))
@click.option("--practice", default="", help=_("Nom du cabinet, inscrit sur le disque."))
def enrol(letter: str, node: str, practice: str) -> None:
    """Make a disk one of ours."""
    from quenotte.config.media import disks

    sys.exit(disks.enrol(letter, node, practice))


@media.group(subcommand_metavar=_SUBCOMMAND, help=_("Copie un dépôt sur un support, et le relit."))
def write() -> None:
    """Hold what writes."""


@write.command("disk", help=_("Sur le disque du cabinet qui est branché."))
@_FROM
@_JSON
def write_disk(place: str, as_json: bool) -> None:
    """Mirror a repository to a disk."""
    from quenotte.config.media import disks

    sys.exit(disks.write(place, as_json=as_json))


@write.command("optical", help=_("En images de disques optiques, à graver ou gravées aussitôt."))
@_FOLDER
@click.option(
    "--to", "target", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("Dossier des images."),
)  # fmt: skip
@click.option("--set", "label", required=True, metavar=_("NOM"), help=_("Nom du jeu : 2026-03."))
@click.option(
    "--disc", type=click.Choice(["cd", "dvd", "bd", "bd-dl", "bd-xl"]), default="bd",
    show_default=True, help=_("Sorte de disque."),
)  # fmt: skip
@click.option(
    "--burn", "drive", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Graveur (/dev/sr0) : grave et relit chaque disque."),
)  # fmt: skip
@_JSON
def write_optical(**values: Any) -> None:
    """Make a set of discs."""
    from quenotte.config.media import discs

    sys.exit(discs.write(**values))


@write.command("tape", help=_("Sur la bande du lecteur, à la suite de ce qui y est."))
@_FOLDER
@_DRIVE
@click.option("--new", "label", metavar=_("NOM"), help=_("Commence une bande vierge, à ce nom."))
@click.option(
    "--rest", "is_rest", is_flag=True,
    help=_("Avec --new : seulement ce que la bande d’avant n’a pas pu prendre."),
)  # fmt: skip
@click.option(
    "--overwrite", is_flag=True, help=_("Avec --new : efface la bande, quoi qu’elle contienne.")
)
@_JSON
def write_tape(**values: Any) -> None:
    """Append to a tape."""
    from quenotte.config.media import tapes

    sys.exit(tapes.write(**values))


@write.command("cloud", help=_("Dans un nuage que rclone connaît."))
@_FROM
@_REMOTE
@_CONFIG
@_JSON
def write_cloud(**values: Any) -> None:
    """Mirror a repository to a cloud."""
    from quenotte.config.media import clouds

    sys.exit(clouds.write(**values))


@media.command(
    short_help=_("Grave un jeu de disques optiques."),
    help=_(
        "Grave ce qui ne l’est pas encore d’un jeu dont les images sont prêtes : un disque vierge "
        "après l’autre, chacun relu."
    ),
)
@click.option(
    "--from", "place", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help=_("Dossier des images."),
)  # fmt: skip
@click.option("--set", "label", required=True, metavar=_("NOM"), help=_("Nom du jeu : 2026-03."))
@click.option(
    "--to", "drive", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Graveur (/dev/sr0)."),
)  # fmt: skip
@_JSON
def burn(**values: Any) -> None:
    """Burn what is left of a set."""
    from quenotte.config.media import discs

    sys.exit(discs.burn(**values))


@media.group(
    subcommand_metavar=_SUBCOMMAND, help=_("Relit un support en entier, et nomme ce qui est abîmé.")
)
def verify() -> None:
    """Hold what reads back."""


@verify.command("disk", help=_("Le disque du cabinet qui est branché."))
@_JSON
def verify_disk(as_json: bool) -> None:
    """Read a disk."""
    from quenotte.config.media import disks

    sys.exit(disks.verify(as_json=as_json))


@verify.command("optical", help=_("Des images de disques, ou un disque gravé."))
@_DISCS
@_JSON
def verify_optical(**values: Any) -> None:
    """Read discs."""
    from quenotte.config.media import discs

    sys.exit(discs.verify(**values))


@verify.command("tape", help=_("La bande du lecteur."))
@_TAPE
@_JSON
def verify_tape(**values: Any) -> None:
    """Read a tape."""
    from quenotte.config.media import tapes

    sys.exit(tapes.verify(**values))


@verify.command("cloud", help=_("Un nuage : chaque fichier est rapatrié et relu."))
@_REMOTE
@_CONFIG
@_JSON
def verify_cloud(**values: Any) -> None:
    """Read a cloud."""
    from quenotte.config.media import clouds

    sys.exit(clouds.verify(**values))


@media.group(
    subcommand_metavar=_SUBCOMMAND, help=_("Réunit un dépôt depuis des disques ou des bandes.")
)
def read() -> None:
    """Hold what brings back."""


@read.command("optical", help=_("Depuis un jeu de disques, réparé où il le faut."))
@_DISCS
@_TARGET
@_JSON
def read_optical(**values: Any) -> None:
    """Gather from discs."""
    from quenotte.config.media import discs

    sys.exit(discs.read(**values))


@read.command("tape", help=_("Depuis la bande du lecteur ; recommencez avec la suivante."))
@_TAPE
@_TARGET
@_JSON
def read_tape(**values: Any) -> None:
    """Gather from a tape."""
    from quenotte.config.media import tapes

    sys.exit(tapes.read(**values))


@media.command(
    short_help=_("Dessine une étiquette à imprimer."),
    help=_("Dessine l’étiquette d’un disque, d’un jeu de disques optiques ou d’une bande (PDF)."),
)
@click.argument("form", type=click.Choice(["disk", "optical", "tape"]), metavar=_("SORTE"))
@click.argument("name", metavar=_("NOM"))
@click.option(
    "--to", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier PDF à écrire."),
)  # fmt: skip
@click.option("--practice", default="", help=_("Nom du cabinet."))
@click.option(
    "--image", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Image du disque optique : numéro et contenu y sont lus."),
)  # fmt: skip
def label(**values: Any) -> None:
    """Draw a label."""
    from quenotte.config.media import labels

    sys.exit(labels.draw(**values))
