import json
import re
from datetime import date

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.base.live.models import Event
from quenotte.base.people.operations import save_draft
from quenotte.base.people.queries import draft
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient, SearchKey
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from tests.care.agenda.conftest import at
from tests.care.agenda.views.conftest import change, heard, refusals, text_of, toast, told
from tests.factories import AppointmentFactory, MedicalAlertFactory, PatientFactory

BOOK = reverse("agenda:book")


@pytest.fixture
def asked(alice, chair):
    return {
        "surname": "Zuber",
        "first_name": "Lison",
        "phone": "06 39 98 77 01",
        "minutes": "30",
        "day": "18/03/2026",
        "time": "10h30",
        "practitioner": str(alice.id),
        "chair": str(chair.id),
    }


def send(client, values, **headers):
    return client.post(BOOK, values, headers={"HX-Request": "true", **headers})


def test_new_patient_is_booked_with_three_fields(desk, asked, opened):
    answer = send(desk, asked)
    assert answer.status_code == 200
    visit = Appointment.objects.get()
    assert visit.starts_at == at(10, 30)
    assert visit.patient.birth_name == "Zuber"
    assert visit.patient.mobile_phone == "+33639987701"
    assert toast(answer) == "Rendez-vous réservé pour ZUBER Lison : mercredi 18 mars à 10 h 30."
    assert heard(answer)["agenda:booked"] == {"id": str(visit.id), "day": "2026-03-18"}
    assert told("appointment") == [("create", str(visit.id), "ok")]
    assert Event.objects.filter(name="agenda").count() == 1


def undo(client, answer):
    return client.post(heard(answer)["toast"]["undoUrl"], headers={"HX-Request": "true"})


def test_booking_is_taken_back_by_its_toast_with_the_record_it_opened(desk, asked):
    answer = send(desk, asked)
    undone = undo(desk, answer)
    assert undone.status_code == 204
    assert "Le dossier qu’elle avait ouvert est retiré." in toast(undone)
    assert not Appointment.objects.exists()
    assert not Patient.objects.exists()
    assert not SearchKey.objects.exists()
    lines = Line.objects.order_by("number").values_list("object_kind", "action", "detail__purpose")
    assert lines[len(lines) - 1] == ("patient", "change", "taken back")
    again = undo(desk, answer)
    assert again.status_code == 409
    assert "n’existe pas" in toast(again)


def test_record_in_which_somebody_wrote_stays(desk, asked, sarah):
    answer = send(desk, asked)
    made = Patient.objects.get()
    MedicalAlertFactory.create(patient=made)
    undone = undo(desk, answer)
    assert "Le dossier reste" in toast(undone)
    visit = Appointment.objects.get()
    assert (visit.status, visit.cancel_reason) == ("cancelled", "mistake")
    assert Patient.objects.get().id == made.id


@pytest.mark.parametrize("what", ["name", "visit", "pin"])
def test_whatever_was_written_since_keeps_the_record(desk, asked, alice, sarah, what):
    answer = send(desk, asked)
    made, visit = Patient.objects.get(), Appointment.objects.get()
    if what == "name":
        Patient.objects.update(version=2)
    elif what == "visit":
        AppointmentFactory.create(patient=made, practitioner=alice, starts_at=at(15))
    else:
        change(desk, "pin", visit)
    assert "Le dossier reste" in toast(undo(desk, answer))
    assert Patient.objects.count() == 1


def test_booking_of_a_known_patient_is_only_cancelled(desk, asked, patient):
    answer = send(desk, asked | {"patient": str(patient.id)})
    assert undo(desk, answer).status_code == 204
    assert Appointment.objects.get().status == "cancelled"
    # Nobody takes the record of a known patient away through that address.
    other = send(desk, asked | {"patient": str(patient.id)})
    visit = Appointment.objects.get(status="booked")
    told_back = change(desk, "take_back", visit, version=visit.version)
    assert (other.status_code, told_back.status_code) == (200, 204)
    assert Patient.objects.filter(id=patient.id).exists()


def test_known_patient_is_booked_by_what_the_search_found(desk, asked, patient):
    send(desk, asked | {"patient": str(patient.id), "surname": "", "first_name": ""})
    assert Appointment.objects.get().patient_id == patient.id
    assert Patient.objects.count() == 1


def test_names_are_asked_for_and_nothing_typed_is_lost(desk, asked):
    answer = send(desk, asked | {"surname": "", "note": "Vient avec sa mère"})
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "Donnez le nom" in shown
    assert "Vient avec sa mère" in shown
    assert "Lison" in shown
    assert not Appointment.objects.exists()


def test_telephone_of_somebody_is_told_before_a_second_record(desk, asked, patient):
    patient.mobile_phone = "+33639987701"
    patient.save()
    from quenotte.care.patients.operations import rebuild_search_keys

    rebuild_search_keys(patient)
    answer = send(desk, asked)
    assert answer.status_code == 422
    assert "Cette personne a peut-être déjà un dossier" in text_of(answer)
    assert "même téléphone" in text_of(answer)
    assert f'name="reconnu" value="{patient.id}"' in text_of(answer)
    assert not Appointment.objects.exists()
    assert send(desk, asked | {"confirme": "1"}).status_code == 200
    assert Patient.objects.count() == 2


@pytest.fixture
def zuber(alice):
    return PatientFactory.create(
        practice=alice.practice,
        birth_name="Zubber",
        first_birth_first_name="Lison",
        birth_first_names="Lison",
        born_on=date(2001, 5, 6),
    )


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({}, "nom qui se prononce pareil, même prénom"),
        ({"surname": "ZUBBER", "first_name": "lison"}, "même nom, même prénom"),
        ({"surname": "Autre", "born_on": "06/05/2001"}, "même prénom, même date de naissance"),
    ],
)
def test_who_looks_alike_is_shown_and_booked_with_one_key(desk, asked, zuber, typed, why):
    asked |= typed | {"phone": "", "note": "Vient avec sa mère"}
    answer = send(desk, asked)
    assert answer.status_code == 422
    shown = text_of(answer)
    assert why in shown
    assert "Vient avec sa mère" in shown
    assert told("patient") == [("search", "", "ok")]
    assert not Appointment.objects.exists()
    assert send(desk, asked | {"reconnu": str(zuber.id)}).status_code == 200
    assert Appointment.objects.get().patient_id == zuber.id
    assert Patient.objects.count() == 1


def test_new_person_who_only_looks_alike_gets_her_record_and_a_word_in_the_journal(
    desk, asked, zuber
):
    assert send(desk, asked | {"confirme": "1"}).status_code == 200
    assert Appointment.objects.get().patient_id != zuber.id
    line = Line.objects.get(object_kind="patient", action="create")
    assert "despite 1" in line.detail["purpose"]


def test_another_birth_date_is_another_person_who_sounds_alike(desk, asked, zuber):
    assert send(desk, asked | {"born_on": "30/11/1950"}).status_code == 200
    assert Patient.objects.count() == 2


def test_enter_in_a_field_books_nobody_else(desk, asked, zuber):
    """The first button of a form is the one that Enter presses: it must be the plain one."""
    shown = text_of(send(desk, asked))
    first = re.search(r'<button[^>]*type="submit"[^>]*>', shown)
    assert first is not None
    assert "reconnu" not in first[0]
    assert "name=" not in first[0]


def test_slot_that_is_taken_is_refused_in_words(desk, asked, book):
    book(starts_at=at(10, 30))
    answer = send(desk, asked)
    assert answer.status_code == 422
    shown = text_of(answer)
    assert "déjà pris le 18/03/2026 de 10 h 30 à 11 h 00" in shown
    assert "Zuber" in shown
    assert Patient.objects.count() == 1
    assert refusals() == [("create", "", "slot_taken", None)]


def test_refused_booking_of_a_known_patient_is_in_her_history(desk, asked, patient, book):
    book(starts_at=at(10, 30))
    assert send(desk, asked | {"patient": str(patient.id)}).status_code == 422
    assert refusals() == [("create", "", "slot_taken", patient.id)]


def test_closed_hours_are_asked_about(desk, asked, opened):
    answer = send(desk, asked | {"time": "7h"})
    assert answer.status_code == 422
    assert "En dehors des horaires" in text_of(answer)
    assert "Réserver quand même" in text_of(answer)
    assert [line[2] for line in refusals()] == ["closed"]
    assert send(desk, asked | {"time": "7h", "anyway": "1"}).status_code == 200


def test_assistant_may_not_insist(bob, client_of, asked, opened):
    answer = send(client_of(bob), asked | {"time": "7h", "anyway": "1"})
    assert answer.status_code == 422
    assert "Réserver quand même" not in text_of(answer)
    assert not Appointment.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("day", "29/02/2026", "29/02/2026"),
        ("day", "", "obligatoire"),
        ("time", "25h", "n’est pas une heure"),
        ("time", "midi", "n’est pas une heure"),
        ("minutes", "0", "5"),
        ("minutes", "-30", "5"),
        ("minutes", "100000", "720"),
        ("practitioner", "00000000-0000-0000-0000-000000000000", "Praticien"),
        ("phone", "12", "téléphone"),
        ("patient", "personne", "UUID"),
        ("surname", "Zu8er", "8"),
    ],
)
def test_what_cannot_be_is_explained(desk, asked, field, value, words):
    answer = send(desk, asked | {field: value})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert not Appointment.objects.exists()
    # A day that no calendar has is noted; a slip of the keyboard is nobody's business.
    noted = [("create", "", "no_such_day", None)]
    assert refusals() == (noted if value == "29/02/2026" else [])


def test_hour_that_the_clock_jumps_over_is_explained(desk, asked):
    answer = send(desk, asked | {"day": "29/03/2026", "time": "2h30"})
    assert "Cette heure n’existe pas ce jour-là" in text_of(answer)
    assert not Appointment.objects.exists()
    assert refusals() == [("create", "", "no_such_time", None)]


def test_twenty_ninth_of_february_is_booked_in_a_leap_year(desk, asked):
    send(desk, asked | {"day": "29/02/2028"})
    assert Appointment.objects.get().starts_at.date().isoformat() == "2028-02-29"


def test_draft_is_forgotten_once_it_is_booked(desk, asked, sarah):
    save_draft(person_id=sarah.id, key="agenda:reservation", text='{"surname": "Zuber"}')
    assert "&quot;Zuber&quot;" in desk.get(BOOK).content.decode()
    send(desk, asked)
    assert draft(sarah.id, "agenda:reservation") is None


def named(patient):
    return f"{patient.full_name}, {patient.born_on:%d/%m/%Y}"


def _drafted(person, **fields):
    save_draft(person_id=person.id, key="agenda:reservation", text=json.dumps(fields))


def test_patient_of_a_draft_comes_back_in_sight(desk, sarah, patient):
    _drafted(sarah, patient=str(patient.id), surname="Dur")
    shown = text_of(desk.get(BOOK))
    assert f'name="patient" value="{patient.id}"' in shown
    assert (
        f"<strong data-picked-name>{patient.full_name}, {patient.born_on:%d/%m/%Y}</strong>"
        in shown
    )
    assert "data-picked hidden" not in shown


@pytest.mark.parametrize("address", [BOOK, "/agenda/"])
def test_draft_opens_the_record_of_nobody(desk, sarah, patient, address):
    _drafted(sarah, patient=str(patient.id), surname="Dur")
    assert patient.full_name in text_of(desk.get(address))
    assert not Line.objects.filter(object_kind="patient").exists()


@pytest.mark.parametrize("number", ["", "personne", "00000000-0000-0000-0000-000000000000"])
def test_draft_that_names_no_patient_brings_back_nobody(desk, sarah, number):
    _drafted(sarah, patient=number, surname="Martin")
    answer = desk.get(BOOK)
    assert "data-picked hidden" in text_of(answer)
    assert not answer.context["form"]["patient"].value()


def test_patient_of_another_practice_comes_back_from_no_draft(desk, sarah, chloe):
    stranger = PatientFactory.create(practice=chloe.practice, birth_name="Lointaine")
    _drafted(sarah, patient=str(stranger.id))
    shown = text_of(desk.get(BOOK))
    assert "LOINTAINE" not in shown
    assert "data-picked hidden" in shown


def test_booking_for_a_record_takes_up_nothing_typed_for_another_patient(desk, sarah, patient):
    _drafted(sarah, patient="", surname="Martin")
    shown = text_of(desk.get(BOOK, {"patient": str(patient.id)}))
    assert "Martin" not in shown
    assert (
        f"<strong data-picked-name>{patient.full_name}, {patient.born_on:%d/%m/%Y}</strong>"
        in shown
    )
    assert "data-draft-afresh" in shown
    assert "data-draft-afresh" not in text_of(desk.get(BOOK))


def test_slot_that_was_chosen_is_not_lost_under_a_draft(desk, sarah, patient):
    _drafted(sarah, patient=str(patient.id), day="01/04/2026", time="17:00")
    shown = text_of(desk.get(BOOK, {"patient": "", "day": "18/03/2026", "time": "14 h 00"}))
    assert ("18/03/2026" in shown, "01/04/2026" in shown) == (True, False)
    assert ("data-draft-afresh" in shown, "data-picked hidden" in shown) == (True, True)


def test_who_has_no_known_birth_date_is_named_without_one(desk, patient):
    Patient.objects.update(born_on=UNKNOWN_BIRTH)
    shown = text_of(desk.get(BOOK, {"patient": str(patient.id)}))
    assert f"<strong data-picked-name>{patient.full_name}</strong>" in shown


def test_draft_is_kept_when_the_booking_is_refused(desk, asked, sarah):
    save_draft(person_id=sarah.id, key="agenda:reservation", text="{}")
    send(desk, asked | {"surname": ""})
    assert draft(sarah.id, "agenda:reservation") is not None


def test_booking_works_without_script(desk, asked):
    assert "Nouveau rendez-vous" in text_of(desk.get(BOOK))
    answer = desk.post(BOOK, asked)
    assert answer["Location"] == "/agenda/?jour=2026-03-18"
    refused = desk.post(BOOK, asked)
    assert refused.status_code == 422
    assert "<html" in text_of(refused)


def test_dentist_is_offered_first_to_herself(alice, hugo, client_of):
    shown = text_of(client_of(hugo).get(BOOK))
    assert f'<option value="{hugo.id}" selected>' in shown


def test_manager_and_accountant_book_nothing(marc, client_of, asked):
    assert client_of(marc).post(BOOK, asked).status_code == 403
    assert told("page") == [("change", "agenda.write", "refused")]


def test_patient_of_another_practice_is_not_booked(chloe, client_of, patient, asked):
    stranger = PatientFactory.create(practice=chloe.practice)
    answer = send(client_of(chloe), asked | {"patient": str(patient.id)})
    assert answer.status_code in {404, 422}
    assert not Appointment.objects.exists()
    assert {line[3] for line in refusals()} <= {None}
    assert stranger.practice_id != patient.practice_id


def test_patients_are_found_while_they_are_named(desk, patient):
    from quenotte.care.patients.operations import rebuild_search_keys

    patient.mobile_phone = "+33639987701"
    patient.save()
    rebuild_search_keys(patient)
    known = reverse("agenda:known")
    by_name = desk.get(known, {"surname": patient.birth_name, "first_name": ""})
    assert f'data-pick="{patient.id}"' in text_of(by_name)
    by_phone = desk.get(known, {"phone": "06 39 98 77 01", "surname": patient.birth_name})
    assert "Ce téléphone est déjà celui de" in text_of(by_phone)
    assert text_of(by_phone).count(f'data-pick="{patient.id}"') == 1
    assert told("patient")[0][0] == "search"


def test_one_letter_searches_nobody(desk, patient):
    answer = desk.get(reverse("agenda:known"), {"surname": patient.birth_name[0]})
    assert text_of(answer).strip() == ""
    assert told("patient") == []


def test_panel_of_the_grid_empties_itself(desk, asked):
    answer = send(desk, asked | {"panel": "1"})
    assert answer.status_code == 204
    assert heard(answer)["agenda:booked"]["id"] == str(Appointment.objects.get().id)


def test_panel_stays_one_when_it_is_refused_or_drawn_anew(desk, asked):
    refused = send(desk, asked | {"panel": "1", "surname": ""})
    assert refused.status_code == 422
    assert 'name="panel"' in refused.content.decode()
    assert 'name="panel"' in desk.get(f"{BOOK}?panel=1").content.decode()
    assert 'name="panel"' not in desk.get(BOOK).content.decode()
