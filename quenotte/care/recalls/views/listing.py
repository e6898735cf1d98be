"""Who is to be asked back, and what is done about it."""

from collections.abc import Callable
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.patients.access import opened_patient
from quenotte.care.recalls import access, letters, operations, panels
from quenotte.care.recalls.forms import AttemptForm, LaterForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done
from quenotte.web.fragments import wants_fragment


@requires("recalls.use")
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Show who is to be asked back."""
    context = panels.list_page(request)
    if wants_fragment(request):
        return render(request, "care/recalls/_list.html", context)
    access.open_list(actor_of(request), len(context["page"].lines))
    return render(request, "care/recalls/list.html", context)


@requires("recalls.use")
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """Look for who is due now, without waiting for the night."""
    new = operations.plan_now(actor=actor_of(request))
    text = _("%(count)d patients ajoutés à la liste.") if new else _("La liste est à jour.")
    messages.success(request, text % {"count": new} if new else text)
    return redirect("recalls:list")


@requires("recalls.use")
@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """Answer the letters to those who are ticked, as one PDF."""
    chosen = [UUID(one) for one in request.POST.getlist("qui") if _is_uuid(one)]
    try:
        content = letters.print_letters(actor=actor_of(request), recall_ids=chosen)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("recalls:list")
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="courriers.pdf"'
    return response


@requires("recalls.use")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Show one recall and its attempts; note another one."""
    actor = actor_of(request)
    found = access.recall_for(actor, recall_id)
    form = AttemptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return done(
            request,
            lambda: operations.note_attempt(actor=actor, recall_id=recall_id, tried=form.tried),
            back=reverse("recalls:list"),
            text=_("C’est noté."),
            undo=reverse("recalls:reopen", args=[recall_id]) if _ends(form) else "",
        )
    context = panels.recall_page(request, recall_id)
    access.open_list(actor, 1)
    # The door of the record: her alerts are on the page.
    context["patient"] = opened_patient(actor, found.patient_id)
    if form.errors:
        context["attempt"] = form
    return render(request, "care/recalls/one.html", context, status=422 if form.errors else 200)


@requires("agenda.write")
@require_safe
def slots(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Lead to the free slots for whom this recall is about, with its type and its length."""
    found = access.recall_for(actor_of(request), recall_id)
    wanted = panels.slot_wanted(found, timezone.localdate())
    return redirect(f"{reverse('agenda:slots')}?{urlencode(wanted)}")


@requires("recalls.use")
@require_POST
def put_off(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Ask back on another day."""
    actor, form = actor_of(request), LaterForm(request.POST)
    access.recall_for(actor, recall_id)
    if not form.is_valid():
        context = {**panels.recall_page(request, recall_id), "later": form}
        return render(request, "care/recalls/one.html", context, status=422)
    day = form.cleaned_data["due_on"]
    return done(
        request,
        lambda: operations.put_off(actor=actor, recall_id=recall_id, due_on=day),
        back=reverse("recalls:list"),
        text=_("Reporté au %(day)s.") % {"day": f"{day:%d/%m/%Y}"},
    )


@requires("recalls.use")
@require_POST
def drop(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Take somebody off the list; the toast takes it back."""
    return _button(
        request, recall_id, operations.drop, _("Retiré de la liste."),
        undo=reverse("recalls:reopen", args=[recall_id]),
    )  # fmt: skip


@requires("recalls.use")
@require_POST
def reopen(request: HttpRequest, recall_id: UUID) -> HttpResponse:
    """Put somebody back on the list."""
    return _button(request, recall_id, operations.reopen, _("De nouveau dans la liste."))


def _button(
    request: HttpRequest, recall_id: UUID, act: Callable[..., object], text: str, undo: str = ""
) -> HttpResponse:
    actor = actor_of(request)
    access.recall_for(actor, recall_id)
    return done(
        request,
        lambda: act(actor=actor, recall_id=recall_id),
        back=reverse("recalls:list"),
        text=text,
        undo=undo,
    )


def _ends(form: AttemptForm) -> bool:
    return form.cleaned_data["result"] in {"booked", "declined"}


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
