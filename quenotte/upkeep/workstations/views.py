"""Pages of the machines: how they stand, one of them with its evidence, who may report."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base import agreed
from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.kernel.errors import Refusal
from quenotte.kernel.posture.terms import State
from quenotte.upkeep.workstations import operations, panels, queries
from quenotte.upkeep.workstations.forms import AgreedForm, BearForm, CodeForm
from quenotte.upkeep.workstations.models import Machine, MachineToken

_READ, _MANAGE = "workstations.read", "workstations.manage"


@requires(_READ)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show how the machines stand; make a code, which is shown once."""
    form, typed = CodeForm(), ""
    if request.method == "POST":
        if not may_request(request, _MANAGE):
            return _home(request, form, "", status=403)
        form = CodeForm(request.POST)
        if form.is_valid():
            _made, typed = operations.make_token(
                practice_id=_practice(request),
                machines=form.cleaned_data["machines"],
                actor=actor_of(request),
            )
            form = CodeForm()
    return _home(request, form, typed, status=422 if form.errors else 200)


@requires(_READ)
@require_safe
def machine(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Show one machine: each answer with what it rests on, its source and its time."""
    return _sheet(request, _machine(request, machine_id))


@requires(_MANAGE)
@require_POST
def accept(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Believe a machine."""
    return _decided(
        request, operations.accept, machine_id, _("{name} est suivi à partir de maintenant.")
    )


@requires(_MANAGE)
@require_POST
def revoke(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Believe a machine no more."""
    words = _("{name} n’est plus suivi. « Annuler », sous « Plus suivis », le reprend tel quel.")
    return _decided(request, operations.revoke, machine_id, words)


@requires(_MANAGE)
@require_POST
def restore(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Believe a machine again."""
    return _decided(request, operations.restore, machine_id, _("{name} est suivi de nouveau."))


@requires(_MANAGE)
@require_POST
def revoke_token(request: HttpRequest, machine_token_id: UUID) -> HttpResponse:
    """Shut a code."""
    try:
        operations.revoke_token(
            practice_id=_practice(request), token_id=machine_token_id, actor=actor_of(request)
        )
    except MachineToken.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("Ce code n’ouvre plus rien. Les postes déjà suivis le restent."))
    return redirect("workstations:home")


@requires(_MANAGE, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """Show by what machines may be driven from elsewhere and what may be open; write it anew."""
    practice_id = _practice(request)
    is_sent = request.method == "POST"
    before = agreed.typed(queries.agreed_of(practice_id))
    form = AgreedForm(request.POST if is_sent else None, initial=before)
    if is_sent and form.is_valid():
        told = form.cleaned_data["agreed"]
        operations.agree(practice_id=practice_id, agreed=told, actor=actor_of(request))
        operations.judge_due(now=timezone.now())
        panels.asked_anew(practice_id)
        messages.success(request, _("C’est noté. Vos postes viennent d’être regardés de nouveau."))
        return redirect("workstations:home")
    status = 422 if form.errors else 200
    return render(request, "upkeep/workstations/agree.html", {"form": form}, status=status)


@requires(_MANAGE)
@require_POST
def bear(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Bear a fault for a while."""
    found = _machine(request, machine_id)
    form = BearForm(request.POST)
    if not form.is_valid():
        return _sheet(request, found, form, status=422)
    told = form.cleaned_data
    try:
        operations.bear(
            practice_id=_practice(request),
            machine_id=found.id,
            rule=told["rule"],
            reason=told["reason"],
            why=told["why"],
            ends_at=form.ends_at,
            actor=actor_of(request),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _sheet(request, found, form, status=422)
    panels.asked_anew(_practice(request))
    messages.success(request, _("C’est noté : ce constat ne compte plus jusqu’à cette date."))
    return redirect("workstations:machine", found.id)


@requires(_MANAGE)
@require_POST
def end(request: HttpRequest, exemption_id: UUID) -> HttpResponse:
    """Bear a fault no longer."""
    found = queries.exemption(_practice(request), exemption_id)
    if found is None:
        raise Http404
    operations.end(exemption=found, actor=actor_of(request))
    panels.asked_anew(_practice(request))
    messages.success(request, _("Ce constat compte de nouveau."))
    return redirect("workstations:machine", found.machine_id)


def _practice(request: HttpRequest) -> UUID:
    return actor_of(request).own_practice_id


def _machine(request: HttpRequest, machine_id: UUID) -> Machine:
    found = queries.machine(_practice(request), machine_id)
    if found is None:
        raise Http404
    return found


def _home(request: HttpRequest, form: CodeForm, typed: str, *, status: int) -> HttpResponse:
    practice_id = _practice(request)
    found = queries.standing(practice_id)
    context = {
        "standing": found,
        "sentence": panels.sentence(found),
        "rows": [panels.row_of(one) for one in found.seen],
        "waiting": queries.waiting(practice_id),
        "revoked": queries.revoked(practice_id)[:10],
        "tokens": queries.tokens(practice_id)[:10],
        "agreement": queries.agreement(practice_id),
        "form": form,
        "typed": typed,
        "server": panels.door_url(),
        "now": timezone.now(),
    }
    return render(request, "upkeep/workstations/home.html", context, status=status)


def _sheet(
    request: HttpRequest, found: Machine, form: BearForm | None = None, *, status: int = 200
) -> HttpResponse:
    sheet = queries.sheet(found)
    lines = [panels.line_of(one) for one in sheet.seen.shown]
    context: dict[str, Any] = {
        "sheet": sheet,
        "machine": found,
        "to_do": [panels.line_of(one) for one in sheet.seen.to_do],
        "borne": [one for one in lines if one.is_borne],
        "soon": [one for one in lines if _is_pending(one)],
        "unknown": [one for one in lines if one.shown.finding.state == State.UNKNOWN],
        "well": [one for one in lines if one.shown.finding.state == State.OK],
        "changes": [panels.changed(one) for one in sheet.changes],
        "nights": panels.nights(sheet.heard_at, sheet.gaps),
        "form": form or BearForm(),
        "tried": form.data.get("rule", "") if form else "",
    }
    return render(request, "upkeep/workstations/machine.html", context, status=status)


def _is_pending(line: panels.Line) -> bool:
    """Tell whether a fault was seen, and not yet often enough to be told."""
    return line.shown.finding.state == State.BAD and not line.is_borne and not line.shown.counts


def _decided(
    request: HttpRequest, decide: Callable[..., Machine], machine_id: UUID, words: str
) -> HttpResponse:
    try:
        found = decide(
            practice_id=_practice(request), machine_id=machine_id, actor=actor_of(request)
        )
    except Machine.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, words.format(name=found.name))
    panels.asked_anew(_practice(request))
    return redirect("workstations:home")
