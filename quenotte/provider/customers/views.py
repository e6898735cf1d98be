"""Pages of the practices under contract."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.charter.access import must_have_signed
from quenotte.provider.customers import operations, queries
from quenotte.provider.customers.access import customer_for
from quenotte.provider.customers.forms import CustomerForm, PracticeForm
from quenotte.provider.customers.models import Customer
from quenotte.provider.traces.operations import note_opening, note_showing

_WORK, _MANAGE = "fleet.work", "fleet.manage"


@requires(_MANAGE)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Take a practice under contract; its machines come with a token."""
    form = CustomerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.take_on(actor=actor_of(request), **form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            words = _("{name} est suivi. Faites un jeton pour inscrire ses machines.")
            messages.success(request, words.format(name=made.name))
            return redirect(f"{reverse('enrolment:home')}?cabinet={made.id}")
    context = {"form": form, "internet_providers": queries.internet_providers()}
    return render(request, "provider/customers/add.html", context)


@requires(_WORK, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show what is known of a practice, and write down what is other now."""
    customer = customer_for(request, customer_id, what="customer")
    form = PracticeForm(request.POST or None, known=queries.known(customer))
    if request.method == "POST" and form.is_valid():
        form = _changed(request, customer, form)
        if form.is_valid():
            return redirect("fleet:practice", customer.id)
    context = {
        "customer": customer,
        "form": form,
        "internet_providers": queries.internet_providers(),
    }
    return render(request, "provider/customers/change.html", context)


def _changed(request: HttpRequest, customer: Customer, form: PracticeForm) -> PracticeForm:
    """Write it down and say so; errors in the form that is returned say why not."""
    try:
        is_other = operations.change(
            customer_id=customer.id, known=form.known, seen=form.shown_seal, actor=actor_of(request)
        )
    except operations.ChangedSince as since:
        form = form.over(since.fields, since.known)
        form.add_error(None, str(since))
        return form
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return form
    if is_other:
        words = _("C’est enregistré. Les règles regardent ses machines de nouveau.")
        messages.success(request, words)
    else:
        messages.info(request, _("Rien n’a changé."))
    if form.let_go:
        words = _("Passé, donc pas gardé : {lines}.")
        messages.info(request, words.format(lines=" ; ".join(form.let_go)))
    return form


@requires(_MANAGE, fresh=True)
@require_POST
def end(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """End the contract of a practice."""
    customer = customer_for(request, customer_id, what="contract")
    try:
        operations.end_contract(customer_id=customer.id, actor=actor_of(request))
    except Customer.DoesNotExist as missing:
        raise Http404 from missing
    words = _("Le contrat de {name} est fini : plus rien n’en est reçu. Il se reprend ici.")
    messages.success(request, words.format(name=customer.full_name))
    return redirect("customers:former")


@requires(_MANAGE, fresh=True)
@require_POST
def resume(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Take a contract up again."""
    must_have_signed(request)
    try:
        customer = operations.resume_contract(customer_id=customer_id, actor=actor_of(request))
    except Customer.DoesNotExist as missing:
        raise Http404 from missing
    note_opening(actor=actor_of(request), customer_id=customer.id, what="contract")
    _say_resumed(request, customer)
    return redirect("fleet:practice", customer.id)


def _say_resumed(request: HttpRequest, customer: Customer) -> None:
    """Say with what a practice begins again: with its machines, or without any."""
    if customer.emptied_at is None:
        words = _("{name} est suivi de nouveau, avec ses machines.")
        messages.success(request, words.format(name=customer.full_name))
        return
    day = date_format(timezone.localtime(customer.emptied_at), "j F Y")
    words = _(
        "{name} est suivi de nouveau, sans aucune machine : ce qu’on savait des siennes est effacé "
        "depuis le {day}. Faites un jeton pour les inscrire."
    )
    messages.success(request, words.format(name=customer.full_name, day=day))


@requires(_MANAGE)
@require_safe
def former(request: HttpRequest) -> HttpResponse:
    """Show the practices whose contract ended, since when, and until when what of them is kept."""
    must_have_signed(request)
    found = list(queries.former())
    if found:
        shown = {one.id: 0 for one in found}
        note_showing(actor=actor_of(request), action=Action.READ, what="former", shown=shown)
    return render(request, "provider/customers/former.html", {"former": found})
