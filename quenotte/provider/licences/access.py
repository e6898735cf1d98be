"""The door to a licence: that its practice was opened is written down."""

from uuid import UUID

from django.http import Http404, HttpRequest

from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.customers.access import customer_for
from quenotte.provider.licences.models import Licence


def licence_for(request: HttpRequest, licence_id: UUID) -> Licence:
    """Return a licence, with its practice. Raises: PermissionDenied, Http404."""
    must_have_signed(request)
    found = Licence.objects.filter(pk=licence_id).first()
    if found is None:
        raise Http404
    found.customer = customer_for(request, found.customer_id, what="software")
    return found
