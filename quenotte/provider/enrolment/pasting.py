"""What is pasted on a machine to let it in: ready lines for each agent, with the door's address."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Lines:
    """What goes to one place of a machine: where it goes, and the text itself."""

    name: str
    where: Promise
    text: str


def reaches_others(door: str) -> bool:
    """Tell whether agents elsewhere can use such an address: HTTPS, and not this machine's own."""
    told = urlsplit(door)
    host = told.hostname or ""
    if told.scheme != "https" or host in {"", "localhost"} or host.endswith(".localhost"):
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def lines(door: str, typed: str) -> list[Lines]:
    """Return what is pasted for each agent. ``door``: address of the agents' door, with scheme."""
    return [
        Lines(
            "compagnon",
            _("Compagnon Quenotte : dans un terminal d’administrateur du poste"),
            f"quenotte-station enrol --server {door} --token {typed}\n",
        ),
        Lines(
            "glpi",
            _("GLPI Agent ou FusionInventory, sous Linux ou macOS : dans agent.cfg"),
            _inventory(door, typed),
        ),
        Lines(
            "glpi-windows",
            _(
                "GLPI Agent, sous Windows : dans une invite de commandes d’administrateur, "
                "près de l’installateur"
            ),
            _installer(door, typed),
        ),
        Lines("osquery-secret", _("osquery, le secret : dans quenotte.secret"), f"{typed}\n"),
        Lines("osquery-options", _("osquery, ses options : dans osquery.flags"), _flags(door)),
    ]


def _inventory(door: str, typed: str) -> str:
    return f"server = {door}/agents/glpi/{typed}\nno-category = process,environment\nno-httpd = 1\n"


def _installer(door: str, typed: str) -> str:
    """Return what installs it on Windows, where its settings are in the registry.

    Source: the agent's own package, whose properties SERVER, NO_CATEGORY, NO_HTTPD write them.
    """
    return (
        f'msiexec /i GLPI-Agent-x64.msi /quiet SERVER="{door}/agents/glpi/{typed}" '
        'NO_CATEGORY="process,environment" NO_HTTPD=1\n'
    )


def _flags(door: str) -> str:
    told = urlsplit(door)
    known: str = settings.AGENTS_FLAGS
    return known.replace("{host}", told.netloc).replace("{path}", told.path.rstrip("/"))
