"""The door to a practice: who opens it is written down, and that practice may read it."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest

from quenotte.base.people.access import actor_of, may_request
from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.customers.models import Customer
from quenotte.provider.traces.operations import note_opening
from quenotte.web.fragments import wants_fragment

_MANAGE: Final = "fleet.manage"


def customer_for(
    request: HttpRequest,
    customer_id: UUID,
    *,
    what: str,
    about: str = "",
    even_former: bool = False,
) -> Customer:
    """Return a practice and note who opened it. ``what``: the page, as a code.

    ``about``: the name of the machine, when the page is one machine's. ``even_former``: who manages
    reads it too once its contract ended; a page that writes never says so.

    Raises: PermissionDenied when she has not signed the charter; Http404.
    """
    must_have_signed(request)
    found = Customer.objects.filter(pk=customer_id).first()
    if found is None or not (found.is_active or (even_former and may_request(request, _MANAGE))):
        raise Http404
    note_opening(
        actor=actor_of(request), customer_id=found.id, what=what, about=about,
        is_again=wants_fragment(request),
    )  # fmt: skip
    return found
