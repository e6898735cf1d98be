"""Decisions on acts: what a tooth allows, what is warned of, what is found and proposed."""

from quenotte.office.catalogue.rules.acts import (
    BASKETS,
    COVERAGES,
    FAMILIES,
    SYSTEMS,
    ActFacts,
    basket_of,
)
from quenotte.office.catalogue.rules.bridges import complements
from quenotte.office.catalogue.rules.checking import Done, Remark, Rule, matches, warnings
from quenotte.office.catalogue.rules.places import AREAS, NAMES, TEETH
from quenotte.office.catalogue.rules.proposing import (
    Asked,
    Proposal,
    fits,
    proposal,
    propose,
    understand,
    wants_crown,
)
from quenotte.office.catalogue.rules.spans import Span, span_fr

__all__ = [
    "AREAS",
    "BASKETS",
    "COVERAGES",
    "FAMILIES",
    "NAMES",
    "SYSTEMS",
    "TEETH",
    "ActFacts",
    "Asked",
    "Done",
    "Proposal",
    "Remark",
    "Rule",
    "Span",
    "basket_of",
    "complements",
    "fits",
    "matches",
    "proposal",
    "propose",
    "span_fr",
    "understand",
    "wants_crown",
    "warnings",
]
