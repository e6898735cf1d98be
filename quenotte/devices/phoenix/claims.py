"""What is said of dates that cannot be, and of copies that the journal knows nothing of."""

from collections.abc import Sequence
from typing import Final

from quenotte.devices.phoenix import messages
from quenotte.devices.phoenix.choosing import Known, Wish
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.repository.snapshots import Snapshot

#: Copies that are named; somebody else may have written hundreds.
_NAMED: Final = 3


def notes(held: Known, chosen: Snapshot, wish: Wish) -> tuple[str, ...]:
    """Return what is said of the copies around the one that was chosen by itself."""
    if wish.snapshot:
        return ()
    # What is younger than the moment that was asked for is left aside for that alone.
    asked = [one for one in held.strangers() if wish.as_of is None or one.time <= wish.as_of]
    left = [one for one in asked if one.id != chosen.id]
    ahead = [one for one in held.ahead(chosen) if one not in left]
    said = []
    if left:
        words = messages.LEFT_ASIDE if len(left) == 1 else messages.LEFT_ASIDE_MANY
        said.append(words.format(copies=_named(left)))
    if ahead and wish.is_newest:
        words = messages.AHEAD if len(ahead) == 1 else messages.AHEAD_MANY
        said.append(words.format(copies=_named(ahead)))
    return tuple(said)


def _named(copies: Sequence[Snapshot]) -> str:
    """Name some copies: three at most, or two and how many more."""
    few = copies if len(copies) <= _NAMED else copies[: _NAMED - 1]
    named = ", ".join(f"{moment_words(one.time)} ({one.short_id})" for one in few)
    more = len(copies) - len(few)
    return named + (messages.AND_MORE.format(count=more) if more else "")
