"""What machines said last: who says it again is not read again."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from quenotte.kernel.enrolment import Hardware
from quenotte.wire.repeats import Outline

#: Machines that are remembered; of the others the next report is read whole.
MOST: Final = 100_000
#: By so much a clock may move before its report is read again.
_CLOCK: Final = timedelta(minutes=1)
#: Two words of a machine are this far apart at least, before they say how its clock goes.
_APART: Final = timedelta(minutes=4)
_NEVER: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class Said:
    """A report that was read and kept."""

    outline: bytes
    fingerprint: bytes
    hardware: Hardware
    #: The clock of the machine less ours.
    offset: timedelta
    #: When the newest of these reports was sent, by the machine's clock, never later than ours.
    newest: datetime = _NEVER


class Memory:
    """The last reports of machines, by the digests of their keys."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._said: OrderedDict[bytes, Said] = OrderedDict()
        self._waiting: OrderedDict[bytes, None] = OrderedDict()
        #: When something was sent by the clock of its machine, and when it came by ours.
        self._clocks: OrderedDict[bytes, tuple[datetime, datetime]] = OrderedDict()

    def again(self, key: bytes, outline: Outline, at: datetime, fresh: timedelta) -> Said | None:
        """Return what a machine says again; None when it is new, or must be read for its ages."""
        said = self._said.get(key)
        if said is None or said.outline != outline.digest:
            return None
        moved = abs(outline.sent_at - at - said.offset)
        if outline.sent_at < said.newest:
            return None
        if moved > _CLOCK or timedelta(seconds=outline.oldest_s) > fresh:
            return None
        self._said.move_to_end(key)
        said.newest = min(outline.sent_at, at)
        return said

    def wait(self, key: bytes) -> None:
        """Remember that a machine waits for a person to accept it."""
        self._waiting[key] = None
        self._waiting.move_to_end(key)
        if len(self._waiting) > self._most:
            self._waiting.popitem(last=False)

    def waits_no_more(self, key: bytes) -> bool:
        """Tell, once, whether a machine that is heard now waited before."""
        return self._waiting.pop(key, self) is None

    def is_past(self, key: bytes, sent_at: datetime) -> bool:
        """Tell whether a machine said something newer already. ``sent_at``: by its own clock."""
        said = self._said.get(key)
        return said is not None and sent_at < said.newest

    def goes_on(self, who: bytes, sent_at: datetime, at: datetime) -> bool:
        """Tell whether a machine's clock went on as ours did since it was heard before.

        Of one that was set back this is so from its second word; what is said again later is as old
        as it was. Whoever says several again, each in its time, holds the key of the machine.

        ``who``: digest of its key, and its source; ``sent_at``: by its own clock; ``at``: by ours.
        """
        before = self._clocks.get(who)
        if before is not None and at - before[1] < _APART:
            return False
        self._clocks[who] = (sent_at, at)
        self._clocks.move_to_end(who)
        if len(self._clocks) > self._most:
            self._clocks.popitem(last=False)
        return before is not None and abs((sent_at - before[0]) - (at - before[1])) <= _CLOCK

    def keep(self, key: bytes, said: Said) -> None:
        """Remember what was read and kept."""
        self._said[key] = said
        self._said.move_to_end(key)
        if len(self._said) > self._most:
            self._said.popitem(last=False)

    def forget(self, key: bytes) -> None:
        """Read the next report of a machine whole."""
        self._said.pop(key, None)
