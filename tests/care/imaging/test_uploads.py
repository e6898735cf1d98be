"""Files dropped on a record: checked by content, wrapped, filed there."""

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.base.files import operations as files
from quenotte.base.files.models import Blob
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations.uploads import NotOurPatient, add_upload, try_upload
from quenotte.care.patients.models import Patient
from quenotte.devices.dicom.headers import Unreadable, read_header
from tests import factories
from tests.care.imaging.objects import radiograph
from tests.care.imaging.test_filing import actor_for

pytestmark = pytest.mark.django_db


def photo(kind: str = "JPEG", *, taken: str = "") -> bytes:
    picture = Image.effect_noise((64, 48), 40).convert("RGB")
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    stream = BytesIO()
    picture.save(stream, kind, exif=exif)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("TIFF", "image/tiff")]
)
def test_upload_of_a_photo_is_wrapped_and_filed(
    folder: Path, patient: Patient, bob: Person, kind: str, media_type: str
):
    content = photo(kind)

    answer = try_upload(
        SimpleUploadedFile("sourire.bin", content), patient_id=patient.id, by=actor_for(bob)
    )

    picture = Picture.objects.get()
    assert answer.is_kept
    assert answer.words == "Ajoutée au dossier."
    assert (picture.state, picture.patient, picture.filed_by) == ("filed", patient, bob)
    assert (picture.source, picture.modality) == ("upload", "XC")
    assert picture.original is not None
    assert picture.original.media_type == media_type
    assert files.local_path(picture.original).read_bytes() == content
    header = read_header(files.local_path(picture.blob))
    assert (header.patient_id, header.issuer, header.born_on) == (
        str(patient.file_number),
        patient.practice.dicom_issuer,
        patient.born_on,
    )
    line = Line.objects.get()
    assert (line.action, line.patient_id, line.person_id) == ("create", patient.id, bob.id)
    assert list((folder / "incoming").glob("*.part")) == []


def test_upload_gets_its_thumbnail_at_once(
    folder: Path, patient: Patient, bob: Person, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        try_upload(SimpleUploadedFile("a", photo()), patient_id=patient.id, by=actor_for(bob))

    assert Picture.objects.get().thumbnail is not None


def test_upload_takes_the_time_of_the_camera(folder: Path, patient: Patient, bob: Person):
    content = photo(taken="2026:02:03 10:11:12")

    try_upload(SimpleUploadedFile("a", content), patient_id=patient.id, by=actor_for(bob))

    assert Picture.objects.get().taken_at.isoformat() == "2026-02-03T09:11:12+00:00"


def test_upload_of_the_same_photo_twice_keeps_one(folder: Path, patient: Patient, bob: Person):
    content = photo()
    for _ in range(2):
        answer = try_upload(
            SimpleUploadedFile("a", content), patient_id=patient.id, by=actor_for(bob)
        )

    assert answer.is_kept
    assert answer.words == "Cette image était déjà enregistrée."
    assert Picture.objects.count() == 1


@pytest.mark.parametrize("content", [b"", b"MZ rien d'une image", b"%PDF-1.7"])
def test_upload_of_something_else_is_refused_and_kept_nowhere(
    folder: Path, patient: Patient, bob: Person, content: bytes
):
    answer = try_upload(
        SimpleUploadedFile("radio.jpg", content), patient_id=patient.id, by=actor_for(bob)
    )

    assert not answer.is_kept
    assert answer.file_name == "radio.jpg"
    assert "fichier" in answer.words
    assert (Picture.objects.count(), Blob.objects.count()) == (0, 0)
    line = Line.objects.get()
    code = "empty_file" if not content else "not_a_picture"
    assert (line.result, line.detail) == ("refused", {"reason": code})


@pytest.mark.parametrize("content", [b"\0" * 128 + b"DICM" + b"junk" * 50, b"\0" * 128 + b"DICM"])
def test_upload_of_junk_that_calls_itself_dicom_is_refused(
    folder: Path, patient: Patient, bob: Person, content: bytes
):
    answer = try_upload(
        SimpleUploadedFile("radio.dcm", content), patient_id=patient.id, by=actor_for(bob)
    )

    assert not answer.is_kept
    assert answer.words == str(Unreadable())
    assert (Picture.objects.count(), Blob.objects.count()) == (0, 0)
    assert Line.objects.get().detail == {"reason": "unreadable"}


def test_upload_of_a_radiograph_is_kept_as_it_is(folder: Path, patient: Patient, bob: Person):
    path = radiograph(folder / "incoming" / "a", patient)
    content = path.read_bytes()

    picture, is_new = add_upload(path, patient_id=patient.id, by=actor_for(bob))

    assert is_new
    assert (picture.state, picture.patient, picture.original) == ("filed", patient, None)
    assert files.local_path(picture.blob).read_bytes() == content
    assert picture.proof == {"keys": ["person"]}


def test_upload_of_a_radiograph_without_identity_is_filed_by_the_person(
    folder: Path, patient: Patient, bob: Person
):
    picture, _ = add_upload(
        radiograph(folder / "incoming" / "a"), patient_id=patient.id, by=actor_for(bob)
    )

    assert picture.patient == patient


def test_upload_of_somebody_elses_radiograph_goes_to_the_tray(
    folder: Path, patient: Patient, bob: Person
):
    other = factories.PatientFactory.create(practice=patient.practice, born_on=date(1950, 1, 2))
    content = radiograph(folder / "incoming" / "a", other).read_bytes()

    answer = try_upload(
        SimpleUploadedFile("a.dcm", content), patient_id=patient.id, by=actor_for(bob)
    )

    picture = Picture.objects.get()
    assert answer.is_kept
    assert "autre patient" in answer.words
    assert (picture.state, picture.patient) == ("tray", None)
    assert picture.reasons[:2] == ["dropped_on_another", "birth_date_differs"]


def test_upload_of_a_known_radiograph_tells_so(folder: Path, patient: Patient, bob: Person):
    for _ in range(2):
        content = radiograph(folder / "incoming" / "a", patient).read_bytes()
        answer = try_upload(
            SimpleUploadedFile("a.dcm", content), patient_id=patient.id, by=actor_for(bob)
        )

    assert answer.words == "Cette image était déjà enregistrée."
    assert Picture.objects.count() == 1


def test_upload_of_other_bytes_under_a_known_identifier_waits(
    folder: Path, patient: Patient, bob: Person
):
    add_upload(
        radiograph(folder / "incoming" / "a", patient), patient_id=patient.id, by=actor_for(bob)
    )
    changed = radiograph(folder / "incoming" / "b", patient, SeriesDescription="autre")

    picture, _ = add_upload(changed, patient_id=patient.id, by=actor_for(bob))

    assert (picture.state, picture.reasons) == ("tray", ["other_bytes"])


def test_upload_cut_short_is_refused(folder: Path, patient: Patient, bob: Person):
    content = radiograph(folder / "incoming" / "a", patient).read_bytes()[:-900]

    answer = try_upload(
        SimpleUploadedFile("a.dcm", content), patient_id=patient.id, by=actor_for(bob)
    )

    assert not answer.is_kept
    assert "incomplet" in answer.words


def test_upload_of_a_big_file_moves_it_without_a_copy(folder: Path, patient: Patient, bob: Person):
    content = photo()
    upload = TemporaryUploadedFile("a.jpg", "image/jpeg", len(content), None)
    upload.write(content)
    upload.seek(0)

    assert try_upload(upload, patient_id=patient.id, by=actor_for(bob)).is_kept
    upload.close()


def test_upload_on_a_full_disk_says_so(
    folder: Path, patient: Patient, bob: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(files, "has_room", lambda extra=0: False)

    answer = try_upload(SimpleUploadedFile("a", photo()), patient_id=patient.id, by=actor_for(bob))

    assert not answer.is_kept
    assert "espace disque" in answer.words
    assert Picture.objects.count() == 0


def test_upload_to_a_patient_of_another_practice_is_refused(
    folder: Path, other_practice: Practice, bob: Person
):
    neighbour = factories.PatientFactory.create(practice=other_practice)

    with pytest.raises(NotOurPatient):
        add_upload(
            radiograph(folder / "incoming" / "a"), patient_id=neighbour.id, by=actor_for(bob)
        )
