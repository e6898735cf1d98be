"""What people do with a picture: one wins, the bytes never change, the journal says who."""

import hashlib
import uuid
from pathlib import Path

import pytest

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.files import operations as files
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations.arrivals import receive
from quenotte.care.imaging.operations.filing import (
    NotATooth,
    PictureMoved,
    UnknownPatient,
    UnknownPicture,
    bring_back,
    file_picture,
    set_aside,
    set_teeth,
    unfile,
)
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.objects import incoming, radiograph

pytestmark = pytest.mark.django_db


def actor_for(person: Person) -> Actor:
    return Actor(
        person.id, person.full_name, person.practice_id, "Poste 1", "web", frozenset(person.roles)
    )


@pytest.fixture
def by(bob: Person) -> Actor:
    return actor_for(bob)


@pytest.fixture
def waiting(practice: Practice) -> Picture:
    """A picture in the tray."""
    return factories.PictureFactory.create(
        practice=practice, patient=None, state="tray", reasons=["identifier_missing"]
    )


def test_file_puts_the_picture_in_the_record(
    waiting: Picture, patient: Patient, by: Actor, bob: Person
):
    file_picture(picture_id=waiting.id, patient_id=patient.id, by=by, expected_version=1)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.patient, waiting.filed_by) == ("filed", patient, bob)
    assert waiting.filed_at is not None
    assert waiting.proof == {"keys": ["person"], "despite": ["identifier_missing"]}
    assert waiting.version == 2
    line = Line.objects.get()
    assert (line.action, line.patient_id, line.person_id) == ("file", patient.id, bob.id)
    assert line.object_id == str(waiting.id)
    assert sorted(Event.objects.values_list("name", flat=True)) == ["pictures", "tray"]


def test_file_after_somebody_else_is_refused_and_changes_nothing(
    waiting: Picture, patient: Patient, by: Actor
):
    other = factories.PatientFactory.create(practice=patient.practice)
    file_picture(picture_id=waiting.id, patient_id=patient.id, by=by, expected_version=1)

    with pytest.raises(PictureMoved):
        file_picture(picture_id=waiting.id, patient_id=other.id, by=by, expected_version=1)

    waiting.refresh_from_db()
    assert waiting.patient == patient
    assert Line.objects.count() == 1


def test_file_where_it_already_is_does_nothing(waiting: Picture, patient: Patient, by: Actor):
    for _ in range(2):
        file_picture(picture_id=waiting.id, patient_id=patient.id, by=by, expected_version=1)

    assert Line.objects.count() == 1


def test_file_to_a_patient_of_another_practice_is_refused(
    waiting: Picture, other_practice: Practice, by: Actor
):
    neighbour = factories.PatientFactory.create(practice=other_practice)

    with pytest.raises(UnknownPatient):
        file_picture(picture_id=waiting.id, patient_id=neighbour.id, by=by, expected_version=1)


def test_file_of_a_picture_of_another_practice_is_refused(
    waiting: Picture, patient: Patient, chloe: Person
):
    with pytest.raises(UnknownPicture):
        file_picture(
            picture_id=waiting.id, patient_id=patient.id, by=actor_for(chloe), expected_version=1
        )


def test_file_of_an_unknown_picture_is_refused(patient: Patient, by: Actor):
    with pytest.raises(UnknownPicture):
        file_picture(picture_id=uuid.uuid4(), patient_id=patient.id, by=by, expected_version=1)


def test_reassign_keeps_the_bytes_and_tells_both_records(
    folder: Path, device: Device, patient: Patient, by: Actor
):
    path = radiograph(folder / "incoming" / "a.part", patient)
    content = path.read_bytes()
    picture_id = receive(incoming(path)).picture_id
    other = factories.PatientFactory.create(practice=patient.practice)

    file_picture(picture_id=picture_id, patient_id=other.id, by=by, expected_version=1)

    picture = Picture.objects.get(id=picture_id)
    assert picture.patient == other
    assert picture.blob_id == hashlib.sha256(content).hexdigest()
    assert files.local_path(picture.blob).read_bytes() == content
    lines = Line.objects.filter(action="file").order_by("number")
    assert [(line.patient_id, line.detail["state"]) for line in lines] == [
        (patient.id, "out"),
        (other.id, "filed"),
    ]
    told = {event.data["patient"] for event in Event.objects.filter(name="pictures")}
    assert told == {str(patient.id), str(other.id)}


def test_unfile_puts_it_back_in_the_tray(patient: Patient, by: Actor):
    picture = factories.PictureFactory.create(patient=patient)

    unfile(picture_id=picture.id, by=by, expected_version=1)

    picture.refresh_from_db()
    assert (picture.state, picture.patient, picture.reasons) == ("tray", None, ["taken_out"])
    assert Line.objects.get().patient_id == patient.id


def test_unfile_of_what_waits_is_refused(waiting: Picture, by: Actor):
    with pytest.raises(PictureMoved):
        unfile(picture_id=waiting.id, by=by, expected_version=1)


def test_set_aside_and_bring_back_keep_the_reasons(waiting: Picture, by: Actor):
    set_aside(picture_id=waiting.id, by=by, expected_version=1)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.reasons) == ("aside", ["identifier_missing"])

    bring_back(picture_id=waiting.id, by=by, expected_version=2)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.version) == ("tray", 3)
    assert [line.detail["state"] for line in Line.objects.order_by("number")] == ["aside", "tray"]


def test_set_aside_of_a_filed_picture_is_refused(patient: Patient, by: Actor):
    picture = factories.PictureFactory.create(patient=patient)

    with pytest.raises(PictureMoved):
        set_aside(picture_id=picture.id, by=by, expected_version=1)


def test_set_teeth_changes_our_row_only(patient: Patient, by: Actor):
    picture = factories.PictureFactory.create(patient=patient, header={"teeth_proposed": [11]})

    set_teeth(picture_id=picture.id, teeth=[37, 36, 36], by=by, expected_version=1)

    picture.refresh_from_db()
    assert (picture.teeth, picture.header) == ([36, 37], {"teeth_proposed": [11]})
    line = Line.objects.get()
    assert (line.action, line.patient_id, line.detail) == (
        "change",
        patient.id,
        {"fields": "teeth"},
    )


@pytest.mark.parametrize("teeth", [[19], [36, 0], [56]])
def test_set_teeth_that_do_not_exist_is_refused(patient: Patient, by: Actor, teeth: list[int]):
    picture = factories.PictureFactory.create(patient=patient)

    with pytest.raises(NotATooth):
        set_teeth(picture_id=picture.id, teeth=teeth, by=by, expected_version=1)
