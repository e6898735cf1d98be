"""Pure decisions on sterilisation: codes of pouches, what a load lacks, who may receive what.

Sources: DGS/RI3/2011/449 (134 °C for 18 minutes, prions), NF EN 285 and NF EN 13060 (daily
Bowie-Dick or Helix test of a class B autoclave).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.stock import rules as stock

#: What every code of a pouch begins with; the same keys on French and American keyboards.
PREFIX: Final = "ST"
#: A pouch that nobody opened is good for so many days, unless the practice says otherwise.
USUAL_SHELF_DAYS: Final = 60
LONGEST_SHELF_DAYS: Final = 366
#: Pouches made at once: a full load of the largest autoclave.
MOST_POUCHES: Final = 80
#: How many labels an A4 sheet has (3 across, 8 down, 70 x 37 mm).
LABELS_PER_SHEET: Final = 24
LONGEST_TEXT: Final = 300
_CODE: Final = re.compile(r"ST\d{10}")


class State(StrEnum):
    """How far a cycle has come. Values are stored."""

    RUNNING = "running"
    ENDED = "ended"
    RELEASED = "released"
    FAILED = "failed"


STATES: Final[dict[str, object]] = {
    State.RUNNING.value: _("En cours"),
    State.ENDED.value: _("À libérer"),
    State.RELEASED.value: _("Conforme"),
    State.FAILED.value: _("Non conforme"),
}
TONES: Final = {
    State.RUNNING.value: "info",
    State.ENDED.value: "attention",
    State.RELEASED.value: "ok",
    State.FAILED.value: "danger",
}
#: Kind of daily test -> its words.
TESTS: Final[dict[str, object]] = {
    "bowie_dick": _("Bowie-Dick"),
    "helix": _("Helix"),
    "vacuum": _("Test de vide"),
}
#: Those of which one at least must have passed before the first load of a day.
_PENETRATION: Final = frozenset({"bowie_dick", "helix"})
#: How somebody was told of a recall; only the last way leaves her to be called.
WAYS: Final = stock.WAYS
TRIED: Final = stock.TRIED


class Fault(StrEnum):
    """Why a pouch cannot go to a patient."""

    NOT_RELEASED = "not_released"
    FAILED = "failed"
    EXPIRED = "expired"
    USED = "used"
    HERE = "here"


#: What is known against a pouch that was opened all the same -> its words. Values are stored.
BARRED: Final[dict[str, object]] = {
    Fault.NOT_RELEASED.value: _("Noté ouvert alors que son cycle n’était pas libéré"),
    Fault.FAILED.value: _("Noté ouvert alors que son cycle était non conforme"),
    Fault.EXPIRED.value: _("Noté ouvert alors qu’il était périmé"),
}


@dataclass(frozen=True, slots=True)
class Programme:
    """What an autoclave does: plateau of ``minutes`` at ``celsius`` degrees."""

    name: str
    celsius: int
    minutes: int

    @property
    def words(self) -> str:
        """« Prion · 134 °C · 18 min »."""
        return f"{self.name} · {self.celsius} °C · {self.minutes} min"


#: What a class B autoclave offers; 134 °C for 18 minutes is the French rule.
USUAL_PROGRAMMES: Final = (
    Programme("Prion", 134, 18),
    Programme("Universel", 134, 4),
    Programme("Doux", 121, 20),
)
_PROGRAMME: Final = re.compile(
    r"(?P<name>.+?)[\s·:,;]+(?P<celsius>\d{2,3})\s*°\s*C?[\s·:,;/]+(?P<minutes>\d{1,3})\s*(?:min.*)?",
    re.IGNORECASE,
)


def programmes_from(text: str) -> tuple[list[Programme], list[str]]:
    """Return the programmes typed one a line (« Prion 134 °C 18 min »), and the lines not read."""
    read: list[Programme] = []
    wrong: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        found = _PROGRAMME.fullmatch(line)
        if found is None or not 100 <= int(found["celsius"]) <= 140 or int(found["minutes"]) == 0:
            wrong.append(line)
            continue
        name = found["name"].strip(" ·:,;")[:40]
        read.append(Programme(name, int(found["celsius"]), int(found["minutes"])))
    return read, wrong


def is_for_prions(celsius: int, minutes: int) -> bool:
    """Return whether a plateau inactivates prions: 134 °C for 18 minutes."""
    return celsius >= 134 and minutes >= 18


def code_of(number: int) -> str:
    """Return the code of a pouch from its number in the practice (1 to 999 999 999)."""
    digits = f"{number:09d}"
    return f"{PREFIX}{digits}{_luhn(digits)}"


def read_code(text: str) -> str:
    """Return the code that was scanned or typed, "" when it is none of a pouch."""
    plain = re.sub(r"[\s.-]", "", text).upper()
    plain = plain.removeprefix("]D1").removeprefix("]D0")
    is_ours = _CODE.fullmatch(plain) and int(plain[-1]) == _luhn(plain[2:-1])
    return plain if is_ours else ""


def looks_like_code(text: str) -> bool:
    """Return whether a text begins as the code of a pouch, right or wrong."""
    plain = re.sub(r"[\s.-]", "", text).upper()
    return bool(re.fullmatch(r"(?:\]D[0-9])?ST\d{4,}", plain))


def _luhn(digits: str) -> int:
    """Return the check digit of Luhn (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return -total % 10


class Lack(StrEnum):
    """What a load lacks on its day."""

    NO_TEST = "no_test"
    TEST_FAILED = "test_failed"


def lack(results: Iterable[tuple[str, bool]]) -> Lack | None:
    """Return what a load lacks, from the tests of its day: (kind, passed), oldest first.

    The last result of each kind counts: a test that failed is done again after the repair.
    """
    last = dict(results)
    if not all(last.values()):
        return Lack.TEST_FAILED
    return None if _PENETRATION & last.keys() else Lack.NO_TEST


def release_lack(lacks: Collection[str], *, reason: str, is_confirmed: bool) -> Lack | None:
    """Return what keeps a load from being let go, None when nothing does.

    ``lacks`` is what it lacked at its start and since. A test that failed, before the load or
    after it, wants a written reason; a day without a test wants somebody who says so.
    """
    if Lack.TEST_FAILED in lacks:
        return None if reason.strip() else Lack.TEST_FAILED
    return Lack.NO_TEST if lacks and not is_confirmed else None


def barred(state: State, expires_on: date, today: date) -> Fault | None:
    """Return why a pouch may not be opened (``BARRED``), None when it may."""
    if state is State.FAILED:
        return Fault.FAILED
    if state is not State.RELEASED:
        return Fault.NOT_RELEASED
    return Fault.EXPIRED if expires_on < today else None


def fault(
    *,
    state: State,
    expires_on: date,
    today: date,
    is_used: bool,
    is_here: bool,
    is_open: bool = False,
) -> Fault | None:
    """Return why a pouch cannot go to a patient; ``is_here``: the one who has it is this one.

    ``is_open``: it was opened already, whatever is known against it.
    """
    against = None if is_open else barred(state, expires_on, today)
    if against in {Fault.FAILED, Fault.NOT_RELEASED}:
        return against
    if is_used:
        return Fault.HERE if is_here else Fault.USED
    return against
