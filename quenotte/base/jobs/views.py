"""The page of background work."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.jobs import operations, queries
from quenotte.base.jobs.models import Run
from quenotte.base.jobs.wording import row_of
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import page_of


@requires("jobs.read")
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """Show the runs, filtered by ``?etat=``; the list alone when htmx asks."""
    template = "_runs.html" if request.headers.get("HX-Request") else "runs.html"
    return render(request, f"base/jobs/{template}", _context(request))


@requires("jobs.read")
@require_POST
def retry(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Ask again for work that was given up."""
    try:
        operations.ask_again(run_id, actor=actor_of(request))
    except Run.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La tâche est relancée."))
    return redirect("jobs:runs")


def _context(request: HttpRequest) -> dict[str, Any]:
    state = request.GET.get("etat", "")
    state = state if state in Run.State.values else ""
    page = queries.page_of(state, number=page_of(request))
    query = request.GET.urlencode()
    return {
        "page": page,
        "rows": [row_of(run) for run in page],
        "tabs": _tabs(state),
        "state": state,
        "address": reverse("jobs:runs") + (f"?{query}" if query else ""),
    }


def _tabs(state: str) -> list[dict[str, Any]]:
    counts, address = queries.counts(), reverse("jobs:runs")
    everything = {
        "label": _("Toutes"), "url": address, "current": not state, "count": sum(counts.values()),
    }  # fmt: skip
    return [everything] + [
        {
            "label": choice.label,
            "url": f"{address}?etat={choice.value}",
            "current": state == choice.value,
            "count": counts.get(choice.value, 0),
        }
        for choice in Run.State
    ]
