"""One act: what it is, what it was worth, what the practice says of it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.office.catalogue import operations, queries, rules
from quenotte.office.catalogue.forms import ActForm, FeeForm, WorthForm
from quenotte.office.catalogue.models import Act
from quenotte.office.catalogue.views.answers import attempt, first_error, page, practice_of

_READ, _MANAGE = "catalogue.read", "catalogue.manage"


@requires(_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def act(request: HttpRequest, act_code: str) -> HttpResponse:
    """Show an act with its versions; keep what the practice calls it and how long it takes."""
    found = _found(request, act_code)
    if request.method != "POST":
        return _page(request, found, ActForm.of(found))
    if not may_request(request, _MANAGE):
        raise Http404
    form = ActForm.of(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    operations.describe(actor=actor_of(request), code=found.code, **form.cleaned_data)
    messages.success(request, _("L’acte est enregistré."))
    return redirect("catalogue:act", act_code=found.code)


@requires(_MANAGE)
@require_POST
def dated_fee(request: HttpRequest, act_code: str) -> HttpResponse:
    """Ask another fee from a day on."""
    found, form = _found(request, act_code), FeeForm(request.POST)
    back = reverse("catalogue:act", args=[found.code])
    if not form.is_valid():
        messages.error(request, f"{first_error(form)} {_('Rien n’a été modifié.')}")
        return redirect(back)
    values = {"code": found.code, "cents": form.cleaned_data["fee"], "on": form.day()}
    return attempt(
        request, operations.set_fee, _("Les honoraires sont enregistrés."), back, **values
    )


@requires(_MANAGE)
@require_POST
def worth(request: HttpRequest, act_code: str) -> HttpResponse:
    """Write a tariff and a ceiling as the practice knows them."""
    found, form = _found(request, act_code), WorthForm(request.POST)
    back = reverse("catalogue:act", args=[found.code])
    if not form.is_valid():
        messages.error(request, f"{first_error(form)} {_('Rien n’a été modifié.')}")
        return redirect(back)
    return attempt(
        request,
        operations.set_worth,
        _("Le tarif est enregistré."),
        back,
        code=found.code,
        on=form.cleaned_data["worth_on"],
        tariff_cents=form.cleaned_data["tariff"],
        ceiling_cents=form.cleaned_data["ceiling"],
    )


def _found(request: HttpRequest, code: str) -> Act:
    found = queries.history(practice_of(request), code.upper())
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, found: Act, form: ActForm) -> HttpResponse:
    today = timezone.localdate()
    practice_id = practice_of(request)
    versions = list(found.versions.all())
    current = next((one for one in versions if one.from_on <= today), None)
    context: dict[str, Any] = {
        "row": found,
        "act": queries.act(practice_id, found.code, today),
        "versions": versions,
        "fees": list(found.fees.all()),
        "form": form,
        "fee_form": FeeForm(initial={"on": today}),
        "worth_form": WorthForm.of(current),
        "facts": _facts(found),
        "checks": [one for one in queries.checks(practice_id) if one.is_active
                   and rules.matches(found.code, one.codes.split())],
        "stars": queries.stars(practice_id, actor_of(request).own_person_id),
        "can_manage": may_request(request, _MANAGE),
        "today": today,
    }  # fmt: skip
    return page(request, "act", "list", context, 422 if form.errors else 200)


def _facts(found: Act) -> list[tuple[str, str]]:
    """Return what is said of an act in a word or two, the empty left out."""
    spans = {
        name: rules.Span(getattr(found, f"{name}_least"), getattr(found, f"{name}_most"))
        for name in ("count", "faces", "age")
    }
    place = _(rules.NAMES[found.teeth]) if found.teeth in rules.NAMES else ""
    facts = [
        (_("Famille"), _(rules.FAMILIES.get(found.family, ""))),
        (_("Nomenclature"), _(rules.SYSTEMS.get(found.system, ""))),
        (_("Se compte par"), _(rules.AREAS.get(found.area, ""))),
        (_("Se fait sur"), place),
        (_("Nombre de dents"), rules.span_fr(spans["count"])),
        (_("Nombre de faces"), rules.span_fr(spans["faces"])),
        (_("Âge"), rules.span_fr(spans["age"], _("ans"))),
    ]
    return [(name, value) for name, value in facts if value]
