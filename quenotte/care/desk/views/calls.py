"""Calls from room to room: the buttons, what rings here, the answers."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.desk import operations, panels, queries
from quenotte.care.desk.rules.calls import Answer
from quenotte.web.answers import done
from quenotte.web.fragments import wants_fragment


@requires("calls.use")
@require_safe
def calls(request: HttpRequest) -> HttpResponse:
    """Show again what rings here and how the calls sent from here stand."""
    if not wants_fragment(request):
        return redirect("home")
    return HttpResponse(panels.ringing(request))


@requires("calls.use")
@require_safe
def buttons(request: HttpRequest) -> HttpResponse:
    """Show again the buttons: the list has changed."""
    if not wants_fragment(request):
        return redirect("home")
    return HttpResponse(panels.call_buttons(request))


@requires("calls.use")
@require_POST
def send(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    """Call the other screens."""
    actor, here = actor_of(request), panels.here(request)
    return done(
        request,
        lambda: operations.send(actor=actor, kind_id=kind_id, workstation_id=here),
        back=reverse("home"),
        fragment=lambda: panels.ringing(request),
    )


@requires("calls.use")
@require_POST
def answer(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Answer « Vu » or « J’arrive »."""
    said = request.POST.get("reponse", "")
    if said not in set(Answer):
        return HttpResponseBadRequest(_("Cette réponse n’est pas connue. Rien n’a été envoyé."))
    actor = actor_of(request)
    ear = queries.ear_of(actor, panels.here(request))
    return done(
        request,
        lambda: operations.answer(actor=actor, call_id=call_id, said=Answer(said), ear=ear),
        back=reverse("home"),
        fragment=lambda: panels.ringing(request),
    )


@requires("calls.use")
@require_POST
def withdraw(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Take a call back."""
    actor, here = actor_of(request), panels.here(request)
    return done(
        request,
        lambda: operations.withdraw(actor=actor, call_id=call_id, workstation_id=here),
        back=reverse("home"),
        fragment=lambda: panels.ringing(request),
    )


@requires("calls.use")
@require_POST
def put_away(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """Stop showing how a call ended."""
    actor, here = actor_of(request), panels.here(request)
    return done(
        request,
        lambda: operations.put_away(actor=actor, call_id=call_id, workstation_id=here),
        back=reverse("home"),
        fragment=lambda: panels.ringing(request),
    )


@requires("calls.use")
@require_POST
def mute(request: HttpRequest) -> HttpResponse:
    """Silence this workstation, or let it sound again."""
    here = panels.here(request)
    if here is None:
        return HttpResponseBadRequest(_("Ce poste n’est pas encore connu. Rechargez la page."))
    actor, wanted = actor_of(request), request.POST.get("son") == "coupe"
    return done(
        request,
        lambda: operations.mute(actor=actor, workstation_id=here, is_muted=wanted),
        back=reverse("home"),
        text=_("Le son est coupé sur ce poste. Les appels restent visibles.")
        if wanted
        else _("Le son est rétabli sur ce poste."),
        fragment=lambda: panels.call_buttons(request),
    )
