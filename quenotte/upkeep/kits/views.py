"""Pages of the recovery kit: print it, put it away, type it back from paper."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.kits import jobs, operations, queries, wording
from quenotte.upkeep.kits.forms import (
    SharesForm,
    SheetForm,
    TypedKeyForm,
    TypedSharesForm,
)
from quenotte.upkeep.restores.rules import Paper

_READ, _MANAGE = "backups.read", "kit.manage"
#: Two forms of one page ask for the provider's telephone.
_SHARES_ID = "parts_%s"


@requires(_READ)
@require_GET
def kit(request: HttpRequest) -> HttpResponse:
    """Show what the sheet is worth, and what to do with it."""
    return _page(request)


@requires(_MANAGE, fresh=True)
@require_POST
def print_sheet(request: HttpRequest) -> HttpResponse:
    """Make a sheet and show it once: nobody can show it again."""
    form = SheetForm(request.POST, is_first=queries.kit_in_force() is None)
    if not form.is_valid():
        return _page(request, sheet_form=form)
    try:
        issued = operations.issue_sheet(
            actor=actor_of(request), device=_device(request), wanted=form.wanted()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, sheet_form=form)
    return _paper(issued)


@requires(_MANAGE, fresh=True)
@require_POST
def print_shares(request: HttpRequest) -> HttpResponse:
    """Make the three shares and show them once."""
    is_first = queries.kit_in_force(Paper.SHARES) is None
    form = SharesForm(request.POST, auto_id=_SHARES_ID, is_first=is_first)
    if not form.is_valid():
        return _page(request, shares_form=form)
    try:
        issued = operations.issue_shares(
            actor=actor_of(request), device=_device(request), wanted=form.wanted()
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _page(request, shares_form=form)
    return _paper(issued)


@requires(_MANAGE, fresh=True)
@require_http_methods(["GET", "POST"])
def type_back(request: HttpRequest) -> HttpResponse:
    """Read the key from paper, then have a copy restored with it."""
    form = TypedKeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            jobs.type_back(
                actor=actor_of(request), device=_device(request), passphrase=form.passphrase
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La clé est la bonne. La restauration d’essai suit."))
            return redirect("kits:kit")
    in_force = queries.kit_in_force()
    context = {
        "form": form,
        "kit": in_force,
        "is_same_device": in_force is not None and in_force.device == _device(request),
    }
    return render(
        request, "upkeep/kits/type_back.html", context, status=422 if form.errors else 200
    )


@requires(_MANAGE, fresh=True)
@require_http_methods(["GET", "POST"])
def type_shares(request: HttpRequest) -> HttpResponse:
    """Read two of the three shares from paper, then have a copy restored with them."""
    form = TypedSharesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            jobs.type_back(
                actor=actor_of(request),
                device=_device(request),
                passphrase=form.passphrase,
                paper=Paper.SHARES,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les deux parts ouvrent. La restauration d’essai suit."))
            return redirect("kits:kit")
    in_force = queries.kit_in_force(Paper.SHARES)
    context = {
        "form": form,
        "kit": in_force,
        "is_same_device": in_force is not None and in_force.device == _device(request),
    }
    return render(
        request, "upkeep/kits/type_shares.html", context, status=422 if form.errors else 200
    )


@requires(_MANAGE, fresh=True)
@require_POST
def leaked(request: HttpRequest) -> HttpResponse:
    """Note that the sheet was seen or lost."""
    said = _("C’est noté. Faites une autre feuille : celle-ci ne comptera plus.")
    return _reported(request, Paper.SHEET, said)


@requires(_MANAGE, fresh=True)
@require_POST
def leaked_shares(request: HttpRequest) -> HttpResponse:
    """Note that one of the shares, or more, was seen or lost."""
    said = _("C’est noté. Faites trois autres parts : celles-ci ne compteront plus.")
    return _reported(request, Paper.SHARES, said)


def _reported(request: HttpRequest, paper: Paper, said: str) -> HttpResponse:
    try:
        operations.report_leak(actor=actor_of(request), paper=paper)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, said)
    return redirect("kits:kit")


def _page(
    request: HttpRequest,
    sheet_form: SheetForm | None = None,
    shares_form: SharesForm | None = None,
) -> HttpResponse:
    situation = queries.situation()
    is_true, to_do = wording.sheet_words(situation)
    last, of_shares = situation.kit, queries.situation(paper=Paper.SHARES)
    shares = of_shares.kit
    told = backups.under_way()
    context: dict[str, Any] = {
        "situation": situation,
        "is_true": is_true,
        "to_do": to_do,
        "tone": wording.TONES[situation.light],
        "pace": wording.PACES.get(situation.pace, ""),
        "kits": queries.kits(),
        "shares": shares,
        "of_shares": of_shares,
        "shares_tone": wording.TONES[of_shares.light],
        "shares_words": wording.shares_words(of_shares),
        "has_places": backups.destinations().exists(),
        "sheet_form": sheet_form or SheetForm(initial=_filled(last), is_first=last is None),
        "shares_form": shares_form
        or SharesForm(initial=_filled_shares(shares), auto_id=_SHARES_ID, is_first=shares is None),
        "is_at_shares": shares_form is not None,
        "told": told,
        "is_proof": bool(told and told.is_proof),
        # Nothing on the page asks how far it is yet, and a restore may be over in two seconds.
        "is_awaited": told is None and {situation.pace, of_shares.pace} != {queries.Pace.NONE},
    }
    status = 422 if sheet_form or shares_form else 200
    return render(request, "upkeep/kits/kit.html", context, status=status)


def _filled(last: Any) -> dict[str, str]:
    if last is None:
        return {}
    return {
        "after": last.serial,
        "provider_name": last.provider_name,
        "provider_phone": last.provider_phone,
    }


def _filled_shares(last: Any) -> dict[str, str]:
    return {"after_shares": last.serial} if last else {}


def _paper(issued: operations.Issued) -> HttpResponse:
    """Show a paper; the browser is told to keep nothing of it."""
    answer = HttpResponse(issued.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{issued.kit.serial}.pdf"'
    return answer


def _device(request: HttpRequest) -> str:
    seat = getattr(request, "workstation", None)
    return str(seat.id) if seat else ""
