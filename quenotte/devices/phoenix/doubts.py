"""How far a return follows the journal when the guard doubted copies, and what is said of it.

The journal follows the database faithfully, whoever wrote to it: past the last good copy it holds
the very damage for which the copies that followed were doubted. Nobody but a person who names a
moment goes there.
"""

from quenotte.devices.phoenix import messages
from quenotte.devices.phoenix.choosing import QUARANTINE, Known, Wish
from quenotte.devices.phoenix.databases import Made
from quenotte.devices.phoenix.moments import moment_words
from quenotte.devices.repository.snapshots import Snapshot


def allow_journal(held: Known, chosen: Snapshot, wish: Wish) -> bool:
    """Tell whether the journal may lead further than the copy that was chosen."""
    if wish.snapshot:
        return False
    return wish.as_of is not None or not held.doubted_since(chosen)


def notes(held: Known, chosen: Snapshot, wish: Wish, made: Made) -> tuple[str, ...]:
    """Return what is said of a database that was made, for doubts alone."""
    if wish.snapshot:
        return ()
    if QUARANTINE in chosen.tags:
        return (messages.ALL_DOUBTED.format(moment=moment_words(chosen.time)),)
    doubted = held.doubted_since(chosen)
    if not doubted:
        return ()
    moment, first = moment_words(made.data_at), moment_words(doubted[0].time)
    if wish.as_of is None:
        held_back = messages.HELD_BACK.format(moment=moment, first=first)
        return (f"{held_back} {messages.HELD_BACK_NEXT}",)
    if made.data_at > doubted[0].time:
        return (messages.PAST_DOUBT.format(moment=moment, first=first),)
    return ()
