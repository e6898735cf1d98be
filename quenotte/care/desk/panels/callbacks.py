"""Callbacks on Aujourd’hui and on their own pages."""

from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import Role, may
from quenotte.care.desk import access, queries
from quenotte.care.desk.panels.tasks import begun_about, chosen_patient
from quenotte.kernel.phones import display_phone

if TYPE_CHECKING:
    from quenotte.care.desk.models import Callback

#: Lines that Aujourd’hui shows; the others are one click away.
_SHOWN: Final = 8


def to_call(request: HttpRequest, _subject: object = None) -> str:
    """Draw who must be telephoned today, those who are late first.

    It is for the reception; where nobody is, for everybody who may telephone.
    """
    actor = actor_of(request)
    if not may(actor.roles, "callbacks.use"):
        return ""
    if Role.SECRETARY not in actor.roles and queries.has_reception(actor.own_practice_id):
        return ""
    today = timezone.localdate()
    lines = queries.callbacks_to_do(actor.own_practice_id, until=today)
    shown = lines[:_SHOWN]
    if not request.headers.get("HX-Request"):
        access.open_list(actor, "callback", len(shown))
    context = {"callbacks": shown, "count": len(lines), "more": len(lines) - len(shown)}
    return render_to_string("care/desk/_to_call.html", context, request)


def callbacks_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of the callbacks shows."""
    actor, is_done = actor_of(request), request.GET.get("vue") == "faits"
    read = queries.callbacks_done if is_done else queries.callbacks_to_do
    address, begun = reverse("desk:callbacks"), begun_about(request, queries.new_callback_key)
    return {
        "callbacks": read(actor.own_practice_id),
        "is_done": is_done,
        "address": f"{address}?vue=faits" if is_done else address,
        "tabs": [
            {"label": _("À rappeler"), "url": address, "current": not is_done},
            {"label": _("Rappelés"), "url": f"{address}?vue=faits", "current": is_done},
        ],
        **begun,
    }


def callback_list(request: HttpRequest) -> str:
    """Draw the list of the page again."""
    return render_to_string("care/desk/_callbacks.html", callbacks_page(request), request)


def callback_fields(callback: "Callback") -> dict[str, Any]:
    """Return what the form of a line begins with."""
    return {
        "name": callback.name,
        "phone": display_phone(callback.phone),
        "reason": callback.reason,
        "due_on": callback.due_on,
        "patient": callback.patient_id,
    }


def callback_page(request: HttpRequest, callback_id: UUID, form: Any) -> dict[str, Any]:
    """Return what the page of one line shows; the caller opened it."""
    line = queries.callback_of(actor_of(request).own_practice_id, callback_id)
    return {"line": line, "form": form}


def new_callback(request: HttpRequest) -> tuple[str, dict[str, Any]]:
    """Return the number and the fields that a new line begins with, of ``?patient=``."""
    chosen = chosen_patient(request)
    phone = (chosen.mobile_phone or chosen.other_phone) if chosen else ""
    initial = {
        "due_on": timezone.localdate(),
        "patient": chosen.id if chosen else None,
        "phone": display_phone(phone) if phone else "",
    }
    return phone, initial
