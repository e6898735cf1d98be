"""The page of an anomaly, its closing; big changes announced to the guard."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.guard import operations, panels, queries
from quenotte.upkeep.guard.forms import AnnouncementForm
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
        return _page(request, anomaly, str(refusal), reason, ending)
    panels.ask_again()
    messages.success(request, _("L’anomalie est close. Les disques peuvent être branchés."))
    return redirect("guard:show", anomaly.id)


@requires("guard.close", fresh=True)
@require_http_methods(["GET", "POST"])
def announce(request: HttpRequest) -> HttpResponse:
    """Announce a big change, so that it raises no alarm."""
    form = AnnouncementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            operations.announce(
                actor=actor_of(request),
                mass=told["mass"],
                begins_at=form.begins_at,
                ends_at=form.ends_at,
                words=told["words"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté : ce changement n’alertera personne."))
            return redirect("guard:announce")
    context = {"form": form, "announced": queries.announced(timezone.now())}
    status = 422 if form.errors else 200
    return render(request, "upkeep/guard/announce.html", context, status=status)


@requires("guard.close", fresh=True)
@require_POST
def end(request: HttpRequest, declaration_id: UUID) -> HttpResponse:
    """End what was announced."""
    if queries.declaration(declaration_id) is None:
        raise Http404
    try:
        operations.end(actor=actor_of(request), declaration_id=declaration_id)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect("guard:announce")


def _anomaly(anomaly_id: UUID) -> Anomaly:
    found = queries.anomaly(anomaly_id)
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, anomaly: Anomaly, refusal: str = "", reason: str = "", ending: str = ""
) -> HttpResponse:
    context = panels.context_of(anomaly)
    context |= {"refusal": refusal, "reason": reason, "ending": ending}
    return render(request, "upkeep/guard/show.html", context, status=422 if refusal else 200)
