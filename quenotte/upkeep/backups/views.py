"""Pages of the backups: what they are worth, where they go, what to do next."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.devices.repository.trust import Shown
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import (
    calendars,
    jobs,
    operations,
    panels,
    places,
    queries,
    trying,
    wording,
)
from quenotte.upkeep.backups.forms import FolderForm, VaultForm
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.backups.progress import What

_READ, _MANAGE = "backups.read", "backups.manage"
_FORMS: dict[str, type[FolderForm | VaultForm]] = {"dossier": FolderForm, "coffre": VaultForm}


@requires(_READ)
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show what the copies are worth, and what to do next."""
    panels.asked_anew(actor_of(request).own_practice_id)
    status, today = queries.status(), timezone.localdate()
    context = {
        "status": status,
        "advice": [wording.advice_of(reason) for reason in status.reasons],
        "rows": [(one, queries.room_of(one.destination)) for one in status.standings],
        "weeks": calendars.weeks(queries.calendar(on=today)),
        "today": today,
        "history": [(isinstance(one, Copy), one) for one in queries.history()],
        **_under_way(),
    }
    return render(request, "upkeep/backups/home.html", context)


@requires(_READ)
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """Show how far what is under way has come; once it is over, the page draws itself again."""
    context = _under_way()
    answer = render(request, "upkeep/backups/_progress.html", context)
    if context["told"] is None:
        answer["HX-Trigger"] = "backups-over"
    return answer


@requires(_MANAGE, fresh=True)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Try a place, say what would happen there, then prepare it."""
    if request.method == "GET":
        return _add_page(request)
    kind = request.POST.get("kind", "")
    form = _FORMS.get(kind, FolderForm)(request.POST, request.FILES)
    looked, stranger = None, None
    if form.is_valid():
        try:
            looked = trying.look(form.place, form.cleaned_data["passphrase"], *_trust(form))
            if request.POST.get("step") == "make":
                return _prepared(request, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            stranger = trying.stranger(form.place, refusal)
    looked = None if form.errors else looked
    return _add_page(request, form=form, looked=looked, stranger=stranger)


@requires(_MANAGE)
@require_POST
def copy(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    """Ask for a copy now."""
    return _asked(request, destination_id, What.COPY)


@requires(_MANAGE)
@require_POST
def prove(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    """Ask for a proof now."""
    return _asked(request, destination_id, What.PROOF)


@requires(_MANAGE, fresh=True)
@require_POST
def retire(request: HttpRequest, destination_id: UUID) -> HttpResponse:
    """Send nothing more to a place."""
    try:
        operations.retire(destination_id, actor=actor_of(request))
    except Destination.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("backups:home")
    messages.success(request, _("Plus rien n’ira à cet emplacement. Ses copies y restent."))
    return redirect("backups:home")


def _under_way() -> dict[str, Any]:
    told = queries.under_way()
    label = ""
    if told is not None:
        found = [one.label for one in queries.destinations() if str(one.id) == told.destination]
        label = "".join(found)
    return {"told": told, "label": label, "is_proof": bool(told and told.is_proof)}


def _add_page(
    request: HttpRequest,
    form: FolderForm | VaultForm | None = None,
    looked: trying.Looked | None = None,
    stranger: Shown | None = None,
) -> HttpResponse:
    context = {
        "folder_form": form if isinstance(form, FolderForm) else FolderForm(auto_id="dossier_%s"),
        "vault_form": form if isinstance(form, VaultForm) else VaultForm(auto_id="coffre_%s"),
        "tried": form,
        "looked": looked,
        "stranger": stranger,
        "label": places.label_of(form.place) if form and looked else "",
    }
    status = 422 if form and form.errors else 200
    return render(request, "upkeep/backups/add.html", context, status=status)


def _prepared(request: HttpRequest, form: FolderForm | VaultForm) -> HttpResponse:
    """Prepare the place, and begin its first copy. Raises: Refusal."""
    actor = actor_of(request)
    passphrase = form.cleaned_data["passphrase"] or settings.BACKUP_KEY
    fingerprint, authority = _trust(form)
    made = operations.init(
        form.place, passphrase, actor=actor, fingerprint=fingerprint, authority=authority
    )
    try:
        jobs.ask(What.COPY, actor=actor, destination_id=made.destination.id)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    messages.success(request, _("L’emplacement est prêt. Sa première copie commence."))
    return redirect("backups:home")


def _trust(form: FolderForm | VaultForm) -> tuple[str, bytes]:
    """Return the fingerprint and the authority (PEM) that were given for a vault."""
    if isinstance(form, FolderForm):
        return "", b""
    return str(form.cleaned_data["fingerprint"]), form.authority_pem


def _asked(request: HttpRequest, destination_id: UUID, what: What) -> HttpResponse:
    try:
        jobs.ask(what, actor=actor_of(request), destination_id=destination_id)
    except Destination.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
    return redirect(reverse("backups:home") + "#en-cours")
