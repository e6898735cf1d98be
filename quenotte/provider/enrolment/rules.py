"""Decisions about tokens, keys and doubts: those of the practices too (``kernel.enrolment``)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from quenotte.kernel.enrolment import (
    MOST_MACHINES,
    TOKEN_LENGTH,
    UNANSWERED,
    Agent,
    Doubt,
    Hardware,
    Standing,
    Use,
    bound_key,
    digest,
    has_jumped,
    is_same,
    is_token,
    new_key,
    new_token,
    plain_token,
    use_of,
)

__all__ = [
    "MOST_MACHINES",
    "TOKENS_KEPT",
    "TOKEN_LENGTH",
    "UNANSWERED",
    "Agent",
    "Doubt",
    "Face",
    "Hardware",
    "Standing",
    "Use",
    "bound_key",
    "digest",
    "doubt_about",
    "has_jumped",
    "is_same",
    "is_token",
    "new_key",
    "new_token",
    "plain_token",
    "use_of",
]

#: A token that expired is kept a year: who made it, and when, may still be asked.
TOKENS_KEPT: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Face:
    """What a machine of a practice is known by, as one agent tells it."""

    agent: str
    name: str
    hardware: Hardware

    def is_as(self, other: "Face") -> bool:
        """Tell whether two agents speak of one machine.

        By the hardware; the server of a practice may not read its own, and is known by its name.
        """
        if is_same(self.hardware, other.hardware):
            return True
        return self._is_by_name(other) or other._is_by_name(self)

    def _is_by_name(self, other: "Face") -> bool:
        is_bare = not (self.hardware.uuid or self.hardware.serial)
        names = {_host(self.name), _host(other.name)}
        return self.agent == Agent.PRACTICE and is_bare and len(names) == 1 and "" not in names


def _host(name: str) -> str:
    """Return the name of a machine without its domain."""
    return name.partition(".")[0].strip().casefold()


def doubt_about(told: Face, live: Iterable[Face]) -> Doubt:
    """Return why a machine that comes for the first time waits; ``live``: those with a key.

    The same machine by the same agent is a copy, or installed anew; by another agent it is one
    machine with two agents.
    """
    same = {other.agent for other in live if told.is_as(other)}
    if told.agent in same:
        return Doubt.TWICE
    return Doubt.BESIDE if same else Doubt.NEW
