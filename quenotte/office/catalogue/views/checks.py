"""Rules of billing and rates: what the practice is warned of, and what is added or covered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.office.catalogue import operations, queries
from quenotte.office.catalogue.forms import CheckForm, RateForm
from quenotte.office.catalogue.models import Check
from quenotte.office.catalogue.views.answers import attempt, first_error, page, practice_of

_READ, _MANAGE = "catalogue.read", "catalogue.manage"
_LIST = "catalogue:checks"


@requires(_READ)
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Show the rules and the rates."""
    practice_id = practice_of(request)
    context: dict[str, Any] = {
        "checks": queries.checks(practice_id),
        "rates": [(one, RateForm.of(one)) for one in queries.rates(practice_id)],
        "can_manage": may_request(request, _MANAGE),
    }
    return page(request, "checks", "checks", context)


@requires(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Write a rule of the practice's own."""
    form = CheckForm(request.POST or None, initial={"source": _("Cabinet")})
    if request.method == "POST" and form.is_valid():
        operations.save_check(actor=actor_of(request), values=form.cleaned_data)
        messages.success(request, _("La règle est ajoutée."))
        return redirect(_LIST)
    return page(
        request, "check", "checks", {"form": form, "check": None}, 422 if form.errors else 200
    )


@requires(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Change a rule, whoever wrote it."""
    check = _check(request, check_id)
    form = CheckForm(request.POST or None, instance=check)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        return attempt(
            request, operations.save_check, _("La règle est enregistrée."), _LIST,
            check_id=check_id, values=values,
        )  # fmt: skip
    return page(
        request, "check", "checks", {"form": form, "check": check}, 422 if form.errors else 200
    )


@requires(_MANAGE)
@require_POST
def switch(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Turn a rule on or off."""
    is_active = request.POST.get("active") == "oui"
    words = _("La règle est activée.") if is_active else _("La règle est désactivée.")
    values = {"is_active": is_active}
    return attempt(request, operations.save_check, words, _LIST, check_id=check_id, values=values)


@requires(_MANAGE)
@require_POST
def remove(request: HttpRequest, check_id: UUID) -> HttpResponse:
    """Remove a rule of the practice's own."""
    words = _("La règle est retirée.")
    return attempt(request, operations.remove_check, words, _LIST, check_id=check_id)


@requires(_MANAGE)
@require_POST
def rate(request: HttpRequest, rate_id: UUID) -> HttpResponse:
    """Write a rate as the practice knows it."""
    found = queries.rates(practice_of(request)).filter(id=rate_id).first()
    if found is None:
        raise Http404
    form = RateForm.of(found, request.POST)
    if not form.is_valid():
        messages.error(request, f"{first_error(form)} {_('Rien n’a été modifié.')}")
        return redirect(_LIST)
    words = _("Le taux est enregistré.")
    return attempt(
        request, operations.save_rate, words, _LIST, rate_id=rate_id, values=form.values()
    )


def _check(request: HttpRequest, check_id: UUID) -> Check:
    found = queries.checks(practice_of(request)).filter(id=check_id).first()
    if found is None:
        raise Http404
    return found
