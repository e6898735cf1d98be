"""Pages of pictures: allowed, stranger, wrong role, wrong verb; rows and journal lines."""

import json
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device, Picture
from quenotte.care.imaging.operations import arrivals, thumbnails
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.objects import incoming, radiograph
from tests.care.imaging.test_uploads import photo

pytestmark = pytest.mark.django_db

Browser = Callable[[Person], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def filed(folder: Path, device: Device, patient: Patient) -> Picture:
    """A radiograph in the record, with its thumbnail."""
    path = radiograph(folder / "incoming" / "a.part", patient)
    outcome = arrivals.receive(incoming(path))
    thumbnails.draw_thumbnail(outcome.picture_id)
    return Picture.objects.get(id=outcome.picture_id)


@pytest.fixture
def waiting(folder: Path, device: Device, patient: Patient) -> Picture:
    """The same one, whose birth date contradicts the record."""
    path = radiograph(folder / "incoming" / "a.part", patient, PatientBirthDate="19850304")
    outcome = arrivals.receive(incoming(path))
    thumbnails.draw_thumbnail(outcome.picture_id)
    return Picture.objects.get(id=outcome.picture_id)


def url(name: str, *args: object) -> str:
    return reverse(f"imaging:{name}", args=args)


def reads() -> int:
    return Line.objects.filter(action="read", result="ok").count()


# The tray


def test_tray_shows_what_waits_why_and_who_is_proposed(
    waiting: Picture, patient: Patient, sarah: Person, client_of: Browser
):
    answer = client_of(sarah).get(url("tray"))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "La date de naissance n’est pas celle du dossier." in page
    assert "04/03/1985" in page
    assert f"dossier n° {patient.file_number}" in page
    assert "même numéro de dossier" in page
    assert "autre date de naissance" in page
    assert "Capteur 1" in page
    assert Line.objects.filter(action="read", object_kind="tray", person_id=sarah.id).count() == 1


def test_tray_redrawn_writes_no_second_line(waiting: Picture, sarah: Person, client_of: Browser):
    client = client_of(sarah)
    client.get(url("tray"))

    answer = client.get(url("tray"), headers=HTMX)

    assert answer.content.decode().lstrip().startswith('<div id="tray"')
    assert Line.objects.filter(object_kind="tray").count() == 1


def test_tray_asks_the_database_as_often_for_many_as_for_one(
    waiting: Picture, practice: Practice, alice: Person, client_of: Browser,
    django_assert_max_num_queries,
):  # fmt: skip
    for number in range(12):
        factories.PictureFactory.create(
            practice=practice,
            patient=None,
            state="tray",
            header={"patient_id": str(number), "born_on": "1985-04-03", "patient_name": "A^B"},
        )
    client = client_of(alice)
    # The lights are asked once a minute, by whichever page comes first.
    client.get("/cabinet/")
    # The lock, and the calls and tasks of the frame, are three of them.
    with django_assert_max_num_queries(24):
        assert client.get(url("tray")).status_code == 200


def test_tray_is_shown_page_by_page(practice: Practice, alice: Person, client_of: Browser):
    factories.PictureFactory.create_batch(41, practice=practice, patient=None, state="tray")
    client = client_of(alice)

    first, second = client.get(url("tray")), client.get(url("tray"), {"page": "2"})

    assert first.content.decode().count("<article") == 40
    assert 'rel="next"' in first.content.decode()
    assert second.content.decode().count("<article") == 1
    assert 'rel="prev"' in second.content.decode()


def test_tray_shows_those_set_aside(practice: Practice, alice: Person, client_of: Browser):
    factories.PictureFactory.create(practice=practice, patient=None, state="aside")

    page = client_of(alice).get(url("tray"), {"vue": "ecartees"}).content.decode()

    assert page.count("<article") == 1
    assert "Remettre à rattacher" in page


def test_tray_empty_says_so(alice: Person, client_of: Browser):
    assert "Aucune image n’attend" in client_of(alice).get(url("tray")).content.decode()


def test_tray_hides_what_waits_elsewhere(waiting: Picture, chloe: Person, client_of: Browser):
    assert "<article" not in client_of(chloe).get(url("tray")).content.decode()


def test_tray_is_not_for_the_accountant(marc: Person, client_of: Browser):
    assert client_of(marc).get(url("tray")).status_code == 403


@pytest.mark.parametrize(
    "name", ["tray", "devices", "waiting"]
)  # fmt: skip
def test_reading_page_refuses_another_verb(name: str, alice: Person, client_of: Browser):
    assert client_of(alice).post(url(name)).status_code == 405


@pytest.mark.parametrize("name", ["file", "unfile", "set_aside", "bring_back", "teeth"])
def test_action_refuses_to_be_read(name: str, waiting: Picture, alice: Person, client_of: Browser):
    assert client_of(alice).get(url(name, waiting.id)).status_code == 405


@pytest.mark.parametrize("name", ["file", "unfile", "set_aside", "bring_back", "teeth"])
def test_action_of_a_stranger_finds_nothing(
    name: str, waiting: Picture, chloe: Person, client_of: Browser
):
    answer = client_of(chloe).post(url(name, waiting.id), {"version": 1})

    assert answer.status_code == 404
    waiting.refresh_from_db()
    assert waiting.version == 1


# Filing


def test_file_by_one_click_redraws_the_tray(
    waiting: Picture, patient: Patient, sarah: Person, client_of: Browser
):
    answer = client_of(sarah).post(
        url("file", waiting.id), {"patient": patient.id, "version": 1}, headers=HTMX
    )

    waiting.refresh_from_db()
    assert waiting.patient == patient
    assert "<article" not in answer.content.decode()
    assert json.loads(answer["HX-Trigger"])["toast"] == {
        "text": "Image rangée dans le dossier choisi.",
        "level": "ok",
    }
    assert Line.objects.get(action="file").person_id == sarah.id


def test_file_without_script_leads_back_to_the_tray(
    waiting: Picture, patient: Patient, alice: Person, client_of: Browser
):
    answer = client_of(alice).post(
        url("file", waiting.id), {"patient": patient.id, "version": 1}, follow=True
    )

    assert answer.redirect_chain == [(url("tray"), 302)]
    assert "Image rangée" in answer.content.decode()


def test_file_too_late_is_told_and_changes_nothing(
    waiting: Picture, patient: Patient, alice: Person, client_of: Browser
):
    Picture.objects.update(version=2)

    answer = client_of(alice).post(
        url("file", waiting.id), {"patient": patient.id, "version": 1}, headers=HTMX
    )

    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert toast["level"] == "danger"
    assert "Quelqu’un d’autre" in toast["text"]
    waiting.refresh_from_db()
    assert waiting.patient is None


def test_file_to_nobody_is_told(waiting: Picture, alice: Person, client_of: Browser):
    answer = client_of(alice).post(url("file", waiting.id), {"version": 1}, headers=HTMX)

    assert "Choisissez un patient" in json.loads(answer["HX-Trigger"])["toast"]["text"]


def test_reassign_leads_to_the_card_of_the_picture(
    filed: Picture, bob: Person, client_of: Browser, practice: Practice
):
    other = factories.PatientFactory.create(practice=practice)

    answer = client_of(bob).post(url("file", filed.id), {"patient": other.id, "version": 1})

    assert answer["Location"] == url("details", filed.id)
    filed.refresh_from_db()
    assert filed.patient == other


def test_reassign_is_not_for_the_desk(filed: Picture, sarah: Person, client_of: Browser):
    other = factories.PatientFactory.create(practice=filed.practice)

    answer = client_of(sarah).post(url("file", filed.id), {"patient": other.id, "version": 1})

    assert answer.status_code == 403
    filed.refresh_from_db()
    assert filed.patient != other


def test_unfile_puts_it_in_the_tray(filed: Picture, bob: Person, client_of: Browser):
    answer = client_of(bob).post(url("unfile", filed.id), {"version": 1}, follow=True)

    assert "retirée du dossier" in answer.content.decode()
    filed.refresh_from_db()
    assert (filed.state, filed.reasons) == ("tray", ["taken_out"])


def test_set_aside_offers_the_way_back(waiting: Picture, sarah: Person, client_of: Browser):
    client = client_of(sarah)

    answer = client.post(url("set_aside", waiting.id), {"version": 1}, headers=HTMX)
    undo = json.loads(answer["HX-Trigger"])["toast"]["undoUrl"]
    client.post(undo, headers=HTMX)

    waiting.refresh_from_db()
    assert (waiting.state, waiting.version) == ("tray", 3)


def test_set_aside_without_version_is_told(waiting: Picture, sarah: Person, client_of: Browser):
    answer = client_of(sarah).post(url("set_aside", waiting.id), headers=HTMX)

    assert "undoUrl" not in json.loads(answer["HX-Trigger"])["toast"]
    waiting.refresh_from_db()
    assert waiting.state == "tray"


def test_choose_finds_the_patient_by_name(
    waiting: Picture, patient: Patient, sarah: Person, client_of: Browser
):
    client = client_of(sarah)

    assert client.get(url("choose", waiting.id)).status_code == 200
    page = client.get(
        url("choose", waiting.id), {"q": patient.birth_name}, headers=HTMX
    ).content.decode()

    assert str(patient.id) in page
    assert "<html" not in page


def test_choose_finding_nobody_says_so(waiting: Picture, sarah: Person, client_of: Browser):
    page = client_of(sarah).get(url("choose", waiting.id), {"q": "zzzz"}).content.decode()

    assert "Aucun patient trouvé" in page


# The viewer


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


# Teeth


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


# The strip and what is dropped on it


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


# Devices and the home page


def test_devices_says_how_to_connect(
    device: Device, filed: Picture, alice: Person, client_of: Browser
):
    page = client_of(alice).get(url("devices")).content.decode()

    assert "CAPTEUR1" in page
    assert "<code>QUENOTTE</code>" in page
    assert "<code>11112</code>" in page
    assert "<code>testserver</code>" in page
    assert f"<code>{alice.practice.dicom_issuer}</code>" in page


def test_device_is_recognised(device: Device, alice: Person, client_of: Browser):
    Device.objects.update(is_recognised=False)
    prefix = f"d{device.id.hex[:8]}"

    client_of(alice).post(
        url("device", device.id),
        {f"{prefix}-name": "Capteur de Bob", f"{prefix}-is_recognised": "on"},
    )

    device.refresh_from_db()
    assert (device.name, device.is_recognised) == ("Capteur de Bob", True)


def test_device_without_name_is_asked_again(device: Device, alice: Person, client_of: Browser):
    answer = client_of(alice).post(url("device", device.id), {})

    assert answer.status_code == 422
    device.refresh_from_db()
    assert device.name == "Capteur 1"


def test_device_takes_a_chair_of_the_practice(
    device: Device, alice: Person, client_of: Browser, practice: Practice
):
    chair = factories.ChairFactory.create(room__practice=practice)
    prefix = f"d{device.id.hex[:8]}"

    client_of(alice).post(
        url("device", device.id), {f"{prefix}-name": "Capteur", f"{prefix}-chair": str(chair.id)}
    )

    device.refresh_from_db()
    assert device.chair == chair


@pytest.mark.parametrize(("who", "status"), [("chloe", 404), ("bob", 403)])
def test_device_is_for_those_who_manage(
    request: pytest.FixtureRequest, device: Device, client_of: Browser, who: str, status: int
):
    client = client_of(request.getfixturevalue(who))

    assert client.post(url("device", device.id), {}).status_code == status


def test_home_says_how_many_wait(waiting: Picture, sarah: Person, client_of: Browser):
    client = client_of(sarah)

    assert "1 image attend" in client.get(reverse("home")).content.decode()
    assert "1 image attend" in client.get(url("waiting")).content.decode()


def test_home_of_the_accountant_says_nothing_of_pictures(marc: Person, client_of: Browser):
    assert "Images à rattacher" not in client_of(marc).get(reverse("home")).content.decode()
