"""What is known of a practice, when it is open, how long it is kept: on plain values."""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from typing import Final

from quenotte.base.practice.rules import stamp
from quenotte.kernel.names import fold
from quenotte.kernel.posture.agreeing import Agreed
from quenotte.kernel.posture.take_over import PRODUCTS

#: Once a contract ended, what is known of its machines is kept so long, in years.
MACHINES_KEPT: Final = 1
#: And what proves what was done there: evidence, openings, the practice itself.
PROOFS_KEPT: Final = 5
#: What a line of the journal may say in one detail.
_LONGEST: Final = 120
_PRODUCTS: Final = frozenset(name for name, _heads in PRODUCTS)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a weekday, half-open, by the practice's own clock; Monday is 0."""

    weekday: int
    starts_at: time
    ends_at: time


#: What a new practice is given until somebody asks it: the hours of most.
USUAL: Final[Sequence[Stretch]] = tuple(
    Stretch(weekday, starts_at, ends_at)
    for weekday in range(5)
    for starts_at, ends_at in ((time(8, 30), time(12, 30)), (time(14), time(19)))
)


@dataclass(frozen=True, slots=True)
class Known:
    """All that people write down of a practice.

    ``closed_on``: the days on which it is away, public holidays apart; ``agreed``: by what its
    machines may be driven from elsewhere, and which ports may be open.
    """

    name: str
    town: str = ""
    postcode: str = ""
    phone: str = ""
    email: str = ""
    internet_provider: str = ""
    time_zone: str = "Europe/Paris"
    hours: tuple[Stretch, ...] = ()
    closed_on: tuple[date, ...] = ()
    agreed: Agreed = field(default_factory=Agreed)


def sealed(known: Known) -> str:
    """Return digests of what is known, one by field, in their order: what a form was filled from.

    By field, so that who saves over another's work is told where, and where she is not.
    """
    return ",".join(stamp({one.name: _plain(known, one.name)})[:12] for one in fields(Known))


def differing(seal: str, known: Known) -> list[str]:
    """Return the fields that are other than ``seal`` says; all of them when it is no seal."""
    names = [one.name for one in fields(Known)]
    digests = seal.split(",")
    if len(digests) != len(names):
        return names
    now = sealed(known).split(",")
    return [name for name, was, one in zip(names, digests, now, strict=True) if was != one]


def _plain(known: Known, name: str) -> object:
    """Return a value that is written the same in every process: sets have no order."""
    value = getattr(known, name)
    if isinstance(value, Agreed):
        return sorted(value.remote_tools), sorted(value.ports)
    return value


def moved(before: Agreed, after: Agreed) -> dict[str, str]:
    """Return what a line of the journal says of a list that changed; nothing where it did not.

    ``from``: what is agreed no more; ``to``: what is agreed now too. A product of the known list
    by its name, what a person typed as « other »: the journal keeps no typed text.
    """
    gone, new = _codes(before, but=after), _codes(after, but=before)
    return {key: told for key, told in (("from", gone), ("to", new)) if told}


def _codes(some: Agreed, *, but: Agreed) -> str:
    tools = (
        fold(name) if name in _PRODUCTS else "other"
        for name in some.remote_tools - but.remote_tools
    )
    codes = [*sorted(tools), *map(str, sorted(some.ports - but.ports))]
    told = ", ".join(codes)
    return told if len(told) <= _LONGEST else f"{told[: _LONGEST - 4].rpartition(',')[0]}, ..."


@dataclass(frozen=True, slots=True)
class Keeping:
    """Until when what of a practice is kept whose contract ended; aware instants, excluded."""

    machines_until: datetime
    proofs_until: datetime


def keeping(ended_at: datetime) -> Keeping:
    """Return until when what of a practice is kept. ``ended_at``: of its contract, aware."""
    return Keeping(_later(ended_at, MACHINES_KEPT), _later(ended_at, PROOFS_KEPT))


def _later(at: datetime, years: int) -> datetime:
    """Return the same day years later; after a 29 February that is not there, the next one."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, month=3, day=1)
