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
    """Show the panels that the rooms registered for the page "home"."""
    shown = [panel.render(request, None) for panel in panels_for("home", "main")]
    context = {"panels": [html for html in shown if html], "today": timezone.localdate()}
    return render(request, "base/people/home.html", context)
