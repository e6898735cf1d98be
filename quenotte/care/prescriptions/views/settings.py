"""Pages of templates, favourites, letterheads and correspondents."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.prescriptions import operations, queries
from quenotte.care.prescriptions.forms.prescribing import LineForms, line_forms
from quenotte.care.prescriptions.forms.settings import (
    CorrespondentForm,
    ModelForm,
    PrescriberForm,
    TextForm,
)
from quenotte.care.prescriptions.rules import letters
from quenotte.care.prescriptions.views.answers import done
from quenotte.kernel.errors import Refusal

#: Empty lines offered below those of a template.
_MORE_LINES = 3
_FOLDER = "care/prescriptions/settings"


@requires("prescriptions.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the templates and the favourites; a POST keeps one's own letterhead."""
    actor = actor_of(request)
    own = queries.prescriber(actor.own_person_id)
    fields = ("speciality", "am_number", "more", "paper")
    initial = {name: getattr(own, name) for name in fields}
    form = PrescriberForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.save_prescriber(actor=actor, values=form.cleaned_data)
        messages.success(request, _("En-tête enregistré."))
        return redirect("prescriptions:settings")
    context = {
        "form": form,
        "models": queries.models_of(actor.own_practice_id, hidden=True),
        "texts": queries.texts_of(actor.own_practice_id, hidden=True),
        "favourites": [
            (row.id, queries.line_by_key(actor.own_practice_id, f"fav:{row.id}"))
            for row in queries.favourites_of(actor.own_practice_id)
        ],
        "drug_file": queries.drug_file(),
    }
    return render(request, f"{_FOLDER}/home.html", context, status=422 if form.errors else 200)


@requires("prescriptions.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def model(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show one template of prescription, or a new one; a POST keeps it."""
    actor = actor_of(request)
    found = queries.model_of(actor.own_practice_id, code) if code else None
    if code and found is None:
        raise Http404
    if request.method == "POST":
        form, rows = ModelForm(request.POST), LineForms(request.POST, prefix="l")
        if form.is_valid() and rows.is_valid() and _save_model(request, code, form, rows):
            return redirect("prescriptions:settings")
        return _model_page(request, code, form, rows, 422, found)
    form = ModelForm(
        initial={
            "version": found.version if found else 0,
            "name": found.name if found else "",
            "remarks": found.remarks if found else "",
            "is_active": found.is_active if found else True,
        }
    )
    rows = line_forms(found.lines if found else ())
    rows.extra = _MORE_LINES
    return _model_page(request, code, form, rows, 200, found)


def _save_model(request: HttpRequest, code: str, form: ModelForm, rows: Any) -> bool:
    given = form.cleaned_data
    found = [one.line() for one in rows if one.cleaned_data.get("name")]
    try:
        operations.save_model(
            actor=actor_of(request),
            code=code,
            expected_version=given["version"],
            name=given["name"],
            found=found,
            remarks=given["remarks"],
            is_active=given["is_active"],
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Modèle enregistré."))
    return True


def _model_page(
    request: HttpRequest,
    code: str,
    form: ModelForm,
    rows: Any,
    status: int,
    found: queries.Model | None,
) -> HttpResponse:
    is_unread = found is not None and found.is_unread
    context = {"form": form, "rows": rows, "code": code, "is_unread": is_unread}
    return render(request, f"{_FOLDER}/model.html", context, status=status)


@requires("prescriptions.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, code: str = "") -> HttpResponse:
    """Show one template of letter, or a new one; a POST keeps it."""
    actor = actor_of(request)
    found = queries.text_of(actor.own_practice_id, code) if code else None
    if code and found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in TextForm.base_fields} if found else {
        "version": 0, "is_active": True, "needs_dentist": True,
    }  # fmt: skip
    form = TextForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid() and _save_text(request, code, form):
        return redirect("prescriptions:settings")
    context = {"form": form, "code": code, "places": letters.PLACES}
    return render(request, f"{_FOLDER}/text.html", context, status=422 if form.errors else 200)


def _save_text(request: HttpRequest, code: str, form: TextForm) -> bool:
    values = dict(form.cleaned_data)
    version = values.pop("version")
    try:
        operations.save_text(
            actor=actor_of(request), code=code, expected_version=version, values=values
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("Modèle enregistré."))
    return True


@requires("prescriptions.manage")
@require_POST
def forget(request: HttpRequest, favourite_id: UUID) -> HttpResponse:
    """Propose a favourite no more."""
    done(
        request,
        lambda: operations.forget_favourite(actor=actor_of(request), favourite_id=favourite_id),
        _("Retiré des favoris."),
    )
    return redirect("prescriptions:settings")


@requires("letters.write")
@require_http_methods(["GET", "HEAD", "POST"])
def correspondents(request: HttpRequest, correspondent_id: UUID | None = None) -> HttpResponse:
    """Show those whom the practice writes to; a POST adds or changes one."""
    actor = actor_of(request)
    found, fields = None, list(CorrespondentForm.base_fields)
    if correspondent_id is not None:
        found = queries.correspondent(actor.own_practice_id, correspondent_id)
        if found is None:
            raise Http404
    initial = {name: getattr(found, name, name == "is_active" or "") for name in fields}
    form = CorrespondentForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        operations.save_correspondent(
            actor=actor, correspondent_id=correspondent_id, values=form.cleaned_data
        )
        messages.success(request, _("Correspondant enregistré."))
        return redirect("prescriptions:correspondents")
    context = {
        "form": form,
        "found": found,
        "correspondents": queries.correspondents(actor.own_practice_id, hidden=True),
    }
    status = 422 if form.errors else 200
    return render(request, f"{_FOLDER}/correspondents.html", context, status=status)
