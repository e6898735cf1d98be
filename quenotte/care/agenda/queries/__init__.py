"""Reads of the agenda."""

from quenotte.care.agenda.queries.appointments import (
    Change,
    Detail,
    detail,
    every,
    history,
    occupying,
    taken_down,
    within,
)
from quenotte.care.agenda.queries.columns import (
    Column,
    chairs,
    offered_types,
    practitioners,
    settings_of,
    types,
)
from quenotte.care.agenda.queries.free import FreeSlot, Search, free_slots
from quenotte.care.agenda.queries.nearness import patients_by_nearness
from quenotte.care.agenda.queries.opening import (
    Closure,
    Obstacle,
    Opening,
    closures,
    hours_of,
    leaves,
    obstacles,
)
from quenotte.care.agenda.queries.openings import next_opening, week_of
from quenotte.care.agenda.queries.pinboard import Pinned, pinboard
from quenotte.care.agenda.queries.short_notice import Waiting, matches, waiting_list
from quenotte.care.agenda.queries.visits import (
    SHOWN,
    DayVisit,
    Visit,
    Visits,
    last_done,
    last_treated,
    next_of_each,
    next_visits,
    past_visits,
    treatments_of_each,
    visits_around,
    visits_of_day,
)
from quenotte.care.agenda.queries.waiting_room import Present, WaitingRoom, waiting_room
from quenotte.care.agenda.queries.week import LETTERS, window

__all__ = [
    "LETTERS",
    "SHOWN",
    "Change",
    "Closure",
    "Column",
    "DayVisit",
    "Detail",
    "FreeSlot",
    "Obstacle",
    "Opening",
    "Pinned",
    "Present",
    "Search",
    "Visit",
    "Visits",
    "Waiting",
    "WaitingRoom",
    "chairs",
    "closures",
    "detail",
    "every",
    "free_slots",
    "history",
    "hours_of",
    "last_done",
    "last_treated",
    "leaves",
    "matches",
    "next_of_each",
    "next_opening",
    "next_visits",
    "obstacles",
    "occupying",
    "offered_types",
    "past_visits",
    "patients_by_nearness",
    "pinboard",
    "practitioners",
    "settings_of",
    "taken_down",
    "treatments_of_each",
    "types",
    "visits_around",
    "visits_of_day",
    "waiting_list",
    "waiting_room",
    "week_of",
    "window",
    "within",
]
