"""Macros: several acts that the practice does together, under a name of its own."""

import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue import operations, queries
from quenotte.office.catalogue.forms import MacroForm
from quenotte.office.catalogue.models import Macro
from quenotte.office.catalogue.views.answers import attempt, page, practice_of, toasted
from quenotte.web.fragments import wants_fragment

_READ, _MANAGE = "catalogue.read", "catalogue.manage"
_LIST = "catalogue:macros"
_STEPS = {"up": -1, "down": 1}
#: A tooth on which the page shows what a macro gives.
_EXAMPLE = 16


@requires(_READ)
@require_http_methods(["GET", "HEAD", "POST"])
def macros(request: HttpRequest) -> HttpResponse:
    """Show the macros, each with what it gives on a molar; add one."""
    form = MacroForm(request.POST or None)
    if request.method == "POST":
        if not may_request(request, _MANAGE):
            raise Http404
        if form.is_valid() and _saved(request, form):
            return redirect(_LIST)
    practice_id, today = practice_of(request), timezone.localdate()
    found = [
        (one, queries.macro(practice_id, one.name, (_EXAMPLE,), today))
        for one in queries.macros(practice_id)
    ]
    context: dict[str, Any] = {
        "macros": found,
        "form": form,
        "example": _EXAMPLE,
        "can_manage": may_request(request, _MANAGE),
    }
    return page(request, "macros", "macros", context, 422 if form.errors else 200)


@requires(_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    """Change a macro."""
    macro = _macro(request, macro_id)
    form = MacroForm.of(macro, request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, macro.id):
        return redirect(_LIST)
    return page(
        request, "macro", "macros", {"macro": macro, "form": form}, 422 if form.errors else 200
    )


@requires(_MANAGE)
@require_POST
def move(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    """Move a macro up or down the list."""
    step = _STEPS.get(request.POST.get("step", ""), 0)
    return attempt(request, operations.move_macro, "", _LIST, macro_id=macro_id, step=step)


@requires(_MANAGE)
@require_POST
def remove(request: HttpRequest, macro_id: UUID) -> HttpResponse:
    """Remove a macro; the toast puts it back."""
    macro = _macro(request, macro_id)
    operations.remove_macro(actor=actor_of(request), macro_id=macro.id)
    words = _("« %(name)s » est retiré.") % {"name": macro.name}
    if not wants_fragment(request):
        messages.success(request, words)
        return redirect(_LIST)
    question = urlencode({"nom": macro.name, "actes": json.dumps(macro.lines)})
    undo = f"{reverse('catalogue:restore_macro')}?{question}"
    return toasted(HttpResponse(""), words, undo=undo)


@requires(_MANAGE)
@require_POST
def restore(request: HttpRequest) -> HttpResponse:
    """Put a macro back that was just removed, last in the list."""
    lines = request.GET.get("actes", "[]")
    form = MacroForm({"name": request.GET.get("nom", ""), "lines": _plain(lines)})
    if not form.is_valid():
        raise Http404
    operations.save_macro(actor=actor_of(request), **form.cleaned_data)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = reverse(_LIST)
    return response


def _plain(text: str) -> str:
    try:
        lines = json.loads(text)
    except ValueError:
        raise Http404 from None
    if not isinstance(lines, list):
        raise Http404
    return "\n".join(map(str, lines))


def _saved(request: HttpRequest, form: MacroForm, macro_id: UUID | None = None) -> bool:
    """Save a macro whose every line answers something; say what does not."""
    lines = form.cleaned_data["lines"]
    if unknown := queries.unknown_lines(practice_of(request), lines, timezone.localdate()):
        words = _("Aucun acte ne répond à « %(line)s ». Écrivez un code, ou d’autres mots.")
        form.add_error("lines", words % {"line": unknown[0]})
        return False
    try:
        operations.save_macro(actor=actor_of(request), macro_id=macro_id, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return False
    messages.success(request, _("L’enchaînement est enregistré."))
    return True


def _macro(request: HttpRequest, macro_id: UUID) -> Macro:
    found = queries.one_macro(practice_of(request), macro_id)
    if found is None:
        raise Http404
    return found
