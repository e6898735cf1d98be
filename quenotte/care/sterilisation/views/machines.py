"""Matériel > Stérilisation: autoclaves, their tests, the cycles, the register, the settings."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.care.sterilisation import operations, queries, rules
from quenotte.care.sterilisation.forms import AutoclaveForm, SettingsForm, StartForm
from quenotte.kernel.errors import Refusal
from quenotte.web.answers import done


@requires("sterilisation.read")
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the autoclaves of today and the last cycles; launch a cycle."""
    actor = actor_of(request)
    can_write = may(actor.roles, "sterilisation.write")
    form = StartForm(request.POST or None if can_write else None, practice_id=actor.own_practice_id)
    if request.method == "POST" and can_write and form.is_valid():
        try:
            made = operations.start(actor=actor, started=form.started)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le cycle est lancé. Préparez ses étiquettes."))
            return redirect("sterilisation:cycle", made.id)
    context = {
        "machines": queries.today(actor.own_practice_id),
        "cycles": queries.last_cycles(actor.own_practice_id),
        "recalls": queries.recalls(actor.own_practice_id),
        "tones": rules.TONES,
        "form": form,
        "can_write": can_write,
    }
    status = 422 if form.errors else 200
    return render(request, "care/sterilisation/home.html", context, status=status)


@requires("sterilisation.write")
@require_POST
def test(request: HttpRequest, autoclave_id: UUID) -> HttpResponse:
    """Write the result of a test of today."""
    actor, kind = actor_of(request), request.POST.get("kind", "")
    passed = request.POST.get("result") == "oui"
    text = _("Test conforme noté.") if passed else _("Test non conforme noté : ne stérilisez pas.")
    return done(
        request,
        lambda: operations.note_test(
            actor=actor, autoclave_id=autoclave_id, kind=kind, passed=passed
        ),
        back=reverse("sterilisation:home"),
        text=text,
    )


@requires("sterilisation.read")
@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """Show, to be printed, the tests and cycles of a month (``?mois=2026-11``)."""
    practice_id, first = actor_of(request).own_practice_id, _month(request.GET.get("mois", ""))
    context = {
        "first": first,
        "before": _shifted(first, -1),
        "after": _shifted(first, 1),
        "cycles": queries.cycles_of_month(practice_id, first),
        "tests": queries.tests_of_month(practice_id, first),
    }
    return render(request, "care/sterilisation/register.html", context)


@requires("sterilisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """Show the autoclaves and the settings; save the settings (``?autoclave``: add one)."""
    actor = actor_of(request)
    row = queries.settings_of(actor.own_practice_id)
    adds = "autoclave" in request.GET
    data = request.POST if request.method == "POST" else None
    form = SettingsForm(
        None if adds else data, initial={"shelf_days": row.shelf_days, "kits": row.kits}
    )
    usual = "\n".join(one.words for one in rules.USUAL_PROGRAMMES)
    new = AutoclaveForm(data if adds else None, initial={"programmes": usual}, prefix="nouveau")
    if data is not None and _saved(request, new if adds else form, adds=adds):
        return redirect("sterilisation:settings")
    context = {
        "form": form,
        "new": new,
        "autoclaves": queries.autoclaves(actor.own_practice_id),
    }
    status = 422 if form.errors or new.errors else 200
    return render(request, "care/sterilisation/settings.html", context, status=status)


@requires("sterilisation.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def autoclave(request: HttpRequest, autoclave_id: UUID) -> HttpResponse:
    """Show an autoclave; save it again."""
    actor = actor_of(request)
    found = queries.autoclaves(actor.own_practice_id).filter(id=autoclave_id).first()
    if found is None:
        raise Http404
    initial = {name: getattr(found, name) for name in AutoclaveForm.base_fields}
    form = AutoclaveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_autoclave(
                actor=actor, autoclave_id=autoclave_id, described=form.described
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("L’autoclave est enregistré."))
            return redirect("sterilisation:settings")
    context = {"form": form, "autoclave": found}
    status = 422 if form.errors else 200
    return render(request, "care/sterilisation/autoclave.html", context, status=status)


def _saved(request: HttpRequest, form: AutoclaveForm | SettingsForm, *, adds: bool) -> bool:
    if not form.is_valid():
        return False
    actor = actor_of(request)
    try:
        if isinstance(form, AutoclaveForm):
            operations.add_autoclave(actor=actor, described=form.described)
        else:
            operations.save_settings(actor=actor, **form.cleaned_data)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, _("C’est enregistré."))
    return True


def _month(text: str) -> date:
    """Return the first day of the month that an address names; this month's otherwise."""
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return timezone.localdate().replace(day=1)


def _shifted(first: date, step: int) -> date | None:
    months = first.year * 12 + first.month - 1 + step
    moved = date(months // 12, months % 12 + 1, 1) if 12 <= months < 12 * 9999 else None
    return moved if moved and moved <= timezone.localdate() else None
