"""Who sits in the chair has an open visit; strangers have none."""

from datetime import timedelta

from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.agenda import operations as agenda
from quenotte.office.visits import operations
from quenotte.office.visits.models import Visit
from tests.care.people import actor
from tests.factories import (
    AppointmentFactory,
    PatientFactory,
)
from tests.office.visits.views import FRAGMENT, page, toast, url


def test_record_opens_the_visit_of_who_sits_in_the_chair(alice, patient, client_of):
    client, card = client_of(alice), reverse("visits:card", args=[patient.id])
    assert "Ouvrir une séance" in page(client.get(card, headers=FRAGMENT))
    assert client.get(card).status_code == 302
    seated = AppointmentFactory.create(patient=patient, practitioner=alice, status="in_chair")
    shown = page(client.get(card, headers=FRAGMENT))
    assert 'hx-trigger="load"' in shown
    there = reverse("visits:open", args=[patient.id])
    opened = page(client.post(there, {"rendez-vous": seated.id}, headers=FRAGMENT))
    assert "Continuer la séance" in opened
    assert client.post(there).status_code == 302
    assert Visit.objects.get().appointment_id == seated.id


def test_appointment_that_is_somebody_elses_by_now_opens_nothing_and_says_so(
    alice, practice, patient, client_of
):
    other = PatientFactory.create(practice=practice)
    moved = AppointmentFactory.create(patient=other, practitioner=alice, status="in_chair")
    client, there = client_of(alice), reverse("visits:open", args=[patient.id])
    answer = client.post(there, {"rendez-vous": moved.id}, headers=FRAGMENT)
    assert answer.status_code == 204
    assert "n’est plus celui de ce patient" in toast(answer)
    shown = client.post(there, {"rendez-vous": moved.id}, follow=True)
    assert shown.redirect_chain[0][0] == reverse("patients:record", args=[patient.id])
    assert "n’est plus celui de ce patient" in page(shown)
    assert not Visit.objects.exists()


def test_visit_opened_by_hand_seats_its_appointment_and_the_agenda_takes_it_back(
    alice, patient, client_of
):
    due = AppointmentFactory.create(patient=patient, practitioner=alice)
    client, there = client_of(alice), reverse("visits:open", args=[patient.id])
    assert "est passé « au fauteuil »" in page(client.post(there, follow=True))
    due.refresh_from_db()
    assert (due.status, due.seated_at is None) == ("in_chair", False)
    assert Line.objects.filter(object_kind="appointment", action="change").count() == 1
    assert "est passé" not in page(client.post(there, follow=True))
    assert Visit.objects.get().appointment_id == due.id
    agenda.undo_status(actor=actor(alice), appointment_id=due.id, expected_version=None)
    due.refresh_from_db()
    assert due.status == "booked"


def test_visit_without_an_appointment_becomes_that_of_who_is_seated(alice, patient, visit):
    for status in ("in_chair", "booked"):
        one = AppointmentFactory.create(patient=patient, practitioner=alice, status=status)
        found = operations.open_visit(
            actor=actor(alice), patient_id=patient.id, appointment_id=one.id
        )
        assert found.id == visit.id
    # It has its own by now: the second is another visit, later.
    assert found.appointment_id != one.id
    one.refresh_from_db()
    assert one.status == "booked"


def test_home_tells_of_a_visit_that_was_left_open(
    alice, bob, sarah, visit, client_of, frozen_clock
):
    there = reverse("visits:open_here")
    client = client_of(alice)
    for _ in range(2):
        assert "Séances en cours" in page(client.get("/"))
    assert Line.objects.filter(object_kind="open_visits").count() == 1
    frozen_clock.shift(timedelta(hours=5))
    assert "Séance restée ouverte" in page(client_of(bob).get(there, headers=FRAGMENT))
    assert "Restée ouverte" in page(client_of(alice).get(url("visit", visit)))
    assert "Séances en cours" not in page(client_of(sarah).get("/"))
    assert client_of(alice).get(there).status_code == 302


def test_strangers_and_other_roles(chloe, sarah, marc, visit, client_of):
    for person, code in ((chloe, 404), (sarah, 403), (marc, 403)):
        client = client_of(person)
        for name in ("do", "end", "note", "give", "use", "book_next"):
            assert client.post(url(name, visit)).status_code == code
    assert client_of(visit.practitioner).get(url("do", visit)).status_code == 405


def test_visit_of_another_patient_is_not_there(alice, visit, practice, client_of):
    other = PatientFactory.create(practice=practice)
    wrong = reverse("visits:visit", args=[other.id, visit.id])
    assert client_of(alice).get(wrong).status_code == 404
