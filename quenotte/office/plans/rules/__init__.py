"""Decisions on plans, on plain values: what was typed, statuses, totals, when a session may be."""

from quenotte.office.plans.rules.order import put, stepped
from quenotte.office.plans.rules.schedule import (
    Gap,
    earliest,
    estimated_end,
    is_too_early,
    wait_days,
)
from quenotte.office.plans.rules.slots import slot_of
from quenotte.office.plans.rules.statuses import (
    CLOSED,
    LINE_MOVES,
    LINE_STATUSES,
    LIVE,
    PLAN_MOVES,
    PLAN_STATUSES,
    SHOWN_IN_MOUTH,
    line_may,
    plan_may,
    status_after_lines,
    wants_mark,
)
from quenotte.office.plans.rules.totals import (
    NOTHING,
    Amounts,
    Progress,
    amounts_of,
    letter,
    progress_of,
)
from quenotte.office.plans.rules.typed import (
    LONGEST_LINE,
    ActLine,
    Typed,
    shown_teeth,
    stored_teeth,
    teeth_of,
    typed,
)

__all__ = [
    "CLOSED",
    "LINE_MOVES",
    "LINE_STATUSES",
    "LIVE",
    "LONGEST_LINE",
    "NOTHING",
    "PLAN_MOVES",
    "PLAN_STATUSES",
    "SHOWN_IN_MOUTH",
    "ActLine",
    "Amounts",
    "Gap",
    "Progress",
    "Typed",
    "amounts_of",
    "earliest",
    "estimated_end",
    "is_too_early",
    "letter",
    "line_may",
    "plan_may",
    "progress_of",
    "put",
    "shown_teeth",
    "slot_of",
    "status_after_lines",
    "stepped",
    "stored_teeth",
    "teeth_of",
    "typed",
    "wait_days",
    "wants_mark",
]
