"""``quenotte certificate``: what the practice's certificates say, and a renewal by hand."""

import contextlib
import os
from datetime import UTC, datetime
from pathlib import Path

import click

from quenotte.config import console, data_folder, instance, supervisor
from quenotte.config.lan import keeping, opening, places
from quenotte.config.words import _
from quenotte.devices.certificates.pairs import Facts
from quenotte.kernel.errors import Refusal


def show() -> int:
    """Say what the authority and the certificate say; return 1 when there is none."""
    authority, server = keeping.look(data_folder.default_folder())
    if authority is None or server is None:
        console.say(
            _("Ce cabinet n’a pas encore de certificat. « quenotte serve --lan » le prépare.")
        )
        return 1
    _tell(_("Autorité du cabinet"), authority)
    _tell(_("Certificat du serveur"), server)
    console.say(_("  Noms         {names}").format(names=", ".join(server.hosts)))
    console.say(_("  Adresses     {addresses}").format(addresses=", ".join(server.addresses)))
    return 0


def renew(name: str, *, with_authority: bool) -> int:
    """Make a new certificate (and authority) now; return the exit code."""
    folder = data_folder.prepare(data_folder.default_folder())
    now = datetime.now(UTC)
    try:
        needed = keeping.wanted(name or _name_held())
        if with_authority:
            keeping.replace_authority(folder, needed, now)
        else:
            keeping.ensure(folder, needed, now, asked=True)
    except (Refusal, OSError) as error:
        console.complain(str(error))
        return 1
    console.say(_("Le certificat est renouvelé."))
    if _tell_supervisor(folder):
        console.say(_("Le Quenotte en service le prend maintenant, sans rien interrompre."))
    if with_authority:
        console.say(_("L’autorité est nouvelle : chaque poste doit lui faire confiance à nouveau."))
    return show()


def open_alone(name: str, *, host: str, port: int) -> None:
    """Make the certificate ready for a web process that nobody supervises.

    Raises: click.ClickException.
    """
    folder = data_folder.prepare(data_folder.default_folder())
    try:
        opened = opening.open_to(folder, places.Lan(name, 0), host=host, port=port)
    except (Refusal, OSError) as error:
        raise click.ClickException(str(error)) from error
    console.say(opened.url)


def _tell_supervisor(folder: Path) -> bool:
    """Ask who serves this folder to look at its certificate; tell whether somebody does."""
    holder = instance.holder(folder)
    if not holder:
        return False
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(holder, supervisor.LOOK_NOW)
    return True


def _name_held() -> str:
    """Return the name that people type today; "" when there is none yet."""
    _authority, server = keeping.look(data_folder.default_folder())
    return server.hosts[0] if server and server.hosts else ""


def _tell(title: str, facts: Facts) -> None:
    console.say(f"{title} : {facts.title}")
    console.say(
        _("  Valable      du {begin} au {end}").format(
            begin=f"{facts.begins_at.astimezone():%d/%m/%Y}",
            end=f"{facts.ends_at.astimezone():%d/%m/%Y}",
        )
    )
    console.say(_("  Empreinte    {fingerprint}").format(fingerprint=facts.fingerprint))
