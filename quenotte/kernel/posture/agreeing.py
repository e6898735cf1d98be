"""What a practice agreed to, so that a rule finds no stranger in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from quenotte.kernel.posture.questions.asked import USUAL_PORTS

#: More names, or more ports, are no list that a person decided about.
MOST: Final = 40
LONGEST_NAME: Final = 60


@dataclass(frozen=True, slots=True)
class Agreed:
    """Products by which machines may be driven from elsewhere, ports that may be open to the net.

    ``ports``: beside those that systems open by themselves.
    """

    remote_tools: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()

    @property
    def all_ports(self) -> frozenset[int]:
        """Return the ports that may be open, those of the systems too."""
        return USUAL_PORTS | self.ports


def agreed(remote_tools: Iterable[str], ports: Iterable[int]) -> Agreed:
    """Return what was agreed from lists as they are kept."""
    return Agreed(frozenset(remote_tools), frozenset(ports))
