"""What messages show on the pages of other rooms: appointment, timeline, home, cabinet."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.base.people.access import actor_of, may_request
from quenotte.base.people.rules import may
from quenotte.care.reminders import queries
from quenotte.care.reminders.models import Message
from quenotte.care.reminders.rules.states import Channel
from quenotte.care.reminders.wording import reason_words, row_of, told
from quenotte.web.lights import Level, Light
from quenotte.web.links import link_to
from quenotte.web.remembered import ForAWhile
from quenotte.web.templatetags.ui import icon_button
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.agenda.models import Appointment
    from quenotte.care.patients.models import Patient

#: Messages that the first page asks somebody to act upon; the others are one click away.
_SHOWN = 8


def of_appointment(request: HttpRequest, appointment: "Appointment") -> str:
    """Draw what was sent about an appointment and what the patient answered."""
    if not may(actor_of(request).roles, "reminders.read"):
        return ""
    rows = [row_of(message) for message in queries.of_appointment(appointment.id)]
    context = {
        "rows": rows,
        "appointment": appointment,
        "is_on": queries.settings_of(appointment.practice_id).is_on,
    }
    return render_to_string("care/reminders/_of_appointment.html", context, request)


def to_do(request: HttpRequest, _subject: object) -> str:
    """Draw on the first page whom to call: who asks for it, who was not reached."""
    actor = actor_of(request)
    if not may(actor.roles, "reminders.write"):
        return ""
    found = queries.to_look_at(actor.own_practice_id, since=timezone.now(), limit=_SHOWN)
    if not found:
        return ""
    context = {"rows": [row_of(message) for message in found], "next": request.path}
    return render_to_string("care/reminders/_to_do.html", context, request)


def _standing(practice_id: UUID) -> tuple[Level, str, str]:
    """Return how the messages of a practice fare: level, words, filter of the list."""
    if not queries.settings_of(practice_id).is_on:
        return Level.UNSET, _("rappels désactivés"), ""
    found = queries.troubles(practice_id, timezone.now())
    if found.failed:
        words = ngettext("%(n)s message non remis", "%(n)s messages non remis", found.failed)
        return Level.ATTENTION, words % {"n": found.failed}, queries.FAILED
    if found.late:
        words = ngettext(
            "%(n)s message attend depuis plus d’une heure",
            "%(n)s messages attendent depuis plus d’une heure",
            found.late,
        )
        return Level.ATTENTION, words % {"n": found.late}, queries.WAITING
    return Level.OK, _("les messages partent"), ""


_kept_standing = ForAWhile(_standing, seconds=60.0)


def light(request: HttpRequest) -> Light:
    """Say in the top bar whether messages leave, and lead to those that do not."""
    level, words, chosen = _kept_standing(actor_of(request).own_practice_id)
    url = ""
    if may_request(request, "reminders.read"):
        url = link_to("reminders:messages") + (f"?etat={chosen}" if chosen else "")
    return Light(level, words, url)


def cabinet_part(_request: HttpRequest, part: str) -> str:
    """Draw the tab of messages among the parts of the practice."""
    return render_to_string("care/reminders/_part.html", {"part": part})


def own_calendar(request: HttpRequest, _person: Any) -> str:
    """Draw the way to one's calendars, beside one's name, for who treats patients."""
    if not may(actor_of(request).roles, "feeds.manage"):
        return ""
    return icon_button(
        "calendar-plus", _("Mon agenda sur mon téléphone"), link_to("reminders:feeds")
    )


def told_patient(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline what was sent to the patient and what she answered."""
    if not may(actor_of(request).roles, "reminders.read"):
        return []
    return [_entry(message) for message in queries.of_patient(patient.id, limit, before)]


def _entry(message: Message) -> Entry:
    about = date_format(timezone.localtime(message.about), "j F Y, G \\h i")
    parts = [_("Rendez-vous du %(about)s") % {"about": about}, reason_words(message.reason)]
    parts.append(message.get_answer_display() if message.answer else "")
    return Entry(
        at=message.due_at,
        kind="message",
        icon="mail" if message.channel == Channel.MAIL else "message-square",
        title=told(message),
        text=" · ".join(part for part in parts if part),
        object_id=str(message.id),
    )
