"""What a practice sets for its visits: templates of notes, anaesthetics."""

from dataclasses import asdict
from typing import Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import operations, queries
from quenotte.office.visits.forms import AnaestheticForm, TemplateForm
from quenotte.office.visits.views.answering import seen

#: The address of a product that the practice has still to describe.
_NEW: Final = "nouveau"


@requires("visits.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def templates(request: HttpRequest) -> HttpResponse:
    """Show the templates of notes; add one."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _saved(request, form, None):
        return redirect("visits:templates")
    context = {
        "form": form,
        "templates": queries.templates(actor_of(request).own_practice_id, with_retired=True),
    }
    status = 422 if form.errors else 200
    return render(request, "office/visits/templates.html", context, status=status)


@requires("visits.manage")
@require_POST
def usual(request: HttpRequest) -> HttpResponse:
    """Add the usual templates."""
    count = operations.add_usual_templates(actor=actor_of(request))
    messages.success(request, _("Modèles habituels ajoutés : %(n)s.") % {"n": count})
    return redirect("visits:templates")


@requires("visits.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, template_id: UUID) -> HttpResponse:
    """Show one template; save it."""
    found = queries.template_of(actor_of(request).own_practice_id, template_id)
    if found is None:
        raise Http404
    start = {"name": found.name, "text": found.text, "is_active": found.is_active}
    form = TemplateForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _saved(request, form, template_id):
        return redirect("visits:templates")
    status = 422 if form.errors else 200
    context = {"form": form, "template": found}
    return render(request, "office/visits/template.html", context, status=status)


@requires("visits.manage")
@require_safe
def anaesthetics(request: HttpRequest) -> HttpResponse:
    """Show the anaesthetics and where their figures come from."""
    practice_id = actor_of(request).own_practice_id
    products = queries.anaesthetics(practice_id, with_retired=True)
    context = {
        "products": [(one, queries.shipped_words(one)) for one in products],
        "retired": queries.retired(practice_id),
    }
    return render(request, "office/visits/anaesthetics.html", context)


@requires("visits.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def anaesthetic(request: HttpRequest, code: str) -> HttpResponse:
    """Show the figures of one anaesthetic; save them, or describe another one."""
    practice_id = actor_of(request).own_practice_id
    products = queries.anaesthetics(practice_id, with_retired=True)
    found = next((one for one in products if one.code == code), None)
    if found is None and code != _NEW:
        raise Http404
    key = request.POST.get("cle", "") or uuid4().hex
    code = code if found else operations.code_of_new(key)
    start = asdict(found) if found else {}
    start["is_active"] = code not in queries.retired(practice_id)
    form = AnaestheticForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid() and _saved_figures(request, form, code):
        return redirect("visits:anaesthetics")
    status = 422 if form.errors else 200
    version = queries.version_of_anaesthetic(practice_id, code)
    context = {"form": form, "product": found, "version": version, "key": key}
    context["shipped"] = queries.shipped_words(found) if found else ""
    return render(request, "office/visits/anaesthetic.html", context, status=status)


def _saved_figures(request: HttpRequest, form: AnaestheticForm, code: str) -> bool:
    try:
        operations.save_anaesthetic(
            actor=actor_of(request), code=code, values=form.cleaned_data, seen=seen(request)
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Les chiffres sont enregistrés."))
    return True


def _saved(request: HttpRequest, form: TemplateForm, template_id: UUID | None) -> bool:
    try:
        operations.save_template(
            actor=actor_of(request),
            values=form.cleaned_data,
            template_id=template_id,
            seen=seen(request),
        )
    except operations.SettingChanged as refusal:
        form.add_error(None, str(refusal))
        return False
    except Refusal as refusal:
        form.add_error("name", str(refusal))
        return False
    messages.success(request, _("Le modèle est enregistré."))
    return True
