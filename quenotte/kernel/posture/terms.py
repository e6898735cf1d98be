"""The words of a judgement: its three values, how grave it is, whom and what it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from quenotte.kernel.posture.facts import Unknown

#: Why something is unknown by our own fault: whoever keeps the books did not listen meanwhile.
UNHEARD: Final = "unheard"


class State(StrEnum):
    """What is true of a rule. "Cannot be read" is never "bad". Values are stored and sent."""

    OK = "ok"
    BAD = "bad"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How soon somebody must know: now, today, or once a week."""

    CRITICAL = "critical"
    IMPORTANT = "important"
    NOTICE = "notice"

    @property
    def weight(self) -> int:
        """Return a number to sort by, the gravest first."""
        return list(Severity).index(self)


class Theme(StrEnum):
    """The six themes of the security memento of independent health professionals."""

    LEGAL = "legal"
    PEOPLE = "people"
    PREMISES = "premises"
    EQUIPMENT = "equipment"
    ACCESS = "access"
    INCIDENTS = "incidents"


class Platform(StrEnum):
    """The values of the fact ``os.family``."""

    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"


class Subject(StrEnum):
    """Whom a rule is about. ``MACHINE`` is any: a workstation or a server."""

    MACHINE = "machine"
    WORKSTATION = "workstation"
    SERVER = "server"
    PRACTICE = "practice"


class Cause(StrEnum):
    """What findings have in common that one person mends in one go: one incident each."""

    UPDATES = "updates"
    ANTIVIRUS = "antivirus"
    FIREWALL = "firewall"
    ENCRYPTION = "encryption"
    SUPPORT = "support"
    ACCESS = "access"
    LEFT_ON = "left_on"
    REMOTE = "remote"
    DISKS = "disks"
    CLOCK = "clock"
    POWER = "power"
    BACKUP = "backup"
    RANSOM = "ransom"
    MESSAGING = "messaging"
    PORTS = "ports"
    LICENCES = "licences"
    #: Not heard any more.
    SILENCE = "silence"
    #: Heard, and yet not known for long.
    UNSEEN = "unseen"
    #: So many silent at once that the fault lies in none of them.
    STORM = "storm"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a question comes to: a state, a code that says why, and plain values for its words."""

    state: State
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


def ok(reason: str = "ok", **values: Any) -> Outcome:
    """Return that all is well."""
    return Outcome(State.OK, reason, values)


def bad(reason: str, **values: Any) -> Outcome:
    """Return that something is wrong."""
    return Outcome(State.BAD, reason, values)


def unknown(reason: Unknown) -> Outcome:
    """Return that it cannot be told, and why."""
    return Outcome(State.UNKNOWN, reason.value)


def unheard() -> Outcome:
    """Return that it cannot be told because nobody listened."""
    return Outcome(State.UNKNOWN, UNHEARD)
