"""The page of an anomaly: what was seen, what to do, and its closing."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import operations, panels, queries
from quenotte.upkeep.guard.models import Anomaly


@requires("home.read")
@require_safe
def show(request: HttpRequest, anomaly_id: UUID) -> HttpResponse:
    """Show what was seen."""
    return _page(request, _anomaly(anomaly_id))


@requires("guard.close")
@require_POST
def close(request: HttpRequest, anomaly_id: UUID) -> HttpResponse:
    """Close an anomaly with a reason."""
    anomaly = _anomaly(anomaly_id)
    ending, reason = request.POST.get("ending", ""), request.POST.get("reason", "")
    if ending not in Anomaly.Ending.values:
        return _page(request, anomaly, _("Choisissez ce que c’était."), reason)
    try:
        operations.close(
            actor=actor_of(request), anomaly_id=anomaly.id, ending=ending, reason=reason
        )
    except Refusal as refusal:
        return _page(request, anomaly, str(refusal), reason)
    panels.ask_again()
    messages.success(request, _("L’anomalie est close. Les disques peuvent être branchés."))
    return redirect("guard:show", anomaly.id)


def _anomaly(anomaly_id: UUID) -> Anomaly:
    found = queries.anomaly(anomaly_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, anomaly: Anomaly, refusal: str = "", reason: str = ""
) -> HttpResponse:
    context = panels.context_of(anomaly) | {"refusal": refusal, "reason": reason}
    return render(request, "upkeep/guard/show.html", context, status=422 if refusal else 200)
