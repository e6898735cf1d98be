"""What defends a Windows machine. A server has no security centre: that is unknown, never bad."""

from typing import Any, Final

from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, clean, written
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.guards import WINDOWS_SERVICES
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.windows.machines import text
from quenotte.station.collectors.windows.powershell import Declined, answer, one, rows
from quenotte.station.collectors.windows.updates import moment

#: Bits of a product's state, as the security centre keeps it: it is on; its signatures are old.
#: Nobody publishes them: what every product that was looked at shows [M].
_ON, _OLD = 0x1000, 0x10
#: Defender is asked itself: its services run beside another product without guarding anything.
_ASKED_APART: Final = frozenset({"WinDefend", "Sense"})
_PROFILES: Final = {"domain": "Domain", "private": "Private", "public": "Public"}
#: GpoBoolean: false, true; 2 is « not configured », which is on.
_ENABLED: Final = {0: False, 1: True, 2: True}


def look_at_antivirus(machine: Machine, found: Gathering) -> None:
    """Tell the products of the centre; on a server Defender, and the services that run."""
    told = one(answer(machine, "antivirus", words=_services_asked()))
    if told.get("desk") is True:
        found.rows("antivirus.products", map(_product, rows(told.get("products"))))
        return
    products = [*_defender(told.get("defender")), *_services(told.get("services"))]
    if products:
        found.rows("antivirus.products", products)
    else:
        # One that we do not know by name may guard it all the same.
        found.tell("antivirus.products", NO_SUCH_THING)


def look_at_firewall(machine: Machine, found: Gathering) -> None:
    """Tell each kind of network; where another product stands in for Windows' own, that one."""
    told = one(answer(machine, "firewall"))
    others = [one for one in map(_product, rows(told.get("products"))) if one["is_active"]]
    if others:
        found.rows("firewall.profiles", ({"name": one["name"], "is_on": True} for one in others))
        return
    profiles = [
        {"name": name, "is_on": _ENABLED.get(row.get("Enabled", -1))}
        for row in rows(told.get("profiles"))
        if (name := _PROFILES.get(text(row.get("Name")).lower()))
    ]
    if profiles:
        found.rows("firewall.profiles", profiles)
    else:
        found.tell("firewall.profiles", NOT_READABLE)


def _services_asked() -> str:
    return ",".join(f"'{name}'" for name in WINDOWS_SERVICES if name not in _ASKED_APART)


def _product(row: dict[str, Any]) -> dict[str, Any]:
    state = row.get("productState")
    if not isinstance(state, int):
        raise Declined
    return {
        "name": clean(text(row.get("displayName"))),
        "is_active": bool(state & _ON),
        "is_fresh": not state & _OLD,
    }


def _defender(told: object) -> list[dict[str, Any]]:
    if not isinstance(told, dict):
        return []
    at = moment(told.get("at"))
    return [
        {
            "name": "Microsoft Defender",
            "is_active": told.get("enabled") is True and told.get("watches") is True,
            "version": clean(text(told.get("version")), most=60),
            "signed_at": at and written(at),
        }
    ]


def _services(told: object) -> list[dict[str, Any]]:
    names = told if isinstance(told, list) else [told]
    known = {
        WINDOWS_SERVICES[one] for one in names if isinstance(one, str) and one in WINDOWS_SERVICES
    }
    return [{"name": name, "is_active": True} for name in sorted(known)]
