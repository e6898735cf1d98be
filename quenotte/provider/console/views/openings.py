"""Who of the provider opened a practice: what that practice may read, on the provider's side."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.provider.customers.access import customer_for
from quenotte.provider.traces import queries as traces

_A_PAGE = 50


@requires("fleet.read")
@require_safe
def openings(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show who opened a practice, when, and what of it; this opening is the first line.

    Of a former practice too, to who manages: it may still ask.
    """
    customer = customer_for(request, customer_id, what="openings", even_former=True)
    page = Paginator(traces.looks_of(customer.id), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "customer": customer,
        "page": page,
        "openings": [traces.opened(one) for one in page.object_list],
    }
    return render(request, "provider/console/openings.html", context)
