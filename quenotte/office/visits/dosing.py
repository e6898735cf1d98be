"""Doses of a day against their maximum: as they are noted, and as one more would make them.

The maximum is the patient's: what other visits of the same day gave counts in it.
"""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any, Final
from uuid import UUID

from django.utils import timezone

from quenotte.office.visits import queries, rules
from quenotte.office.visits.models import Anaesthesia, Visit

#: The limits of a product that nobody describes any more: nothing is known against it.
_UNKNOWN: Final = rules.Limits(0, 0, 0, "")


def told_of(done: queries.VisitShown) -> dict[str, Any]:
    """Return what a page says of the doses, those of other visits of the day with them."""
    visit, age = done.visit, age_on_day(done.visit)
    weight_kg = queries.weight_of(visit)
    given = queries.given_of(visit, [*queries.elsewhere_of(visit), *done.anaesthesias])
    return {
        "doses": rules.together(given, weight_kg, age),
        "weight_kg": weight_kg,
        "has_age": age is not None,
    }


def age_on_day(visit: Visit) -> int | None:
    """Return the age of the patient on the day of care, in years; None while it is unknown."""
    return queries.age_of(visit.patient, timezone.localdate(visit.opened_at))


def excess_of(
    visit: Visit, values: Mapping[str, Any], *, instead_of: UUID | None = None
) -> list[rules.Caution]:
    """Return what a dose about to be noted goes over, with the others that stand on its day.

    ``values`` is what is kept of the dose; ``instead_of`` the one that it takes the place of.
    """
    return _excess(Anaesthesia(visit=visit, **values), instead_of)


def objections_to(one: Anaesthesia) -> list[rules.Caution]:
    """Return what is said today against a dose that was struck: by the record, and in figures.

    The figures are those of its day; who has none kept takes those of the product of that name.
    """
    limits = asdict(_given(one)[-1].limits or _UNKNOWN)
    product = rules.Anaesthetic("", one.product, 0, 0, one.vasoconstrictor, **limits)
    found = queries.cautions_of(one.visit, [product])[""]
    return found + _excess(one)


def _excess(one: Anaesthesia, instead_of: UUID | None = None) -> list[rules.Caution]:
    """Return what a dose goes over; each reason is of these cartridges alone."""
    *before, more = _given(one, instead_of)
    found = rules.excess(before, more, queries.weight_of(one.visit), age_on_day(one.visit))
    return [replace(reason, quarters=one.quarters) for reason in found]


def _given(one: Anaesthesia, instead_of: UUID | None = None) -> list[rules.Given]:
    """Return the doses that stand on the day of a visit, and one more as the last."""
    mine = queries.shown(one.visit).anaesthesias
    standing = [other for other in mine if other.id != instead_of]
    return queries.given_of(one.visit, [*queries.elsewhere_of(one.visit), *standing, one])
