"""One panel of Aujourd’hui, drawn again by its live event."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.care.desk import panels
from quenotte.web.fragments import wants_fragment


@requires("home.read")
@require_safe
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """Show one panel again; a panel that is not for this person answers nothing."""
    draw = panels.REDRAWN.get(name)
    if draw is None:
        raise Http404
    if not wants_fragment(request):
        return redirect("home")
    return HttpResponse(draw(request))
