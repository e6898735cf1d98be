"""What is done to an appointment that is there: each view is one operation and its way back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.agenda import access, operations, queries
from quenotte.care.agenda.forms.appointments import (
    CancelForm,
    DetailsForm,
    LengthForm,
    MoveForm,
    StatusForm,
    VersionForm,
)
from quenotte.care.agenda.models import Appointment
from quenotte.care.agenda.views.answers import Told, address, attempt, sent, understood
from quenotte.kernel.dates import clock


@requires("agenda.write")
@require_POST
def move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Move an appointment to another time or column."""
    before = access.open_appointment(actor_of(request), appointment_id)

    def work() -> Told:
        form = MoveForm(before.practice_id, sent(request))
        understood(form)
        moved = operations.move(
            actor=actor_of(request),
            appointment_id=appointment_id,
            anyway=_insists(request),
            **form.values(),
        )
        return Told(_moved_words(moved), _way_back(before, moved), _changed(moved))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def resize(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Make an appointment longer or shorter."""
    before = access.open_appointment(actor_of(request), appointment_id)

    def work() -> Told:
        asked = understood(LengthForm(sent(request)))
        resized = operations.resize(
            actor=actor_of(request),
            appointment_id=appointment_id,
            minutes=asked["minutes"],
            expected_version=asked["version"],
            anyway=_insists(request),
        )
        words = _("Le rendez-vous dure %(minutes)s minutes.") % {"minutes": resized.minutes}
        undo = address(
            "resize", appointment_id, version=resized.version, minutes=before.minutes, anyway=1
        )
        return Told(words, undo, _changed(resized))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def set_status(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Say how far an appointment has come."""

    def work() -> Told:
        asked = understood(StatusForm(sent(request)))
        stepped = operations.set_status(
            actor=actor_of(request),
            appointment_id=appointment_id,
            status=asked["status"],
            expected_version=asked["version"],
        )
        return Told(_status_words(stepped), _step_back(stepped), _changed(stepped))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Cancel an appointment; who could take its place is in the answer."""

    def work() -> Told:
        asked = understood(CancelForm(sent(request)))
        cancelled = operations.cancel(
            actor=actor_of(request),
            appointment_id=appointment_id,
            reason=asked["reason"],
            expected_version=asked["version"],
        )
        return _freed(cancelled)

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def take_back(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Take back a booking of a new patient: her record goes too when it holds nothing else."""

    def work() -> Told:
        asked = understood(VersionForm(sent(request)))
        is_gone = operations.take_back(
            actor=actor_of(request),
            appointment_id=appointment_id,
            expected_version=asked["version"],
        )
        if is_gone:
            return Told(_("Réservation annulée. Le dossier qu’elle avait ouvert est retiré."))
        words = _("Rendez-vous annulé. Le dossier reste : on y a écrit depuis.")
        return Told(words, changed={"id": str(appointment_id)})

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def undo_status(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Take the last step of an appointment back."""

    def work() -> Told:
        asked = understood(VersionForm(sent(request)))
        restored = operations.undo_status(
            actor=actor_of(request),
            appointment_id=appointment_id,
            expected_version=asked["version"],
        )
        words = _("Étape annulée. Le rendez-vous est de nouveau « %(status)s ».") % {
            "status": restored.get_status_display()
        }
        return Told(words, changed=_changed(restored))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def change(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Change what is written on an appointment."""
    before = access.open_appointment(actor_of(request), appointment_id)

    def work() -> Told:
        form = DetailsForm(before.practice_id, sent(request))
        form.keep_kind(before)
        asked = understood(form)
        changed = operations.change_details(
            actor=actor_of(request),
            appointment_id=appointment_id,
            expected_version=asked["version"],
            values=form.values(),
        )
        return Told(_("Le rendez-vous est enregistré."), changed=_changed(changed))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def pin(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Put an appointment on the pinboard; it keeps its place until it is dropped."""

    def work() -> Told:
        operations.pin(actor=actor_of(request), appointment_id=appointment_id)
        words = _("Rendez-vous épinglé. Il garde sa place tant qu’il n’est pas posé ailleurs.")
        return Told(words, address("unpin", appointment_id))

    return attempt(request, work)


@requires("agenda.write")
@require_POST
def unpin(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Take an appointment off the pinboard; it stays where it is."""

    def work() -> Told:
        operations.unpin(actor=actor_of(request), appointment_id=appointment_id)
        return Told(_("Rendez-vous retiré du panneau. Sa place n’a pas changé."))

    return attempt(request, work)


def _freed(cancelled: Appointment) -> Told:
    """Say that a place is free, and show who on the short-notice list could take it."""
    candidates = queries.matches(
        cancelled.practice_id,
        starts_at=cancelled.starts_at,
        minutes=cancelled.minutes,
        practitioner_id=cancelled.practitioner_id,
    )
    is_to_come = cancelled.starts_at > timezone.now()
    offered = {"freed": str(cancelled.id)} if candidates and is_to_come else {}
    words = _("Rendez-vous annulé. Sa place est libre.")
    return Told(words, _step_back(cancelled), _changed(cancelled) | offered)


def _insists(request: HttpRequest) -> bool:
    return "anyway" in sent(request)


def _changed(appointment: Appointment) -> dict[str, object]:
    return {"id": str(appointment.id), "version": appointment.version}


def _moved_words(appointment: Appointment) -> str:
    starts_at = timezone.localtime(appointment.starts_at)
    return _("Rendez-vous déplacé : %(day)s à %(time)s.") % {
        "day": date_format(starts_at, "l j F"),
        "time": clock(starts_at),
    }


def _way_back(before: Appointment, moved: Appointment) -> str:
    """Return the address that puts an appointment back where it was."""
    if before.version == moved.version:
        return ""
    starts_at = timezone.localtime(before.starts_at)
    return address(
        "move",
        before.id,
        version=moved.version,
        day=f"{starts_at:%Y-%m-%d}",
        time=f"{starts_at:%H:%M}",
        practitioner=before.practitioner_id,
        chair=before.chair_id,
        # It was there: the hours had nothing against it, or somebody had insisted.
        anyway=1,
    )


def _status_words(appointment: Appointment) -> str:
    return _("Rendez-vous : « %(status)s ».") % {"status": appointment.get_status_display()}


def _step_back(appointment: Appointment) -> str:
    if not appointment.previous_status:
        return ""
    return address("undo_status", appointment.id, version=appointment.version)
