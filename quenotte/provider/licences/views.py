"""Pages of the licences of a practice."""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers.access import customer_for
from quenotte.provider.licences import operations, queries
from quenotte.provider.licences.access import is_gone, licence_for, practice_told
from quenotte.provider.licences.forms import LicenceForm
from quenotte.provider.traces.operations import note_showing

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer
    from quenotte.provider.licences.models import Licence

_A_PAGE = 50


@requires("fleet.read")
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """Show the licences of the whole fleet to look at; each practice shown has its row."""
    found = queries.to_review(timezone.localdate())
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    if shown := {one.licence.customer_id: 0 for one in page.object_list}:
        note_showing(actor=actor_of(request), action=Action.READ, what="licences", shown=shown)
    return render(request, "provider/licences/review.html", {"page": page})


@requires("fleet.work")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Write a licence of a practice down."""
    customer = customer_for(request, customer_id, what="software")
    form = LicenceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.write(customer_id=customer.id, actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("La licence est notée."))
            return redirect("console:software", customer.id)
    context = {"customer": customer, "form": form, "licence": None}
    return render(request, "provider/licences/licence.html", context)


@requires("fleet.work")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Write a licence down anew, or take it away."""
    if request.method == "POST" and is_gone(licence_id):
        return _gone(request, practice_told(request))
    licence = licence_for(request, licence_id)
    customer = licence.customer
    form = LicenceForm(request.POST or None, initial=_told(licence))
    seen = request.POST.get("seen", "") if form.is_bound else operations.sealed(licence)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change(licence, actor=actor_of(request), seen=seen, **form.cleaned_data)
        except operations.LicenceMoved as moved:
            seen = operations.sealed(moved.known)
            _say_what_moved(form, moved)
        except operations.LicenceGone:
            return _gone(request, customer)
        except Refusal as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("La licence est modifiée."))
            return redirect("console:software", customer.id)
    context = {"customer": customer, "form": form, "licence": licence, "seen": seen}
    return render(request, "provider/licences/licence.html", context)


def _gone(request: HttpRequest, customer: "Customer") -> HttpResponse:
    """Say that a licence was taken away meanwhile; what was typed is there, for a new one."""
    form = LicenceForm(request.POST)
    form.add_error(None, str(operations.LicenceGone()))
    context = {"customer": customer, "form": form, "licence": None}
    return render(request, "provider/licences/licence.html", context)


def _say_what_moved(form: LicenceForm, moved: operations.LicenceMoved) -> None:
    """Say under each field what is saved now, where something else was typed."""
    typed = dict(form.cleaned_data)
    form.add_error(None, str(moved))
    for name, value in _told(moved.known).items():
        if typed[name] != value:
            day = date_format(value, "d/m/Y") if isinstance(value, date) else value
            words = _("Enregistré maintenant : {value}.").format(value=day or _("rien"))
            form.add_error(name, words)


@requires("fleet.work")
@require_POST
def take_away(request: HttpRequest, licence_id: UUID) -> HttpResponse:
    """Forget a licence; one that is forgotten already is no fault."""
    if is_gone(licence_id):
        customer_id = practice_told(request).id
        messages.info(request, _("Cette licence est déjà retirée."))
        return redirect("console:software", customer_id)
    licence = licence_for(request, licence_id)
    customer_id, name = licence.customer_id, licence.name
    try:
        operations.take_away(licence, actor=actor_of(request))
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("La licence « {name} » est retirée.").format(name=name))
    return redirect("console:software", customer_id)


def _told(licence: "Licence") -> dict[str, Any]:
    return {name: getattr(licence, name) for name in operations.FIELDS}
