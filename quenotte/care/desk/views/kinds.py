"""Cabinet: the list of calls of the practice."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.desk import operations, queries
from quenotte.care.desk.forms import KindForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done

_STEPS = {"up": -1, "down": 1}


@requires("calls.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def kinds(request: HttpRequest) -> HttpResponse:
    """Show the list; add a call to it."""
    actor = actor_of(request)
    form = KindForm(request.POST or None, practice_id=actor.own_practice_id)
    if request.method == "POST" and form.is_valid():
        try:
            operations.add_kind(actor=actor, prepared=form.prepared)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’appel est ajouté : il est sur tous les écrans."))
            return redirect("desk:kinds")
    return _page(request, form, None)


@requires("calls.manage")
@require_POST
def change(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    """Change a call of the list."""
    actor = actor_of(request)
    kind = queries.kinds(actor.own_practice_id).filter(id=kind_id).first()
    if kind is None:
        raise Http404
    form = KindForm(request.POST, practice_id=actor.own_practice_id, kind=kind)
    if form.is_valid():
        try:
            operations.change_kind(actor=actor, kind_id=kind_id, prepared=form.prepared)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’appel est modifié sur tous les écrans."))
            return redirect("desk:kinds")
    return _page(request, KindForm(practice_id=actor.own_practice_id), (kind_id, form))


@requires("calls.manage")
@require_POST
def usual(request: HttpRequest) -> HttpResponse:
    """Begin with the usual list."""
    actor = actor_of(request)
    return done(
        request,
        lambda: operations.add_usual_kinds(actor=actor),
        back=reverse("desk:kinds"),
        text=_("La liste habituelle est en place : changez-la à votre façon."),
    )


@requires("calls.manage")
@require_POST
def move(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    """Move a call up or down its list."""
    actor, step = actor_of(request), _STEPS.get(request.POST.get("step", ""), 0)
    return done(
        request,
        lambda: operations.move_kind(actor=actor, kind_id=kind_id, step=step),
        back=reverse("desk:kinds"),
    )


@requires("calls.manage")
@require_POST
def remove(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    """Take a call off the list."""
    actor = actor_of(request)
    return done(
        request,
        lambda: operations.remove_kind(actor=actor, kind_id=kind_id),
        back=reverse("desk:kinds"),
        text=_("L’appel est retiré. Il peut être remis, en bas de cette page."),
    )


@requires("calls.manage")
@require_POST
def restore(request: HttpRequest, kind_id: UUID) -> HttpResponse:
    """Put a removed call back."""
    actor = actor_of(request)
    return done(
        request,
        lambda: operations.restore_kind(actor=actor, kind_id=kind_id),
        back=reverse("desk:kinds"),
        text=_("L’appel est remis dans la liste."),
    )


def _page(
    request: HttpRequest, form: KindForm, wrong: tuple[UUID, KindForm] | None
) -> HttpResponse:
    practice_id = actor_of(request).own_practice_id
    wrong_id, wrong_form = wrong or (None, None)
    rows = [
        (
            kind,
            wrong_form
            if wrong_form and kind.id == wrong_id
            else KindForm(practice_id=practice_id, kind=kind),
        )
        for kind in queries.kinds(practice_id)
    ]
    context = {"rows": rows, "form": form, "removed": queries.removed_kinds(practice_id)}
    status = 422 if wrong or form.errors else 200
    return render(request, "care/desk/kinds.html", context, status=status)
