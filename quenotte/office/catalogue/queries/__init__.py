"""Reads of the catalogue. Acts, searches and proposals come from memory, as they are on a day."""

from quenotte.office.catalogue.queries.acts import (
    act,
    acts,
    macro,
    proposals,
    reimbursement_permille,
    search,
    warnings,
)

__all__ = [
    "act",
    "acts",
    "macro",
    "proposals",
    "reimbursement_permille",
    "search",
    "warnings",
]
