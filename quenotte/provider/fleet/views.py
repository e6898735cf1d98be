"""Pages of the fleet: one machine with its evidence; the others are drawn from incidents."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.provider.customers.access import customer_for
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.enrolment.rules import Agent
from quenotte.provider.fleet import queries

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer
    from quenotte.provider.enrolment.models import Machine

_READ = "fleet.read"
_A_PAGE = 40


@requires("home.read")
@require_safe
def start(_request: HttpRequest) -> HttpResponse:
    """Lead whoever logged in to the page of the day."""
    return redirect("fleet:morning")


@requires(_READ)
@require_safe
def machine(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Show one machine: each answer with what it rests on, its source and its time."""
    customer, found = _opened(request, machine_id, what="machine")
    whole_id = found.host_id or found.id
    heard = queries.heard({found.id, whole_id})
    agents = [found, *enrolment.beside(found)]
    sheet = queries.sheet(found, heard, enrolment.sources_among(agents))
    context = {
        "customer": customer,
        "sheet": sheet,
        "speaks_again": "" if sheet.heard or found.host_id else enrolment.speaks_again(found),
        "twins": enrolment.twins_of(found),
        "agents": [(one, heard.get((whole_id, one.agent))) for one in agents],
        "takes_questions": any(one.agent == Agent.OSQUERY for one in agents),
    }
    return render(request, "provider/fleet/machine.html", context)


@requires(_READ)
@require_safe
def changes(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Show what changed on one machine, page by page, of one fact or of all."""
    customer, found = _opened(request, machine_id, what="changes")
    key = request.GET.get("quoi", "")
    keys = queries.changed_keys(machine_id)
    key = key if key in dict(keys) else ""
    pages = Paginator(queries.changes_of(machine_id, key), _A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "customer": customer,
        "machine": found,
        "page": page,
        "changes": queries.shown_changes(page.object_list),
        "keys": keys,
        "key": key,
    }
    return render(request, "provider/fleet/changes.html", context)


def _opened(request: HttpRequest, machine_id: UUID, *, what: str) -> tuple["Customer", "Machine"]:
    """Return a machine with its practice, and note who opened them. Raises: Http404."""
    found = enrolment.found(machine_id)
    if found is None:
        raise Http404
    return customer_for(request, found.customer_id, what=what, about=found.name), found
