"""Passwords of addresses, kept off the command line: everybody on the machine reads that (``ps``).

A file, a variable of the environment, or a question that shows nothing of the answer.
"""

import os
import sys
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

import click
from click.core import ParameterSource

from quenotte.config import console
from quenotte.config.words import _
from quenotte.kernel.errors import Refusal

#: The password of a vault, for commands that nobody types.
VARIABLE: Final = "QUENOTTE_VAULT_PASSWORD"
_REST: Final = "rest:"


#: Offers the file of the password to a command.
option = click.option(
    "--password-file", "password_file", type=click.Path(dir_okay=False, path_type=Path),
    help=_("Fichier du mot de passe du coffre ; l’adresse porte alors le seul identifiant."),
)  # fmt: skip


class UnreadablePassword(Refusal):
    """The file of the password cannot be read, is empty, or has no address to go to."""


def complete(place: str, file: Path | None) -> str:
    """Return an address with its password, from where nobody else reads it.

    A folder, and an address without a login, stay as they are. Raises: UnreadablePassword.
    """
    rest = place.startswith(_REST)
    parts = urlsplit(place.removeprefix(_REST))
    if parts.scheme not in {"http", "https"} or parts.password:
        return place
    password = _password(parts.username, file)
    if not password:
        return place
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{parts.username}:{quote(password, safe='')}@{host}"
    return (_REST if rest else "") + urlunsplit(parts._replace(netloc=netloc))


def seen(context: click.Context, parameter: click.Parameter, place: str) -> str:
    """Warn of a password in an address that was typed; return the address as it is."""
    source = context.get_parameter_source(parameter.name or "")
    if source is ParameterSource.COMMANDLINE and urlsplit(place.removeprefix(_REST)).password:
        warn()
    return place


def warn() -> None:
    """Say that a password was in sight of everybody on this machine."""
    console.complain(
        _(
            "Attention : un mot de passe est dans cette ligne de commande ; tous les comptes de "
            "cette machine peuvent le lire. Préférez un fichier (« --password-file », "
            "« --database-url-file ») ou une variable."
        )
    )


def text_of(file: Path) -> str:
    """Return the first line of a file with a secret. Raises: UnreadablePassword."""
    try:
        lines = file.expanduser().read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if not lines or not lines[0].strip():
        raise UnreadablePassword(
            _("Ce fichier ne se lit pas, ou il est vide : {file}. Rien n’a été fait.").format(
                file=file
            )
        )
    return lines[0].strip()


def _password(login: str | None, file: Path | None) -> str:
    if login is None:
        if file is not None:
            raise UnreadablePassword(
                _(
                    "Mettez l’identifiant dans l’adresse : https://cabinet@coffre… Rien n’a été "
                    "fait."
                )
            )
        return ""
    if file is not None:
        return text_of(file)
    if given := os.environ.get(VARIABLE, ""):
        return given
    if sys.stdin.isatty():
        return str(click.prompt(_("Mot de passe du coffre"), hide_input=True))
    return ""
