"""What the rows of Linux mean."""

from collections.abc import Sequence
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, Told, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.guards import LINUX_PROCESSES
from quenotte.devices.agents.osquery.messages import Row
from quenotte.devices.agents.osquery.tell_machines import first

_REFUSING: Final = frozenset({"DROP", "REJECT"})


def tell_system(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the distribution. It has no builds, and its servers look like its workstations."""
    row = first(rows)
    found.tell("os.family", Told("linux"))
    found.tell("os.name", credible.text(row.get("name")))
    found.tell("os.version", credible.text(row.get("version")))
    found.tell("os.build", NO_SUCH_THING)
    found.tell("machine.is_server", NO_SUCH_THING)


def tell_antivirus(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell what runs; that none of those we know runs is no proof that there is none."""
    names = {row.get("name", "") for row in rows}
    products = [
        {
            "name": product,
            "is_active": True,
            # Its other half fetches the signatures.
            "is_fresh": True if name == "clamd" and "freshclam" in names else None,
        }
        for name, product in LINUX_PROCESSES.items()
        if name in names
    ]
    if products:
        found.rows("antivirus.products", products)
    else:
        found.tell("antivirus.products", NO_SUCH_THING)


def tell_firewall(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell a firewall that refuses what it was not told to let in.

    One that lets in by default may refuse in its rules, or in nftables, which no table shows.
    """
    policies = {(clean(row.get("state")) or "").upper() for row in rows}
    if policies and policies <= _REFUSING:
        found.rows("firewall.profiles", [{"name": "INPUT", "is_on": True}])
    else:
        found.tell("firewall.profiles", NOT_READABLE)
