"""Fills an empty database with a big practice: the demo's people, ten times as many.

Run as a program: migrates the database named by the environment, fills it, and prints the
patients and words that the measurement asks for.
"""

from __future__ import annotations

import itertools
import json
import os
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quenotte.base.people.models import Person
    from quenotte.care.patients.models import Patient

PATIENTS = 20_000
APPOINTMENTS = 200_000
NOTES = 500_000
PICTURES = 160_000
_BATCH = 5_000


def fill() -> dict[str, object]:
    """Create the rows and return what to ask for."""
    from django.core.management import call_command
    from django.utils import timezone

    from bench import agenda_week, mouth
    from quenotte.base.people.models import Person
    from quenotte.care.patients.models import Patient
    from quenotte.config.demo import practice, staff

    call_command("migrate", verbosity=0)
    size = practice.Size(patients=PATIENTS, years=0, days_ahead=0)
    practice.prepare(lambda _what, _share: None, size=size)
    patients = list(Patient.objects.filter(died_on__isnull=True))
    dentist = Person.objects.get(username="alice")
    random = Random(7)
    now = timezone.localtime().replace(hour=9, minute=0, second=0, microsecond=0)
    _appointments(random, patients, dentist, now)
    _notes(random, patients, dentist, now)
    _pictures(random, patients, dentist, now)
    dentists = list(Person.objects.filter(role="praticien").order_by("username"))
    agenda_week.fill(random, patients, dentists, now.date())
    asked = random.sample(patients, 400)
    charted = _without_chart(patients)
    mouth.fill(Random(8), charted, dentist, now.date())
    words = [w for p in asked for w in (p.birth_name[:3], p.birth_name, p.first_birth_first_name)]
    return {
        "password": staff.PASSWORD,
        "patients": [str(p.id) for p in asked],
        "words": words[:200],
        "mouth": str(charted.id),
        **agenda_week.sample(asked, dentist, now.date()),
    }


def _without_chart(patients: list[Patient]) -> Patient:
    """Return a grown-up of whose mouth the demo says nothing."""
    from quenotte.care.chart.models import ChartEvent

    charted = set(ChartEvent.objects.values_list("patient_id", flat=True))
    return next(one for one in patients if one.id not in charted and one.born_on.year < 1990)


def _appointments(random: Random, patients: list[Patient], dentist: Person, now: datetime) -> None:
    from quenotte.care.agenda.models import Appointment

    rows = (
        Appointment(
            practice_id=dentist.practice_id,
            patient=random.choice(patients),
            practitioner=dentist,
            starts_at=start,
            ends_at=start + timedelta(minutes=30),
            title="Contrôle annuel",
            status="booked" if start > now else "done",
        )
        for number in range(APPOINTMENTS)
        for start in [now + timedelta(minutes=30 * (number % 20), days=60 - number // 90)]
    )
    while batch := list(itertools.islice(rows, _BATCH)):
        Appointment.objects.bulk_create(batch)


def _notes(random: Random, patients: list[Patient], dentist: Person, now: datetime) -> None:
    from quenotte.care.chart.models import Note
    from quenotte.config.demo import words

    sentences = [sentence.format(tooth=36) for visit in words.VISITS for sentence in visit[2]]
    rows = (
        Note(
            patient=random.choice(patients),
            author=dentist,
            signed_as="Dr Alice Kermarec",
            signed_at=now - timedelta(minutes=number * 4),
            text=random.choice(sentences),
        )
        for number in range(NOTES)
    )
    while batch := list(itertools.islice(rows, _BATCH)):
        Note.objects.bulk_create(batch)


def _pictures(random: Random, patients: list[Patient], dentist: Person, now: datetime) -> None:
    """Give each patient some eight radiographs of one tooth or two; their files are not needed."""
    from quenotte.base.files.models import Blob
    from quenotte.care.imaging.models import Device, Picture
    from quenotte.kernel.teeth import PERMANENT

    blob = Blob.objects.create(sha256="0" * 64, size_bytes=1, media_type="application/dicom")
    device = Device.objects.filter(practice_id=dentist.practice_id, is_recognised=True).first()
    rows = (
        Picture(
            practice_id=dentist.practice_id,
            patient=random.choice(patients),
            blob=blob,
            thumbnail=blob,
            state=Picture.State.FILED,
            proof={"patient_id": "internal"},
            sop_instance_uid=f"2.25.{number}",
            sop_class_uid="1.2.840.10008.5.1.4.1.1.1.3",
            study_uid=f"2.25.{number // 2}",
            modality="IO",
            teeth=random.sample(PERMANENT, 1 + number % 2),
            taken_at=taken,
            received_at=taken,
            device=device,
            source="dicom",
            filed_at=taken,
        )
        for number in range(PICTURES)
        for taken in [now - timedelta(minutes=number * 13)]
    )
    while batch := list(itertools.islice(rows, _BATCH)):
        Picture.objects.bulk_create(batch)


def main() -> None:
    """Fill the database named by the environment and print the sample as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    print(json.dumps(fill()))


if __name__ == "__main__":
    main()
