"""À faire: tasks for oneself, given to others, done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.desk import access, operations, panels
from quenotte.care.desk.forms import CommentForm, TaskForm
from quenotte.care.desk.rules.whom import written
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done
from quenotte.web.fragments import wants_fragment


@requires("tasks.use")
@require_http_methods(["GET", "HEAD", "POST"])
def tasks(request: HttpRequest) -> HttpResponse:
    """Show the tasks, those that ``?vue=`` asks for; give a new one."""
    actor = actor_of(request)
    form = TaskForm(request.POST or None, actor=actor, initial=panels.new_task(request))
    if request.method == "POST" and form.is_valid():
        try:
            operations.give(actor=actor, given=form.given)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est noté."))
            return redirect("desk:tasks")
    if wants_fragment(request):
        return HttpResponse(panels.task_list(request))
    context = {**panels.tasks_page(request), "form": form}
    access.open_list(actor, "task", panels.named(context["tasks"]))
    return render(request, "care/desk/tasks.html", context, status=422 if form.errors else 200)


@requires("tasks.use")
@require_safe
def badge(request: HttpRequest) -> HttpResponse:
    """Show again how many tasks wait."""
    if not wants_fragment(request):
        return redirect("desk:tasks")
    return HttpResponse(panels.task_badge(request, None))


@requires("patients.search")
@require_safe
def patients(request: HttpRequest) -> HttpResponse:
    """Propose the patients that the typed words may mean, to link one."""
    found = panels.found_patients(actor_of(request), request.GET.get("q", "").strip())
    return render(request, "care/desk/_found.html", {"found": found, "q": request.GET.get("q", "")})


@requires("tasks.use")
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Show one task with what was said about it; save it again."""
    actor = actor_of(request)
    found = access.task_for(actor, task_id)
    initial = {
        "text": found.text,
        "whom": written(role=found.role, person_id=found.person_id),
        "due_on": found.due_on,
        "patient": found.patient_id,
    }
    hidden = None if may(actor.roles, "patients.read") else found.patient_id
    form = TaskForm(
        request.POST or None,
        actor=actor,
        keeps=found.person_id,
        hidden_patient_id=hidden,
        initial=initial,
    )
    if request.method == "POST" and form.is_valid() and _changed(request, task_id, form):
        messages.success(request, _("La modification est enregistrée."))
        return redirect("desk:task", task_id)
    return _task_page(request, task_id, form=form)


@requires("tasks.use")
@require_POST
def finish(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Note that a task is done; the toast takes it back."""
    actor = actor_of(request)
    access.task_for(actor, task_id)
    return done(
        request,
        lambda: operations.finish(actor=actor, task_id=task_id),
        back=reverse("desk:tasks"),
        text=_("C’est fait."),
        undo=reverse("desk:reopen", args=[task_id]),
    )


@requires("tasks.use")
@require_POST
def reopen(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Put a task back among those to do."""
    actor = actor_of(request)
    access.task_for(actor, task_id)
    return done(
        request,
        lambda: operations.reopen(actor=actor, task_id=task_id),
        back=reverse("desk:tasks"),
        text=_("C’est de nouveau à faire."),
    )


@requires("tasks.use")
@require_POST
def comment(request: HttpRequest, task_id: UUID) -> HttpResponse:
    """Say something about a task."""
    actor = actor_of(request)
    access.task_for(actor, task_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _task_page(request, task_id, comment=form)
    text = form.cleaned_data["text"]
    return done(
        request,
        lambda: operations.comment(actor=actor, task_id=task_id, text=text),
        back=reverse("desk:task", args=[task_id]),
    )


def _changed(request: HttpRequest, task_id: UUID, form: TaskForm) -> bool:
    seen = request.POST.get("version", "")
    try:
        operations.change_task(
            actor=actor_of(request),
            task_id=task_id,
            given=form.given,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _task_page(request: HttpRequest, task_id: UUID, **forms: Any) -> HttpResponse:
    context = panels.task_page(request, task_id, **forms)
    wrong = any(form.errors for form in forms.values())
    return render(request, "care/desk/task.html", context, status=422 if wrong else 200)
