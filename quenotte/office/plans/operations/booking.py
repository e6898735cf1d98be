"""The sessions of a plan as appointments that are linked to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.care.agenda import operations as agenda
from quenotte.care.agenda import rules as agenda_rules
from quenotte.kernel.errors import Refusal
from quenotte.office.plans import rules
from quenotte.office.plans.models import PlanLine, PlanSession
from quenotte.office.plans.operations.writing import live, locked, session_of, written


class AlreadyBooked(Refusal):
    """The session has its appointment: somebody else booked it, or it was sent twice."""

    message = _("Cette séance a déjà son rendez-vous. Rien n’a été réservé une deuxième fois.")


@dataclass(frozen=True, slots=True)
class Wish:
    """When and where a session shall be; ``starts_at`` is aware."""

    session_id: UUID
    starts_at: datetime
    practitioner_id: UUID
    chair_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish: the appointment, or why there is none."""

    session_id: UUID
    starts_at: datetime
    appointment_id: UUID | None = None
    refusal: str = ""


@transaction.atomic
def book_session(*, actor: Actor, patient_id: UUID, plan_id: UUID, wish: Wish) -> UUID:
    """Book one session; return the appointment. The plan is held before the columns.

    Raises: NoSuchPlan, PlanClosed, AlreadyBooked; as ``agenda.operations.book``.
    """
    plan = live(locked(actor, patient_id, plan_id))
    session = session_of(plan, wish.session_id)
    if _is_booked(session):
        raise AlreadyBooked
    booked = agenda.book(
        actor=actor,
        booking=agenda.Booking(
            practitioner_id=wish.practitioner_id,
            starts_at=wish.starts_at,
            minutes=_minutes(session),
            chair_id=wish.chair_id,
            patient_id=patient_id,
            title=session.title or session.phase,
        ),
    )
    session.appointment_id = booked.id
    session.save(update_fields=["appointment"])
    written(actor, plan, "book")
    return booked.id


def book_sessions(
    *, actor: Actor, patient_id: UUID, plan_id: UUID, wishes: Sequence[Wish]
) -> list[Outcome]:
    """Book some sessions, each in a transaction of its own; one that is refused stops no other.

    Each refusal leaves its line in the journal, and is told with its reason.
    """
    outcomes = []
    for wish in wishes:
        try:
            found = book_session(actor=actor, patient_id=patient_id, plan_id=plan_id, wish=wish)
            outcomes.append(Outcome(wish.session_id, wish.starts_at, appointment_id=found))
        except Refusal as refusal:
            reason = agenda.reason_of(refusal)
            agenda.note_refused_booking(actor=actor, reason=reason, patient_id=patient_id)
            outcomes.append(Outcome(wish.session_id, wish.starts_at, refusal=str(refusal)))
    return outcomes


def _minutes(session: PlanSession) -> int:
    """Return how long what remains of a session lasts, as its page shows it."""
    rows = PlanLine.objects.filter(session=session).values_list("status", "minutes", "quantity")
    done = [minutes * n for status, minutes, n in rows if status == PlanLine.Status.DONE]
    left = [minutes * n for status, minutes, n in rows if status in rules.SHOWN_IN_MOUTH]
    # Nothing left is nothing to book, but somebody may want the hour all the same.
    return rules.minutes_left(session.minutes, done, left) or rules.session_minutes(
        session.minutes, done
    )


def _is_booked(session: PlanSession) -> bool:
    booked = session.appointment
    # One that is over left acts to do: the session is booked again.
    return booked is not None and booked.status not in {*agenda_rules.OFF, "done"}
