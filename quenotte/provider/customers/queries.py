"""Reading the practices."""

from collections.abc import Collection
from datetime import date, datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from quenotte.kernel.holidays import territory_of
from quenotte.kernel.identifiers import uuid_of
from quenotte.kernel.names import fold
from quenotte.kernel.posture.agreeing import Agreed, agreed
from quenotte.kernel.posture.hours import Hours, Opening
from quenotte.provider.customers.models import Customer
from quenotte.provider.customers.rules import Known, Stretch

#: What is written down as it is typed.
PLAIN: Final = (
    "name", "town", "postcode", "phone", "email", "internet_provider", "time_zone",
)  # fmt: skip


def customers() -> QuerySet[Customer]:
    """Return the practices under contract, by name."""
    return Customer.objects.filter(is_active=True)


def named(typed: str, *, most: int) -> tuple[list[Customer], int]:
    """Return the practices under contract in which each word that was typed occurs, and how many.

    By name, town and postcode, whatever the accents and capitals; at most so many of them, those
    whose name begins as it was typed first. Nothing typed finds nothing.
    """
    words = fold(typed).split()
    if not words:
        return [], 0
    rows = customers().values_list("id", "name", "town", "postcode")
    folded = ((one, fold(name), fold(f"{town} {postcode}")) for one, name, town, postcode in rows)
    hits = [
        (one, name)
        for one, name, place in folded
        if all(word in name or word in place for word in words)
    ]
    hits.sort(key=lambda hit: not hit[1].startswith(words[0]))
    found = Customer.objects.in_bulk([one for one, _name in hits[:most]])
    return [found[one] for one, _name in hits[:most] if one in found], len(hits)


def under_contract(typed: str) -> Customer | None:
    """Return the practice under contract of an id as it was typed; None: there is none."""
    customer_id = uuid_of(typed)
    return customers().filter(pk=customer_id).first() if customer_id else None


def former() -> QuerySet[Customer]:
    """Return the practices whose contract ended, the last to leave first."""
    return Customer.objects.filter(is_active=False).order_by(F("ended_at").desc(nulls_last=True))


def ended_by(at: datetime) -> QuerySet[Customer]:
    """Return the practices whose contract had ended at an instant, the first to leave first."""
    return Customer.objects.filter(is_active=False, ended_at__lte=at).order_by("ended_at", "id")


def held(customer_id: UUID) -> Customer | None:
    """Return a practice if it is there; who writes about it meanwhile waits for the end of this."""
    return Customer.objects.select_for_update().filter(pk=customer_id).first()


def internet_providers() -> list[str]:
    """Return the Internet providers that were written down: one that is down has one name."""
    found = customers().exclude(internet_provider="").order_by("internet_provider")
    return list(found.values_list("internet_provider", flat=True).distinct())


def customer(customer_id: UUID) -> Customer:
    """Return one practice. Raises: Customer.DoesNotExist."""
    return Customer.objects.get(pk=customer_id)


def hold(customer_id: UUID) -> None:
    """Let who writes about a practice meanwhile wait until this transaction ends."""
    Customer.objects.select_for_update().filter(pk=customer_id).values_list("id").first()


def active_among(customer_ids: Collection[UUID]) -> list[UUID]:
    """Return which of these practices are under contract."""
    return list(customers().filter(pk__in=customer_ids).order_by().values_list("id", flat=True))


def known(found: Customer) -> Known:
    """Return what people wrote down of a practice."""
    return Known(
        **{name: getattr(found, name) for name in PLAIN},
        hours=tuple(
            Stretch(one.weekday, one.starts_at, one.ends_at) for one in found.openings.all()
        ),
        closed_on=_days(found),
        agreed=agreed(found.remote_tools, found.ports),
    )


def hours_of(customer_ids: Collection[UUID]) -> dict[UUID, Hours]:
    """Return when practices are open; one that told no hours is left out."""
    found = Customer.objects.filter(pk__in=customer_ids).prefetch_related("openings")
    told = {one.id: _hours(one) for one in found}
    return {customer_id: hours for customer_id, hours in told.items() if hours}


def hours_at(customer: Customer) -> Hours | None:
    """Return when a practice that was read already is open; None: it told no hours."""
    return _hours(customer)


def agreed_of(customer_ids: Collection[UUID]) -> dict[UUID, Agreed]:
    """Return by what machines of practices may be driven from elsewhere, and their open ports."""
    found = Customer.objects.filter(pk__in=customer_ids).order_by()
    rows = found.values_list("id", "remote_tools", "ports")
    return {one: agreed(tools, ports) for one, tools, ports in rows}


def _hours(customer: Customer) -> Hours | None:
    openings = tuple(
        Opening(one.weekday, _minute(one.starts_at), _minute(one.ends_at))
        for one in customer.openings.all()
    )
    if not openings:
        return None
    return Hours(
        ZoneInfo(customer.time_zone),
        openings,
        closed_on=frozenset(_days(customer)),
        territory=territory_of(customer.postcode),
    )


def _days(customer: Customer) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, customer.closed_on))


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute
