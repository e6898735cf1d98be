"""``quenotte restore``: a copy into a folder beside, the whole practice in open formats."""

import sys
from pathlib import Path

import click

from quenotte.config import click_words, logins
from quenotte.config.words import _

_FOLDER = click.argument(
    "target", metavar=_("DOSSIER"), type=click.Path(file_okay=False, path_type=Path)
)
_JSON = click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))


@click.group(
    subcommand_metavar=click_words.french("COMMAND [ARGS]..."),
    help=_("Restaurer : une copie à part, ou tout le cabinet en formats ouverts."),
)
@click.option(
    "--data", "folder", type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier de données (sinon QUENOTTE_DATA, sinon ~/quenotte)."),
)  # fmt: skip
def restore(folder: Path | None) -> None:
    """Hold the commands of the restores."""
    from quenotte.config.data_folder import use

    use(folder)


@restore.command(
    "to",
    short_help=_("Rend une copie entière dans un dossier neuf."),
    help=_(
        "Rend une copie entière dans un dossier neuf, à côté du cabinet, qui continue. Le dossier "
        "rendu s’ouvre avec « quenotte serve --data »."
    ),
)
@_FOLDER
@click.option(
    "--from", "place", required=True, metavar=_("LIEU"), callback=logins.seen,
    help=_("Dossier, ou adresse d’un coffre (https://…)."),
)  # fmt: skip
@click.option("--snapshot", default="", help=_("Numéro d’une copie (sinon la plus récente)."))
@click.option("--as-of", default="", help=_("Moment voulu, par exemple 2026-11-27T18:00."))
@_JSON
def restore_to(target: Path, place: str, snapshot: str, as_of: str, as_json: bool) -> None:
    """Restore a whole copy."""
    from quenotte.config.restores import running

    sys.exit(running.restore_to(target, place, snapshot, as_of, as_json=as_json))


@restore.command(
    "export",
    short_help=_("Écrit tout le cabinet en formats ouverts."),
    help=_(
        "Écrit tout le cabinet dans un dossier neuf, lisible sans Quenotte : une table par fichier "
        "CSV, les images et documents tels quels, et un sommaire."
    ),
)
@_FOLDER
@_JSON
def restore_export(target: Path, as_json: bool) -> None:
    """Export the practice."""
    from quenotte.config.restores import running

    sys.exit(running.export(target, as_json=as_json))
