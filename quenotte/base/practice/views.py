"""Cabinet: the practice, its rooms and chairs, its workstations."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.practice import operations, queries
from quenotte.base.practice.forms import PlaceForm, PracticeForm, WorkstationForm
from quenotte.base.practice.rules import EDITABLE, stamp
from quenotte.kernel.errors import Refusal

_PAGE = "practice:places"
_STEPS = {"up": -1, "down": 1}


@requires("practice.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def cabinet(request: HttpRequest) -> HttpResponse:
    """Show and save the practice's own data."""
    practice = queries.practice(actor_of(request).own_practice_id)
    kept = {name: getattr(practice, name) for name in EDITABLE}
    seen = stamp(kept)
    form = PracticeForm(request.POST or None, instance=practice)
    if request.method == "POST" and form.is_valid():
        try:
            operations.change_practice(
                actor=actor_of(request),
                # What this house has no field for stays as it is.
                values={one: form.cleaned_data.get(one, kept[one]) for one in EDITABLE},
                seen=request.POST.get("seen", ""),
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("La fiche est enregistrée."))
        return redirect("practice:cabinet")
    status = 422 if form.errors else 200
    return _page(request, "cabinet", {"form": form, "seen": seen}, status)


@requires("practice.manage")
@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """List the rooms with their chairs."""
    rooms = queries.rooms_with_chairs(actor_of(request).own_practice_id)
    return _page(request, "places", {"rooms": rooms})


@requires("practice.manage")
@require_POST
def add_room(request: HttpRequest) -> HttpResponse:
    """Add a room."""
    actor = actor_of(request)
    return _named(request, lambda name: operations.add_room(actor=actor, name=name))


@requires("practice.manage")
@require_POST
def add_chair(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Add a chair to a room."""
    actor = actor_of(request)
    return _named(
        request, lambda name: operations.add_chair(actor=actor, room_id=room_id, name=name)
    )


@requires("practice.manage")
@require_POST
def rename(request: HttpRequest, kind: str, place_id: UUID) -> HttpResponse:
    """Rename a room or a chair."""
    actor = actor_of(request)
    return _named(
        request,
        lambda name: operations.rename(actor=actor, kind=kind, place_id=place_id, name=name),
    )


@requires("practice.manage")
@require_POST
def move(request: HttpRequest, kind: str, place_id: UUID) -> HttpResponse:
    """Move a room or a chair up or down its list."""
    step = _STEPS.get(request.POST.get("step", ""), 0)
    actor = actor_of(request)
    return _done(
        request,
        lambda: operations.move(actor=actor, kind=kind, place_id=place_id, step=step),
    )


@requires("practice.manage")
@require_POST
def remove(request: HttpRequest, kind: str, place_id: UUID) -> HttpResponse:
    """Remove a room or a chair that nothing uses."""
    actor = actor_of(request)
    return _done(request, lambda: operations.remove(actor=actor, kind=kind, place_id=place_id))


@requires("practice.manage")
@require_safe
def workstations(request: HttpRequest) -> HttpResponse:
    """List the browsers that somebody of the practice has logged in from."""
    practice_id = actor_of(request).own_practice_id
    forms = [
        (workstation, WorkstationForm(instance=workstation, practice_id=practice_id))
        for workstation in queries.workstations(practice_id)
    ]
    return _page(request, "workstations", {"workstations": forms})


@requires("practice.manage")
@require_POST
def change_workstation(request: HttpRequest, workstation_id: UUID) -> HttpResponse:
    """Name a workstation and say in which room it stands."""
    practice_id = actor_of(request).own_practice_id
    workstation = queries.workstations(practice_id).filter(id=workstation_id).first()
    if workstation is None:
        raise Http404
    form = WorkstationForm(request.POST, instance=workstation, practice_id=practice_id)
    if not form.is_valid():
        messages.error(
            request,
            _("Donnez un nom au poste et un délai de 1 à 120 minutes. Rien n’a été modifié."),
        )
        return redirect("practice:workstations")
    room = form.cleaned_data.get("room")
    operations.change_workstation(
        actor=actor_of(request),
        workstation_id=workstation_id,
        name=form.cleaned_data["name"],
        room_id=room.id if room else None,
        idle_lock_s=(form.cleaned_data["idle_lock_min"] or 0) * 60 or None,
    )
    messages.success(request, _("Le poste est enregistré."))
    return redirect("practice:workstations")


@requires("practice.manage")
@require_safe
def connect(request: HttpRequest) -> HttpResponse:
    """Say how another workstation comes to trust the practice."""
    context = {"part": "workstations", "network": queries.network()}
    return _page(request, "connect", context)


@requires("practice.manage")
@require_safe
def connect_sheet(request: HttpRequest) -> HttpResponse:
    """Draw the sheet to hold beside a workstation."""
    network = queries.network()
    if network is None:
        return redirect("practice:connect")
    return _page(request, "connect_sheet", {"network": network})


@requires("practice.manage")
@require_safe
def connect_code(request: HttpRequest) -> HttpResponse:
    """Draw the address of the explanation for telephones and tablets."""
    from quenotte.devices.certificates.drawing import qr

    network = queries.network()
    if network is None:
        return redirect("practice:connect")
    return HttpResponse(qr(network.scanned), content_type="image/svg+xml")


@requires("practice.manage")
@require_safe
def connect_file(request: HttpRequest) -> HttpResponse:
    """Give the authority's certificate, to carry on a USB key for instance."""
    network = queries.network()
    if network is None:
        return redirect("practice:connect")
    return HttpResponse(network.certificate, content_type="application/x-x509-ca-cert")


def _named(request: HttpRequest, save: Callable[[str], object]) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Donnez un nom. Rien n’a été modifié."))
        return redirect(_PAGE)
    return _done(request, lambda: save(form.cleaned_data["name"]))


def _done(request: HttpRequest, save: Callable[[], object]) -> HttpResponse:
    try:
        save()
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_PAGE)


def _page(
    request: HttpRequest, name: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    return render(request, f"base/practice/{name}.html", {"part": name, **context}, status=status)
