"""How a plan and its lines go from a draft to what is done."""

from collections.abc import Collection, Mapping
from typing import Final

PLAN_STATUSES: Final = ("draft", "proposed", "accepted", "refused", "finished", "abandoned")
#: Where a plan may go; nothing is deleted, and what ended may be taken up again.
PLAN_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "draft": frozenset({"proposed", "accepted", "refused", "abandoned"}),
    "proposed": frozenset({"draft", "accepted", "refused", "abandoned"}),
    "accepted": frozenset({"proposed", "finished", "refused", "abandoned"}),
    "refused": frozenset({"draft"}),
    "finished": frozenset({"accepted"}),
    "abandoned": frozenset({"draft"}),
}
#: Where the buttons of a plan stand, whatever its status: those of the last place never may both.
STEP_PLACES: Final = (
    ("proposed",), ("accepted",), ("refused",), ("abandoned",), ("finished", "draft"),
)  # fmt: skip
#: A plan that becomes so is not agreed to: neither are its acts.
DISAGREED: Final = frozenset({"proposed", "refused", "abandoned"})
#: Plans that may still be carried out.
LIVE: Final = frozenset({"draft", "proposed", "accepted"})
#: Plans that are over, whatever their end.
CLOSED: Final = frozenset(PLAN_STATUSES) - LIVE

LINE_STATUSES: Final = ("planned", "accepted", "refused", "done", "removed")
LINE_MOVES: Final[Mapping[str, frozenset[str]]] = {
    "planned": frozenset({"accepted", "refused", "done", "removed"}),
    "accepted": frozenset({"planned", "refused", "done", "removed"}),
    "refused": frozenset({"planned", "accepted", "removed"}),
    "done": frozenset({"planned", "accepted"}),
    "removed": frozenset({"planned", "accepted", "refused"}),
}
#: Lines that the mouth shows as planned, when their plan is the chosen one.
SHOWN_IN_MOUTH: Final = frozenset({"planned", "accepted"})


def plan_may(status: str, wanted: str) -> bool:
    """Tell whether a plan may become ``wanted``; unknown statuses never."""
    return wanted in PLAN_MOVES.get(status, frozenset())


def steps(status: str) -> list[tuple[str, bool]]:
    """Return the buttons of a plan in their places, and whether each may be pressed now.

    A button that may not stays where it is: a second click meets the one that was meant.
    """
    found = []
    for place in STEP_PLACES:
        named = [one for one in place if plan_may(status, one)] or [status] * (status in place)
        one = named[0] if named else place[0]
        found.append((one, plan_may(status, one)))
    return found


def line_may(status: str, wanted: str) -> bool:
    """Tell whether a line may become ``wanted``; unknown statuses never."""
    return wanted in LINE_MOVES.get(status, frozenset())


def wants_mark(*, is_chosen: bool, plan: str, line: str, charts_as: str) -> bool:
    """Tell whether the mouth shows this line as planned.

    Only the chosen plan draws, while it may still be carried out: of two alternatives for one
    tooth, the mouth shows one.
    """
    return is_chosen and plan in LIVE and line in SHOWN_IN_MOUTH and bool(charts_as)


def status_after_lines(plan: str, lines: Collection[str]) -> str:
    """Return what a plan becomes when one of its lines is done, or is no longer.

    It is finished once nothing is left to do and something was done; it is accepted again as
    soon as something is left.
    """
    left = any(line in SHOWN_IN_MOUTH for line in lines)
    if plan == "finished":
        return "accepted" if left else "finished"
    is_over = plan in LIVE and not left and "done" in lines
    return "finished" if is_over else plan


def terms(teeth: str, surfaces: str, quantity: int, fee_cents: int | None) -> str:
    """Return what a patient agrees to in an act, as one text: other terms are another question."""
    return f"{teeth}/{surfaces}/{quantity}/{'' if fee_cents is None else fee_cents}"
