"""How much may come, and how fast (plain decisions): a flood never holds off the journal.

Small deltas of the journal have room and turns that nothing else may take, up to a number on one
day that no journal reaches by itself. Those beyond it are objects like others: whoever floods the
vault with deltas meets the same bounds as with anything else, and leaves the journals of others
their room.
"""

from dataclasses import dataclass, field
from typing import Final

from quenotte.devices.media.vault.practices import Allowance
from quenotte.devices.media.vault.rules import (
    GIB,
    Kind,
    Reason,
    Refused,
    charged,
    uses_reserve,
)

#: Share of the vault's room on its disk that only small deltas of the journal may use...
_RESERVE: Final = 5
#: ...and the share that is left alone, so that logs can still be written.
_LAST: Final = 40
#: Small deltas of one practice on one day, in bytes: 1440 minutes of 300 KiB are 0.4 GiB.
_DELTAS_A_DAY: Final = 2 * GIB
#: How many of them enter before all others: a day has 1440 minutes, an outage is made up for.
RESERVED_A_DAY: Final = 5_000
#: Bodies that one practice may send at once, and how many more when they are small deltas.
_AT_ONCE: Final = 16
_DELTAS_AT_ONCE: Final = 4


@dataclass(frozen=True)
class Use:
    """What a practice already takes: bytes held, and what came today.

    ``deltas_today`` and ``small_today``: the bytes and the number of the small deltas;
    ``objects_today`` are the others.
    """

    bytes_held: int
    bytes_today: int
    deltas_today: int
    objects_today: int
    small_today: int = 0


def is_reserved(use: Use, kind: Kind, size: int) -> bool:
    """Tell whether an object may enter while a flood holds everything else off."""
    return uses_reserve(kind, size) and use.small_today < RESERVED_A_DAY


def check_quota(allowance: Allowance, use: Use, kind: Kind, size: int) -> None:
    """Refuse what goes beyond a practice's part.

    Raises: Refused.
    """
    if uses_reserve(kind, size):
        if use.deltas_today + charged(size) > _DELTAS_A_DAY:
            raise Refused(Reason.QUOTA)
        if is_reserved(use, kind, size):
            return
    if (
        use.bytes_held + size > allowance.bytes_held
        or use.bytes_today + size > allowance.bytes_a_day
        or use.objects_today + max(0, use.small_today - RESERVED_A_DAY) >= allowance.objects_a_day
    ):
        raise Refused(Reason.QUOTA)


def check_room(*, free: int, held: int, coming: int, size: int, is_reserved: bool) -> None:
    """Refuse what the disk has no room for. ``is_reserved``: the reserved part may be used.

    ``free`` and ``held`` are bytes of the disk: what is left, and what the vault holds. Together
    they are its room, of which a fifth is reserved. ``coming``: what other bodies still need.

    Raises: Refused.
    """
    room = free + held
    kept = room // (_LAST if is_reserved else _RESERVE)
    if free - coming - size < kept:
        raise Refused(Reason.FULL)


@dataclass
class Pace:
    """How fast one practice writes: a bucket that fills with time (seconds, any origin)."""

    per_minute: int
    _left: float = -1.0
    _at: float = 0.0
    _now: dict[bool, int] = field(default_factory=lambda: {False: 0, True: 0})

    def enter(self, at: float, *, is_reserved: bool) -> None:
        """Let one body in. ``is_reserved``: it needs no turn of the others, it has its own.

        Raises: Refused.
        """
        if self._left < 0:
            self._left, self._at = float(self.per_minute), at
        self._left = min(self.per_minute, self._left + (at - self._at) * self.per_minute / 60)
        self._at = at
        if self._now[is_reserved] >= (_DELTAS_AT_ONCE if is_reserved else _AT_ONCE):
            raise Refused(Reason.TOO_FAST)
        if not is_reserved:
            if self._left < 1:
                raise Refused(Reason.TOO_FAST)
            self._left -= 1
        self._now[is_reserved] += 1

    def leave(self, *, is_reserved: bool) -> None:
        """Say that a body has ended."""
        self._now[is_reserved] -= 1
