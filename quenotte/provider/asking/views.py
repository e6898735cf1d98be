"""Pages of the questions: those that were asked, a new one, its answers as they come."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of
from quenotte.provider.asking import operations, queries
from quenotte.provider.asking.forms import QuestionForm
from quenotte.provider.console import queries as console
from quenotte.provider.console.rules import conditions
from quenotte.provider.customers.access import customer_for
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.traces.operations import note_showing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from quenotte.provider.asking.models import Question
    from quenotte.provider.customers.models import Customer
    from quenotte.provider.enrolment.models import Machine

_A_PAGE = 40
#: Which questions a session was noted to have opened, and when (seconds): a page that stays open.
_NOTED, _ONE_OPENING_S = "answers_noted", 3_600


@dataclass(frozen=True, slots=True)
class Chosen:
    """The practice that a question is for, or one machine of it."""

    customer: "Customer"
    machine: "Machine | None"

    def __str__(self) -> str:
        whole = self.customer.full_name
        return f"{self.machine.name}, {whole}" if self.machine else whole


@requires("fleet.read")
@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """Show what was asked lately; no practice is named here."""
    page = Paginator(queries.questions(), _A_PAGE).get_page(request.GET.get("page"))
    rows = [(one, queries.subject_words(one.subject)) for one in page.object_list]
    context = {"page": page, "rows": rows, "now": timezone.now()}
    return render(request, "provider/asking/questions.html", context)


@requires("fleet.work", fresh_to_write=True)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Choose a question and its machines."""
    form = QuestionForm(
        request.POST if request.method == "POST" else None, initial=_wanted(request)
    )
    chosen = _chosen(request)
    if request.method == "POST" and form.is_valid():
        machines, whom = _machines(chosen, form.cleaned_data["q"])
        try:
            made = operations.ask(
                actor=actor_of(request),
                subject=form.cleaned_data["subject"],
                machines=machines,
                whom=whom,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("asking:question", made.id)
    status = 422 if form.errors else 200
    return render(
        request, "provider/asking/ask.html", {"form": form, "chosen": chosen}, status=status
    )


@requires("fleet.read")
@require_safe
def question(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Show a question and its answers; each practice in it has its row."""
    found, context = _shown(request, question_id)
    return render(request, "provider/asking/question.html", {**context, "question": found})


@requires("fleet.read")
@require_safe
def progress(request: HttpRequest, question_id: UUID) -> HttpResponse:
    """Draw the answers again, for the page that is open; whoever comes without one is led to it.

    Who asks for it without the page leaves the same rows.
    """
    if not request.headers.get("HX-Request"):
        return redirect("asking:question", question_id)
    found, context = _shown(request, question_id, is_again=True)
    return render(request, "provider/asking/_answers.html", {**context, "question": found})


def _shown(
    request: HttpRequest, question_id: UUID, *, is_again: bool = False
) -> "tuple[Question, dict[str, object]]":
    """Return a question with what is shown of it; each practice in it has its row.

    ``is_again``: a page that is open draws itself again. Raises: Http404.
    """
    found = queries.question(question_id)
    if found is None:
        raise Http404
    told = queries.progress(found, timezone.now())
    if not told.rows:
        # Its practices are under contract no more.
        raise Http404
    shown = Counter(row.machine.customer_id for row in told.rows)
    # The answers of another question are no page that draws itself again.
    is_again = is_again and str(question_id) in _noted(request)
    note_showing(
        actor=actor_of(request), action=Action.READ, what="answers", shown=shown, is_again=is_again
    )
    if not is_again:
        request.session[_NOTED] = _noted(request) | {str(question_id): int(time.time())}
    return found, {"progress": told, "subject": queries.subject_words(found.subject)}


def _noted(request: HttpRequest) -> dict[str, int]:
    """Return which questions this session opened within the hour."""
    kept, now = request.session.get(_NOTED, {}), time.time()
    return {one: at for one, at in kept.items() if 0 <= now - at < _ONE_OPENING_S}


def _wanted(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "")[:200] for name in ("machine", "cabinet", "q")}


def _chosen(request: HttpRequest) -> Chosen | None:
    """Return the machine or the practice that is named, opened; None for neither.

    Raises: Http404.
    """
    told = request.POST if request.method == "POST" else request.GET
    if one := told.get("machine"):
        found = enrolment.found(_id(one))
        if found is None:
            raise Http404
        customer = customer_for(request, found.customer_id, what="machine", about=found.name)
        # An agent that joined another is asked as the machine that both tell of.
        return Chosen(customer, found.host or found)
    if one := told.get("cabinet"):
        return Chosen(customer_for(request, _id(one), what="fleet"), None)
    return None


def _id(told: str) -> UUID:
    found = uuid_of(told)
    if found is None:
        raise Http404
    return found


def _machines(
    chosen: Chosen | None, words: str
) -> "tuple[Sequence[Machine] | QuerySet[Machine], str]":
    """Return the machines that are meant, and how they were chosen."""
    if chosen is None:
        return console.search(conditions(words)), words
    if chosen.machine is None:
        return enrolment.accepted(chosen.customer.id), str(chosen)
    return enrolment.accepted_among([chosen.machine.id]), str(chosen)
