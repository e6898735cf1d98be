"""Antivirus and firewall. Where nobody answers, it is unknown: an absence is no proof."""

import re
from collections.abc import Iterator
from datetime import datetime
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
from quenotte.devices.agents.glpi.machines import System
from quenotte.devices.agents.glpi.sections import Row, Sections

#: How Windows names its profiles in the registry, and what people call them.
_PROFILES: Final = {
    "domainprofile": "domain",
    "publicprofile": "public",
    "standardprofile": "private",
    "privateprofile": "private",
}
_DAY: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")
_FRENCH_DAY: Final = re.compile(r"(\d\d)/(\d\d)/(\d{4})")


def tell_antivirus(found: Gathering, sections: Sections, system: System) -> None:
    """Tell the products that the system knows, or why none can be told."""
    named = [row for row in sections.get("ANTIVIRUS", ()) if clean(row.get("NAME"))]
    if named:
        found.rows("antivirus.products", (_product(row, found, system) for row in named))
    else:
        found.tell("antivirus.products", _no_antivirus(system))


def tell_firewall(found: Gathering, sections: Sections, system: System) -> None:
    """Tell each profile once: on only where no connection was seen with it off.

    On Linux the agent knows ufw and firewalld: that neither is on says nothing of nftables.
    """
    profiles: dict[str, bool | None] = {}
    for name, is_on in map(_profile, sections.get("FIREWALL", ())):
        profiles[name] = is_on if profiles.get(name, True) is not False else False
    if system.family == "linux" and not any(profiles.values()):
        found.tell("firewall.profiles", NOT_READABLE if profiles else NOT_REPORTED)
    elif profiles:
        rows = ({"name": name, "is_on": is_on} for name, is_on in profiles.items())
        found.rows("firewall.profiles", rows)
    else:
        found.tell("firewall.profiles", NOT_REPORTED)


def _no_antivirus(system: System) -> Told:
    """Return why nothing is known: a Windows workstation has a security centre that tells.

    A server edition has none, and no more has Linux or macOS: that the section is absent there
    means that there was nobody to ask.
    """
    has_centre = system.family in {"windows", None} and not system.is_server
    return NOT_REPORTED if has_centre else NO_SUCH_THING


def _product(row: Row, found: Gathering, system: System) -> dict[str, Any]:
    return {
        "name": clean(row.get("NAME")),
        "is_active": flag(row.get("ENABLED")),
        "is_fresh": flag(row.get("UPTODATE")),
        "version": clean(row.get("VERSION")),
        "signed_at": next(_signed(row, found.observed_at, system), None),
    }


def _signed(row: Row, seen_at: datetime, system: System) -> Iterator[str]:
    """Yield when the signatures were made: some write the day where others put a version."""
    for name in ("BASE_CREATION", "BASE_VERSION"):
        day = _day_of(row.get(name, "").strip())
        told = credible.moment(day and day.replace(tzinfo=system.zone), seen_at=seen_at)
        if told.value:
            yield told.value


def _day_of(text: str) -> datetime | None:
    found, french = _DAY.fullmatch(text[:10]), _FRENCH_DAY.fullmatch(text)
    parts = found.groups() if found else tuple(reversed(french.groups())) if french else ()
    try:
        return datetime.fromisoformat("-".join(parts)) if parts else None
    except ValueError:
        return None


def _profile(row: Row) -> tuple[str, bool | None]:
    name = clean(row.get("PROFILE"), most=40) or "all"
    return _PROFILES.get(name.lower(), name), flag(row.get("STATUS"))
