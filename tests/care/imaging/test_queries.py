"""What is asked of pictures and devices."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.care.imaging import queries
from quenotte.care.imaging.models import Device
from quenotte.care.imaging.rules import Agreement
from quenotte.care.patients.models import Patient
from tests import factories

pytestmark = pytest.mark.django_db


def test_candidate_goes_by_all_her_names(practice: Practice):
    patient = factories.PatientFactory.create(
        practice=practice,
        birth_name="Le Gall",
        used_name="Martin",
        first_birth_first_name="Léa",
        birth_first_names="Léa Marie",
        used_first_name="",
    )

    assert queries.candidate(patient).names == (
        "Le Gall Léa",
        "Le Gall Léa Marie",
        "Martin Léa",
        "Martin Léa Marie",
    )


@pytest.mark.parametrize("number", ["9999999999", "0", "", "-1", "x"])
def test_meant_by_a_number_that_no_row_holds(practice: Practice, number: str):
    factories.PatientFactory.create(practice=practice, file_number=1)

    assert queries.meant_by(practice.id, number) == []


def test_waiting_picture_is_proposed_to_the_patient_of_its_study(patient: Patient):
    factories.PictureFactory.create(patient=patient, study_uid="1.2.3")
    picture = factories.PictureFactory.create(
        practice=patient.practice, patient=None, state="tray", study_uid="1.2.3"
    )

    row = queries.waiting(patient.practice, picture)

    assert [each.patient for each in row.suggestions] == [patient]
    assert row.suggestions[0].proposal.agreements == (Agreement.STUDY,)


def test_waiting_picture_is_proposed_by_name_and_birth_date(patient: Patient):
    picture = factories.PictureFactory.create(
        practice=patient.practice,
        patient=None,
        state="tray",
        header={
            "patient_name": f"{patient.birth_name}^{patient.first_birth_first_name}",
            "born_on": patient.born_on.isoformat(),
        },
    )

    row = queries.waiting(patient.practice, picture)

    assert [each.patient for each in row.suggestions] == [patient]


def test_nobody_of_another_practice_is_proposed(patient: Patient, other_practice: Practice):
    picture = factories.PictureFactory.create(
        practice=other_practice,
        patient=None,
        state="tray",
        header={
            "patient_id": str(patient.file_number),
            "patient_name": f"{patient.birth_name}^{patient.first_birth_first_name}",
            "born_on": patient.born_on.isoformat(),
        },
    )

    assert queries.waiting(other_practice, picture).suggestions == []


def test_neighbours_at_the_ends(patient: Patient):
    now = timezone.now()
    old, new = (
        factories.PictureFactory.create(patient=patient, taken_at=now - timedelta(days=days))
        for days in (2, 1)
    )

    assert queries.neighbours(new) == (None, old.id)
    assert queries.neighbours(old) == (new.id, None)


def test_neighbours_of_a_waiting_picture_are_none(practice: Practice):
    picture = factories.PictureFactory.create(practice=practice, patient=None, state="tray")

    assert queries.neighbours(picture) == (None, None)


def test_devices_count_the_pictures_of_today(device: Device, practice: Practice):
    now = timezone.now()
    for days in (0, 0, 1):
        factories.PictureFactory.create(
            patient__practice=practice, device=device, received_at=now - timedelta(days=days)
        )
    unknown = factories.DeviceFactory.create(
        practice=practice, ae_title="INCONNU", name="Z", is_recognised=False
    )

    found: Any = queries.devices(practice.id, since=now - timedelta(hours=1))

    assert [(each, each.pictures_today) for each in found] == [(unknown, 0), (device, 2)]
