"""``quenotte backup``: copies that prove themselves."""

import sys
from pathlib import Path

import click

from quenotte.config import click_words, logins
from quenotte.config.words import _

_JSON = click.option("--json", "as_json", is_flag=True, help=_("Répond en JSON."))
_TO = click.option(
    "--to", "place", required=True, metavar=_("LIEU"), callback=logins.seen,
    help=_("Dossier, ou adresse d’un coffre (https://…)."),
)  # fmt: skip
_FROM = click.option(
    "--from", "place", required=True, metavar=_("LIEU"), callback=logins.seen,
    help=_("Dossier, ou adresse d’un coffre (https://…)."),
)  # fmt: skip


@click.group(
    subcommand_metavar=click_words.french("COMMAND [ARGS]..."),
    help=_("Sauvegardes : copier le cabinet, prouver qu’il revient."),
)
@click.option(
    "--data", "folder", type=click.Path(file_okay=False, path_type=Path),
    help=_("Dossier de données (sinon QUENOTTE_DATA, sinon ~/quenotte)."),
)  # fmt: skip
def backup(folder: Path | None) -> None:
    """Hold the commands of the backups."""
    from quenotte.config.data_folder import use

    use(folder)


@backup.command(
    short_help=_("Prépare un emplacement."),
    help=_(
        "Prépare un emplacement : le dépôt chiffré s’ouvre avec la clé de la feuille de secours, "
        "et avec celle de ce serveur."
    ),
)
@_TO
@logins.option
@click.option(
    "--passphrase-file", "file", type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier qui contient la clé de la feuille ; sinon elle est demandée."),
)  # fmt: skip
@click.option(
    "--fingerprint", default="", metavar=_("EMPREINTE"),
    help=_("Empreinte SHA-256 de l’autorité du coffre, ou de son certificat."),
)  # fmt: skip
@click.option(
    "--ca-file", "authority", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=_("Certificat de l’autorité du coffre (PEM)."),
)  # fmt: skip
@_JSON
def init(
    place: str,
    password_file: Path | None,
    file: Path | None,
    fingerprint: str,
    authority: Path | None,
    as_json: bool,
) -> None:
    """Make a repository."""
    from quenotte.config.backups import running

    sys.exit(running.init(place, password_file, file, fingerprint, authority, as_json=as_json))


@backup.command(help=_("Copie le cabinet tel qu’il est maintenant."))
@_TO
@_JSON
def run(place: str, as_json: bool) -> None:
    """Copy the practice."""
    from quenotte.config.backups import running

    sys.exit(running.run(place, as_json=as_json))


@backup.command(
    short_help=_("Relit tout ce qu’un emplacement contient."),
    help=_("Relit tout ce qu’un emplacement contient, et nomme ce qui est abîmé."),
)
@_FROM
@click.option("--quick", is_flag=True, help=_("Sans relire le contenu des paquets."))
@_JSON
def verify(place: str, quick: bool, as_json: bool) -> None:
    """Check a repository."""
    from quenotte.config.backups import running

    sys.exit(running.verify(place, read_data=not quick, as_json=as_json))


@backup.command(
    short_help=_("Prouve que la dernière copie revient."),
    help=_(
        "Restaure la dernière copie à part, l’ouvre avec Quenotte, la compare à ce qu’elle "
        "promettait, puis la retire."
    ),
)
@_FROM
@_JSON
def prove(place: str, as_json: bool) -> None:
    """Prove the newest copy."""
    from quenotte.config.backups import running

    sys.exit(running.prove(place, as_json=as_json))


@backup.command(help=_("Dit jusqu’à quand le cabinet est restaurable, et ce qui manque."))
@_JSON
def status(as_json: bool) -> None:
    """Say what the copies are worth."""
    from quenotte.config.backups import running

    sys.exit(running.status(as_json=as_json))


@backup.command(hidden=True)
def inspect() -> None:
    """Say what a restored data folder holds, for the process that restored it."""
    from quenotte.config.backups import running

    sys.exit(running.inspect())
