"""The question for the database of a server, asked when the copy is of a PostgreSQL practice."""

from dataclasses import replace

from quenotte.config.kit import terminal
from quenotte.config.kit import wizard as kit
from quenotte.config.phoenix.asked import Asked
from quenotte.config.words import _
from quenotte.devices.phoenix import marker, returning, servers
from quenotte.devices.repository.repository import Repository
from quenotte.kernel.errors import Refusal


def asked_server(asked: Asked, repository: Repository) -> Asked | None:
    """Return what is asked, with a database that can take the copy; None when somebody stops.

    Raises: NoCopy, NoCopyThen, UnknownCopy, Damaged, Missing, Unreachable.
    """
    if not returning.needs_server(repository, asked.wish):
        return asked
    terminal.say(
        _(
            "Cette copie est celle d’un cabinet sur PostgreSQL. Il faut un serveur PostgreSQL et "
            "une base vide, par exemple postgres://quenotte:MOTDEPASSE@127.0.0.1:5432/quenotte."
        )
    )
    while True:
        if asked.database and not (trouble := trouble_of(asked)):
            terminal.say(_("Base : {base}").format(base=servers.label_of(asked.database)))
            return asked
        if asked.database:
            terminal.say(trouble)
        typed = terminal.ask(_("Adresse de la base vide : ")).strip()
        if not typed or typed.casefold() == kit.STOP:
            return None
        asked = replace(asked, database=typed)


def trouble_of(asked: Asked) -> str:
    """Return why a database cannot take the practice, in words; "" when it can."""
    try:
        servers.check(asked.database, marker.load(asked.folder))
    except Refusal as refusal:
        return str(refusal)
    return ""
