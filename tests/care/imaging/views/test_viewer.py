"""A picture full size: its page, its frames, its line in the journal."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import arrivals
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.objects import incoming
from tests.care.imaging.views.pages import Browser, url

pytestmark = pytest.mark.django_db


def test_viewer_page_names_its_addresses(
    filed: Picture, patient: Patient, bob: Person, client_of: Browser
):
    newer = factories.PictureFactory.create(patient=patient)
    older = factories.PictureFactory.create(patient=patient, taken_at="2020-01-01T10:00:00Z")

    page = client_of(bob).get(url("viewer", filed.id)).content.decode()

    assert 'data-island="viewer"' in page
    assert f'data-meta-url="{url("meta", filed.id)}"' in page
    assert f'data-frame-url="{url("frame", filed.id)}"' in page
    assert f'data-previous="{url("viewer", newer.id)}"' in page
    assert f'data-next="{url("viewer", older.id)}"' in page
    assert f'data-close="{reverse("patients:record", args=[patient.id])}"' in page


def test_viewer_of_what_cannot_be_drawn_says_so(patient: Patient, bob: Person, client_of: Browser):
    picture = factories.PictureFactory.create(patient=patient, is_thumbnail_impossible=True)

    page = client_of(bob).get(url("viewer", picture.id)).content.decode()

    assert "ne peut pas être montré" in page
    assert 'data-island="viewer"' not in page


def test_pixels_thumbnail_and_page_of_one_record_write_one_line(
    filed: Picture, patient: Patient, bob: Person, client_of: Browser
):
    client = client_of(bob)

    for name in ("viewer", "meta", "frame", "vignette", "details"):
        assert client.get(url(name, filed.id)).status_code == 200

    line = Line.objects.get(action="read")
    assert (line.patient_id, line.person_id, line.result) == (patient.id, bob.id, "ok")


def test_frame_is_raw_and_asked_again_each_time(
    filed: Picture, folder: Path, bob: Person, client_of: Browser
):
    client = client_of(bob)

    answer = client.get(url("frame", filed.id))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    again = client.get(url("frame", filed.id), headers={"If-None-Match": answer["ETag"]})

    assert len(content) == int(answer["Content-Length"]) == 60 * 40 * 2
    assert answer["Cache-Control"] == "private, no-cache"
    assert again.status_code == 304
    assert again["Cache-Control"] == "private, no-cache"


def test_meta_says_what_is_drawn(filed: Picture, bob: Person, client_of: Browser):
    said = client_of(bob).get(url("meta", filed.id)).json()

    assert (said["rows"], said["columns"], said["bits_stored"]) == (60, 40, 12)
    assert said["title"] == "Rétroalvéolaire, dents 36, 37"
    assert said["taken_at"].startswith("2026-03-17T")


def test_viewer_shows_the_alerts_and_a_new_one_at_once(
    filed: Picture, patient: Patient, bob: Person, client_of: Browser
):
    browser = client_of(bob)
    first = browser.get(url("meta", filed.id))
    assert first.json()["alerts"] == []
    factories.MedicalAlertFactory.create(patient=patient, label="Pénicillines", kind="allergy")
    again = browser.get(url("meta", filed.id), headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert [words for _tone, words in again.json()["alerts"]] == ["Allergie : Pénicillines"]


def test_meta_of_broken_bytes_is_a_sentence(
    folder: Path, device: Device, alice: Person, client_of: Browser
):
    path = folder / "incoming" / "a.part"
    path.write_bytes(b"rien")
    picture_id = arrivals.receive(incoming(path)).picture_id

    answer = client_of(alice).get(url("meta", picture_id))

    assert answer.status_code == 422
    assert "fichier" in answer.json()["message"]


def test_waiting_picture_seen_full_size_leaves_a_line(
    waiting: Picture, bob: Person, client_of: Browser
):
    client = client_of(bob)

    assert client.get(url("viewer", waiting.id)).status_code == 200
    assert client.get(url("meta", waiting.id)).status_code == 200

    line = Line.objects.get(action="read")
    assert (line.object_kind, line.object_id, line.patient_id) == (
        "picture",
        str(waiting.id),
        None,
    )


def test_thumbnail_of_the_tray_is_for_the_desk(waiting: Picture, sarah: Person, client_of: Browser):
    answer = client_of(sarah).get(url("vignette", waiting.id))

    assert answer["Content-Type"] == "image/webp"
    assert Line.objects.get(action="read").object_kind == "tray"


def test_thumbnail_of_a_record_is_not_for_the_desk(
    filed: Picture, sarah: Person, client_of: Browser
):
    assert client_of(sarah).get(url("vignette", filed.id)).status_code == 403
    assert Line.objects.get(action="read").result == "refused"


def test_thumbnail_that_is_not_drawn_yet_is_not_found(
    patient: Patient, bob: Person, client_of: Browser
):
    picture = factories.PictureFactory.create(patient=patient)

    assert client_of(bob).get(url("vignette", picture.id)).status_code == 404


@pytest.mark.parametrize("name", ["viewer", "meta", "frame", "vignette", "details", "choose"])
def test_picture_of_another_practice_is_not_found(
    name: str, filed: Picture, chloe: Person, client_of: Browser
):
    assert client_of(chloe).get(url(name, filed.id)).status_code == 404
    assert client_of(chloe).get(url(name, uuid4())).status_code == 404


@pytest.mark.parametrize("name", ["viewer", "meta", "frame", "vignette", "details"])
def test_picture_is_not_for_the_accountant(
    name: str, filed: Picture, marc: Person, client_of: Browser
):
    assert client_of(marc).get(url(name, filed.id)).status_code == 403


def test_teeth_are_corrected(filed: Picture, bob: Person, client_of: Browser):
    answer = client_of(bob).post(
        url("teeth", filed.id), {"teeth": "46, 47", "version": 1}, follow=True
    )

    filed.refresh_from_db()
    assert filed.teeth == [46, 47]
    assert "Dents enregistrées." in answer.content.decode()


@pytest.mark.parametrize("typed", ["99", "dent 36", "3600"])
def test_teeth_that_do_not_exist_are_refused(
    filed: Picture, bob: Person, client_of: Browser, typed: str
):
    answer = client_of(bob).post(
        url("teeth", filed.id), {"teeth": typed, "version": 1}, follow=True
    )

    filed.refresh_from_db()
    assert filed.teeth == [36, 37]
    assert "numéro de dent" in answer.content.decode()
