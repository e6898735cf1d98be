"""Acts as they are on a day: one, all, those that words lead to, what is to be looked at."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from quenotte.kernel.names import fold
from quenotte.office.catalogue import rules
from quenotte.office.catalogue.queries.memory import Shelf, shelf

#: Acts that a list of proposals shows at most.
_MOST: Final = 12

#: What is to be looked at, of a code, its teeth, its surfaces and what was done before.
Watcher = Callable[[str, Sequence[int], str, Sequence[rules.Done]], list[rules.Remark]]


def act(practice_id: UUID, code: str, on: date) -> rules.ActFacts | None:
    """Return an act as it is on a day; None when the practice has no such act that day."""
    return shelf(practice_id).act(code.strip().upper(), on)


def acts(
    practice_id: UUID, on: date, *, family: str = "", with_hidden: bool = False
) -> list[rules.ActFacts]:
    """Return the acts of a day in the order of the screens, of one family or of all."""
    return [
        one
        for one in shelf(practice_id).acts(on)
        if (not family or one.family == family) and (with_hidden or not one.is_hidden)
    ]


def search(practice_id: UUID, text: str, on: date, limit: int = 20) -> list[rules.ActFacts]:
    """Return the acts that words lead to, the best first; see ``rules.searching``."""
    kept = shelf(practice_id)
    # Some may have ended, or begin later: a few more are looked at.
    codes = kept.index.search(text, limit + 20)
    found = (kept.act(code, on) for code in codes)
    return [one for one in found if one is not None][:limit]


def proposals(
    practice_id: UUID, words: str, teeth: Sequence[int], on: date, limit: int = _MOST
) -> list[rules.Proposal]:
    """Return the acts that answer « couronne 16 », with why; else those that the words lead to.

    A macro of the practice whose name is typed answers with all its acts, in their order.
    """
    kept, asked = shelf(practice_id), rules.understand(words, teeth)
    if lines := _macro(kept, asked.words):
        return _of_macro(kept, lines, asked, on)
    shown = [one for one in kept.acts(on) if not one.is_hidden]
    permille = kept.permille("amo", on)
    found = rules.propose(shown, asked, permille)
    if not found:
        found = _searched(practice_id, words, asked, on, permille)
    return found[:limit]


def macro(practice_id: UUID, name: str, teeth: Sequence[int], on: date) -> list[rules.Proposal]:
    """Return the acts of a macro on these teeth; empty when the practice has none of that name."""
    kept = shelf(practice_id)
    lines = _macro(kept, tuple(fold(name).split()))
    return _of_macro(kept, lines, rules.understand("", teeth), on) if lines else []


def warnings(
    practice_id: UUID,
    code: str,
    *,
    teeth: Sequence[int],
    surfaces: str,
    age_years: int | None,
    on: date,
    recent: Sequence[rules.Done],
) -> list[rules.Remark]:
    """Return what the practice is warned of before an act is written; see ``rules.warnings``."""
    return watcher(practice_id, age_years=age_years, on=on)(code, teeth, surfaces, recent)


def watcher(practice_id: UUID, *, age_years: int | None, on: date) -> Watcher:
    """Return what warns of the acts of one patient and day; the catalogue is read once for all."""
    kept = shelf(practice_id)

    def watch(
        code: str, teeth: Sequence[int], surfaces: str, recent: Sequence[rules.Done]
    ) -> list[rules.Remark]:
        found = kept.act(code, on)
        if found is None:
            return []
        return rules.warnings(found, teeth, surfaces, age_years, on, recent, kept.rules)

    return watch


def reimbursement_permille(practice_id: UUID, on: date) -> int:
    """Return the usual share of the Assurance Maladie on a day. Units: thousandths."""
    return shelf(practice_id).permille("amo", on)


def _macro(kept: Shelf, words: tuple[str, ...]) -> tuple[str, ...]:
    name = " ".join(words)
    return next((lines for each, lines in kept.macros if fold(each) == name), ())


def _of_macro(
    kept: Shelf, lines: Sequence[str], asked: rules.Asked, on: date
) -> list[rules.Proposal]:
    """Return one act for each line: itself, or the first that its words propose on the teeth."""
    shown, permille = list(kept.acts(on)), kept.permille("amo", on)
    found = []
    for line in lines:
        if (one := kept.act(line.upper(), on)) is not None:
            found.append(rules.proposal(one, asked, permille))
        else:
            meant = rules.understand(line, asked.teeth)
            found += rules.propose(shown, meant, permille)[:1]
    return found


def _searched(
    practice_id: UUID, words: str, asked: rules.Asked, on: date, permille: int
) -> list[rules.Proposal]:
    found = search(practice_id, words, on)
    if rules.wants_crown(asked):
        # « Couronne » also leads to « allongement coronaire », which nobody meant by it.
        found = [one for one in found if one.family == "crown"]
    # An act that the teeth forbid is only shown when nothing else answers.
    fitting = [one for one in found if rules.fits(one, asked)]
    return [rules.proposal(one, asked, permille) for one in fitting or found]
