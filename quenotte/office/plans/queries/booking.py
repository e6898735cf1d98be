"""What may be booked of a plan: who treats, and slots that leave what must pass before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.care.agenda import queries as agenda
from quenotte.office.plans import rules
from quenotte.office.plans.models import ChosenPlan, PlanSession
from quenotte.office.plans.queries.values import PlanShown, SessionShown

#: Slots proposed for each session.
SLOTS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """A session to book, with slots that leave what must pass before it."""

    session: SessionShown
    slots: list[agenda.FreeSlot]


def session_of_appointment(appointment_id: UUID) -> UUID | None:
    """Return the session of a plan that an appointment was booked for."""
    found = PlanSession.objects.filter(appointment_id=appointment_id, removed_at=None)
    return found.values_list("id", flat=True).first()


def usual_practitioner(actor: Actor, patient_id: UUID) -> UUID:
    """Return who treats: the dentist who asks, else who carries out the chosen plan, else she.

    Without any of them, the first dentist of the practice.
    """
    if Role.DENTIST in actor.roles:
        return actor.own_person_id
    chosen = ChosenPlan.objects.filter(patient_id=patient_id)
    found = chosen.values_list("plan__practitioner_id", flat=True).first()
    dentists = people.accounts(actor.own_practice_id).filter(role=Role.DENTIST, is_active=True)
    return found or dentists.values_list("id", flat=True).first() or actor.own_person_id


def proposals(
    practice_id: UUID, plan: PlanShown, *, chosen: dict[UUID, datetime] | None = None
) -> list[Proposal]:
    """Return slots for each session to book, each after what the one before it asks for.

    A session whose slot is not ``chosen`` yet is thought to take the first one that is free.
    """
    picked, found = chosen or {}, []
    before, gap, now = None, rules.Gap(), timezone.localtime()
    for session in plan.sessions:
        if not session.is_to_book:
            before, gap = (session.ended_at, session.gap) if session.ended_at else (before, gap)
        else:
            since = rules.earliest(before, gap, now)
            search = agenda.Search(
                minutes=session.minutes_left,
                practitioner_ids=[plan.practitioner_id],
                chair_id=session.chair_id,
            )
            slots = agenda.free_slots(practice_id, search, since=since, limit=SLOTS)
            found.append(Proposal(session, slots))
            taken = _picked(slots, picked.get(session.id))
            if taken is not None:
                before, gap = timezone.localtime(taken.ends_at), session.gap
    return found


def _picked(slots: Sequence[agenda.FreeSlot], wanted: datetime | None) -> agenda.FreeSlot | None:
    same = [slot for slot in slots if slot.starts_at == wanted]
    return next(iter([*same, *slots]), None)
