import html
from datetime import date

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.patients import merging
from quenotte.care.patients.models import Merge, Patient
from tests.care.people import actor as actor_of
from tests.factories import BlobFactory, NoteFactory, PatientFactory

pytestmark = pytest.mark.django_db

FRAGMENT = {"HX-Request": "true"}
TYPED = {
    "birth_name": "DURAND",
    "birth_first_names": "Marie Anne",
    "born_on": "3 avril 1985",
    "sex": "F",
}


def url(name, *args):
    return reverse(f"patients:{name}", args=args)


def page(response):
    return html.unescape(response.content.decode())


@pytest.fixture
def pair(practice):
    return [
        PatientFactory.create(
            practice=practice,
            file_number=number,
            birth_name=name,
            first_birth_first_name="Marie",
            email=email,
        )
        for number, name, email in (
            (70, "Durand", "a@courriel.example"),
            (71, "Durant", "b@courriel.example"),
        )
    ]


def test_look_alikes_are_shown_while_typing(sarah, pair, client_of):
    answer = client_of(sarah).post(url("look_alikes"), TYPED | {"born_on": "31/02/1985"})
    assert answer.status_code == 200
    assert "même nom" in page(answer)
    assert url("record", pair[0].id) in page(answer)
    line = Line.objects.get(action="search")
    assert line.detail["purpose"] == "duplicates"


def test_nothing_typed_is_like_nobody(sarah, client_of):
    browser = client_of(sarah)
    asked = {"birth_name": "Personne", "birth_first_names": "Absente"}
    assert "Aucun dossier ne ressemble" in page(browser.post(url("look_alikes"), asked))
    # Before both names are there nothing was looked for, and nothing is denied.
    early = page(browser.post(url("look_alikes"), {"birth_name": "Personne"}))
    assert "Aucun dossier" not in early
    assert "Dès que le nom et le prénom" in early


def test_look_alikes_doors(marc, client_of, client, sarah):
    assert client_of(marc).post(url("look_alikes"), TYPED).status_code == 403
    assert client.post(url("look_alikes"), TYPED).status_code == 302
    assert client_of(sarah).get(url("look_alikes")).status_code == 405


def test_create_despite_a_look_alike_is_written_in_the_journal(sarah, pair, client_of):
    client = client_of(sarah)
    answer = client.post(url("create"), TYPED)
    assert answer.status_code == 422
    assert "Créer quand même" in page(answer)
    assert "même prénom" in page(answer)
    client.post(url("create"), TYPED | {"confirme": "1"})
    line = Line.objects.get(action="create", object_kind="patient")
    assert line.detail == {"purpose": "despite 2"}


def test_shared_telephone_alone_does_not_stop_the_creation(sarah, practice, client_of):
    PatientFactory.create(
        practice=practice,
        birth_name="Durand",
        first_birth_first_name="Léon",
        born_on=date(2010, 1, 1),
        file_number=1000,
        mobile_phone="+33639980001",
    )
    client_of(sarah).post(url("create"), TYPED | {"mobile_phone": "06 39 98 00 01"})
    assert Patient.objects.count() == 2


def test_choose_proposes_look_alikes_and_searches(sarah, pair, client_of, practice):
    kept, gone = pair
    PatientFactory.create(practice=practice, file_number=5, birth_name="Zwicker")
    shown = page(client_of(sarah).get(url("merge_choose", kept.id), {"q": "zwick"}))
    assert url("merge", kept.id, gone.id) in shown
    assert "ZWICKER" in shown
    assert "Aucun autre dossier" in page(
        client_of(sarah).get(url("merge_choose", kept.id), {"q": "introuvable"})
    )


def test_compare_shows_what_differs_and_what_comes(alice, pair, client_of):
    kept, gone = pair
    NoteFactory.create(patient=gone, author=alice)
    shown = page(client_of(alice).get(url("merge", kept.id, gone.id)))
    for words in (
        "a@courriel.example",
        "b@courriel.example",
        "notes (1)",
        "Garder plutôt le n° 71",
    ):
        assert words in shown
    assert 'name="town"' not in shown
    assert "se ressemblent peu" not in shown
    Patient.objects.filter(id=gone.id).update(birth_name="Zwicker", born_on="1930-01-01")
    assert "se ressemblent peu" in page(client_of(alice).get(url("merge", kept.id, gone.id)))
    reads = Line.objects.filter(action="read", detail__purpose="merge")
    assert {line.patient_id for line in reads} == {kept.id, gone.id}


def test_union_and_its_undoing(sarah, pair, client_of):
    kept, gone = pair
    client = client_of(sarah)
    posted = {"versions": "1,1", "birth_name": "own", "email": "other"}
    answer = client.post(url("merge", kept.id, gone.id), posted)
    assert answer.url == url("record", kept.id)
    kept.refresh_from_db()
    assert (kept.birth_name, kept.email) == ("Durand", "b@courriel.example")
    merge = Merge.objects.get()
    reads = Line.objects.filter(action="read", detail__purpose="record")
    assert reads.count() == 0
    answer = client.get(url("record", gone.id), follow=True)
    assert answer.redirect_chain == [(url("record", kept.id), 302)]
    assert [line.patient_id for line in reads] == [kept.id]
    assert "Dossier n° 71" in page(client.get(url("identity", kept.id)))
    assert url("undo_merge", merge.id) in page(client.get(url("merge_choose", kept.id)))
    assert "retrouve sa fiche" in page(client.get(url("undo_merge", merge.id)))
    assert client.post(url("undo_merge", merge.id)).url == url("record", kept.id)
    assert "déjà été défaite" in page(client.post(url("undo_merge", merge.id), follow=True))
    assert client.get(url("record", gone.id)).status_code == 200


def test_union_of_what_changed_meanwhile_is_shown_again(sarah, pair, client_of):
    kept, gone = pair
    posted = {"versions": "1,7", "birth_name": "own", "email": "own"}
    answer = client_of(sarah).post(url("merge", kept.id, gone.id), posted, follow=True)
    assert "modifiée pendant votre lecture" in page(answer)
    assert not Merge.objects.exists()


@pytest.mark.parametrize("versions", ["", "1", "a,b"])
def test_union_without_what_was_seen_is_shown_again(versions, sarah, pair, client_of):
    kept, gone = pair
    posted = {"versions": versions, "birth_name": "own", "email": "own"}
    assert client_of(sarah).post(url("merge", kept.id, gone.id), posted).status_code == 200
    assert not Merge.objects.exists()


def test_two_qualified_identities_cannot_be_confirmed(sarah, pair, client_of):
    for patient, number in zip(pair, ("279035121518989", "295109912611193"), strict=True):
        Patient.objects.filter(id=patient.id).update(
            ins_matricule=number, ins_oid="1.2.250.1.213.1.4.10", identity_status="qualifiee"
        )
    shown = page(client_of(sarah).get(url("merge", pair[0].id, pair[1].id)))
    assert "Ce sont deux personnes" in shown
    assert "Réunir ces deux dossiers" not in shown


def test_records_that_are_one_already(sarah, pair, client_of):
    kept, gone = pair
    merging.merge_patients(
        actor=actor_of(sarah), survivor_id=kept.id, absorbed_id=gone.id, taken=()
    )
    answer = client_of(sarah).get(url("merge", kept.id, gone.id), follow=True)
    assert "déjà qu’un" in page(answer)


def test_form_of_a_record_absorbed_meanwhile_is_kept_and_explained(sarah, pair, client_of):
    kept, gone = pair
    merging.merge_patients(
        actor=actor_of(sarah), survivor_id=kept.id, absorbed_id=gone.id, taken=()
    )
    posted = TYPED | {"email": "c@courriel.example", "version": "1", "initial-email": ""}
    answer = client_of(sarah).post(url("identity", gone.id), posted)
    assert answer.status_code == 409
    assert "c@courriel.example" in page(answer)
    kept.refresh_from_db()
    assert kept.email == "a@courriel.example"


def test_union_doors(bob, chloe, marc, pair, client_of, client):
    kept, gone = pair
    merge = merging.merge_patients(
        actor=actor_of(bob), survivor_id=kept.id, absorbed_id=gone.id, taken=()
    )
    for address in (
        url("merge_choose", kept.id),
        url("merge", kept.id, gone.id),
        url("undo_merge", merge.id),
    ):
        assert client_of(bob).get(address).status_code == 403
        assert client_of(marc).post(address).status_code == 403
        assert client_of(chloe).get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert client_of(chloe).put(url("undo_merge", merge.id)).status_code == 405


def test_signals_photo_and_phones_are_compared_in_words(sarah, pair, client_of):
    kept, gone = pair
    Patient.objects.filter(id=gone.id).update(
        is_doubtful=True, photo=BlobFactory.create(), mobile_phone="+33639980009"
    )
    shown = page(client_of(sarah).get(url("merge", kept.id, gone.id)))
    for words in ("identité douteuse", "aucune photo", "une photo", "06 39 98 00 09"):
        assert words in shown
