"""Which practices went silent: judged by when the vault received, never by what anybody claims.

Steps of the journal do not count: they go on where no copy is made any more.
"""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.devices.media.vault.ledger import LogDamaged
from quenotte.devices.media.vault.vault import HERE, Vault, owner_of

#: A night's copy, and two hours for it to come.
USUAL_H: Final = 26
_HOUR_US: Final = 3_600_000_000


@dataclass(frozen=True)
class Silence:
    """A practice that put nothing for too long.

    ``since_us``: when something of it came last, else when it was enrolled (microseconds since
    1970); ``has_begun``: whether anything ever came.
    """

    practice: str
    since_us: int
    has_begun: bool


def silences(vault: Vault, *, usual_h: int, now_us: int) -> list[Silence]:
    """Return the practices that put nothing for longer than they may (hours), by name."""
    found = []
    for name, allowed_h in _watched(vault, usual_h):
        last = _last(vault, name)
        since = last or vault.practices.enrolled_at(name)
        if allowed_h and since and now_us - since > allowed_h * _HOUR_US:
            found.append(Silence(name, since, has_begun=bool(last)))
    return found


def _watched(vault: Vault, usual_h: int) -> Iterator[tuple[str, int]]:
    """Yield who may put something and after how many hours it is missed; 0: never."""
    known = vault.practices.all()
    for name, practice in sorted(known.items()):
        yield name, usual_h if practice.silence_h is None else practice.silence_h
    if not known:
        yield HERE, usual_h


def _last(vault: Vault, practice: str) -> int:
    """Return when the newest part of a copy of a practice came; 0: none did."""
    mine = [one for one in vault.repositories() if practice in (HERE, owner_of(one))]
    return max((_received_at(vault, one) for one in mine), default=0)


def _received_at(vault: Vault, repository: str) -> int:
    shelf = vault.shelf(repository)
    # What was read of it before the damage stands; nothing comes in behind it.
    with contextlib.suppress(LogDamaged):
        shelf.exists()
    return shelf.standing.put_at
