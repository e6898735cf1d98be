"""Pages of the tray, the viewer, the strip and the devices."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zlib import crc32

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.files import operations as files
from quenotte.base.people.access import actor_of, requires
from quenotte.base.people.rules import may
from quenotte.base.practice import queries as practices
from quenotte.care.imaging import access, deliveries, panels, queries, wording
from quenotte.care.imaging.forms import DeviceForm, FilingForm, TeethForm, VersionForm
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations import equipment, filing, frames, uploads
from quenotte.care.patients import queries as patients
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import page_of


class NobodyChosen(Refusal):
    """A picture was to be filed to nobody."""

    message = gettext_lazy("Choisissez un patient, puis recommencez.")


@dataclass(frozen=True)
class Notice:
    """What is told after an action."""

    words: str
    is_refused: bool = False

    @property
    def level(self) -> int:
        """The level of Django's messages."""
        return messages.ERROR if self.is_refused else messages.SUCCESS


@requires("imaging.tray")
@require_safe
def tray(request: HttpRequest) -> HttpResponse:
    """Show what waits for a patient, or what was set aside (``?vue=ecartees``)."""
    if request.headers.get("HX-Request"):
        access.note_tray_redrawn(actor_of(request))
        return render(request, "care/imaging/_tray.html", _tray_context(request))
    access.note_tray_read(actor_of(request))
    return render(request, "care/imaging/tray.html", _tray_context(request))


@requires("imaging.tray")
@require_POST
def file_picture(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Put a picture in the record of the patient chosen."""
    actor = actor_of(request)
    was_filed = access.picture_for(actor, picture_id, writing=True).patient_id is not None

    def work() -> str:
        form = FilingForm(request.POST)
        if not form.is_valid():
            raise NobodyChosen
        filing.file_picture(
            picture_id=picture_id,
            patient_id=form.cleaned_data["patient"],
            by=actor,
            expected_version=form.cleaned_data["version"],
        )
        return _("Image rangée dans le dossier choisi.")

    notice = attempt(work)
    return _details(request, picture_id, notice) if was_filed else _tray(request, notice)


@requires("imaging.write")
@require_POST
def unfile(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Take a picture out of a record."""
    actor = actor_of(request)
    access.picture_for(actor, picture_id, writing=True)

    def work() -> str:
        filing.unfile(picture_id=picture_id, by=actor, expected_version=_version(request))
        return _("Image retirée du dossier. Elle attend dans « Images à rattacher ».")

    return _details(request, picture_id, attempt(work))


@requires("imaging.tray")
@require_POST
def set_aside(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Put a waiting picture aside: it is not ours."""
    actor = actor_of(request)
    picture = access.picture_for(actor, picture_id, writing=True)
    version = _version(request)

    def work() -> str:
        filing.set_aside(picture_id=picture.id, by=actor, expected_version=version)
        return _("Image mise de côté.")

    return _tray(request, attempt(work), undo=(picture_id, version + 1))


@requires("imaging.tray")
@require_POST
def bring_back(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Put a picture that was set aside back among those that wait."""
    actor = actor_of(request)
    picture = access.picture_for(actor, picture_id, writing=True)

    def work() -> str:
        filing.bring_back(picture_id=picture.id, by=actor, expected_version=_version(request))
        return _("Image remise parmi celles à rattacher.")

    return _tray(request, attempt(work))


@requires("imaging.tray")
@require_safe
def choose(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Look for the patient of a picture by name, birth date, phone or file number."""
    picture = access.picture_for(actor_of(request), picture_id)
    words = request.GET.get("q", "").strip()
    context = {
        "picture": picture,
        "tile": panels.tile(picture),
        "may_see": may(actor_of(request).roles, "imaging.read"),
        "caption": wording.caption(picture),
        "sayings": wording.sayings(picture),
        "q": words,
        "found": panels.found_patients(actor_of(request), words),
    }
    name = "_found.html" if request.headers.get("HX-Request") else "choose.html"
    return render(request, f"care/imaging/{name}", context)


@requires("imaging.tray")
@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Show again how many pictures wait: the panel of the home page."""
    return HttpResponse(panels.awaiting(request))


@requires("imaging.read")
@require_safe
def viewer(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Show one picture full screen."""
    picture = access.picture_for(actor_of(request), picture_id)
    before, after = queries.neighbours(picture)
    context = {
        "picture": picture,
        "caption": wording.caption(picture),
        "can_draw": not picture.is_thumbnail_impossible,
        "close_url": _close_url(picture),
        "previous_url": reverse("imaging:viewer", args=[before]) if before else "",
        "next_url": reverse("imaging:viewer", args=[after]) if after else "",
    }
    return render(request, "care/imaging/viewer.html", context)


@requires("imaging.read")
@require_safe
def details(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Show what is known of a filed picture, and let it be corrected."""
    picture = access.picture_for(actor_of(request), picture_id)
    context = {
        "picture": picture,
        "tile": panels.tile(picture),
        "caption": wording.caption(picture),
        "proposed": picture.header.get("teeth_proposed", []),
        "close_url": _close_url(picture),
        "teeth_form": TeethForm(
            initial={"teeth": " ".join(map(str, picture.teeth)), "version": picture.version}
        ),
    }
    return render(request, "care/imaging/details.html", context)


@requires("imaging.read")
@require_safe
def meta(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """Answer what the viewer must know of the pixels."""
    picture = access.picture_for(actor_of(request), picture_id)
    found = patients.alerts_of(picture.patient_id) if picture.patient_id else []
    alerts = [[one.tone, one.words] for one in found]

    def described() -> HttpResponseBase:
        words = {
            "title": wording.caption(picture),
            "taken_at": picture.taken_at.isoformat(),
            "patient": wording.subject(picture),
            # Where an implant is planned, an allergy is seen.
            "alerts": alerts,
        }
        return JsonResponse(frames.description(picture) | words)

    told = crc32(json.dumps(alerts).encode())
    return deliveries.unless_known(request, f"m{_state_of(picture)}-{told}", described)


def _state_of(picture: Picture) -> str:
    patient = picture.patient
    return f"{picture.version}-{patient.version if patient else 0}-{picture.blob_id}"


@requires("imaging.read")
@require_safe
def frame(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """Answer the raw pixels of a picture, little endian, row by row."""
    picture = access.picture_for(actor_of(request), picture_id)

    def pixels() -> HttpResponseBase:
        return deliveries.of_raw(frames.raw_frame(picture))

    return deliveries.unless_known(request, f"f{picture.blob_id}", pixels)


@requires("imaging.tray")
@require_safe
def vignette(request: HttpRequest, picture_id: UUID) -> HttpResponseBase:
    """Answer the thumbnail of a picture; 404 while it is being drawn."""
    picture = access.picture_for(actor_of(request), picture_id, is_small=True)
    thumbnail = picture.thumbnail
    if thumbnail is None:
        raise Http404

    def drawn() -> HttpResponseBase:
        return deliveries.of_small_file(files.local_path(thumbnail), thumbnail.media_type)

    return deliveries.unless_known(request, thumbnail.sha256, drawn)


@requires("imaging.write")
@require_POST
def teeth(request: HttpRequest, picture_id: UUID) -> HttpResponse:
    """Keep the teeth that a person read on a picture."""
    actor = actor_of(request)
    access.picture_for(actor, picture_id, writing=True)

    def work() -> str:
        form = TeethForm(request.POST)
        if not form.is_valid():
            raise filing.NotATooth
        filing.set_teeth(
            picture_id=picture_id,
            teeth=form.cleaned_data["teeth"],
            by=actor,
            expected_version=form.cleaned_data["version"],
        )
        return _("Dents enregistrées.")

    return _details(request, picture_id, attempt(work))


@requires("imaging.read")
@require_safe
def strip(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Show the pictures of a record: the piece of the patient page that redraws itself."""
    patient = opened_patient(actor_of(request), patient_id, action="imaging.read")
    name = "_strip.html" if request.headers.get("HX-Request") else "strip.html"
    return render(request, f"care/imaging/{name}", panels.strip_context(request, patient))


@requires("imaging.write")
@require_POST
def upload(request: HttpRequest, patient_id: UUID) -> HttpResponse:
    """Add the files dropped on a record; each one says what became of it."""
    actor = actor_of(request)
    patient = opened_patient(actor, patient_id, action="imaging.write")
    given = [each for each in request.FILES.getlist("file") if isinstance(each, UploadedFile)]
    answers = [uploads.try_upload(each, patient_id=patient.id, by=actor) for each in given]
    answers = answers or [uploads.none_received()]
    if deliveries.wants_json(request):
        return deliveries.of_answers(answers)
    for answer in answers:
        level = messages.SUCCESS if answer.is_kept else messages.ERROR
        messages.add_message(request, level, str(answer))
    return redirect("patients:record", patient_id)


@requires("devices.manage")
@require_safe
def devices(request: HttpRequest) -> HttpResponse:
    """Show the devices that send pictures, and how to connect one."""
    return render(request, "care/imaging/devices.html", panels.devices_context(request))


@requires("devices.manage")
@require_POST
def device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    """Keep what a person says of a device."""
    known = queries.device(actor_of(request).own_practice_id, device_id)
    if known is None:
        raise Http404
    form = DeviceForm(known, request.POST)
    if not form.is_valid():
        context = panels.devices_context(request, wrong=form, wrong_id=device_id)
        return render(request, "care/imaging/devices.html", context, status=422)
    equipment.recognise_device(
        device_id=device_id,
        name=form.cleaned_data["name"],
        chair_id=form.cleaned_data["chair"],
        is_recognised=form.cleaned_data["is_recognised"],
        by=actor_of(request),
    )
    messages.success(request, _("Appareil enregistré."))
    return redirect("imaging:devices")


def attempt(work: Callable[[], str]) -> Notice:
    """Do one operation; say what happened, or why it did not."""
    try:
        return Notice(work())
    except Refusal as error:
        return Notice(str(error), is_refused=True)


def _tray(
    request: HttpRequest, notice: Notice, *, undo: tuple[UUID, int] | None = None
) -> HttpResponse:
    """Show the tray again, with what happened."""
    if not request.headers.get("HX-Request"):
        messages.add_message(request, notice.level, notice.words)
        return redirect("imaging:tray")
    response = render(request, "care/imaging/_tray.html", _tray_context(request))
    toast = {"text": notice.words, "level": "danger" if notice.is_refused else "ok"}
    if undo and not notice.is_refused:
        toast["undoUrl"] = f"{reverse('imaging:bring_back', args=[undo[0]])}?version={undo[1]}"
    response["HX-Trigger"] = json.dumps({"toast": toast})
    return response


def _details(request: HttpRequest, picture_id: UUID, notice: Notice) -> HttpResponse:
    messages.add_message(request, notice.level, notice.words)
    return redirect("imaging:details", picture_id)


def _tray_context(request: HttpRequest) -> dict[str, Any]:
    actor = actor_of(request)
    practice = practices.practice(actor.own_practice_id)
    is_aside = request.GET.get("vue", request.POST.get("vue")) == "ecartees"
    page = page_of(request)
    waiting = queries.tray(practice, aside=is_aside, offset=(page - 1) * queries.TRAY_PAGE)
    counts = queries.tray_count(practice.id), queries.aside_count(practice.id)
    shown = counts[1] if is_aside else counts[0]
    return {
        "rows": [panels.row(each) for each in waiting],
        "is_aside": is_aside,
        "tabs": panels.tray_tabs(counts, is_aside=is_aside),
        "count": counts[0],
        "page": page,
        "next_page": page + 1 if page * queries.TRAY_PAGE < shown else 0,
        "may_see": may(actor.roles, "imaging.read"),
        "may_connect": may(actor.roles, "devices.manage"),
    }


def _close_url(picture: Picture) -> str:
    if picture.patient_id:
        return reverse("patients:record", args=[picture.patient_id])
    return reverse("imaging:tray")


def _version(request: HttpRequest) -> int:
    """Return the version of the picture that the person saw; 0 matches none."""
    form = VersionForm(request.POST if "version" in request.POST else request.GET)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0
