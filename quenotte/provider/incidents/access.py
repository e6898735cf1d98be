"""The doors of this room: an incident with its practice, and the pages that need no login."""

from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.http import Http404, HttpRequest

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.provider.customers.access import customer_for
from quenotte.provider.incidents.models import Incident

#: Requests of one address in a minute before it has to wait.
PER_MINUTE: Final = 40
_MINUTE_S: Final = 60


def incident_for(request: HttpRequest, incident_id: UUID) -> Incident:
    """Return an incident; that its practice was opened leaves a line. Raises: Http404."""
    known = Incident.objects.select_related("customer", "taken_by")
    found = known.prefetch_related("steps__person").filter(pk=incident_id).first()
    if found is None:
        raise Http404
    if found.customer_id is not None:
        customer_for(request, found.customer_id, what="incident")
    return found


def is_within_rate(request: HttpRequest) -> bool:
    """Count a visit of a stranger; tell whether her address may go on this minute."""
    key = f"incidents.visits.{request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, _MINUTE_S)
    try:
        return cache.incr(key) <= PER_MINUTE
    except ValueError:
        # The minute ended between the two.
        return True


def note_unknown_link() -> None:
    """Leave a line for a link that leads nowhere; at most one a minute."""
    if cache.add("incidents.unknown", 1, _MINUTE_S):
        record(
            action=Action.READ,
            actor=Actor(None, "", None, "", "link"),
            object_kind="reply",
            result="refused",
            detail={"reason": "unknown_link"},
        )
