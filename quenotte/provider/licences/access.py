"""The door to a licence: that its practice was opened is written down."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpRequest

from quenotte.kernel.identifiers import uuid_of
from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.customers.access import customer_for
from quenotte.provider.licences.models import Licence

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer


def licence_for(request: HttpRequest, licence_id: UUID) -> Licence:
    """Return a licence, with its practice. Raises: PermissionDenied, Http404."""
    must_have_signed(request)
    found = Licence.objects.filter(pk=licence_id).first()
    if found is None:
        raise Http404
    found.customer = customer_for(request, found.customer_id, what="software")
    return found


def is_gone(licence_id: UUID) -> bool:
    """Tell whether there is no such licence, or no more."""
    return not Licence.objects.filter(pk=licence_id).exists()


def practice_told(request: HttpRequest) -> "Customer":
    """Return the practice that the form of a licence names. Raises: PermissionDenied, Http404."""
    told = uuid_of(request.POST.get("customer", ""))
    if told is None:
        raise Http404
    return customer_for(request, told, what="software")
