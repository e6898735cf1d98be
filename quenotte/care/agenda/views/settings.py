"""How the practice works: types of appointments, opening hours, absences."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.agenda import operations, queries
from quenotte.care.agenda.forms.settings import (
    AgendaSettingsForm,
    HoursForm,
    LeaveForm,
    TypeForm,
)
from quenotte.kernel.errors import Refusal

_STEPS = {"up": -1, "down": 1}


@requires("agenda.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def types(request: HttpRequest) -> HttpResponse:
    """Show the types of appointments and add one."""
    form = TypeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_type(actor=actor_of(request), values=form.cleaned_data)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le type est ajouté."))
            return redirect("agenda:types")
    kinds = queries.types(actor_of(request).own_practice_id, with_retired=True)
    context = {"kinds": [(kind, TypeForm.of(kind)) for kind in kinds], "form": form}
    return _page(request, "types", context, 422 if form.errors else 200)


@requires("agenda.manage")
@require_POST
def change_type(request: HttpRequest, type_id: UUID) -> HttpResponse:
    """Change a type; appointments keep what they were booked with."""
    form = TypeForm(request.POST)
    if not form.is_valid():
        first = next(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"{first} {_('Rien n’a été modifié.')}")
        return redirect("agenda:types")
    return _try(
        request,
        "agenda:types",
        _("Le type est enregistré."),
        operations.save_type,
        type_id=type_id,
        values=form.cleaned_data,
    )


@requires("agenda.manage")
@require_POST
def move_type(request: HttpRequest, type_id: UUID) -> HttpResponse:
    """Move a type up or down its list."""
    step = _STEPS.get(request.POST.get("step", ""), 0)
    return _try(request, "agenda:types", "", operations.move_type, type_id=type_id, step=step)


@requires("agenda.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest) -> HttpResponse:
    """Show and save the hours of the practice, or of a practitioner (``?praticien=``)."""
    actor = actor_of(request)
    practitioner = _practitioner(request)
    who = practitioner.id if practitioner else None
    if request.method == "POST":
        form = HoursForm(request.POST)
    else:
        form = HoursForm.of(actor.own_practice_id, who)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_hours(actor=actor, spans=form.spans(), practitioner_id=who)
        except operations.BadHours as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Les horaires sont enregistrés."))
            return redirect(request.get_full_path())
    return _page(request, "hours", _hours_context(request, form), 422 if form.errors else 200)


@requires("agenda.manage")
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """Choose the step of the grid, and whether public holidays are worked."""
    form = AgendaSettingsForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choisissez un pas proposé. Rien n’a été modifié."))
        return redirect("agenda:hours")
    return _try(
        request,
        "agenda:hours",
        _("Les réglages de l’agenda sont enregistrés."),
        operations.save_settings,
        **form.cleaned_data,
    )


@requires("agenda.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Show the absences to come and note one."""
    practice_id = actor_of(request).own_practice_id
    form = LeaveForm(practice_id, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _kept, inside = operations.add_leave(actor=actor_of(request), **form.values())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            _tell_leave(request, inside)
            return redirect("agenda:leave")
    coming = queries.leaves(practice_id).filter(ends_at__gt=timezone.now())
    context = {"form": form, "leaves": list(coming)}
    return _page(request, "leave", context, 422 if form.errors else 200)


@requires("agenda.manage")
@require_POST
def remove_leave(request: HttpRequest, leave_id: UUID) -> HttpResponse:
    """Take an absence back."""
    words = _("L’absence est retirée. Les rendez-vous peuvent de nouveau y être pris.")
    return _try(request, "agenda:leave", words, operations.remove_leave, leave_id=leave_id)


def _tell_leave(request: HttpRequest, inside: int) -> None:
    """Say that the absence is kept, and that somebody has to move the appointments in it."""
    messages.success(request, _("L’absence est notée."))
    if inside:
        words = ngettext(
            "%(count)s rendez-vous tombe pendant cette absence : il reste à sa place, déplacez-le.",
            "%(count)s rendez-vous tombent pendant cette absence : ils restent à leur place, "
            "déplacez-les.",
            inside,
        )
        messages.warning(request, words % {"count": inside})


def _practitioner(request: HttpRequest) -> queries.Column | None:
    """Return the practitioner whose hours are asked for. Raises: Http404 for an unknown one."""
    asked = request.GET.get("praticien", "")
    if not asked:
        return None
    for one in queries.practitioners(actor_of(request).own_practice_id):
        if str(one.id) == asked:
            return one
    raise Http404


def _hours_context(request: HttpRequest, form: HoursForm) -> dict[str, Any]:
    practice_id = actor_of(request).own_practice_id
    return {
        "form": form,
        "practitioner": _practitioner(request),
        "practitioners": queries.practitioners(practice_id),
        "settings_form": AgendaSettingsForm.of(queries.settings_of(practice_id)),
    }


def _try(
    request: HttpRequest, page: str, done: str, operation: Any, **arguments: Any
) -> HttpResponse:
    """Run an operation and say in one sentence how it went."""
    try:
        operation(actor=actor_of(request), **arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        if done:
            messages.success(request, done)
    return redirect(page)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    context = {"part": "agenda", "subpart": name, **context}
    return render(request, f"care/agenda/settings/{name}.html", context, status=status)
