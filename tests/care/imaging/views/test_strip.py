"""The strip of a record, and the files dropped on it."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.care.imaging.models import Picture
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.test_uploads import photo
from tests.care.imaging.views.pages import HTMX, Browser, url

pytestmark = pytest.mark.django_db


def reads() -> int:
    return Line.objects.filter(action="read", result="ok").count()


def test_strip_shows_the_newest_first(filed: Picture, bob: Person, client_of: Browser):
    assert filed.patient is not None
    factories.PictureFactory.create(patient=filed.patient, teeth=[11])

    page = client_of(bob).get(url("strip", filed.patient.id), headers=HTMX).content.decode()

    assert page.index(">11</strong>") < page.index(">36, 37</strong>")
    assert "vignette en cours" in page
    assert f'src="{url("vignette", filed.id)}"' in page
    assert f'data-live-patient="{filed.patient.id}"' in page
    assert 'data-island="dropzone"' in page
    assert "<html" not in page


def test_strip_without_script_is_a_page(patient: Patient, bob: Person, client_of: Browser):
    page = client_of(bob).get(url("strip", patient.id)).content.decode()

    assert "<html" in page
    assert "Aucune image pour l’instant" in page


def test_strip_stops_somewhere_unless_asked(patient: Patient, bob: Person, client_of: Browser):
    factories.PictureFactory.create_batch(42, patient=patient)
    client = client_of(bob)

    short = client.get(url("strip", patient.id)).content.decode()
    whole = client.get(url("strip", patient.id), {"toutes": "1"}).content.decode()

    assert short.count("data-picture=") == 40
    assert "Toutes les images" in short
    assert whole.count("data-picture=") == 42


@pytest.mark.parametrize(("who", "status"), [("chloe", 404), ("sarah", 403), ("marc", 403)])
def test_strip_is_for_those_who_care(
    request: pytest.FixtureRequest, patient: Patient, client_of: Browser, who: str, status: int
):
    client = client_of(request.getfixturevalue(who))

    assert client.get(url("strip", patient.id)).status_code == status


def test_record_page_shows_strip_and_timeline(
    filed: Picture, patient: Patient, bob: Person, client_of: Browser
):
    page = client_of(bob).get(reverse("patients:record", args=[patient.id])).content.decode()

    assert 'id="strip-pictures"' in page
    assert "timeline-picture" in page
    assert reads() == 1


def test_record_page_of_the_desk_has_no_pictures(
    filed: Picture, patient: Patient, sarah: Person, client_of: Browser
):
    page = client_of(sarah).get(reverse("patients:record", args=[patient.id])).content.decode()

    assert "strip-pictures" not in page
    assert "timeline-picture" not in page


def test_upload_answers_each_file(folder: Path, patient: Patient, bob: Person, client_of: Browser):
    answer = client_of(bob).post(
        url("upload", patient.id),
        {"file": [SimpleUploadedFile("a.jpg", photo()), SimpleUploadedFile("b.jpg", b"rien")]},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 200
    assert [each["kept"] for each in answer.json()["files"]] == [True, False]
    assert Picture.objects.get().patient == patient


def test_upload_of_nothing_good_is_refused(
    folder: Path, patient: Patient, bob: Person, client_of: Browser
):
    answer = client_of(bob).post(
        url("upload", patient.id),
        {"file": SimpleUploadedFile("b.jpg", b"rien")},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 422
    assert "JPEG" in answer.json()["message"]


def test_upload_of_junk_named_dicom_is_refused_in_a_sentence(
    folder: Path, patient: Patient, bob: Person, client_of: Browser
):
    answer = client_of(bob).post(
        url("upload", patient.id),
        {"file": SimpleUploadedFile("a.dcm", b"\0" * 128 + b"DICM" + b"junk" * 50)},
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == 422
    assert "DICOM" in answer.json()["message"]


def test_upload_without_a_file_says_what_to_do(
    folder: Path, patient: Patient, bob: Person, client_of: Browser
):
    client = client_of(bob)
    words = "Aucun fichier reçu. Choisissez un fichier, puis recommencez."

    answer = client.post(url("upload", patient.id), headers={"Accept": "application/json"})
    page = client.post(url("upload", patient.id), follow=True)

    assert (answer.status_code, answer.json()["message"]) == (422, words)
    assert words in page.content.decode()
    assert Picture.objects.count() == 0


def test_upload_without_script_tells_on_the_record(
    folder: Path, patient: Patient, bob: Person, client_of: Browser
):
    answer = client_of(bob).post(
        url("upload", patient.id), {"file": SimpleUploadedFile("a.jpg", photo())}, follow=True
    )

    assert "a.jpg" in answer.content.decode()
    assert "Ajoutée au dossier." in answer.content.decode()


@pytest.mark.parametrize(("who", "status"), [("chloe", 404), ("sarah", 403)])
def test_upload_is_for_those_who_care(
    request: pytest.FixtureRequest, patient: Patient, client_of: Browser, who: str, status: int
):
    client = client_of(request.getfixturevalue(who))

    assert client.post(url("upload", patient.id)).status_code == status
    assert Picture.objects.count() == 0
