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
from quenotte.care.chart.models import ChartEvent, KeptMouth, Note
from quenotte.care.consents.models import Consent, ConsentText
from quenotte.care.desk.models import (
    Bell,
    BoardNote,
    BoardReading,
    Call,
    CallAnswer,
    Callback,
    CallKind,
    Task,
    TaskComment,
)
from quenotte.care.documents.models import Document, DocumentEvent, DocumentVersion
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.patients.models import MedicalAlert, Merge, Patient, RelatedPerson, SearchKey
from quenotte.care.perio.models import (
    PerioExam,
    PerioHabit,
    PerioSite,
    PerioStatement,
    PerioTooth,
)
from quenotte.care.questionnaires.models import Questionnaire, RaisedAlert
from quenotte.care.recalls.models import (
    Recall,
    RecallAttempt,
    RecallChoice,
    RecallRule,
    RecallText,
)
from quenotte.care.reminders.models import (
    CalendarFeed,
    Message,
    MessageTemplate,
    ReminderSettings,
)
from quenotte.care.stock.models import Article, Inventory, Lot, StockMovement
from quenotte.care.takeover.models import (
    ColumnMap,
    Import,
    ImportedAppointment,
    ImportedPatient,
    OpeningBalance,
    Progress,
    StagedRow,
)

__all__ = [
    "AgendaSettings",
    "Appointment",
    "AppointmentType",
    "Article",
    "Bell",
    "BoardNote",
    "BoardReading",
    "CalendarFeed",
    "Call",
    "CallAnswer",
    "CallKind",
    "Callback",
    "ChartEvent",
    "ColumnMap",
    "Consent",
    "ConsentText",
    "Device",
    "Document",
    "DocumentEvent",
    "DocumentVersion",
    "Import",
    "ImportedAppointment",
    "ImportedPatient",
    "Inventory",
    "KeptMouth",
    "Leave",
    "Lot",
    "MedicalAlert",
    "Merge",
    "Message",
    "MessageTemplate",
    "Note",
    "OpeningBalance",
    "OpeningPeriod",
    "Patient",
    "PerioExam",
    "PerioHabit",
    "PerioSite",
    "PerioStatement",
    "PerioTooth",
    "Picture",
    "Pin",
    "Progress",
    "Questionnaire",
    "RaisedAlert",
    "Recall",
    "RecallAttempt",
    "RecallChoice",
    "RecallRule",
    "RecallText",
    "RelatedPerson",
    "ReminderSettings",
    "SearchKey",
    "ShortNotice",
    "StagedRow",
    "StockMovement",
    "Task",
    "TaskComment",
]
