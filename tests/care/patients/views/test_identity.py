"""Strict traits: what was touched is saved, papers prove them, two browsers conflict."""

import pytest
from django.contrib.messages import get_messages

from quenotte.base.audit.models import Line
from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.patients.models import Patient
from tests.care.patients.views.forms import NIR, TEST_OID, TYPED, as_opened, confirmation, page, url
from tests.factories import (
    PatientFactory,
)


def test_identity_saves_only_what_was_touched(sarah, patient, client_of):
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient) | {"town": "Rezé", "born_on": "3/4/85"},
    )
    assert answer.url == url("record", patient.id)
    assert Line.objects.get(action="change").detail == {"fields": "town", "count": 1}


def test_identity_of_two_browsers_tells_the_second_and_loses_nothing(
    alice, sarah, patient, client_of
):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(
        url("identity", patient.id),
        opened_by_her | {"town": "Rezé", "postcode": "44400", "do_not_contact": "on"},
    )
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me | {"town": "Vertou", "email": "moi@example.org"},
    )
    assert answer.status_code == 409
    shown = page(answer)
    assert sarah.full_name in shown
    assert "Dans le dossier : « Rezé ». Votre saisie : « Vertou »." in shown
    assert 'value="Vertou"' in shown
    assert 'value="moi@example.org"' in shown
    assert 'value="44400"' in shown
    patient.refresh_from_db()
    assert (patient.town, patient.email) == ("Rezé", "")
    # Saved again after reading both values.
    form = answer.context["form"]
    mine.post(url("identity", patient.id), form.data)
    patient.refresh_from_db()
    assert (patient.town, patient.email, patient.postcode) == ("Vertou", "moi@example.org", "44400")
    assert patient.do_not_contact


def test_conflict_shows_dates_choices_and_ticks_in_words(alice, sarah, patient, client_of):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(
        url("identity", patient.id),
        opened_by_her | {"born_on": "4/4/85", "sex": "M", "is_homonym": "on", "email": "a@b.fr"},
    )
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me | {"born_on": "5/4/85", "sex": "I", "email": "c@d.fr"},
    )
    shown = page(answer)
    assert "« 04/04/1985 ». Votre saisie : « 05/04/1985 »" in shown
    assert "« Homme ». Votre saisie : « Indéterminé »" in shown


def test_identity_with_mistakes_saves_nothing(sarah, patient, client_of):
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient) | {"born_on": "31/02/1985", "initial-born_on": "hier"},
    )
    assert answer.status_code == 422
    assert not Line.objects.filter(action="change").exists()


def test_confirmed_matricule_stays_confirmed_while_something_else_is_wrong(
    sarah, practice, client_of
):
    PatientFactory.create(practice=practice, birth_name="Durand", first_birth_first_name="Marie")
    client = client_of(sarah)
    typed = TYPED | {"ins_matricule": NIR, "ins_oid": TEST_OID}
    ticked = typed | {"ins_confirmed": confirmation(client.post(url("create"), typed))}
    answer = client.post(url("create"), ticked)
    assert "existe peut-être déjà" in page(answer)
    assert "checked" in str(answer.context["form"]["ins_confirmed"])
    client.post(url("create"), ticked | {"confirme": "1"})
    assert Patient.objects.count() == 2


def test_identity_asks_about_a_matricule_only_when_it_or_a_trait_was_touched(
    sarah, practice, client_of
):
    patient = PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    client = client_of(sarah)
    opened = as_opened(client, patient)
    assert client.post(url("identity", patient.id), opened | {"town": "Rezé"}).status_code == 302
    opened = as_opened(client, patient)
    answer = client.post(url("identity", patient.id), opened | {"sex": "M"})
    assert answer.status_code == 422
    assert "ne s’accorde pas avec le sexe" in page(answer)
    ticked = opened | {"sex": "M", "ins_confirmed": confirmation(answer)}
    assert client.post(url("identity", patient.id), ticked).status_code == 302


def test_identity_with_the_ins_of_another_is_told(sarah, practice, patient, client_of):
    PatientFactory.create(practice=practice, ins_matricule=NIR, ins_oid=TEST_OID)
    client = client_of(sarah)
    answer = client.post(
        url("identity", patient.id),
        as_opened(client, patient)
        | {"ins_matricule": NIR, "ins_oid": TEST_OID, "born_on": "28/03/1979"},
    )
    assert answer.status_code == 422
    assert "déjà celui d’un autre dossier" in page(answer)


def test_papers_seen_validate_the_identity(sarah, patient, client_of):
    client_of(sarah).post(url("check_identity", patient.id), {"paper": "CN", "version": 1})
    patient.refresh_from_db()
    assert patient.identity_status == "validee"


def test_papers_seen_of_a_doubtful_identity_are_declined(sarah, practice, client_of):
    patient = PatientFactory.create(practice=practice, is_doubtful=True)
    answer = client_of(sarah).post(url("check_identity", patient.id), {"paper": "CN", "version": 1})
    assert "signalée douteuse" in str(next(iter(get_messages(answer.wsgi_request))))


@pytest.mark.parametrize("version", ["1", "", "x"])
def test_papers_seen_beside_an_older_identity_prove_nothing(
    alice, sarah, patient, client_of, version
):
    hers, mine = client_of(sarah), client_of(alice)
    hers.post(url("identity", patient.id), as_opened(hers, patient) | {"birth_name": "MARTIN"})
    answer = mine.post(url("check_identity", patient.id), {"paper": "PA", "version": version})
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"
    if version == "x":
        return
    assert answer.status_code == 409
    shown = page(answer)
    assert sarah.full_name in shown
    assert "MARTIN" in shown
    assert answer.context["papers_form"]["paper"].value() == "PA"
    again = {"paper": "PA", "version": answer.context["papers_form"]["version"].value()}
    mine.post(url("check_identity", patient.id), again)
    patient.refresh_from_db()
    assert patient.identity_status == "validee"


def test_papers_of_an_unknown_kind_change_nothing(sarah, patient, client_of):
    client_of(sarah).post(url("check_identity", patient.id), {"paper": "XX"})
    patient.refresh_from_db()
    assert patient.identity_status == "provisoire"


def test_form_left_without_saving_comes_back_and_can_be_given_up(sarah, patient, client_of):
    key = f"identity:{patient.id}"
    save_draft(person_id=sarah.id, key=key, text='{"town": "Rezé"}')
    client = client_of(sarah)
    shown = page(client.get(url("identity", patient.id)))
    assert '{"town": "Rezé"}' in shown
    assert "Votre saisie non enregistrée est reprise" in shown
    answer = client.post(url("identity", patient.id), {"abandon": "1"})
    assert answer.url == url("identity", patient.id)
    assert not Draft.objects.exists()


def test_form_that_is_saved_forgets_its_draft(sarah, patient, client_of):
    save_draft(person_id=sarah.id, key=f"identity:{patient.id}", text='{"town": "Rezé"}')
    save_draft(person_id=sarah.id, key="patient:nouveau", text='{"town": "Rezé"}')
    client = client_of(sarah)
    client.post(url("identity", patient.id), as_opened(client, patient) | {"town": "Rezé"})
    client.post(url("create"), TYPED)
    assert not Draft.objects.exists()


def test_telephone_written_otherwise_is_not_a_change(sarah, practice, client_of):
    patient = PatientFactory.create(practice=practice, mobile_phone="+33639980001")
    client = client_of(sarah)
    client.post(
        url("identity", patient.id), as_opened(client, patient) | {"mobile_phone": "0639980001"}
    )
    assert not Line.objects.filter(action="change").exists()


def test_conflict_on_a_mistaken_first_value_is_still_compared(alice, sarah, patient, client_of):
    hers, mine = client_of(sarah), client_of(alice)
    opened_by_her, opened_by_me = as_opened(hers, patient), as_opened(mine, patient)
    hers.post(url("identity", patient.id), opened_by_her | {"mobile_phone": "0639980001"})
    answer = mine.post(
        url("identity", patient.id),
        opened_by_me
        | {"mobile_phone": "0639980002", "initial-mobile_phone": "?", "initial-born_on": "?"},
    )
    assert answer.status_code == 409
