"""The list of acts: searched as one types, favourites, own fees changed in place."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.kernel.errors import Refusal
from quenotte.kernel.money import InvalidAmount, format_plain, parse_euros
from quenotte.office.catalogue import operations, queries, rules
from quenotte.office.catalogue.forms import FeeForm
from quenotte.office.catalogue.views.answers import CHANGED, first_error, page, practice_of, toasted
from quenotte.web.addresses import page_of
from quenotte.web.fragments import wants_fragment

_READ, _MANAGE = "catalogue.read", "catalogue.manage"
_PER_PAGE = 60
#: Longest question that is looked at.
_LONGEST = 120
_FAVOURITES = "favoris"
_HIDDEN = "masques"


@requires(_READ)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """List the acts: all of them, a family, the favourites, or what words lead to."""
    context = _asked(request)
    if wants_fragment(request):
        return render(request, "office/catalogue/_list.html", context)
    return page(request, "home", "list", context)


@requires(_READ)
@require_POST
def mark(request: HttpRequest, act_code: str) -> HttpResponse:
    """Have an act at hand, or no more; ``pour=cabinet`` is for everybody."""
    act = _act(request, act_code)
    for_practice = request.POST.get("pour") == "cabinet" and may_request(request, _MANAGE)
    operations.mark(
        actor=actor_of(request),
        code=act.code,
        is_favourite=request.POST.get("favori") == "oui",
        for_practice=for_practice,
    )
    if not wants_fragment(request):
        return redirect("catalogue:act", act_code=act.code)
    return render(request, "office/catalogue/_star.html", {"act": act, "stars": _stars(request)})


@requires(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def fee(request: HttpRequest, act_code: str) -> HttpResponse:
    """Draw the field of an own fee in its cell; keep what was typed, from today on."""
    act = _act(request, act_code)
    if not wants_fragment(request):
        return redirect("catalogue:act", act_code=act.code)
    if request.method != "POST":
        is_left = "fermer" in request.GET
        return _cell(request, act, None if is_left else FeeForm(initial=_shown(act)))
    form = FeeForm(request.POST)
    if not form.is_valid():
        return toasted(_cell(request, act, form), first_error(form), level="attention")
    cents, today = form.cleaned_data["fee"], timezone.localdate()
    was = operations.set_fee(actor=actor_of(request), code=act.code, cents=cents, on=today)
    response = _cell(request, _act(request, act_code), None)
    if was == cents:
        return response
    undo = _way_back(act.code, was)
    return toasted(
        response, _("Honoraires de %(code)s enregistrés.") % {"code": act_code}, undo=undo
    )


@requires(_MANAGE)
@require_POST
def fee_back(request: HttpRequest, act_code: str) -> HttpResponse:
    """Ask again what was asked before."""
    act = _act(request, act_code)
    try:
        text = request.GET.get("honoraires", "")
        cents = parse_euros(text) if text else None
        today = timezone.localdate()
        operations.set_fee(actor=actor_of(request), code=act.code, cents=cents, on=today)
    except (InvalidAmount, Refusal):
        raise Http404 from None
    words = _("Honoraires de %(code)s : retour à ce qu’ils étaient.") % {"code": act.code}
    return toasted(HttpResponse(status=204), words, changed=True)


def _way_back(code: str, was: int | None) -> str:
    question = urlencode({"honoraires": "" if was is None else format_plain(was)})
    return f"{reverse('catalogue:fee_back', args=[code])}?{question}"


def _shown(act: rules.ActFacts) -> dict[str, Any]:
    return {"fee": act.own_fee_cents}


def _cell(request: HttpRequest, act: rules.ActFacts, form: FeeForm | None) -> HttpResponse:
    context = {"act": act, "form": form, "can_manage": True, "is_back": form is None}
    status = 422 if form is not None and form.errors else 200
    return render(request, "office/catalogue/_fee.html", context, status=status)


def _act(request: HttpRequest, code: str) -> rules.ActFacts:
    found = queries.act(practice_of(request), code, timezone.localdate())
    if found is None:
        raise Http404
    return found


def _stars(request: HttpRequest) -> queries.Stars:
    return queries.stars(practice_of(request), actor_of(request).own_person_id)


def _asked(request: HttpRequest) -> dict[str, Any]:
    text = request.GET.get("q", "").strip()[:_LONGEST]
    family, stars = request.GET.get("famille", ""), _stars(request)
    reasons: dict[str, rules.Proposal] = {}
    if text:
        found = queries.proposals(practice_of(request), text, (), timezone.localdate(), 40)
        reasons = {one.act.code: one for one in found}
        acts: Sequence[rules.ActFacts] = [one.act for one in found]
    else:
        acts = _of_family(request, family, stars)
    shown = Paginator(acts, _PER_PAGE).get_page(page_of(request))
    return {
        "q": text,
        "family": family,
        "families": [
            (_FAVOURITES, _("Mes favoris")),
            *((key, _(label)) for key, label in rules.FAMILIES.items()),
            (_HIDDEN, _("Actes masqués")),
        ],
        "page": shown,
        "rows": [(act, reasons.get(act.code)) for act in shown],
        "total": len(acts),
        "stars": stars,
        "can_manage": may_request(request, _MANAGE),
        "changed": CHANGED,
        "address": request.get_full_path(),
    }


def _of_family(request: HttpRequest, family: str, stars: queries.Stars) -> Sequence[rules.ActFacts]:
    practice_id, today = practice_of(request), timezone.localdate()
    if family == _FAVOURITES:
        return [one for one in queries.acts(practice_id, today) if one.code in stars]
    if family == _HIDDEN:
        every = queries.acts(practice_id, today, with_hidden=True)
        return [one for one in every if one.is_hidden]
    known = family if family in rules.FAMILIES else ""
    return queries.acts(practice_id, today, family=known)
