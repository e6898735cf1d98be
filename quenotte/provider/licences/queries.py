"""Reading the licences of a practice, and who uses them."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q

from quenotte.provider.finder import queries as finder
from quenotte.provider.finder.rules import words
from quenotte.provider.licences import rules
from quenotte.provider.licences.models import Licence


@dataclass(frozen=True, slots=True)
class Counted:
    """A licence with the machines that have its program; None when nothing says which one."""

    licence: Licence
    used: int | None
    worth: rules.Worth


def of_practice(customer_id: UUID, today: date) -> list[Counted]:
    """Return the licences of a practice, those that end first before the others."""
    told = list(Licence.objects.filter(customer_id=customer_id).select_related("customer"))
    used = _used(told)
    return sorted((_judged(one, used.get(one.pk), today) for one in told), key=_in_order)


def to_review(today: date) -> list[Counted]:
    """Return the licences that ended, end soon, or are too few, the first to end before the others.

    Of all practices under contract. The machines are counted once by program, for all of them.
    """
    found = Licence.objects.filter(customer__is_active=True).select_related("customer")
    ends = Q(ends_on__lte=today + rules.ENDING)
    told = list(found.filter(ends | (Q(seats__isnull=False) & ~Q(software=""))))
    used = _used(told)
    counted = (_judged(one, used.get(one.pk), today) for one in told)
    return sorted((one for one in counted if one.worth in rules.TO_REVIEW), key=_in_order)


def papers(customer_ids: Collection[UUID] | None = None) -> dict[UUID, list[dict[str, Any]]]:
    """Return the licences of practices under contract as rules ask of them.

    ``customer_ids``: of some practices; None: of all. Those without any licence are left out.
    """
    found = Licence.objects.filter(customer__is_active=True)
    if customer_ids is not None:
        found = found.filter(customer_id__in=customer_ids)
    told = list(found)
    used = _used([one for one in told if one.seats is not None])
    rows: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for one in told:
        rows[one.customer_id].append(
            {
                "name": one.name,
                "seats": one.seats,
                "used": used.get(one.pk),
                "ends_on": one.ends_on and one.ends_on.isoformat(),
            }
        )
    return dict(rows)


def names_on(machine_id: UUID, customer_id: UUID) -> set[str]:
    """Return the names of the licences of a practice whose program is on one of its machines."""
    found = Licence.objects.filter(customer_id=customer_id).exclude(software="")
    return {
        one.name
        for one in found
        if (asked := words(one.software)) and finder.says(machine_id, "software", tuple(asked))
    }


def _in_order(one: Counted) -> tuple[date, str, str]:
    licence = one.licence
    return (licence.ends_on or date.max, licence.customer.name, licence.name)


def _used(licences: Sequence[Licence]) -> dict[UUID, int]:
    """Return how many machines use each licence of which words say the program."""
    by_program: dict[tuple[str, ...], list[Licence]] = defaultdict(list)
    for one in licences:
        if asked := tuple(words(one.software)):
            by_program[asked].append(one)
    used: dict[UUID, int] = {}
    for asked, some in by_program.items():
        found = finder.saying_by_practice("software", asked, {one.customer_id for one in some})
        used |= {one.pk: found.get(one.customer_id, 0) for one in some}
    return used


def _judged(licence: Licence, used: int | None, today: date) -> Counted:
    told = rules.worth(seats=licence.seats, used=used, ends_on=licence.ends_on, today=today)
    return Counted(licence, used, told)
