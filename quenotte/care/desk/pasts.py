"""What of the care may be looked at as a copy holds it, and what of it may be brought back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import Actor
from quenotte.base.live.operations import publish
from quenotte.base.pasts import Door, Row, Selection, Suggestion
from quenotte.care.desk import returning
from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries
from quenotte.kernel.names import display_name

#: Patients who are proposed for what was typed.
_ALIKE = 8


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


def _alike(actor: Actor, typed: str) -> list[Suggestion]:
    """Return the patients whom the ordinary search finds: by name, birth, telephone."""
    return [
        Suggestion(
            _("%(name)s · %(born)s · n° %(number)s")
            % {"name": one.name, "born": f"{one.born_on:%d/%m/%Y}", "number": one.file_number},
            str(one.file_number),
            is_sure=not one.is_close,
        )
        for one in patients.search(actor=actor, text=typed, limit=_ALIKE)
    ]


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


def _called(row: Row) -> tuple[str, str]:
    number = str(row["file_number"])
    first_name = row["used_first_name"] or row["first_birth_first_name"]
    return f"n° {number} · {display_name(row['birth_name'], row['used_name'], first_name)}", number


PATIENT = Door(
    "patient",
    gettext_lazy("Un dossier"),
    gettext_lazy("nom, naissance, téléphone ou numéro"),
    _patient,
    (returning.PATIENT, *returning.RECORD),
    _patient_is_back,
    lambda actor: {"practice_id": actor.own_practice_id},
    _called,
    _alike,
)
DAY = Door(
    "day",
    gettext_lazy("Les rendez-vous d’un jour"),
    gettext_lazy("jj/mm/aaaa"),
    _day,
    (returning.APPOINTMENT,),
    _day_is_back,
)
