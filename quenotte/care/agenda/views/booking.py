"""Booking: the panel with three fields, and the patients it finds while one types."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.base.people.operations import discard_draft
from quenotte.care.agenda import operations
from quenotte.care.agenda.forms.appointments import BookingForm
from quenotte.care.agenda.forms.fields import Lists, impossible
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.views.answers import CHANGED, address, triggering
from quenotte.care.agenda.views.recognising import recognition, sent
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.patients import rules as patient_rules
from quenotte.care.patients.access import opened_patient
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal
from quenotte.web.fragments import wants_fragment

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

_DRAFT = "agenda:reservation"
#: What the search of free slots tells of the one that was chosen.
_OF_A_SLOT = ("day", "time", "minutes", "practitioner", "chair", "kind")
#: Patients shown under the three fields: more means that another letter must be typed.
_FOUND = 4


@requires("agenda.write")
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest) -> HttpResponse:
    """Book an appointment; who may be the new patient is shown before a second record."""
    if request.method == "GET":
        return render(request, "care/agenda/book.html", booking_context(request))
    form = BookingForm(actor_of(request).own_practice_id, sent(request))
    who = recognition(request, form)
    if form.is_valid() and not who.shown:
        try:
            appointment = operations.book(
                actor=actor_of(request),
                booking=form.booking(look_alikes=who.denied),
                anyway="anyway" in request.POST,
            )
        except Refusal as refusal:
            _refused(request, form, refusal)
        else:
            return _booked(request, form, appointment)
    elif reason := impossible(form):
        operations.note_refused_booking(actor=actor_of(request), reason=reason)
    context = {
        "form": form,
        "known": who.shown,
        "draft_key": _DRAFT,
        "picked": _in_words(_picked(request, form)),
        "in_panel": "panel" in request.POST,
    }
    name = "_booking_form" if wants_fragment(request) else "book"
    return render(request, f"care/agenda/{name}.html", context, status=422)


@requires("agenda.write")
@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """Find the patients who are being named on the telephone, and whose telephone it is."""
    actor = actor_of(request)
    names = " ".join(request.GET.get(key, "") for key in ("surname", "first_name"))[:100]
    phone = request.GET.get("phone", "")[:30]
    found = patients.search(actor=actor, text=names, limit=_FOUND) if len(names) > 2 else []
    same_phone = patient_reads.with_phone(actor.own_practice_id, phone)
    ids = {one.id for one in same_phone}
    context = {"found": [one for one in found if one.id not in ids], "same_phone": same_phone}
    return render(request, "care/agenda/_known.html", context)


def booking_context(request: HttpRequest) -> dict[str, Any]:
    """Return what the booking panel shows: an empty form, or one for a patient of a record.

    What an earlier call left comes back with its patient in sight, never over another patient
    or another slot that was asked for.
    """
    asked, slot = asked_patient(request), _slot(request)
    is_asked = asked is not None or bool(slot)
    draft = "" if is_asked else people.typed_before(person_of(request).id, _DRAFT)
    patient = asked or _patient_of(request, people.kept_in(draft, "patient"))
    lists = Lists(actor_of(request).own_practice_id)
    return {
        "form": _empty_form(actor_of(request), lists, patient, slot),
        "picked": _in_words(patient),
        "draft_key": _DRAFT,
        "draft": draft,
        "is_asked": is_asked,
        "in_panel": "panel" in request.GET,
    }


def _empty_form(
    actor: Actor,
    lists: Lists,
    patient: "Patient | None" = None,
    slot: Mapping[str, str] | None = None,
) -> BookingForm:
    initial: dict[str, Any] = {"day": timezone.localdate()}
    if patient is not None:
        initial["patient"] = patient.id
    if actor.person_id in {one.id for one in lists.practitioners}:
        initial["practitioner"] = str(actor.person_id)
    return BookingForm(lists, initial=initial | dict(slot or {}))


def _slot(request: HttpRequest) -> dict[str, str]:
    """Return the free slot that was chosen; the form reads it as if it were typed."""
    return {name: request.GET[name] for name in _OF_A_SLOT if request.GET.get(name)}


def asked_patient(request: HttpRequest) -> "Patient | None":
    """Return the patient whose record leads here."""
    try:
        patient_id = UUID(request.GET.get("patient", ""))
    except ValueError:
        return None
    return opened_patient(actor_of(request), patient_id, action="agenda.write")


def _patient_of(request: HttpRequest, number: str) -> "Patient | None":
    """Return the patient whom a draft names, None when she cannot be booked any more.

    She is named as the agenda names everybody: nobody opens her record by opening the agenda.
    """
    try:
        patient_id = UUID(number)
    except ValueError:
        return None
    practice_id = actor_of(request).own_practice_id
    return patient_reads.of_practice(practice_id).filter(id=patient_id).first()


def _picked(request: HttpRequest, form: BookingForm) -> "Patient | None":
    patient_id = form.cleaned_data.get("patient")
    return opened_patient(actor_of(request), patient_id) if patient_id else None


def _in_words(patient: "Patient | None") -> str:
    """Return who is chosen, as the search names her: two patients may have one name."""
    if patient is None:
        return ""
    born_on = patient_rules.known_birth(patient.born_on)
    return f"{patient.full_name}, {born_on:%d/%m/%Y}" if born_on else patient.full_name


def _booked(request: HttpRequest, form: BookingForm, appointment: Appointment) -> HttpResponse:
    discard_draft(person_id=person_of(request).id, key=_DRAFT)
    starts_at = timezone.localtime(appointment.starts_at)
    words = _("Rendez-vous réservé pour %(who)s : %(day)s à %(time)s.") % {
        "who": appointment.patient.full_name,
        "day": date_format(starts_at, "l j F"),
        "time": clock(starts_at),
    }
    if not wants_fragment(request):
        messages.success(request, words)
        return redirect(f"{reverse('agenda:page')}?jour={starts_at:%Y-%m-%d}")
    return triggering(
        _form_after(request, form.lists),
        {
            "toast": {"text": words, "undoUrl": _way_back(form, appointment)},
            "agenda:booked": {"id": str(appointment.id), "day": f"{starts_at:%Y-%m-%d}"},
            CHANGED: {},
        },
    )


def _refused(request: HttpRequest, form: BookingForm, refusal: Refusal) -> None:
    """Show why nothing was booked, and leave the line of it."""
    form.refuse(refusal)
    # A number that is no patient of the practice stands in no line of its own.
    is_nobody = isinstance(refusal, operations.UnknownPatient)
    operations.note_refused_booking(
        actor=actor_of(request),
        reason=operations.reason_of(refusal),
        patient_id=None if is_nobody else form.cleaned_data["patient"],
    )


def _way_back(form: BookingForm, appointment: Appointment) -> str:
    """Return the address that takes the booking back, with the record that it opened."""
    if form.cleaned_data["patient"]:
        return address("cancel", appointment.id, version=appointment.version, reason="mistake")
    return address("take_back", appointment.id, version=appointment.version)


def _form_after(request: HttpRequest, lists: Lists) -> HttpResponse:
    """Return the form for the next booking; the panel of the grid empties its own by itself."""
    if "panel" in request.POST:
        return HttpResponse(status=204)
    form = _empty_form(actor_of(request), lists)
    fresh = {"form": form, "picked": "", "draft_key": _DRAFT, "draft": ""}
    return render(request, "care/agenda/_booking_form.html", fresh)
