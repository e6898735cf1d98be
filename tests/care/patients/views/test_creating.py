"""Somebody new: her fields, those who look like her, her matricule."""

from datetime import date

import pytest

from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.patients.models import Patient
from tests.care.patients.views.forms import (
    NIR,
    NIR_OID,
    TEST_OID,
    TYPED,
    confirmation,
    page,
    patient_lines,
    url,
)
from tests.factories import (
    PatientFactory,
)

NIA = "779035121518933"


def test_create_from_a_search_is_filled(alice, client_of):
    shown = page(client_of(alice).get(url("create"), {"q": "dupont marie 03/04/1985"}))
    assert 'value="DUPONT"' in shown
    assert 'value="03/04/1985"' in shown


def test_create_opens_the_record(sarah, client_of):
    answer = client_of(sarah).post(url("create"), TYPED | {"mobile_phone": "06.39.98.00.01"})
    patient = Patient.objects.get()
    assert answer.url == url("record", patient.id)
    assert (patient.born_on, patient.mobile_phone) == (date(1985, 4, 3), "+33639980001")
    assert ("create", "ok") in patient_lines()


def test_first_names_may_be_typed_as_the_card_prints_them(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"birth_first_names": "Marie, Louise,Anne"})
    assert Patient.objects.get().birth_first_names == "Marie Louise Anne"


def test_create_of_a_look_alike_asks_first(sarah, practice, client_of):
    PatientFactory.create(practice=practice, birth_name="Durand", first_birth_first_name="Marie")
    client = client_of(sarah)
    answer = client.post(url("create"), TYPED)
    assert answer.status_code == 422
    assert "existe peut-être déjà" in page(answer)
    assert Patient.objects.count() == 1
    client.post(url("create"), TYPED | {"confirme": "1"})
    assert Patient.objects.count() == 2


def test_create_of_somebody_known_by_her_used_name_asks_first(sarah, practice, client_of):
    PatientFactory.create(
        practice=practice,
        birth_name="Lévy",
        used_name="Durand-Le Gall",
        first_birth_first_name="Marie",
    )
    typed = TYPED | {"birth_name": "LE GALL", "used_name": "DURAND", "birth_first_names": "MARIE"}
    answer = client_of(sarah).post(url("create"), typed)
    assert answer.status_code == 422
    assert "LÉVY" in page(answer)
    assert Patient.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("born_on", "31/02/1985", "n’existe pas dans le calendrier"),
        ("born_on", "18/03/2027", "futur"),
        ("born_on", "1/1/1885", "trop ancien"),
        ("born_on", "jadis", "n’est pas une date"),
        ("birth_name", "D" * 300, "Trop long : 300 caractères, 100 au plus"),
        ("birth_name", "Durand 😀", "« 😀 » ne fait pas partie d’un nom"),
        ("birth_name", "<b>Durand</b>", "« < » ne fait pas partie d’un nom"),
        ("birth_name", "--", "aucune lettre"),
        ("birth_name", "", "À remplir"),
        ("sex", "", "À remplir"),
        ("birth_place_code", "4410", "code INSEE est inexact"),
        ("mobile_phone", "06 39", "téléphone est incomplet"),
        ("mobile_phone", "bonjour", "téléphone est incomplet"),
        ("ins_matricule", "2790351215189", "compte 13 caractères"),
        ("ins_matricule", "279035121518988", "La clé 88 ne correspond pas"),
        ("ins_matricule", "27903512151898X", "caractère inattendu"),
        ("ins_matricule", NIR, "nature du matricule"),
        ("ins_matricule", "279135121518955", "mois de naissance 13 n’existe pas"),
        ("ins_matricule", "579035121518936", "Aucun numéro ne commence par 5"),
        ("referring_doctor_rpps", "12345678901", "RPPS est inexact"),
        ("mutuelle_number", "abc", "de 8 à 10 chiffres"),
        ("mutuelle_ends_on", "31/09/2027", "n’existe pas"),
        ("email", "alice@", "adresse"),
    ],
)
def test_create_says_what_is_wrong_beside_the_field(sarah, client_of, field, typed, words):
    answer = client_of(sarah).post(url("create"), TYPED | {field: typed})
    assert answer.status_code == 422
    assert field in answer.context["form"].errors or "ins_oid" in answer.context["form"].errors
    assert words in page(answer)
    assert "toujours là" in page(answer)
    assert not Patient.objects.exists()


def test_create_with_the_ins_of_another_is_told(sarah, practice, client_of):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    answer = client_of(sarah).post(
        url("create"),
        TYPED
        | {"ins_matricule": "2 79 03 51 215 189 89", "ins_oid": TEST_OID, "born_on": "28/3/1979"},
    )
    assert answer.status_code == 422
    assert "déjà celui d’un autre dossier" in page(answer)


@pytest.mark.parametrize("other", ["is_doubtful", "is_homonym"])
def test_create_fictitious_with_another_mark_is_refused(sarah, client_of, other):
    answer = client_of(sarah).post(url("create"), TYPED | {other: "on", "is_fictitious": "on"})
    assert answer.status_code == 422
    assert "aucun autre signalement" in page(answer)
    assert not Patient.objects.exists()


def test_create_doubtful_homonym_is_kept(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"is_doubtful": "on", "is_homonym": "on"})
    patient = Patient.objects.get()
    assert (patient.is_doubtful, patient.is_homonym) == (True, True)


def test_create_with_a_kind_of_matricule_alone_forgets_it(sarah, client_of):
    client_of(sarah).post(url("create"), TYPED | {"ins_oid": TEST_OID})
    assert Patient.objects.get().ins_oid == ""


def test_create_is_not_for_the_manager_alone(marc, client_of):
    assert client_of(marc).get(url("create")).status_code == 403


def test_create_with_a_nia_called_nir_is_refused(sarah, client_of):
    typed = TYPED | {"ins_matricule": NIA, "ins_oid": NIR_OID, "born_on": "28/3/1979"}
    answer = client_of(sarah).post(url("create"), typed)
    assert answer.status_code == 422
    assert "commence par 7 n’est pas un NIR" in page(answer)
    assert not Patient.objects.exists()


def test_create_with_a_matricule_that_contradicts_the_traits_asks_first(sarah, client_of):
    client = client_of(sarah)
    typed = TYPED | {"ins_matricule": NIR, "ins_oid": TEST_OID}
    assert "J’ai vérifié" not in page(client.get(url("create")))
    answer = client.post(url("create"), typed)
    assert answer.status_code == 422
    shown = page(answer)
    assert "ne s’accorde pas avec l’année de naissance, le mois de naissance" in shown
    assert "J’ai vérifié" in shown
    assert not Patient.objects.exists()
    # What was confirmed is this contradiction, not the next one.
    other = client.post(url("create"), typed | {"sex": "M", "ins_confirmed": confirmation(answer)})
    assert "avec le sexe" in page(other)
    assert "checked" not in str(other.context["form"]["ins_confirmed"])
    client.post(url("create"), typed | {"ins_confirmed": confirmation(answer)})
    assert Patient.objects.get().ins_matricule == NIR


def test_new_patient_left_without_saving_comes_back_and_can_be_given_up(sarah, client_of):
    save_draft(person_id=sarah.id, key="patient:nouveau", text='{"town": "Rezé"}')
    client = client_of(sarah)
    assert '{"town": "Rezé"}' in page(client.get(url("create")))
    # Somebody else was looked for: her form does not start with another person's words.
    assert '{"town": "Rezé"}' not in page(client.get(url("create"), {"q": "dupont"}))
    assert client.post(url("create"), {"abandon": "1"}).url == url("create")
    assert not Draft.objects.exists()
