"""Where a practice that is open to its network listens, and what the other processes know."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from quenotte.config.words import _
from quenotte.devices.certificates import names
from quenotte.kernel.errors import Refusal

#: Every address of this machine, IPv4: boxes give public IPv6 addresses to whoever asks.
EVERYWHERE: Final = "0.0.0.0"  # noqa: S104 - TLS, and neighbours alone
#: Ports that need no privilege.
PORT: Final = 8443
TRUST_PORT: Final = 8080

#: Environment: the name that people type, the port of the pages, the port of the explanation.
NAME = "QUENOTTE_LAN"
PAGES = "QUENOTTE_LAN_PORT"
TRUST = "QUENOTTE_TRUST_PORT"


class Exposed(Refusal):
    """The pages would answer on the Internet."""

    def __init__(self, address: str) -> None:
        super().__init__(
            _(
                "Cette machine a une adresse publique ({address}) : Quenotte n’écoute pas sur "
                "Internet."
            ).format(address=address),
            next_step=_("Donnez à --host l’adresse de cette machine sur le réseau du cabinet."),
        )


@dataclass(frozen=True)
class Lan:
    """The practice's network as it was asked for; ``trust_port`` 0 is none."""

    name: str = ""
    trust_port: int = TRUST_PORT


def public_path(folder: Path) -> Path:
    """Return where the authority's certificate lies without its key; made anew at each start."""
    return folder / "run" / "authority.crt"


def public_server_path(folder: Path) -> Path:
    """Return where the server's certificate lies without its key; made anew at each start."""
    return folder / "run" / "server.crt"


def refuse_internet(host: str, addresses: Iterable[str]) -> None:
    """Refuse to listen where the Internet reaches.

    Raises: Exposed.
    """
    if found := names.exposed(host, addresses):
        raise Exposed(found[0])


def told(name: str, port: int, trust_port: int) -> dict[str, str]:
    """Return the environment in which the other processes know of the network."""
    return {NAME: name, PAGES: str(port), TRUST: str(trust_port)}


def heard(environment: Mapping[str, str] = os.environ) -> tuple[str, int, int]:
    """Return the name, the port of the pages and that of the explanation; "" off the network."""
    return (
        environment.get(NAME, ""),
        int(environment.get(PAGES) or 0),
        int(environment.get(TRUST) or 0),
    )
