"""Software of one practice, or of the fleet: versions, on how many machines, and licences."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.provider.customers.access import customer_for
from quenotte.provider.finder import queries as finder
from quenotte.provider.finder.rules import searched
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.licences import queries as bought

_A_PAGE = 100
_MOST_SIGNS = 100


@requires("fleet.read")
@require_safe
def of_practice(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show the software of a practice, its licences, and those that its machines tell of."""
    customer = customer_for(request, customer_id, what="software")
    typed = request.GET.get("nom", "").strip()[:_MOST_SIGNS]
    found = finder.counted("software", customer_id=customer.id, words=searched(typed))
    context = {
        "customer": customer,
        "typed": typed,
        "page": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "licences": fleet.licences_of(customer.id, timezone.localdate()),
        "bought": bought.of_practice(customer.id, timezone.localdate()),
    }
    return render(request, "provider/console/software.html", context)


@requires("fleet.read")
@require_safe
def of_fleet(request: HttpRequest) -> HttpResponse:
    """Count the versions of a program over the whole fleet; no practice is named here."""
    typed = request.GET.get("nom", "").strip()[:_MOST_SIGNS]
    asked = searched(typed)
    page = None
    if asked:
        # Without a name every program of every machine would be counted.
        found = finder.counted("software", words=asked)
        page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {"customer": None, "typed": typed, "page": page, "licences": []}
    return render(request, "provider/console/software.html", context)
