"""Matériel > Laboratoire: what is away, and the laboratories."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, requires
from quenotte.care.prosthetics import operations, panels, queries, rules
from quenotte.care.prosthetics.forms import LaboratoryForm, SettingsForm
from quenotte.kernel.errors import Refusal


@requires("laboratory.read")
@require_safe
def works(request: HttpRequest) -> HttpResponse:
    """Show the work that is not over, or that of ``?etat=``."""
    actor, status = actor_of(request), request.GET.get("etat", "")
    status = status if status in rules.STATUSES else ""
    found = queries.works(actor.own_practice_id, status=status)
    if found:
        audit.record(
            action=Action.READ,
            actor=actor,
            object_kind="lab_order",
            detail={"purpose": "list", "count": len(found)},
        )
    address = reverse("prosthetics:works")
    chosen = [("", _("En cours")), *list(rules.STATUSES.items())[:-1]]
    tabs = [
        {
            "label": label,
            "url": f"{address}?etat={code}" if code else address,
            "current": code == status,
        }
        for code, label in chosen
    ]
    rows = [(work, panels.alarm_words(work)) for work in found]
    context = {"rows": rows, "tabs": tabs, "status": status}
    return render(request, "care/prosthetics/works.html", context)


@requires("laboratory.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show the laboratories and the settings; save the settings (``?labo``: add one)."""
    actor = actor_of(request)
    row = queries.settings_of(actor.own_practice_id)
    adds, data = "labo" in request.GET, request.POST if request.method == "POST" else None
    initial = {"hides_names": row.hides_names, "days_before": row.days_before}
    form = SettingsForm(None if adds else data, initial=initial)
    new = LaboratoryForm(data if adds else None, prefix="nouveau")
    if data is not None and _saved(request, new if adds else form):
        return redirect("prosthetics:settings")
    laboratories = queries.laboratories(actor.own_practice_id)
    context = {"form": form, "new": new, "laboratories": laboratories}
    status = 422 if form.errors or new.errors else 200
    return render(request, "care/prosthetics/settings.html", context, status=status)


@requires("laboratory.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def laboratory(request: HttpRequest, laboratory_id: UUID) -> HttpResponse:
    """Show a laboratory; save it again."""
    actor = actor_of(request)
    found = queries.laboratories(actor.own_practice_id).filter(id=laboratory_id).first()
    if found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in LaboratoryForm.base_fields}
    form = LaboratoryForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_laboratory(
                actor=actor, laboratory_id=laboratory_id, described=form.described
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le laboratoire est enregistré."))
            return redirect("prosthetics:settings")
    context = {"form": form, "laboratory": found}
    status = 422 if form.errors else 200
    return render(request, "care/prosthetics/laboratory.html", context, status=status)


def _saved(request: HttpRequest, form: Any) -> bool:
    if not form.is_valid():
        return False
    actor = actor_of(request)
    try:
        if isinstance(form, LaboratoryForm):
            operations.add_laboratory(actor=actor, described=form.described)
        else:
            operations.save_settings(actor=actor, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("C’est enregistré."))
    return True
