"""The card of a practice that is coming back, and the page on which a copy is looked into."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.restores import operations
from quenotte.upkeep.restores.forms import PastForm
from quenotte.upkeep.restores.panels import context_of


@requires("home.read")
@require_safe
def coming_back(request: HttpRequest) -> HttpResponse:
    """Answer with the card as it is now."""
    return render(request, "upkeep/restores/_coming_back.html", context_of())


@requires("backups.compare")
@require_http_methods(["GET", "HEAD", "POST"])
def past(request: HttpRequest) -> HttpResponse:
    """Show a record or a day as a copy holds it, beside today; bring back what was chosen."""
    actor = actor_of(request)
    form = PastForm(request.GET or None, actor=actor)
    found: list[Any] | None = None
    if form.is_bound and form.is_valid():
        try:
            if request.method == "POST":
                return _brought_back(request, form)
            found = operations.look(form.look(), actor=actor)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "changes": found, "selection": form.selection}
    return render(request, "upkeep/restores/past.html", context)


def _brought_back(request: HttpRequest, form: PastForm) -> HttpResponse:
    keys = request.POST.getlist("ligne")
    count = operations.bring_back(form.look(), keys, actor=actor_of(request))
    words = ngettext("{count} ligne ramenée.", "{count} lignes ramenées.", count)
    messages.success(request, words.format(count=count))
    return redirect(request.get_full_path())
