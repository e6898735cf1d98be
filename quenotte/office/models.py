"""The tables of the rooms of ``office``, gathered for Django."""

from quenotte.office.catalogue.models import (
    Act,
    ActVersion,
    Catalogue,
    CatalogueImport,
    Check,
    Favourite,
    Fee,
    Macro,
    Rate,
)

__all__ = [
    "Act",
    "ActVersion",
    "Catalogue",
    "CatalogueImport",
    "Check",
    "Favourite",
    "Fee",
    "Macro",
    "Rate",
]
