"""The tray: what waits, why, and where it goes."""

import json

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Picture
from quenotte.care.patients.models import Patient
from tests import factories
from tests.care.imaging.views.pages import HTMX, Browser, url

pytestmark = pytest.mark.django_db


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


def test_home_says_how_many_wait(waiting: Picture, sarah: Person, client_of: Browser):
    client = client_of(sarah)

    assert "1 image attend" in client.get(reverse("home")).content.decode()
    assert "1 image attend" in client.get(url("waiting")).content.decode()


def test_home_of_the_accountant_says_nothing_of_pictures(marc: Person, client_of: Browser):
    assert "Images à rattacher" not in client_of(marc).get(reverse("home")).content.decode()
