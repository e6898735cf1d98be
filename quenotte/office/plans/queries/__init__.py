"""Reads of plans, and of the acts that a typed line may mean."""

from quenotte.office.plans.queries.choices import (
    Choice,
    act_line,
    choices,
    lines_of_keys,
    warnings_of,
)
from quenotte.office.plans.queries.shown import (
    SLOTS,
    Booked,
    LineShown,
    PhaseShown,
    PlanShown,
    Proposal,
    SessionShown,
    beside,
    current_plan,
    plan_shown,
    plans_of,
    proposals,
    recent_acts,
    session_of_appointment,
    usual_practitioner,
)

__all__ = [
    "SLOTS",
    "Booked",
    "Choice",
    "LineShown",
    "PhaseShown",
    "PlanShown",
    "Proposal",
    "SessionShown",
    "act_line",
    "beside",
    "choices",
    "current_plan",
    "lines_of_keys",
    "plan_shown",
    "plans_of",
    "proposals",
    "recent_acts",
    "session_of_appointment",
    "usual_practitioner",
    "warnings_of",
]
