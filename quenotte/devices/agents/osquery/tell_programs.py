"""What is installed, what listens, and by what the machine can be driven from elsewhere."""

import ipaddress
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_READABLE, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.osquery.messages import Row
from quenotte.kernel.posture.take_over import product_of

#: Debian's maintainers write their address behind their name.
_ADDRESS: Final = re.compile(r"\s*<[^>]*>")


def tell_software(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the programs. No row: they could not be read, for every machine has some."""
    if not rows:
        found.tell("software", NOT_READABLE)
        return
    found.rows(
        "software",
        (
            {
                "name": name.removesuffix(".app"),
                "version": clean(row.get("version"), most=60),
                "publisher": clean(_ADDRESS.sub("", row.get("publisher", ""))),
            }
            for row in rows
            if (name := clean(row.get("name")))
        ),
    )


def tell_remote(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the tools of remote control, by product: what runs and what is installed is one."""
    products = {product_of(row.get("name", "")) for row in rows}
    found.rows("remote.tools", ({"name": product} for product in products if product))


def tell_ports(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell where programs listen for others."""
    found.rows("ports.open", (port for row in rows for port in _port(row)))


def _port(row: Row) -> Iterator[dict[str, Any]]:
    port = credible.number(row.get("port"), least=1, most=65535).value
    try:
        address = ipaddress.ip_address(row.get("address", "").partition("%")[0])
    except ValueError:
        return
    if isinstance(port, int) and not address.is_loopback:
        yield {"port": port, "address": str(address), "program": clean(row.get("program"), most=60)}
