"""Death, photo and the people around a patient."""

import re
from datetime import date
from io import BytesIO

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.base.people.operations import save_draft
from quenotte.care.patients.models import RelatedPerson
from tests.care.patients.views.forms import FRAGMENT, page, url
from tests.factories import (
    PatientFactory,
)


def test_death_is_noted(sarah, patient, client_of):
    client_of(sarah).post(url("death", patient.id), {"died_on": "1/3/2026", "version": 1})
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)


def test_death_of_two_browsers_shows_both_days_and_keeps_what_was_typed(
    alice, sarah, patient, client_of
):
    client_of(sarah).post(url("death", patient.id), {"died_on": "1/3/2026", "version": 1})
    save_draft(person_id=alice.id, key=f"identity:{patient.id}", text='{"town": "Rezé"}')
    answer = client_of(alice).post(url("death", patient.id), {"died_on": "2/3/2026", "version": 1})
    assert answer.status_code == 409
    shown = page(answer)
    assert "Dans le dossier : « 01/03/2026 ». Votre saisie : « 02/03/2026 »." in shown
    assert 'value="2/3/2026"' in shown
    # The field stands far below: the page opens on it, and says there who saved.
    assert re.findall(r'name="(\w+)"[^>]* autofocus', shown) == ["died_on"]
    assert sarah.full_name in " ".join(answer.context["death_form"].errors["died_on"])
    assert '{"town": "Rezé"}' in shown
    patient.refresh_from_db()
    assert patient.died_on == date(2026, 3, 1)


def test_banner_says_who_must_not_be_contacted(sarah, practice, client_of):
    objecting = PatientFactory.create(practice=practice, do_not_contact=True)
    dead = PatientFactory.create(practice=practice, do_not_contact=True, died_on=date(2026, 3, 1))
    client = client_of(sarah)
    client.post(url("death", objecting.id), {"died_on": "", "version": 1})
    assert "Ne pas contacter" in page(client.get(url("record", objecting.id)))
    shown = page(client.get(url("record", dead.id)))
    assert "Décès le 01/03/2026" in shown
    assert "Ne pas contacter" not in shown


def test_death_on_no_day_is_refused(sarah, patient, client_of):
    answer = client_of(sarah).post(url("death", patient.id), {"died_on": "31/02/2026"})
    assert answer.status_code == 422
    assert "n’existe pas" in page(answer)


def picture():
    out = BytesIO()
    Image.new("RGB", (40, 40), "white").save(out, format="PNG")
    return SimpleUploadedFile("moi.png", out.getvalue(), content_type="image/png")


def test_photo_is_kept_shown_and_removed(sarah, patient, client_of):
    client = client_of(sarah)
    assert client.get(url("photo", patient.id)).status_code == 404
    client.post(url("change_photo", patient.id), {"photo": picture()})
    answer = client.get(url("photo", patient.id))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Content-Disposition" not in answer
    assert answer.content.startswith(b"\xff\xd8")
    known = {"If-None-Match": answer["ETag"]}
    assert client.get(url("photo", patient.id), headers=known).status_code == 304
    seen = client.get(url("identity", patient.id)).context["photo_form"]["seen"].value()
    client.post(url("remove_photo", patient.id), {"seen": seen})
    assert client.get(url("photo", patient.id)).status_code == 404


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"photo": SimpleUploadedFile("x.jpg", b"<svg onload=1>")}, "pas une photographie"),
        ({}, "Choisissez d’abord une photo"),
    ],
)
def test_photo_that_is_none_is_declined(sarah, patient, client_of, files, words):
    answer = client_of(sarah).post(url("change_photo", patient.id), files)
    assert words in str(next(iter(get_messages(answer.wsgi_request))))


def test_photo_of_two_browsers_keeps_the_first(alice, sarah, patient, client_of):
    client_of(sarah).post(url("change_photo", patient.id), {"photo": picture(), "seen": ""})
    patient.refresh_from_db()
    first = patient.photo_id
    for name, data in (("change_photo", {"photo": picture()}), ("remove_photo", {})):
        answer = client_of(alice).post(url(name, patient.id), data | {"seen": ""})
        assert "Rien n’a été écrasé" in str(next(iter(get_messages(answer.wsgi_request))))
        patient.refresh_from_db()
        assert patient.photo_id == first


def test_photo_beside_a_forged_one_changes_nothing(sarah, patient, client_of):
    forged = {"seen": "0" * 99}
    client_of(sarah).post(url("change_photo", patient.id), forged | {"photo": picture()})
    client_of(sarah).post(url("remove_photo", patient.id), forged)
    patient.refresh_from_db()
    assert patient.photo is None
    assert not Line.objects.filter(action="change").exists()


def test_relative_is_added_and_ended(sarah, patient, client_of):
    client = client_of(sarah)
    typed = {"relation": "guardian", "full_name": "Anne Petit", "phone": "06 39 98 00 09"}
    assert "Anne Petit" in page(client.post(url("relatives", patient.id), typed, headers=FRAGMENT))
    person = RelatedPerson.objects.get()
    assert person.phone == "+33639980009"
    answer = client.post(url("end_relative", patient.id, person.id), headers=FRAGMENT)
    assert "Aucun proche noté" in page(answer)
    assert client.post(url("end_relative", patient.id, person.id)).status_code == 302
    assert client.post(url("relatives", patient.id), typed).url == url("identity", patient.id)


def test_relative_with_a_wrong_number_is_refused(sarah, patient, client_of):
    answer = client_of(sarah).post(
        url("relatives", patient.id),
        {"relation": "insured", "full_name": "Anne Petit", "nir": "279035121518988"},
    )
    assert answer.status_code == 422
    assert "clé 88" in page(answer)
