"""The accounts of the practice, for its gestionnaire."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.keyboard import operations as keyboard_operations
from quenotte.base.keyboard import queries as keyboard
from quenotte.base.people import operations, queries
from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.forms import AccountForm, NewAccountForm
from quenotte.base.people.models import Person
from quenotte.kernel.errors import Refusal


@requires("people.manage")
@require_safe
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts."""
    people = queries.accounts_with_signs(actor_of(request).own_practice_id)
    return render(request, "base/people/accounts.html", {"people": people})


@requires("people.manage", fresh=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new_account(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once, here."""
    form = NewAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        username = values.pop("username")
        try:
            person, password = operations.create_account(
                actor=actor_of(request), username=username, values=values
            )
        except operations.UsernameTaken as refusal:
            form.add_error("username", str(refusal))
        else:
            return _show_password(request, person, password)
    status = 422 if form.errors else 200
    return render(request, "base/people/new_account.html", {"form": form}, status=status)


@requires("people.manage", fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Change names, role and numbers of an account."""
    person = _account(request, person_id)
    seen = operations.stamp_of(person)
    form = AccountForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_account(
                actor=actor_of(request),
                person_id=person_id,
                values=form.cleaned_data,
                seen=request.POST.get("seen", ""),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("people:account", person_id=person_id)
        messages.success(request, _("Le compte est enregistré."))
        return redirect("people:accounts")
    context = {
        "form": form,
        "person": _account(request, person_id),
        "seen": seen,
        "factors": keyboard.factors(person_id),
        "pins": keyboard.pins_of(person_id),
        "logins": keyboard.open_logins(person_id),
    }
    status = 422 if form.errors else 200
    return render(request, "base/people/account.html", context, status=status)


@requires("people.manage", fresh=True)
@require_POST
def leave(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Close the account of somebody who leaves."""
    person = _account(request, person_id)
    try:
        operations.leave(actor=actor_of(request), person_id=person_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Le compte de %(name)s est fermé, ses sessions sont coupées.")
        messages.success(request, words % {"name": person.full_name})
    return redirect("people:accounts")


@requires("people.manage", fresh=True)
@never_cache
@require_POST
def come_back(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open the account of somebody who is back, with a new password shown once."""
    person = _account(request, person_id)
    try:
        password = operations.come_back(actor=actor_of(request), person_id=person_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:accounts")
    return _show_password(request, person, password)


@requires("people.manage", fresh=True)
@never_cache
@require_POST
def give_password(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Replace a forgotten password; the new one is shown once, here."""
    person = _account(request, person_id)
    try:
        password = operations.give_password(actor=actor_of(request), person_id=person_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("people:accounts")
    return _show_password(request, person, password)


@requires("people.manage", fresh=True)
@require_POST
def reset_factors(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take away the second factors of somebody who lost them."""
    person = _account(request, person_id)
    try:
        operations.reset_factors(actor=actor_of(request), person_id=person_id)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        words = _("Les seconds facteurs de %(name)s sont retirés, ses sessions sont coupées.")
        messages.success(request, words % {"name": person.full_name})
    return redirect("people:account", person_id=person_id)


@requires("people.manage", fresh=True)
@require_POST
def forget_pin(request: HttpRequest, person_id: UUID, workstation_id: UUID) -> HttpResponse:
    """Take a person's PIN back at one workstation."""
    _account(request, person_id)
    keyboard_operations.forget_pin(
        actor=actor_of(request), person_id=person_id, workstation_id=workstation_id
    )
    messages.success(request, _("Le code de ce poste est retiré."))
    return redirect("people:account", person_id=person_id)


def _account(request: HttpRequest, person_id: UUID) -> Person:
    person = queries.account(actor_of(request).own_practice_id, person_id)
    if person is None:
        raise Http404
    return person


def _show_password(request: HttpRequest, person: Person, password: str) -> HttpResponse:
    context = {"person": person, "password": password}
    return render(request, "base/people/one_time_password.html", context)
