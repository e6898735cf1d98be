"""What the rows of Windows mean. « Error » of the security centre is unknown, never bad."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import (
    NO_SUCH_THING,
    NOT_READABLE,
    NOT_REPORTED,
    Told,
    clean,
    flag,
)
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.guards import WINDOWS_SERVICES
from quenotte.devices.agents.osquery.messages import Row
from quenotte.devices.agents.osquery.tell_machines import first

_PRODUCT_STATES: Final = {"on": True, "off": False, "snoozed": False, "expired": False}
_PROFILES: Final = {
    "domainprofile": "domain",
    "standardprofile": "private",
    "publicprofile": "public",
}
#: Words of the centre by which it says how things are; any other says that it does not know.
_TELLING: Final = frozenset({"good", "poor", "snoozed", "not monitored"})
_MOST_LOCK_S: Final = 30 * 86400


def tell_system(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell edition, version and build."""
    row = first(rows)
    build, revision = clean(row.get("build"), most=20), clean(row.get("revision"), most=20)
    found.tell("os.family", Told("windows"))
    found.tell("os.name", credible.text(row.get("name")))
    found.tell("os.version", credible.text(row.get("release") or row.get("version")))
    found.tell("os.build", credible.text(".".join(filter(None, (build, build and revision)))))
    name = clean(row.get("name"))
    found.tell("machine.is_server", Told("server" in name.lower()) if name else NOT_REPORTED)


def tell_reboot(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell whether an update waits for a restart."""
    told = credible.number(first(rows).get("pending"))
    found.tell("updates.reboot_pending", told if told.unknown else Told(told.value > 0))


def tell_automatic(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell whether updates come by themselves: a policy that forbids them wins."""
    row = first(rows)
    centre = row.get("centre", "").lower()
    if flag(row.get("policy")) is True:
        found.tell("updates.is_automatic", Told(False))
    elif centre in _TELLING:
        found.tell("updates.is_automatic", Told(centre == "good"))
    else:
        found.tell("updates.is_automatic", NO_SUCH_THING if centre == "error" else NOT_READABLE)


def tell_antivirus(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell the products of the centre; on a server edition, the services that run."""
    if _centre(rows) in _TELLING:
        found.rows("antivirus.products", map(_product, _of(rows, "product")))
        return
    services = list(_running(rows))
    if services:
        found.rows("antivirus.products", services)
    else:
        # A service that we do not know by name may guard it all the same.
        found.tell(
            "antivirus.products", NO_SUCH_THING if _centre(rows) == "error" else NOT_READABLE
        )


def tell_firewall(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell each profile; where the centre is content, another product may stand in for Windows'."""
    if _centre(rows) == "good":
        found.rows("firewall.profiles", [{"name": "all", "is_on": True}])
        return
    profiles = [
        {"name": name, "is_on": flag(row.get("state"))}
        for row in _of(rows, "profile")
        if (name := _profile(row.get("name", "")))
    ]
    if profiles:
        found.rows("firewall.profiles", profiles)
    else:
        found.tell("firewall.profiles", NOT_READABLE)


def tell_lock(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell after how many seconds the policy locks. What each user chose is not seen."""
    told = credible.number(first(rows).get("after_s"), most=_MOST_LOCK_S)
    found.tell("lock.after_s", NOT_REPORTED if told.value == 0 else told)


def _of(rows: Sequence[Row], what: str) -> Iterator[Row]:
    return (row for row in rows if row.get("what") == what)


def _centre(rows: Sequence[Row]) -> str:
    return next((row.get("state", "").lower() for row in _of(rows, "centre")), "")


def _product(row: Row) -> dict[str, Any]:
    return {
        "name": clean(row.get("name")),
        "is_active": _PRODUCT_STATES.get(row.get("state", "").lower()),
        "is_fresh": flag(row.get("is_fresh")),
    }


def _running(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for row in _of(rows, "service"):
        if row.get("state", "").upper() == "RUNNING":
            name = row.get("name", "")
            yield {"name": WINDOWS_SERVICES.get(name) or clean(name), "is_active": True}


def _profile(path: str) -> str | None:
    parts = path.lower().split("\\")
    return next((word for part, word in _PROFILES.items() if part in parts), None)
