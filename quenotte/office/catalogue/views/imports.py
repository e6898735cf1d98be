"""The official file: brought, looked at, applied."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue import operations, queries
from quenotte.office.catalogue.forms import OfficialFileForm
from quenotte.office.catalogue.models import CatalogueImport
from quenotte.office.catalogue.views.answers import attempt, page, practice_of
from quenotte.web.fragments import wants_fragment

_MANAGE = "catalogue.manage"
State = CatalogueImport.State


@requires(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the files so far; take a new one."""
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = OfficialFileForm(*sent)
    if form.is_valid():
        try:
            source = operations.receive(actor=actor_of(request), upload=form.cleaned_data["file"])
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("catalogue:import", source_id=source.id)
    context = {"form": form, "imports": queries.imports(practice_of(request))}
    return page(request, "imports", "imports", context, 422 if form.errors else 200)


@requires(_MANAGE)
@require_safe
def show(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Show a file where it stands: being read, to be agreed to, applied."""
    source = queries.one_import(practice_of(request), source_id)
    if source is None:
        raise Http404
    context: dict[str, Any] = {
        "source": source,
        "is_working": source.state in {State.READING, State.APPLYING},
        "is_empty": not any(source.counts.get(name) for name in _CHANGES),
    }
    if wants_fragment(request):
        return render(request, "office/catalogue/_import.html", context)
    return page(request, "import", "imports", context)


@requires(_MANAGE)
@require_POST
def start(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Agree to what a file changes."""
    back = reverse("catalogue:import", args=[source_id])
    return attempt(request, operations.start_applying, "", back, import_id=source_id)


@requires(_MANAGE)
@require_POST
def give_up(request: HttpRequest, source_id: UUID) -> HttpResponse:
    """Forget a file that was not applied."""
    words = _("Le fichier est abandonné. Le catalogue n’a pas changé.")
    back = reverse("catalogue:imports")
    return attempt(request, operations.give_up, words, back, import_id=source_id)


_CHANGES = ("new", "changed", "ended", "labelled", "is_new_version")
