"""The repository of a new year: it takes the keys of the year before, and no others.

The practice's own password begins it, for nobody is there at midnight; so an attacker who has it
could begin one as well. What he may put there are the key files of the year before, which open
nothing that they did not open already. Other keys take two persons, as ever.
Names: ``lilas``, then ``lilas/2027``, ``lilas/2028``.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from quenotte.devices.media.vault.rules import FROZEN, Kind, Reason, Refused
from quenotte.devices.media.vault.standing import Standing

#: The second one of a year begins under another key: it takes two persons.
_YEAR: Final = re.compile(r"20\d\d(?:-[2-9])?")
#: The earth's first new year is so much before that of UTC, in microseconds.
_EARLY_US: Final = 14 * 3_600_000_000


def before(repository: str, known: Iterable[str]) -> str | None:
    """Return the repository that one would follow; None when it is no year of another."""
    root, _slash, name = repository.rpartition("/")
    if not _YEAR.fullmatch(name):
        return None
    years = (one.rpartition("/") for one in known)
    earlier = [year for base, _, year in years if base == root and _YEAR.fullmatch(year)]
    last = max((year for year in earlier if year < name), default=None)
    if last is not None:
        return f"{root}/{last}"
    return root if root and root in known else None


def check(
    repository: str, kind: Kind, name: str, *, own: Standing, earlier: Standing, now: int
) -> None:
    """Refuse what a new year may not take. ``now`` in microseconds since 1970.

    Raises: Refused.
    """
    is_new = (kind, name) not in own.objects
    if kind not in FROZEN or not is_new or own.is_reopened(now) or earlier.are_keys_open(now):
        return
    year = int(repository.rpartition("/")[2][:4])
    has_begun = year in {_year(now), _year(now + _EARLY_US)} and year > _year(earlier.begun_at)
    if not has_begun or (kind is Kind.KEYS and (kind, name) not in earlier.objects):
        raise Refused(Reason.FROZEN)


def _year(at: int) -> int:
    return datetime.fromtimestamp(at // 1_000_000, UTC).year
