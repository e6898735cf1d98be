"""Aujourd'hui: what each room wants to show first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.web.panels import panels_for


@requires("home.read")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the panels that the rooms registered for the page "home": top, main and side."""
    drawn = {
        slot: [html for panel in panels_for("home", slot) if (html := panel.render(request, None))]
        for slot in ("top", "main", "side")
    }
    context = {**drawn, "has_panels": any(drawn.values()), "today": timezone.localdate()}
    return render(request, "base/people/home.html", context)
