"""The card of a practice that is coming back, asked for again and again."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quenotte.base.audit.access import requires
from quenotte.upkeep.restores.panels import context_of


@requires("home.read")
@require_safe
def coming_back(request: HttpRequest) -> HttpResponse:
    """Answer with the card as it is now."""
    return render(request, "upkeep/restores/_coming_back.html", context_of())
