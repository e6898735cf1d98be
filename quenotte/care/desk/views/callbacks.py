"""À rappeler: who must be telephoned."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.desk import access, operations, panels
from quenotte.care.desk.forms import CallbackForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done
from quenotte.web.fragments import wants_fragment


@requires("callbacks.use")
@require_http_methods(["GET", "HEAD", "POST"])
def callbacks(request: HttpRequest) -> HttpResponse:
    """Show who must be telephoned; add somebody."""
    actor = actor_of(request)
    phone, initial = panels.new_callback(request)
    form = CallbackForm(request.POST or None, known_phone=phone, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.ask_callback(actor=actor, asked=form.asked)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté dans la liste « À rappeler »."))
            return redirect("desk:callbacks")
    if wants_fragment(request):
        return HttpResponse(panels.callback_list(request))
    context = {**panels.callbacks_page(request), "form": form}
    access.open_list(actor, "callback", len(context["callbacks"]))
    return render(request, "care/desk/callbacks.html", context, status=422 if form.errors else 200)


@requires("callbacks.use")
@require_http_methods(["GET", "HEAD", "POST"])
def callback(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Change a line of the list."""
    actor = actor_of(request)
    found = access.callback_for(actor, callback_id)
    form = CallbackForm(
        request.POST or None, known_phone=found.phone, initial=panels.callback_fields(found)
    )
    seen = request.POST.get("version", "")
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_callback(
                actor=actor,
                callback_id=callback_id,
                asked=form.asked,
                seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk:callbacks")
    context = panels.callback_page(request, callback_id, form)
    return render(request, "care/desk/callback.html", context, status=422 if form.errors else 200)


@requires("callbacks.use")
@require_POST
def note_try(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Note that nobody answered."""
    actor = actor_of(request)
    access.callback_for(actor, callback_id)
    return done(
        request,
        lambda: operations.note_try(actor=actor, callback_id=callback_id),
        back=reverse("desk:callbacks"),
        text=_("Essai noté : la personne reste dans la liste."),
    )


@requires("callbacks.use")
@require_POST
def finish(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Note that the person was reached; the toast takes it back."""
    actor = actor_of(request)
    access.callback_for(actor, callback_id)
    return done(
        request,
        lambda: operations.finish_callback(actor=actor, callback_id=callback_id),
        back=reverse("desk:callbacks"),
        text=_("Rappel fait."),
        undo=reverse("desk:reopen_callback", args=[callback_id]),
    )


@requires("callbacks.use")
@require_POST
def reopen(request: HttpRequest, callback_id: UUID) -> HttpResponse:
    """Put somebody back on the list."""
    actor = actor_of(request)
    access.callback_for(actor, callback_id)
    return done(
        request,
        lambda: operations.reopen_callback(actor=actor, callback_id=callback_id),
        back=reverse("desk:callbacks"),
        text=_("C’est de nouveau à rappeler."),
    )
