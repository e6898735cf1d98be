"""The tables of the rooms of ``care``, gathered for Django."""

from quenotte.care.agenda.models import Appointment
from quenotte.care.chart.models import Note, ToothState
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.patients.models import MedicalAlert, Merge, Patient, RelatedPerson, SearchKey
from quenotte.care.takeover.models import (
    ColumnMap,
    Import,
    ImportedAppointment,
    ImportedPatient,
    OpeningBalance,
    StagedRow,
)

__all__ = [
    "Appointment",
    "ColumnMap",
    "Device",
    "Import",
    "ImportedAppointment",
    "ImportedPatient",
    "MedicalAlert",
    "Merge",
    "Note",
    "OpeningBalance",
    "Patient",
    "Picture",
    "RelatedPerson",
    "SearchKey",
    "StagedRow",
    "ToothState",
]
