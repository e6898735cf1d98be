"""Updates of Windows, as its own agent of updates tells them."""

import re
from datetime import UTC, datetime
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine
from quenotte.station.collectors.windows.powershell import answer, one

#: Seconds: it asks Microsoft, or the server of updates of the practice.
_PATIENCE_S: Final = 600.0
#: How its search ended. Source: OperationResultCode, orcSucceeded and orcSucceededWithErrors.
_FOUND: Final = frozenset({2, 3})
#: .NET writes one digit of the seconds more than Python reads.
_SEVENTH: Final = re.compile(r"(\.\d{6})\d+")


def look_at_missing(machine: Machine, found: Gathering) -> None:
    """Tell how many are missing, and how many of them mend a hole."""
    told = one(answer(machine, "missing", timeout_s=_PATIENCE_S))
    is_found = told.get("result") in _FOUND
    for key, name in (("updates.missing", "missing"), ("updates.missing_security", "security")):
        count = told.get(name)
        is_told = is_found and isinstance(count, int) and not isinstance(count, bool)
        found.tell(key, Told(count) if is_told else NOT_READABLE)


def look_at_installed(machine: Machine, found: Gathering) -> None:
    """Tell when one was installed last, and whether a restart waits."""
    told = one(answer(machine, "installed"))
    at = moment(told.get("at"))
    installed = credible.moment(at, seen_at=found.observed_at) if at else NO_SUCH_THING
    found.tell("updates.last_installed_at", installed)
    found.tell("updates.reboot_pending", flag(told.get("reboot")))
    automatic = flag(told.get("enabled"))
    is_forbidden = told.get("forbidden") == 1
    found.tell("updates.is_automatic", Told(False) if is_forbidden else automatic)


def flag(told: object) -> Told:
    """Return yes or no."""
    return Told(told) if isinstance(told, bool) else NOT_READABLE


def moment(told: object) -> datetime | None:
    """Return an aware instant: as ISO 8601, or as PowerShell 5 writes one by itself."""
    if not isinstance(told, str):
        return None
    if told.startswith("/Date(") and told.endswith(")/"):
        return _of_ms(told[6:-2])
    try:
        at = datetime.fromisoformat(_SEVENTH.sub(r"\1", told))
    except ValueError:
        return None
    return at if at.tzinfo else None


def _of_ms(text: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
