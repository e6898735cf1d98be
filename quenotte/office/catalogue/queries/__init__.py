"""Reads of the catalogue. Acts, searches and proposals come from memory, as they are on a day."""

from quenotte.office.catalogue.queries.acts import (
    act,
    acts,
    macro,
    proposals,
    reimbursement_permille,
    search,
    warnings,
    watcher,
)
from quenotte.office.catalogue.queries.lists import (
    Stars,
    checks,
    favourites,
    history,
    imports,
    macros,
    one_import,
    one_macro,
    rates,
    stars,
    state,
    unknown_lines,
)

__all__ = [
    "Stars",
    "act",
    "acts",
    "checks",
    "favourites",
    "history",
    "imports",
    "macro",
    "macros",
    "one_import",
    "one_macro",
    "proposals",
    "rates",
    "reimbursement_permille",
    "search",
    "stars",
    "state",
    "unknown_lines",
    "warnings",
    "watcher",
]
