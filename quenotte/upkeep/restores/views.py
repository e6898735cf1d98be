"""The card of a practice that is coming back, and the page on which the past is looked into."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base import pasts
from quenotte.base.audit.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.restores import jobs, operations, queries
from quenotte.upkeep.restores.forms import PastForm
from quenotte.upkeep.restores.panels import context_of

_COMPARE = "backups.compare"


@requires("home.read")
@require_safe
def coming_back(request: HttpRequest) -> HttpResponse:
    """Answer with the card as it is now."""
    return render(request, "upkeep/restores/_coming_back.html", context_of())


@requires(_COMPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def past(request: HttpRequest) -> HttpResponse:
    """Show a record or a day as it was, beside today; bring back what was chosen."""
    # A link names a record alone; which copy is meant is still to be said.
    asked = request.GET if "lieu" in request.GET else None
    form = PastForm(asked, actor=actor_of(request), initial=request.GET.dict())
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= {"state": queries.state_of(form.asked()), "query": form.query()}
        try:
            if request.method == "POST":
                return _brought_back(request, form)
            context |= _seen(request, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "upkeep/restores/past.html", context)


@requires(_COMPARE)
@require_POST
def reach(request: HttpRequest) -> HttpResponse:
    """Let the worker make the moment that is asked for; the page then waits for it."""
    actor = actor_of(request)
    form = PastForm(request.POST, actor=actor)
    if not form.is_valid():
        return render(request, "upkeep/restores/past.html", {"form": form}, status=422)
    jobs.ask(form.asked(), actor=actor)
    return redirect(f"{reverse('restores:past')}?{form.query()}")


@requires(_COMPARE)
@require_safe
def reaching(request: HttpRequest) -> HttpResponse:
    """Show how far a moment is; once it is there, or failed, the page draws itself again."""
    form = PastForm(request.GET, actor=actor_of(request))
    state = queries.state_of(form.asked()) if form.is_valid() else None
    context = {"state": state, "query": form.query() if form.is_valid() else ""}
    answer = render(request, "upkeep/restores/_reaching.html", context)
    if state is None or not state.is_under_way:
        answer["HX-Refresh"] = "true"
    return answer


def _seen(request: HttpRequest, form: PastForm) -> dict[str, Any]:
    """Return what differs, once the moment is there."""
    actor = actor_of(request)
    state = queries.state_of(form.asked())
    if state is None or state.stage != "ready":
        return {}
    if form.is_search:
        found = operations.found_at(form.asked(), actor=actor)
        hits = [(hit, form.query(porte=hit.door, quoi=hit.typed)) for hit in found.hits]
        left = [words for door in pasts.doors() if door.every for words in _left(door)]
        return {"found": found, "hits": hits, "left": left}
    look = form.look()
    changes = operations.look(look, actor=actor)
    return {"changes": changes, "selection": form.selection, "left": _left(look.door)}


def _left(door: pasts.Door) -> list[str]:
    """Return what belongs behind a door and is not compared, as people are told."""
    return [str(words) for words in pasts.left_of(door).values() if words]


def _brought_back(request: HttpRequest, form: PastForm) -> HttpResponse:
    keys = request.POST.getlist("ligne")
    if not keys:
        messages.warning(request, _("Rien n’était coché : rien n’a été ramené."))
    elif not form.is_search:
        count = operations.bring_back(form.look(), keys, actor=actor_of(request))
        words = ngettext("{count} ligne ramenée.", "{count} lignes ramenées.", count)
        messages.success(request, words.format(count=count))
    return redirect(request.get_full_path())
