"""Tasks on Aujourd’hui, in the top bar, beside a patient, and on their own pages."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.desk import access, queries
from quenotte.care.desk.forms import CommentForm, TaskForm
from quenotte.care.desk.rules.whom import written
from quenotte.care.patients import operations as patient_search
from quenotte.care.patients import queries as patients
from quenotte.web import kept

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Tasks that Aujourd’hui shows; the others are one click away.
_SHOWN: Final = 6
#: Patients proposed while a name is typed.
_FOUND: Final = 6


def my_tasks(request: HttpRequest, _subject: object = None) -> str:
    """Draw what waits for a person, the most urgent first."""
    actor = actor_of(request)
    if not may(actor.roles, "tasks.use"):
        return ""
    tasks = queries.tasks_mine(actor)
    shown = tasks[:_SHOWN]
    if not request.headers.get("HX-Request"):
        access.open_list(actor, "task", named(shown))
    context = {"tasks": shown, "count": len(tasks), "more": len(tasks) - len(shown)}
    return render_to_string("care/desk/_my_tasks.html", context, request)


def task_badge(request: HttpRequest, _subject: object = None) -> str:
    """Draw how many tasks wait, in the top bar."""
    actor = actor_of(request)
    if not may(actor.roles, "tasks.use"):
        return ""
    count, due = queries.count_mine(actor)
    words = ngettext("%(count)s chose à faire", "%(count)s choses à faire", count) % {
        "count": count
    }
    if due:
        words = _("%(words)s, dont %(due)s pour aujourd’hui ou en retard") % {
            "words": words,
            "due": due,
        }
    words = words if count else _("Rien à faire")
    return kept.drawn("care/desk/_badge.html", count=count, due=due, words=words)


def of_patient(request: HttpRequest, patient: "Patient") -> str:
    """Draw, beside a patient, what is to do for her and concerns the reader."""
    actor = actor_of(request)
    if not may(actor.roles, "tasks.use"):
        return ""
    may_call = may(actor.roles, "callbacks.use")
    found = queries.to_do_for(actor, patient.id, with_calls=may_call)
    template = "care/desk/_of_patient.html"
    if not found:
        return kept.drawn(template, fill={"patient_id": patient.id}, may_call=may_call)
    context = {
        "patient_id": patient.id,
        "tasks": [one for one in found if not one.is_call],
        "callbacks": [one for one in found if one.is_call],
        "may_call": may_call,
    }
    return render_to_string(template, context, request)


def tasks_page(request: HttpRequest) -> dict[str, Any]:
    """Return what the page of the tasks shows: those of ``?vue=``, with their tabs."""
    actor, view = actor_of(request), request.GET.get("vue", "")
    reads = {"confiees": queries.tasks_given, "faites": queries.tasks_done}
    tasks = reads[view](actor) if view in reads else queries.tasks_mine(actor)
    address, begun = reverse("desk:tasks"), begun_about(request, queries.new_task_key)
    tabs = [
        {"label": _("Pour moi"), "url": address, "current": view not in reads},
        {"label": _("Confiées"), "url": f"{address}?vue=confiees", "current": view == "confiees"},
        {"label": _("Faites"), "url": f"{address}?vue=faites", "current": view == "faites"},
    ]
    return {
        "tasks": tasks,
        "tabs": tabs,
        "address": f"{address}?vue={view}" if view in reads else address,
        "view": view if view in reads else "",
        **begun,
    }


def task_list(request: HttpRequest) -> str:
    """Draw the list of the page again."""
    return render_to_string("care/desk/_tasks.html", tasks_page(request), request)


def task_page(
    request: HttpRequest, task_id: UUID, *, form: Any = None, comment: CommentForm | None = None
) -> dict[str, Any]:
    """Return what the page of one task shows; the caller opened it."""
    actor = actor_of(request)
    item = queries.item_of(actor, task_id)
    assert item is not None
    if form is None:
        form = TaskForm(
            actor=actor,
            keeps=item.scope.person_id,
            initial={
                "text": item.text,
                "whom": written(role=item.scope.role, person_id=item.scope.person_id),
                "due_on": item.due_on,
                "patient": item.patient_id,
            },
        )
    if comment is None:
        begun = queries.draft_of(actor, queries.comment_key(task_id))
        comment = CommentForm(initial={"text": begun})
    return {
        "item": item,
        "form": form,
        "comment": comment,
        "comments": queries.comments_of(task_id),
        "comment_key": queries.comment_key(task_id),
        "draft": queries.draft_of(actor, queries.task_key(task_id)),
        "draft_key": queries.task_key(task_id),
    }


def new_task(request: HttpRequest) -> dict[str, Any]:
    """Return what a new task begins with: for oneself, about the patient of ``?patient=``."""
    chosen = chosen_patient(request)
    return {
        "whom": f"person:{actor_of(request).own_person_id}",
        "patient": chosen.id if chosen else None,
    }


def found_patients(actor: Actor, words: str) -> list[Any]:
    """Return the patients that the typed words may mean; nothing before two signs."""
    if len(words) < 2:
        return []
    return patient_search.search(actor=actor, text=words[:100], limit=_FOUND)


def named(items: Iterable[queries.Item]) -> int:
    """Return how many of these lines name a patient."""
    return sum(bool(item.patient) for item in items)


def chosen_patient(request: HttpRequest) -> Any:
    """Return the patient that a form is about, None when there is none."""
    return _patient(request, request.POST.get("patient") or request.GET.get("patient", ""))


def begun_about(request: HttpRequest, key_of: Callable[[UUID | None], str]) -> dict[str, Any]:
    """Return the draft of a new line and its patient: the asked one, else whom it names."""
    chosen = chosen_patient(request)
    key = key_of(chosen.id if chosen else None)
    draft = queries.draft_of(actor_of(request), key)
    if request.method != "POST":
        chosen = chosen or _patient(request, people.kept_in(draft, "patient"))
    return {"draft": draft, "draft_key": key, "chosen": chosen}


def _patient(request: HttpRequest, wanted: str) -> Any:
    actor = actor_of(request)
    try:
        patient_id = UUID(wanted)
    except ValueError:
        return None
    if not may(actor.roles, "patients.read"):
        return None
    return patients.of_practice(actor.own_practice_id).filter(id=patient_id).first()
