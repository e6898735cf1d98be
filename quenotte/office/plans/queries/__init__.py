"""Reads of plans, and of the acts that a typed line may mean."""

from quenotte.office.plans.queries.booking import (
    SLOTS,
    Proposal,
    proposals,
    session_of_appointment,
    usual_practitioner,
)
from quenotte.office.plans.queries.choices import (
    Choice,
    act_line,
    act_lines,
    choices,
    chosen_lines,
    lines_of_keys,
    watcher,
)
from quenotte.office.plans.queries.done import know_acts_done_from, recent_acts
from quenotte.office.plans.queries.mouths import Objector, concealer, objector
from quenotte.office.plans.queries.noted import noted_to_do
from quenotte.office.plans.queries.shown import beside, current_plan, plan_shown, plans_of
from quenotte.office.plans.queries.values import (
    Booked,
    LineShown,
    PhaseShown,
    PlanShown,
    SessionShown,
)

__all__ = [
    "SLOTS",
    "Booked",
    "Choice",
    "LineShown",
    "Objector",
    "PhaseShown",
    "PlanShown",
    "Proposal",
    "SessionShown",
    "act_line",
    "act_lines",
    "beside",
    "choices",
    "chosen_lines",
    "concealer",
    "current_plan",
    "know_acts_done_from",
    "lines_of_keys",
    "noted_to_do",
    "objector",
    "plan_shown",
    "plans_of",
    "proposals",
    "recent_acts",
    "session_of_appointment",
    "usual_practitioner",
    "watcher",
]
