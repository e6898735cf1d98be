"""The machine itself: what every platform tells in the same columns."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NOT_CREDIBLE, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.osquery.messages import Row

_MIB: Final = 1 << 20
_MOST_MEMORY_BYTES: Final = 1 << 44
#: Nine years; a clock may be farther off than that, and is then told as it is.
_MOST_UPTIME_S: Final = 9 * 365 * 86400
_MOST_CLOCK_S: Final = 1 << 40


def first(rows: Sequence[Row]) -> Row:
    """Return the only row, empty when there is none."""
    return rows[0] if rows else {}


def tell_machine(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell name, identifiers, model and memory."""
    row = first(rows)
    found.tell("machine.name", credible.text(row.get("name"), most=64))
    found.tell("machine.uuid", credible.uuid(row.get("uuid")))
    found.tell("machine.serial", credible.identity(row.get("serial")))
    found.tell("machine.model", credible.model(row.get("maker"), row.get("model")))
    memory = credible.number(row.get("memory_bytes"), least=64 * _MIB, most=_MOST_MEMORY_BYTES)
    found.tell("machine.memory_mib", memory if memory.unknown else Told(round(memory.value / _MIB)))


def tell_uptime(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell when the machine was started: by our clock, for its own may be wrong."""
    told = credible.number(first(rows).get("total_seconds"), most=_MOST_UPTIME_S)
    if not told.unknown:
        booted_at = found.observed_at - timedelta(seconds=told.value)
        told = credible.boot(booted_at, seen_at=found.observed_at)
    found.tell("use.booted_at", told)


def tell_updates(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell when something was last installed; nothing ever, or an emptied history: unknown."""
    told = credible.seconds(first(rows).get("at"), seen_at=found.observed_at)
    found.tell("updates.last_installed_at", told)


def tell_clock(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell by how many seconds the machine's clock is ahead of ours, the way included."""
    told = credible.number(first(rows).get("unix_time"), most=_MOST_CLOCK_S)
    if not told.unknown:
        told = Told(round(told.value - found.observed_at.timestamp()))
    found.tell("clock.offset_s", told)


def tell_admin(found: Gathering, rows: Sequence[Row]) -> None:
    """Tell whether somebody works with all rights now; nothing when nobody is there."""
    row = first(rows)
    counts = [credible.number(row.get(name)) for name in ("sessions", "known", "admins")]
    if any(told.unknown for told in counts):
        found.tell("use.is_admin_daily", next(told for told in counts if told.unknown))
        return
    sessions, known, admins = (told.value for told in counts)
    if sessions == 0:
        return
    if admins > sessions or known > sessions:
        found.tell("use.is_admin_daily", NOT_CREDIBLE)
        return
    # An account of a domain is in no list of this machine.
    is_readable = admins > 0 or known == sessions
    found.tell("use.is_admin_daily", Told(admins > 0) if is_readable else NOT_READABLE)
