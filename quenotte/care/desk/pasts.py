"""What of the care may be looked at as a copy holds it, and what of it may be brought back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import Actor
from quenotte.base.live.operations import publish
from quenotte.base.pasts import Door, Selection
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries

#: What refers to a patient and is her record, not derived from it.
_RECORD = (
    "care.RelatedPerson",
    "care.MedicalAlert",
    "care.Appointment",
    "care.Note",
    "care.ChartEvent",
    "care.Picture",
    "care.Document",
    "care.Prescription",
    "care.Consent",
    "care.Questionnaire",
)
#: Rows that mean the same wherever they come from; the others belong to a chain or a seal.
_GIVEN_BACK = frozenset(
    {
        "care.Patient", "care.RelatedPerson", "care.MedicalAlert", "care.Appointment", "care.Note",
        "care.Picture", "care.Document",
    }
)  # fmt: skip


def _patient(actor: Actor, typed: str) -> Selection | None:
    text = typed.strip()
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    return Selection(
        "care.Patient",
        {"practice_id": actor.own_practice_id, "file_number": int(text)},
        _("Dossier n° %(number)s") % {"number": int(text)},
        queries.by_file_number(actor.own_practice_id, text),
    )


def _day(actor: Actor, typed: str) -> Selection | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            begin = timezone.make_aware(datetime.strptime(typed.strip(), form))  # noqa: DTZ007
        except ValueError:
            continue
        return Selection(
            "care.Appointment",
            {
                "practice_id": actor.own_practice_id,
                "starts_at__gte": begin,
                "starts_at__lt": begin + timedelta(days=1),
            },
            _("Rendez-vous du %(day)s") % {"day": f"{begin:%d/%m/%Y}"},
        )
    return None


def _patient_is_back(actor: Actor, selection: Selection) -> None:
    """Make what is derived from the record again, and tell the pages that show it."""
    number = selection.filters["file_number"]
    for patient in queries.of_practice(actor.own_practice_id).filter(file_number=number):
        patients.rebuild_search_keys(patient)
        _tell(actor, patient.id)


def _tell(actor: Actor, patient_id: UUID) -> None:
    publish(
        practice_id=actor.practice_id,
        name="patient.changed",
        data={"patient": str(patient_id), "part": "record"},
        audience="patients.read",
    )


def _day_is_back(actor: Actor, selection: Selection) -> None:
    day = timezone.localdate(selection.filters["starts_at__gte"])
    data = {"days": [day.isoformat()], "today": day == timezone.localdate()}
    publish(practice_id=actor.practice_id, name="agenda", data=data, audience="agenda.read")


PATIENT = Door(
    "patient",
    gettext_lazy("Un dossier"),
    gettext_lazy("numéro du dossier"),
    _patient,
    _RECORD,
    _GIVEN_BACK,
    _patient_is_back,
)
DAY = Door(
    "day",
    gettext_lazy("Les rendez-vous d’un jour"),
    gettext_lazy("jj/mm/aaaa"),
    _day,
    (),
    frozenset({"care.Appointment"}),
    _day_is_back,
)
