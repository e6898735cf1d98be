"""``quenotte phoenix`` and its options."""

import sys
import time
from pathlib import Path
from typing import Any

import click

from quenotte.config import console, logins
from quenotte.config.words import _


@click.command(
    short_help=_("Ramène un cabinet sur une machine neuve, depuis une copie."),
    help=_(
        "Ramène un cabinet dans un dossier neuf : l’agenda et les dossiers d’abord, les images "
        "ensuite. Sans option, l’assistant pose les questions et prend la clé de la feuille de "
        "secours. Ne remplace jamais un cabinet existant ; relancée, la commande reprend où elle "
        "en était."
    ),
)
@click.option(
    "--from", "place", default="", callback=logins.seen, help=_("Dossier, ou adresse du coffre.")
)
@logins.option
@click.option(
    "--passphrase-file", "key_file", type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier qui contient la clé de la feuille de secours."),
)  # fmt: skip
@click.option(
    "--data", "folder", type=click.Path(path_type=Path), help=_("Dossier neuf du cabinet.")
)
@click.option("--snapshot", default="", help=_("Numéro d’une copie (sinon la plus récente)."))
@click.option("--as-of", default="", help=_("Moment voulu, par exemple 2026-11-27T18:00."))
@click.option(
    "--fingerprint",
    default="",
    help=_("Empreinte SHA-256 de l’autorité du coffre, ou de son certificat."),
)
@click.option(
    "--ca-file", type=click.Path(exists=True, dir_okay=False),
    help=_("Certificat de l’autorité du coffre (PEM)."),
)  # fmt: skip
@click.option(
    "--database-url", "database", default="", envvar="QUENOTTE_DATABASE_URL", callback=logins.seen,
    help=_("Base PostgreSQL vide (postgres://…), pour la copie d’un cabinet sur PostgreSQL."),
)  # fmt: skip
@click.option(
    "--database-url-file", "database_file", type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier de l’adresse de cette base : le mot de passe n’est pas sur la ligne."),
)  # fmt: skip
@click.option("--yes", "is_agreed", is_flag=True, help=_("Ne pose aucune question."))
@click.option(
    "--agenda-only", "leaves_pictures", is_flag=True,
    help=_("S’arrête dès que le cabinet peut ouvrir ; il ramène ensuite ses images lui-même."),
)  # fmt: skip
@click.option(
    "--web", "is_web", is_flag=True, help=_("L’assistant dans une page, sur cette machine.")
)
@click.option("--json", "is_json", is_flag=True, help=_("Répond en JSON, en dernière ligne."))
def phoenix(**values: Any) -> None:
    """Bring a practice back."""
    begun_at = time.monotonic()
    from quenotte.config.phoenix import wizard

    is_web, is_agreed = values.pop("is_web"), values.pop("is_agreed")
    if is_web:
        from quenotte.config.phoenix import page

        sys.exit(page.serve(values["folder"]))
    values["ca_file"] = values["ca_file"] or ""
    try:
        values["place"] = logins.complete(values["place"], values.pop("password_file"))
        if file := values.pop("database_file"):
            values["database"] = logins.text_of(file)
    except logins.UnreadablePassword as refusal:
        console.complain(str(refusal))
        sys.exit(1)
    asked = wizard.Options(**values, begun_at=begun_at)
    sys.exit(wizard.run(asked) if is_agreed else wizard.ask_and_run(asked))
