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

    def is_past(self, key: bytes, sent_at: datetime) -> bool:
        """Tell whether a machine said something newer already. ``sent_at``: by its own clock."""
        said = self._said.get(key)
        return said is not None and sent_at < said.newest

    def keep(self, key: bytes, said: Said) -> None:
        """Remember what was read and kept."""
        self._said[key] = said
        self._said.move_to_end(key)
        if len(self._said) > self._most:
            self._said.popitem(last=False)

    def forget(self, key: bytes) -> None:
        """Read the next report of a machine whole."""
        self._said.pop(key, None)
