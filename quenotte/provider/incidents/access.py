"""The doors of this room: an incident with its practice, and the pages that need no login."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest

from quenotte.provider.customers.access import customer_for
from quenotte.provider.incidents.models import Incident

#: Requests of one address in a minute before it has to wait.
PER_MINUTE: Final = 40


def incident_for(request: HttpRequest, incident_id: UUID) -> Incident:
    """Return an incident; that its practice was opened leaves a line. Raises: Http404.

    One of no practice leaves none here: whoever shows those that it names notes them.
    """
    known = Incident.objects.select_related("customer", "taken_by")
    found = known.prefetch_related("steps__person").filter(pk=incident_id).first()
    if found is None:
        raise Http404
    if found.customer_id is not None:
        customer_for(request, found.customer_id, what="incident")
    return found
