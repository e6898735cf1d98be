import pytest
from django.urls import reverse

from quenotte.care.agenda.models import Appointment, ShortNotice
from tests.care.agenda.conftest import at
from tests.care.agenda.views.conftest import heard, refusals, text_of, toast
from tests.factories import ShortNoticeFactory

SLOTS = reverse("agenda:slots")
LIST = reverse("agenda:short_notice")
FRAGMENT = {"HX-Request": "true"}


def test_panel_asks_first(desk, alice):
    shown = text_of(desk.get(SLOTS, headers=FRAGMENT))
    assert 'id="creneaux"' in shown
    assert "data-slot-day" not in shown


def test_next_slots_are_listed_with_what_the_booking_needs(desk, alice, chair, opened):
    asked = {"minutes": "30", "day_part": "afternoon", "since": "18/03/2026"}
    shown = text_of(desk.get(SLOTS, asked, headers=FRAGMENT))
    assert 'data-slot-day="2026-03-18"' in shown
    assert 'data-slot-time="14:00"' in shown
    assert f'data-slot-practitioner="{alice.id}"' in shown
    assert f'data-slot-chair="{chair.id}"' in shown


def test_slots_in_the_past_are_not_offered(desk, alice, chair, opened):
    shown = text_of(desk.get(SLOTS, {"minutes": "30", "since": "01/03/2026"}, headers=FRAGMENT))
    assert 'data-slot-day="2026-03-02"' not in shown
    assert 'data-slot-day="2026-03-17"' in shown


def test_search_that_makes_no_sense_is_explained(desk, alice):
    shown = text_of(desk.get(SLOTS, {"minutes": "0"}, headers=FRAGMENT))
    assert "data-error-summary" in shown


def test_search_is_a_page_without_script(desk, alice, chair, opened):
    shown = text_of(desk.get(SLOTS, {"minutes": "30"}))
    assert "<html" in shown
    assert "data-slot-day" in shown


def test_nothing_free_says_what_to_try(desk, hugo, alice):
    for person in (hugo, alice):
        person.is_active = person is alice
        person.role = "secretaire"
        person.save()
    shown = text_of(desk.get(SLOTS, {"minutes": "30"}, headers=FRAGMENT))
    assert "Aucun créneau libre" in shown


def test_patient_waits_and_is_withdrawn(desk, book, patient):
    visit = book(starts_at=at(9, day=25))
    values = {"patient": patient.id, "appointment": visit.id, "minutes": 30, "weekdays": ["0", "2"]}
    answer = desk.post(reverse("agenda:wait"), values, headers=FRAGMENT)
    assert answer.status_code == 204
    entry = ShortNotice.objects.get()
    assert entry.weekdays == 0b101
    shown = text_of(desk.get(LIST, headers=FRAGMENT))
    assert patient.full_name in shown
    assert "laisserait le 25 mars" in shown
    gone = desk.post(reverse("agenda:withdraw", args=[entry.id]), headers=FRAGMENT)
    assert "n’est plus sur la liste" in toast(gone)
    assert "Personne n’attend" in text_of(desk.get(LIST, headers=FRAGMENT))
    again = desk.post(reverse("agenda:withdraw", args=[entry.id]), headers=FRAGMENT)
    assert again.status_code == 409


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0}, {"until_day": "01/01/2020"}, {"weekdays": ["9"]}, {"patient": ""}]
)
def test_wish_that_cannot_be_is_refused(desk, patient, wrong):
    values = {"patient": patient.id, "minutes": 30, **wrong}
    assert desk.post(reverse("agenda:wait"), values, headers=FRAGMENT).status_code == 409
    assert not ShortNotice.objects.exists()


def test_freed_place_is_offered_to_who_can_come(desk, book, practice, alice):
    visit = book()
    short = ShortNoticeFactory.create(practice=practice, patient__practice=practice, minutes=30)
    ShortNoticeFactory.create(practice=practice, patient__practice=practice, minutes=120)
    visit.status = "cancelled"
    visit.save()
    shown = text_of(desk.get(LIST, {"place": str(visit.id)}, headers=FRAGMENT))
    assert "Place libre mercredi 18 mars à 9 h 00, 30 min" in shown
    assert shown.count("Placer ici") == 1
    values = {"day": "2026-03-18", "time": "09:00", "practitioner": str(alice.id)}
    placed = desk.post(reverse("agenda:place", args=[short.id]), values, headers=FRAGMENT)
    assert placed.status_code == 204
    assert "placé le 18/03/2026 à 9 h 00" in toast(placed)
    assert Appointment.objects.filter(patient=short.patient, starts_at=at(9)).exists()


def test_place_that_is_taken_is_refused_and_she_still_waits(desk, book, practice, alice):
    book()
    short = ShortNoticeFactory.create(practice=practice, patient__practice=practice, minutes=30)
    values = {"day": "2026-03-18", "time": "09:00", "practitioner": str(alice.id)}
    refused = desk.post(reverse("agenda:place", args=[short.id]), values, headers=FRAGMENT)
    assert refused.status_code == 409
    short.refresh_from_db()
    assert short.closed_at is None
    assert refusals() == [("change", str(short.id), "slot_taken", short.patient_id)]


def test_closed_place_is_asked_about(desk, opened, practice, alice):
    short = ShortNoticeFactory.create(practice=practice, patient__practice=practice, minutes=30)
    values = {"day": "2026-03-18", "time": "07:00", "practitioner": str(alice.id)}
    address = reverse("agenda:place", args=[short.id])
    assert "agenda:anyway" in heard(desk.post(address, values, headers=FRAGMENT))
    assert desk.post(address, {**values, "anyway": "1"}, headers=FRAGMENT).status_code == 204


def test_place_that_is_no_address_is_passed_over(desk):
    shown = text_of(desk.get(LIST, {"place": "nulle-part"}, headers=FRAGMENT))
    assert "Place libre" not in shown


def test_list_is_a_page_without_script(desk):
    assert "<html" in text_of(desk.get(LIST))


def test_lists_are_for_the_desk(marc, client_of):
    for address in (SLOTS, LIST):
        assert client_of(marc).get(address).status_code == 403


def test_stranger_sees_nobody_waiting(chloe, client_of, practice):
    waiting = ShortNoticeFactory.create(practice=practice, patient__practice=practice)
    client = client_of(chloe)
    assert waiting.patient.full_name not in text_of(client.get(LIST))
    assert client.post(reverse("agenda:withdraw", args=[waiting.id])).status_code == 302
    waiting.refresh_from_db()
    assert waiting.closed_at is None


@pytest.mark.parametrize("name", ["wait", "withdraw", "place"])
def test_changes_of_the_list_are_never_followed(desk, practice, name):
    waiting = ShortNoticeFactory.create(practice=practice, patient__practice=practice)
    arguments = [] if name == "wait" else [waiting.id]
    assert desk.get(reverse(f"agenda:{name}", args=arguments)).status_code == 405
