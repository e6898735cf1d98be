"""What visits show elsewhere: on the record, on Aujourd'hui, on the timeline, in the settings."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import Role, may
from quenotte.office.visits import (
    access,
    lots,
    queries,
    rules,
    telling,
)
from quenotte.office.visits.models import Visit
from quenotte.web import kept
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry, first_words

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def card(request: HttpRequest, patient: "Patient") -> str:
    """Draw the place of the visit on the record; it comes after the first paint."""
    if not may(actor_of(request).roles, "visits.read"):
        return ""
    places = {"url": link_to("visits:card", patient.id), "patient_id": patient.id}
    return kept.drawn("office/visits/_card.html", fill=places)


def card_body(request: HttpRequest, patient: "Patient") -> str:
    """Draw the visit that goes on; or what opens it, by itself while the patient is in a chair.

    Only somebody who writes opens it: her page asks at once, and the first one that asks wins.
    """
    visit_id = queries.open_visit_of(patient.id)
    visit = queries.visit_of(patient.id, visit_id) if visit_id else None
    seated = _seated(patient, visit)
    can_write = may(actor_of(request).roles, "visits.write")
    context = {
        "patient": patient,
        "visit": visit,
        "shown": queries.shown(visit) if visit else None,
        "planned": queries.planned_of(visit) if visit else [],
        "is_left_open": was_left_open(visit),
        "can_write": can_write,
        "opens": seated if seated and can_write and not queries.has_visit(seated) else None,
    }
    return render_to_string("office/visits/_card_body.html", context, request)


def note_beside(request: HttpRequest, patient: "Patient") -> str:
    """Draw the note of the visit that goes on in place of the one that the record would sign.

    Nothing when no visit goes on, or when the record has no such place.
    """
    may_sign = may(actor_of(request).roles, "chart.write")
    visit_id = queries.open_visit_of(patient.id) if may_sign else None
    if visit_id is None:
        return ""
    visit = queries.visit_of(patient.id, visit_id)
    can_write = may(actor_of(request).roles, "visits.write")
    context = {"patient": patient, "visit": visit, "can_write": can_write}
    return render_to_string("office/visits/_note_on_record.html", context, request)


def _seated(patient: "Patient", visit: Visit | None) -> UUID | None:
    """Return the appointment of who sits in a chair, unless its visit or today's goes on."""
    if visit is not None and timezone.localdate(visit.opened_at) >= timezone.localdate():
        return None
    seated = queries.in_chair(patient.practice_id, patient.id)
    return seated if visit is None or queries.is_passed(visit, seated) else None


def open_here(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd'hui the visits that are open: hers for a dentist, all for an assistant."""
    actor = actor_of(request)
    if not actor.roles & {Role.DENTIST, Role.ASSISTANT}:
        return ""
    own = actor.own_person_id if Role.DENTIST in actor.roles else None
    found = queries.open_here(actor.own_practice_id, practitioner_id=own)
    waiting = queries.to_sign(actor.own_practice_id, practitioner_id=own)
    access.open_list(actor, len(found) + len(waiting))
    context = {"visits": found, "waiting": waiting}
    return render_to_string("office/visits/_open_here.html", context, request)


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline of the visits that ended: what was done, and how the note begins."""
    if not may(actor_of(request).roles, "visits.read"):
        return
    for one in telling.told(patient.id, limit, before):
        title = _("Séance, note à signer") if one.is_to_sign else _("Séance")
        if one.is_corrected:
            title = _("Séance, note corrigée depuis")
        if one.amended_at:
            day = date_format(timezone.localdate(one.amended_at), "d/m/Y")
            title = _("%(what)s, actes ou produits corrigés le %(day)s") % {
                "what": title,
                "day": day,
            }
        acts = first_words(", ".join(one.acts))
        yield Entry(
            at=one.at,
            kind="visit",
            icon="armchair",
            title=_("%(what)s : %(acts)s") % {"what": title, "acts": acts} if acts else title,
            text=first_words(one.note),
            url=link_to("visits:visit", patient.id, one.id),
            author=one.who,
            object_id=str(one.id),
            covers=str(one.note_id or ""),
        )


def typed_lots(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the lots that were typed in her visits."""
    rows = lots.typed_for(actor_of(request).own_practice_id, patient.id)
    may_open = may(actor_of(request).roles, "visits.read")
    context = {"rows": rows, "patient": patient, "may_open": may_open}
    return render_to_string("office/visits/_typed_lots.html", context, request) if rows else ""


def settings_part(request: HttpRequest, part: str) -> str:
    """Draw the tab that leads from the cabinet to the templates of notes and anaesthetics."""
    if not may(actor_of(request).roles, "visits.manage"):
        return ""
    return render_to_string("office/visits/_settings_part.html", {"part": part})


def was_left_open(visit: Visit | None) -> bool:
    """Tell whether a visit of another day, or of hours ago, was never ended."""
    if visit is None or visit.closed_at is not None:
        return False
    return rules.is_left_open(
        visit.opened_at,
        timezone.now(),
        opened_on=timezone.localdate(visit.opened_at),
        today=timezone.localdate(),
    )
