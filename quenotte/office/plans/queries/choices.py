"""What a typed line may mean: acts of the catalogue, and sets of acts that go together."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from quenotte.care.patients.rules import known_birth
from quenotte.kernel.dates import age_years
from quenotte.kernel.money import format_euros
from quenotte.office.catalogue import queries as catalogue
from quenotte.office.catalogue import rules as acts
from quenotte.office.plans import rules

#: Choices shown below the field.
SHOWN: Final = 8
#: How a choice names its acts in the page: code, teeth, surfaces, quantity.
_SEPARATOR: Final = ";"
_MOST_LINES: Final = 32

#: What is to be looked at before an act, given what was done and stands beside it.
Watcher = Callable[[rules.ActLine, Iterable[acts.Done]], list[acts.Remark]]


@dataclass(frozen=True, slots=True)
class Choice:
    """An act, or some acts together, that the typed line may mean; ``why`` says what it suits."""

    title: str
    why: str
    lines: tuple[rules.ActLine, ...]

    @property
    def keys(self) -> str:
        """How the page names its acts when it sends them back."""
        return ",".join(map(_key, self.lines))

    @property
    def codes(self) -> str:
        """The codes of its acts: « HBLD038 + HBLD245 », « HBLD073 × 2 »."""
        counted = Counter(line.code for line in self.lines)
        return " + ".join(f"{code} × {n}" if n > 1 else code for code, n in counted.items())

    @property
    def fee(self) -> str:
        """What it costs, in words; nothing when a fee is still to be fixed."""
        if any(line.fee_cents is None for line in self.lines):
            return ""
        return format_euros(sum((line.fee_cents or 0) * line.quantity for line in self.lines))


def choices(practice_id: UUID, text: str, on: date) -> list[Choice]:
    """Return what a typed line may mean, the likeliest first; nothing for an empty line.

    A line that asks for several acts, each on its teeth, is answered by all of them as one set.

    Raises: rules.NoSuchTooth; rules.SeveralTeeth.
    """
    asked = rules.clauses(text)
    if len(asked) < 2:
        return _choices(practice_id, text, on)
    found = [_choices(practice_id, one, on)[:1] for one in asked]
    return [_set(one for [one] in found)] if all(found) else []


def _set(found: Iterable[Choice]) -> Choice:
    """Return the acts of several choices as one, in the order typed."""
    lines = [line for one in found for line in one.lines]
    title = " + ".join(f"{line.teeth} {line.label}".strip() for line in lines)
    return Choice(title, _("un acte pour chaque dent"), tuple(lines))


def _choices(practice_id: UUID, text: str, on: date) -> list[Choice]:
    """Return what one act as typed may mean.

    The teeth are read once, here: « 14-16 » is a stretch, the catalogue would see two teeth.
    """
    meant = rules.typed(text)
    words = f"{meant.words} {meant.surfaces}".strip()
    if not words:
        return []
    together = catalogue.macro(practice_id, meant.words, meant.teeth, on)
    found = [
        Choice(one.act.label, one.reason, _lines(practice_id, one, on))
        for one in catalogue.proposals(practice_id, words, meant.teeth, on, SHOWN)
    ]
    if len(together) < 2:
        return found
    lines = tuple(line for one in together for line in act_lines(one.act, one.teeth, one.surfaces))
    return [Choice(meant.words, " + ".join(line.label for line in lines), lines), *found]


def _lines(practice_id: UUID, one: acts.Proposal, on: date) -> tuple[rules.ActLine, ...]:
    """Return the acts of a proposal: a long bridge is billed with its further pontics."""
    lines = act_lines(one.act, one.teeth, one.surfaces)
    for code, tooth in acts.complements(one.act, one.teeth):
        if (added := catalogue.act(practice_id, code, on)) is not None:
            lines += act_lines(added, [tooth], "")
    return tuple(lines)


def lines_of_keys(practice_id: UUID, keys: str, on: date) -> list[rules.ActLine]:
    """Return the acts that the page sent back; those that the catalogue lacks are left out."""
    found = []
    for key in keys.split(",")[:_MOST_LINES]:
        code, _sep, rest = key.partition(_SEPARATOR)
        teeth, _sep, surfaces = rest.partition(_SEPARATOR)
        act = catalogue.act(practice_id, code[:20], on)
        if act is not None:
            meant = rules.typed(f"{teeth} {surfaces}")
            found += act_lines(act, meant.teeth, meant.surfaces)
    return found


def chosen_lines(practice_id: UUID, keys: str, text: str, on: date) -> list[rules.ActLine]:
    """Return the acts that were chosen, else the first that the typed line means.

    Raises: as ``choices``.
    """
    if keys:
        return lines_of_keys(practice_id, keys, on)
    found = choices(practice_id, text, on)
    return list(found[0].lines) if found else []


def act_lines(act: acts.ActFacts, teeth: Sequence[int], surfaces: str) -> list[rules.ActLine]:
    """Return an act with where it is done; what is done to one tooth gives a line for each."""
    is_each = act.area == "tooth" and len(teeth) > 1
    places = [(tooth,) for tooth in teeth] if is_each else [tuple(teeth)]
    return [act_line(act, place, surfaces) for place in places]


def act_line(act: acts.ActFacts, teeth: Sequence[int], surfaces: str) -> rules.ActLine:
    """Return an act of the catalogue with where it is done, as a plan or a visit keeps it."""
    return rules.ActLine(
        code=act.code,
        label=act.label,
        teeth=rules.stored_teeth(teeth),
        surfaces=surfaces,
        tariff_cents=act.tariff_cents,
        fee_cents=act.fee_cents,
        basket=act.basket,
        charts_as=act.charts_as,
        material=act.material,
        minutes=act.minutes or 0,
    )


def watcher(practice_id: UUID, *, born_on: date, on: date) -> Watcher:
    """Return what tells what is to be looked at before each act; it never blocks.

    The catalogue is asked for once, however many acts are looked at.
    """
    age = age_years(born_on, on) if known_birth(born_on) else None
    watch = catalogue.watcher(practice_id, age_years=age, on=on)

    def look(line: rules.ActLine, recent: Iterable[acts.Done]) -> list[acts.Remark]:
        return watch(line.code, rules.teeth_of(line.teeth), line.surfaces, list(recent))

    return look


def _key(line: rules.ActLine) -> str:
    return _SEPARATOR.join((line.code, line.teeth, line.surfaces))
