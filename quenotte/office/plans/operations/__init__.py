"""What changes a plan: each one transaction, one line of the journal, one live event."""

from quenotte.office.plans.operations.booking import (
    AlreadyBooked,
    Outcome,
    Wish,
    book_session,
    book_sessions,
)
from quenotte.office.plans.operations.lines import (
    AlreadyDone,
    UnknownAct,
    add_lines,
    answer_line,
    change_line,
    correct_done,
    do_line,
    move_line,
    remove_line,
    restore_line,
    undo_line,
)
from quenotte.office.plans.operations.marking import with_pontics
from quenotte.office.plans.operations.plans import change_plan, choose, set_status, start
from quenotte.office.plans.operations.sessions import (
    SessionNotEmpty,
    add_session,
    change_session,
    move_session,
    remove_session,
    restore_session,
)
from quenotte.office.plans.operations.writing import (
    NoSuchPlan,
    PlanChanged,
    PlanClosed,
    StepNotAllowed,
)

__all__ = [
    "AlreadyBooked",
    "AlreadyDone",
    "NoSuchPlan",
    "Outcome",
    "PlanChanged",
    "PlanClosed",
    "SessionNotEmpty",
    "StepNotAllowed",
    "UnknownAct",
    "Wish",
    "add_lines",
    "add_session",
    "answer_line",
    "book_session",
    "book_sessions",
    "change_line",
    "change_plan",
    "change_session",
    "choose",
    "correct_done",
    "do_line",
    "move_line",
    "move_session",
    "remove_line",
    "remove_session",
    "restore_line",
    "restore_session",
    "set_status",
    "start",
    "undo_line",
    "with_pontics",
]
