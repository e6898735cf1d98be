"""Writing down what was seen of practices: a row for each of them, one line of the journal."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.provider.traces.models import Look

_BATCH = 1_000
_LONGEST_NAME = 63
#: A page that draws itself again is opened once; one that stays open is noted again each hour.
_ONE_OPENING: Final = timedelta(hours=1)


def note_opening(
    *, actor: Actor, customer_id: UUID, what: str, about: str = "", is_again: bool = False
) -> None:
    """Note that somebody opened a page of one practice. ``what``: the page, as a code.

    ``about``: the name of the machine, when the page is one machine's. ``is_again``: a page that is
    open draws itself again; nothing is noted where the same person's row is younger than an hour.
    """
    if is_again and _noted(actor, what).filter(customer_id=customer_id, about=about).exists():
        return
    with transaction.atomic():
        Look.objects.create(
            **_who(actor),
            customer_id=customer_id,
            what=what,
            about=about[:_LONGEST_NAME],
            machines=1 if about else 0,
        )
        record(
            action=Action.READ,
            actor=actor,
            object_kind="customer",
            object_id=str(customer_id),
            detail={"purpose": what},
        )


def note_showing(
    *,
    actor: Actor,
    action: Action,
    what: str,
    shown: Mapping[UUID, int],
    is_again: bool = False,
) -> None:
    """Note a list that shows machines of several practices.

    ``shown``: how many machines of each practice. Each practice finds its own row; the journal has
    one line with their number. ``is_again``: as for an opening, only what is new in it is noted.
    """
    if is_again:
        known = set(_noted(actor, what).values_list("customer_id", flat=True))
        shown = {one: count for one, count in shown.items() if one not in known}
        if not shown:
            return
    with transaction.atomic():
        Look.objects.bulk_create(
            (
                Look(**_who(actor), customer_id=customer_id, what=what, machines=count)
                for customer_id, count in shown.items()
            ),
            batch_size=_BATCH,
        )
        record(
            action=action,
            actor=actor,
            object_kind="customers",
            detail={"purpose": what, "count": len(shown)},
        )


def let_go(customer_id: UUID) -> int:
    """Forget who saw what of a practice, once that it is gone is noted; return how many rows.

    Raises: IntegrityError before (triggers).
    """
    return Look.objects.filter(customer_id=customer_id).delete()[0]


def _noted(actor: Actor, what: str) -> QuerySet[Look]:
    """Return what was noted of somebody within the last opening."""
    since = timezone.now() - _ONE_OPENING
    return Look.objects.filter(person_id=actor.own_person_id, what=what, at__gt=since)


def _who(actor: Actor) -> dict[str, object]:
    return {"at": timezone.now(), "person_id": actor.person_id, "person_label": actor.person_label}
