"""Facts: what a source saw of a machine, and when. What cannot be read is said to be unknown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final


class Source(StrEnum):
    """Who saw it. Values are stored and sent."""

    GLPI = "glpi"
    OSQUERY = "osquery"
    STATION = "station"
    PRACTICE = "practice"
    #: What a person wrote down from papers; no agent speaks so.
    PAPERS = "papers"


class Unknown(StrEnum):
    """Why a value is not known. Values are stored and sent."""

    #: No source that could tell it has reported.
    NOT_REPORTED = "not_reported"
    #: The system has no such thing to ask: a server without a security centre.
    NO_SUCH_THING = "no_such_thing"
    #: It is there, and refused to tell.
    NOT_READABLE = "not_readable"
    #: What was told makes no sense: a date ten years off, a size below zero.
    NOT_CREDIBLE = "not_credible"
    #: It was known once, too long ago to be believed.
    TOO_OLD = "too_old"
    #: It was told, and no table of ours has it: a system newer than this release.
    NOT_LISTED = "not_listed"


class Kind(StrEnum):
    """What a value looks like in JSON."""

    FLAG = "flag"
    NUMBER = "number"
    TEXT = "text"
    #: An aware instant, ISO 8601 in UTC.
    MOMENT = "moment"
    #: A list of flat objects; their fields are named beside the key.
    ROWS = "rows"


#: Every fact that crosses, and its kind. Nothing else is kept: a file name, a command line or an
#: environment variable may carry a patient's name.
KEYS: Final[Mapping[str, Kind]] = {
    "machine.name": Kind.TEXT,
    "machine.uuid": Kind.TEXT,
    "machine.serial": Kind.TEXT,
    "machine.model": Kind.TEXT,
    "machine.memory_mib": Kind.NUMBER,
    "machine.is_server": Kind.FLAG,
    "os.family": Kind.TEXT,
    "os.name": Kind.TEXT,
    "os.version": Kind.TEXT,
    "os.build": Kind.TEXT,
    "updates.last_installed_at": Kind.MOMENT,
    "updates.missing": Kind.NUMBER,
    "updates.missing_security": Kind.NUMBER,
    "updates.reboot_pending": Kind.FLAG,
    "updates.is_automatic": Kind.FLAG,
    "antivirus.products": Kind.ROWS,
    "firewall.profiles": Kind.ROWS,
    "disks": Kind.ROWS,
    "disks.health": Kind.ROWS,
    "lock.after_s": Kind.NUMBER,
    "use.is_admin_daily": Kind.FLAG,
    "use.booted_at": Kind.MOMENT,
    "use.idle_s": Kind.NUMBER,
    "use.is_locked": Kind.FLAG,
    "remote.tools": Kind.ROWS,
    "software": Kind.ROWS,
    "licences": Kind.ROWS,
    "ports.open": Kind.ROWS,
    "clock.offset_s": Kind.NUMBER,
    "ups": Kind.ROWS,
    "media.plugged": Kind.ROWS,
    "backup.restorable_until": Kind.MOMENT,
    "backup.proven_at": Kind.MOMENT,
    "backup.offline_copied_at": Kind.MOMENT,
    "backup.medium": Kind.ROWS,
    "backup.has_anomaly": Kind.FLAG,
    "backup.is_red": Kind.FLAG,
}

#: The fields of the rows of a key; None is allowed for what its source cannot tell. A medium is
#: named by its maker and model: people write names on volumes.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "antivirus.products": ("name", "is_active", "is_fresh", "version", "signed_at"),
    "firewall.profiles": ("name", "is_on"),
    "disks": ("name", "mount", "total_mib", "free_mib", "is_encrypted", "is_system"),
    "disks.health": ("name", "is_healthy"),
    "remote.tools": ("name", "id"),
    "software": ("name", "version", "publisher"),
    "licences": ("name", "count", "ends_on"),
    "ports.open": ("port", "address", "program"),
    "ups": ("name", "is_on_battery", "charge_pct"),
    "media.plugged": ("name", "kind", "since"),
    "backup.medium": ("is_plugged", "since", "seen_at"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a source saw of a machine.

    ``value`` is as the kind of its key says, None when it is unknown; ``unknown`` then says why.
    ``observed_at`` is an aware instant by the clock of the server that received it: a machine's own
    clock may be years wrong.
    """

    key: str
    value: Any
    source: Source
    observed_at: datetime
    unknown: Unknown | None = None
