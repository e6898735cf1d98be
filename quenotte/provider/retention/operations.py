"""Letting go of what is kept no longer: practice by practice, each step whole or not at all."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.provider.customers import operations as customers
from quenotte.provider.customers import queries as known
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment import queries as tokens
from quenotte.provider.evidence import operations as evidence
from quenotte.provider.evidence import queries as proofs
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents import operations as incidents
from quenotte.provider.licences import operations as licences
from quenotte.provider.retention import rules
from quenotte.provider.traces import operations as traces
from quenotte.provider.traces import queries as openings

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer

logger = logging.getLogger(__name__)

#: No contract that ended later than this is due for anything: the rules say which of the others.
_SOONEST: Final = timedelta(days=365)
#: Files of practices that went so lately are removed again: a fall may have left them.
_AGAIN: Final = timedelta(days=31)


def forget(*, now: datetime) -> None:
    """Let go of what is kept no longer of former practices, and of tokens that ended long ago.

    A practice at which this fails keeps none of the others; it is tried again the next time, and
    this run counts as failed. Raises: the first error; OperationalError, InterfaceError at once,
    for then the database itself does not answer.
    """
    evidence.sweep(since=now - _AGAIN)
    errors: list[Exception] = []
    for step in rules.Step:
        errors += _around(_leaving(step, now), partial(_let_go, step=step, now=now))
    spent = tokens.practices_with_spent_tokens(now)
    errors += _around(spent, partial(_forget_tokens, now=now))
    if errors:
        raise errors[0]


def _leaving(step: rules.Step, now: datetime) -> list[UUID]:
    """Return the practices of which a step is due now."""
    return [one.id for one in known.ended_by(now - _SOONEST) if _due(one, now) is step]


def _around(customer_ids: Iterable[UUID], work: Callable[[UUID], None]) -> list[Exception]:
    """Do a work at each practice, going around who fails; return the errors."""
    return [error for one in customer_ids if (error := _tried(one, work))]


def _tried(customer_id: UUID, work: Callable[[UUID], None]) -> Exception | None:
    try:
        with transaction.atomic():
            work(customer_id)
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - one practice must not keep the others
        logger.error("practice %s is not let go: %s", customer_id, type(error).__name__)
        return error
    return None


def _due(customer: "Customer", now: datetime) -> rules.Step | None:
    return rules.due(customer.keeping, emptied_at=customer.emptied_at, now=now)


def _let_go(customer_id: UUID, *, step: rules.Step, now: datetime) -> None:
    """Do a step at a practice; nothing when its contract was taken up again meanwhile."""
    customer = known.held(customer_id)
    if customer is not None and _due(customer, now) is step:
        _DO[step](customer, now)


def _empty(customer: "Customer", now: datetime) -> None:
    """Forget what was known of the machines of a practice, and all that was done about them."""
    happened = incidents.forget_practice(customer.id)
    fleet.forget_practice(customer.id)
    went = {
        **enrolment.forget_practice(customer.id),
        **happened,
        "licences": licences.forget_practice(customer.id),
        "drafts": evidence.forget_drafts(customer.id),
    }
    customers.note_emptied(customer, at=now)
    _tell(customer.id, "emptied", went)


def _close(customer: "Customer", now: datetime) -> None:
    """Let go of what proves something of a practice, both chains whole, and of itself."""
    # Who is due has left.
    ended_at = cast("datetime", customer.ended_at)
    went = {
        "dossiers": proofs.dossiers_of(customer.id).count(),
        "sheets": len(proofs.chain_of(customer.id)),
        "openings": openings.looks_of(customer.id).count(),
    }
    noted = evidence.note_departure(
        customer_id=customer.id, ended_at=ended_at, at=now, fields=rules.told(went)
    )
    traces.let_go(customer.id)
    evidence.let_go(noted)
    customers.let_go(customer)


#: What is done, in its order.
_DO: Final[dict[rules.Step, Callable[["Customer", datetime], None]]] = {
    rules.Step.MACHINES: _empty,
    rules.Step.PRACTICE: _close,
}


def _forget_tokens(customer_id: UUID, *, now: datetime) -> None:
    if count := enrolment.forget_spent_tokens(customer_id, now=now):
        _tell(customer_id, "forgotten", {"tokens": count})


def _tell(customer_id: UUID, state: str, went: dict[str, int]) -> None:
    record(
        action=Action.CHANGE,
        actor=SYSTEM,
        object_kind="customer",
        object_id=str(customer_id),
        detail={"state": state, "fields": rules.told(went)},
    )
