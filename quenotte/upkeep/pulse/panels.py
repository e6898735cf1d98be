"""What the page of the backups says of the provider."""

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from quenotte.base.people.access import actor_of
from quenotte.upkeep.pulse import queries


def late(request: HttpRequest, _subject: object = None) -> str:
    """Say that the provider has heard nothing for a day; nothing while it hears, or is none."""
    one = queries.pairing(actor_of(request).own_practice_id)
    if one is None or not queries.is_late(one, timezone.now()):
        return ""
    return render_to_string("upkeep/pulse/_late.html", {"pairing": one}, request)
