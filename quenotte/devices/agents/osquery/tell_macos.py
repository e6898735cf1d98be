"""What the rows of a Mac mean."""

from collections.abc import Sequence
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_READABLE, NOT_REPORTED, Told, clean, flag
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.osquery.messages import Row
from quenotte.devices.agents.osquery.tell_machines import first

_PROCESSES: Final = {
    "SophosScanD": "Sophos",
    "esets_daemon": "ESET",
    "BDLDaemon": "Bitdefender",
    "avast": "Avast",
    "com.avast.daemon": "Avast",
    "wdavdaemon": "Microsoft Defender",
    "falcond": "CrowdStrike Falcon",
    "sentineld": "SentinelOne",
    "kav": "Kaspersky",
    "NortonMacService": "Norton",
    "fmp": "McAfee",
    "hurukai": "HarfangLab",
}
#: 1: all but what is signed and allowed is stopped; 2: everything is.
_FIREWALL: Final = {"0": False, "1": True, "2": True}


def tell_system(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell version and build. A Mac has no server edition any more."""
    row = first(rows)
    found.tell("os.family", Told("macos"))
    found.tell("os.name", credible.text(row.get("name")))
    found.tell("os.version", credible.text(row.get("version")))
    found.tell("os.build", credible.text(row.get("build")))
    found.tell("machine.is_server", Told(False))


def tell_antivirus(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell what guards the Mac: its own gatekeeper, and products that run."""
    if not rows:
        found.tell("antivirus.products", NOT_READABLE)
        return
    found.rows(
        "antivirus.products",
        (
            {
                "name": _PROCESSES.get(row.get("name", "")) or clean(row.get("name")),
                "is_active": flag(row.get("state")),
                "version": clean(row.get("version"), most=60),
            }
            for row in rows
        ),
    )


def tell_firewall(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell whether the firewall of applications is on."""
    is_on = _FIREWALL.get(first(rows).get("state", ""))
    if is_on is None:
        found.tell("firewall.profiles", NOT_READABLE)
    else:
        found.rows("firewall.profiles", [{"name": "all", "is_on": is_on}])


def tell_lock(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell that it never locks (0), or why it is unknown: when the screen sleeps is not told.

    The table answers only for a session: asked by the system, it has nothing to say.
    """
    is_enabled = flag(first(rows).get("enabled"))
    told = {True: NOT_REPORTED, False: Told(0), None: NOT_READABLE}
    found.tell("lock.after_s", told[is_enabled])
