"""What a gestionnaire must know this morning."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import Role
from quenotte.care.desk.panels import lights
from quenotte.web.lights import all_lights_for


def watch(request: HttpRequest, _subject: object = None) -> str:
    """Draw the lights in words, and what the journal and the worker are worried about."""
    actor = actor_of(request)
    if Role.MANAGER not in actor.roles:
        return ""
    context = {
        # First: the lights then say what was found now.
        "alerts": lights.asked_anew(actor.own_practice_id),
        "lights": all_lights_for(request),
    }
    return render_to_string("care/desk/_watch.html", context, request)
