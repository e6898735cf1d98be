"""The tables of the rooms of ``care``, gathered for Django."""

from quenotte.care.agenda.models import (
    AgendaSettings,
    Appointment,
    AppointmentType,
    Leave,
    OpeningPeriod,
    Pin,
    ShortNotice,
)
from quenotte.care.chart.models import Note, ToothState
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.patients.models import MedicalAlert, Patient, RelatedPerson, SearchKey
from quenotte.care.reminders.models import (
    CalendarFeed,
    Message,
    MessageTemplate,
    ReminderSettings,
)

__all__ = [
    "AgendaSettings",
    "Appointment",
    "AppointmentType",
    "CalendarFeed",
    "Device",
    "Leave",
    "MedicalAlert",
    "Message",
    "MessageTemplate",
    "Note",
    "OpeningPeriod",
    "Patient",
    "Picture",
    "Pin",
    "RelatedPerson",
    "ReminderSettings",
    "SearchKey",
    "ShortNotice",
    "ToothState",
]
