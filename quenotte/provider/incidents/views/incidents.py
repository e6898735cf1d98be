"""Pages of incidents: those of now, those that closed, one of them, and what one does about it."""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import access, operations, queries
from quenotte.provider.incidents.forms import NoteForm
from quenotte.provider.incidents.models import Incident, Reply
from quenotte.provider.incidents.views.morning import watching
from quenotte.provider.traces.operations import note_showing
from quenotte.web.fragments import wants_fragment

_READ, _WORK = "fleet.read", "fleet.work"
_A_PAGE = 50
_VIEWS = {
    "": gettext_lazy("Ouverts"),
    "moi": gettext_lazy("Les miens"),
    "calmes": gettext_lazy("Sous silence"),
    "fermes": gettext_lazy("Refermés cette semaine"),
}


@requires(_READ)
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Show the incidents that ask for somebody; ``?vue=``: mine, those that are quiet, or over."""
    now, view = timezone.now(), request.GET.get("vue", "")
    mine = queries.opened_now(mine=person_of(request).id)
    found = {
        "": queries.opened_now(),
        "moi": mine,
        "calmes": queries.quiet_now(),
        "fermes": queries.closed_lately(now),
    }
    view = view if view in found else ""
    counts = {name: rows.count() for name, rows in found.items()}
    pages = Paginator(found[view], _A_PAGE)
    # Counted already, for the tabs.
    pages.count = counts[view]
    page = pages.get_page(request.GET.get("page"))
    removed = fleet.removed_agents() if view == "calmes" else []
    _note_shown(request, page.object_list, removed)
    context = {
        "page": page,
        "rows": [queries.Told(one) for one in page.object_list],
        "view": view,
        "removed": removed,
        "removed_beyond": fleet.removed_beyond() if removed else 0,
        "tabs": [
            {
                "label": f"{label} ({counts[name]})",
                "url": reverse("incidents:list") + (f"?vue={name}" if name else ""),
                "current": name == view,
            }
            for name, label in _VIEWS.items()
        ],
        "budget": queries.budget(now),
        "now": now,
        "stumbles": fleet.stumbles(),
        **watching(now),
    }
    return render(request, "provider/incidents/list.html", context)


def _note_shown(
    request: HttpRequest, incidents: Iterable[Incident], removed: Iterable[fleet.Removed]
) -> None:
    """Leave a row at each practice that the list names, with how many machines it tells of."""
    shown: dict[UUID, int] = {}
    for each in removed:
        whose = each.machine.customer_id
        shown[whose] = shown.get(whose, 0) + 1
    for one in incidents:
        if one.customer_id is not None:
            shown[one.customer_id] = shown.get(one.customer_id, 0) + one.machines
    if shown:
        note_showing(
            actor=actor_of(request), action=Action.READ, what="incidents", shown=shown,
            is_again=wants_fragment(request),
        )  # fmt: skip


@requires(_READ)
@require_safe
def one(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Show one incident: what it rests on, what happened to it, who looks after it.

    Of a general outage, each practice that it names has its row.
    """
    found = access.incident_for(request, incident_id)
    practices = queries.practices_of_storm(found) if found.customer_id is None else []
    if practices:
        shown = {customer.id: count for customer, count in practices}
        note_showing(actor=actor_of(request), action=Action.READ, what="incident", shown=shown)
    context = {
        "told": queries.Told(found),
        "incident": found,
        "customer": found.customer,
        "findings": queries.findings_of(found.customer_id, timezone.now(), cause=found.cause)
        if found.customer_id and not found.closed_at
        else [],
        "practices": practices,
        "form": NoteForm(),
        "is_mine": found.taken_by_id == person_of(request).id,
    }
    return render(request, "provider/incidents/one.html", context)


@requires(_WORK)
@require_POST
def take(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Look after an incident."""
    return _done(request, operations.take, incident_id, _("Vous vous en occupez."))


@requires(_WORK)
@require_POST
def release(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Give an incident back."""
    return _done(request, operations.release, incident_id, _("L’incident est rendu à tous."))


@requires(_WORK)
@require_POST
def write(request: HttpRequest, incident_id: UUID) -> HttpResponse:
    """Write down what was done."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("La note est vide : rien n’a été enregistré."))
        return redirect("incidents:one", incident_id)

    def noted(*, incident_id: UUID, actor: Any) -> object:
        return operations.write(
            incident_id=incident_id, note=form.cleaned_data["note"], actor=actor
        )

    return _done(request, noted, incident_id, _("La note est enregistrée."))


@requires(_WORK)
@require_POST
def called(request: HttpRequest, reply_id: UUID) -> HttpResponse:
    """Note that a practice was called."""
    must_have_signed(request)
    try:
        operations.called(reply_id=reply_id, actor=actor_of(request))
    except Reply.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("Le rappel est noté."))
    return redirect("fleet:morning")


def _done(
    request: HttpRequest, do: Callable[..., object], incident_id: UUID, words: str
) -> HttpResponse:
    must_have_signed(request)
    access.incident_for(request, incident_id)
    try:
        do(incident_id=incident_id, actor=actor_of(request))
    except Incident.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words)
    return redirect("incidents:one", incident_id)
