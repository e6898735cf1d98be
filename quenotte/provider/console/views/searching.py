"""The search across the fleet: a page, a file, and searches kept under a name."""

from collections.abc import Callable, Iterator
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.provider.console import operations, queries, rules
from quenotte.provider.console.forms import ViewForm
from quenotte.provider.console.models import SavedSearch
from quenotte.provider.customers import queries as customers
from quenotte.provider.traces.operations import note_showing
from quenotte.web import spreadsheets

_READ = "fleet.read"
_A_PAGE = 50
#: Practices that are named where no machine answers.
_PRACTICES = 8


@requires(_READ)
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the machines for which all that was typed holds; each practice shown has its row."""
    typed = request.GET.get("q", "").strip()[: rules.MOST_SIGNS]
    conditions = rules.conditions(typed)
    machines = queries.search(conditions)
    pages = Paginator(machines.values_list("id", flat=True), _A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    found = queries.explained(queries.shown(machines, list(page.object_list)), conditions)
    # A practice without a machine is opened from here; else its machines lead to it.
    practices, count = customers.named("" if found else typed, most=_PRACTICES)
    shown = {one.id: 0 for one in practices}
    for one in found:
        shown[one.machine.customer_id] = shown.get(one.machine.customer_id, 0) + 1
    if shown:
        note_showing(actor=actor_of(request), action=Action.SEARCH, what="search", shown=shown)
    context = {
        "typed": typed,
        "conditions": conditions,
        "page": page,
        "found": found,
        "practices": practices,
        "practices_count": count,
        "views": queries.views_of(person_of(request).pk),
        "examples": rules.EXAMPLES,
        "form": ViewForm(initial={"words": typed}),
        "removed": queries.removed_view(
            person_of(request).pk, uuid_of(request.GET.get("retiree", ""))
        ),
    }
    return render(request, "provider/console/search.html", context)


_HEADINGS: Final = (
    gettext_lazy("Cabinet"),
    gettext_lazy("Ville"),
    gettext_lazy("Machine"),
    gettext_lazy("N° de série"),
    gettext_lazy("Agent"),
    gettext_lazy("Fait"),
    gettext_lazy("Valeur"),
    gettext_lazy("Source"),
    gettext_lazy("Heure"),
)


@requires(_READ, fresh=True)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Send all that a search finds as a spreadsheet; each practice in it has its row."""
    conditions = rules.conditions(request.POST.get("q", ""))
    machines = queries.search(conditions)
    shown = queries.by_practice(machines)
    note_showing(actor=actor_of(request), action=Action.EXPORT, what="export", shown=shown)
    return spreadsheets.answer(
        "parc", _HEADINGS, _rows(queries.all_explained(machines, conditions))
    )


def _rows(found: Iterator[queries.Found]) -> Iterator[list[str]]:
    for one in found:
        machine, customer = one.machine, one.machine.customer
        who = [customer.name, customer.town, machine.name, machine.serial]
        who.append(machine.agent_words)
        for match in one.matches or (queries.Match("", "", "", None),):
            at = f"{timezone.localtime(match.at):%d/%m/%Y %H:%M}" if match.at else ""
            yield [*who, match.label, match.words, match.source, at]


@requires(_READ)
@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    """Keep a search under a name."""
    form = ViewForm(request.POST)
    words = request.POST.get("words", "")
    if not form.is_valid():
        messages.warning(request, _("Donnez un nom à la vue. Rien n’a été enregistré."))
        return _back(words)
    kept = _tried(
        request, lambda: operations.keep_view(actor=actor_of(request), **form.cleaned_data)
    )
    if kept is not None:
        messages.success(request, _("Vue enregistrée : {name}.").format(name=kept.name))
    return _back(words)


@requires(_READ)
@require_POST
def remove(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Take a view away; the page that follows puts it back on one click."""
    view = _tried(request, lambda: operations.remove_view(actor=actor_of(request), view_id=view_id))
    return redirect("console:search") if view is None else _back("", retiree=str(view.id))


@requires(_READ)
@require_POST
def restore(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Put a view back."""
    view = _tried(
        request, lambda: operations.restore_view(actor=actor_of(request), view_id=view_id)
    )
    if view is not None:
        messages.success(request, _("Vue rétablie : {name}.").format(name=view.name))
    return _back(view.words if view else "")


def _tried(request: HttpRequest, act: Callable[[], SavedSearch]) -> SavedSearch | None:
    try:
        return act()
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return None


def _back(words: str, **more: Any) -> HttpResponse:
    query = urlencode({**({"q": words} if words else {}), **more})
    return redirect(f"{reverse('console:search')}?{query}" if query else reverse("console:search"))
