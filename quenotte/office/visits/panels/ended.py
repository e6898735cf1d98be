"""The page of a visit that ended: what was done, its note, what comes next."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.timezone import localtime

from quenotte.care.chart import queries as chart
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.office.plans import operations as plan_operations
from quenotte.office.plans import queries as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import (
    dosing,
    operations,
    queries,
    remarks,
)
from quenotte.office.visits.models import Visit

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def ended_page(
    patient: "Patient",
    visit: Visit,
    *,
    typed: str | None = None,
    refusal: Refusal | None = None,
    booked_id: UUID | None = None,
) -> dict[str, Any]:
    """Return what the page of an ended visit shows, with slots for what comes next.

    ``typed`` is the text of a note that was not signed, ``refusal`` says why; ``booked_id`` is
    the session that was just booked here.
    """
    found = queries.next_session(visit)
    slots = []
    if found:
        _plan, proposals = found
        slots = [
            {
                "key": f"{slot.starts_at.isoformat()} {slot.chair_id or ''}".strip(),
                "starts_at": localtime(slot.starts_at),
            }
            for one in proposals
            for slot in one.slots
        ]
    return {
        **_ended(patient, visit),
        "plan": found[0] if found else None,
        "next": found[0].next_session if found else None,
        "slots": slots,
        "booked": queries.booked_session(visit, booked_id) if booked_id else None,
        "note_text": visit.note_text if typed is None else typed,
        "error": str(refusal) if refusal else "",
        "can_insist": isinstance(refusal, operations.PlacesLeft | operations.RemarksOpen),
    }


def ended_part(request: HttpRequest, patient: "Patient", visit: Visit, part: str) -> str:
    """Draw again a part of the page of an ended visit: what was done, or its note."""
    context = {**_ended(patient, visit), "note_text": visit.note_text}
    return render_to_string(f"office/visits/_ended_{part}.html", context, request)


def _ended(patient: "Patient", visit: Visit) -> dict[str, Any]:
    notes = chart.with_corrections(patient.id, visit.note_id) if visit.note_id else []
    shown = queries.shown(visit)
    return {
        "patient": patient,
        "visit": visit,
        "shown": shown,
        "notes": notes,
        "warned": remarks.words_of(visit, shown),
        **dosing.told_of(shown),
    }


def wish_of(patient: "Patient", asked: Mapping[str, Any]) -> plan_operations.Wish | None:
    """Return the slot that was chosen for the next session; None for nothing."""
    plan_id, session_id = uuid_of(asked.get("plan", "")), uuid_of(asked.get("seance", ""))
    slot = plan_rules.slot_of(asked.get("creneau", ""))
    plan = plans.plan_shown(patient.id, plan_id) if plan_id else None
    if plan is None or session_id is None or slot is None:
        return None
    starts_at, chair_id = slot
    return plan_operations.Wish(session_id, starts_at, plan.practitioner_id, chair_id)
