from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.care.agenda.access import (
    OPEN_FOR,
    open_appointment,
    open_day,
    open_window,
    opened_window,
    print_day,
)
from quenotte.care.patients.access import is_open
from tests.factories import AppointmentFactory


def actor(person):
    return Actor(
        person_id=person.id,
        person_label=person.full_name,
        practice_id=person.practice_id,
        workstation="Poste",
        source="web",
        roles=person.roles,
    )


def test_day_read_is_one_line(sarah, patient):
    open_day(actor(sarah), timezone.localdate())
    assert Line.objects.filter(object_kind="day", person_id=sarah.id).count() == 1


def test_day_is_closed_to_the_accountant(marc):
    with pytest.raises(PermissionDenied):
        open_day(actor(marc), timezone.localdate())


@pytest.mark.parametrize("door", [open_window, opened_window])
def test_days_are_closed_to_the_accountant(marc, door):
    with pytest.raises(PermissionDenied):
        door(actor(marc), timezone.localdate(), 7)
    assert not Line.objects.exists()


def test_week_read_is_one_line_that_names_its_days(sarah):
    open_window(actor(sarah), timezone.localdate(), 7)
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("read", "days", "2026-03-17/7")


def test_week_drawn_again_writes_no_second_line(sarah, bob, frozen_clock):
    today = timezone.localdate()
    opened_window(actor(sarah), today, 7)
    opened_window(actor(sarah), today, 7)
    assert Line.objects.count() == 1
    opened_window(actor(bob), today, 7)
    opened_window(actor(sarah), today, 1)
    assert Line.objects.count() == 3
    frozen_clock.shift(OPEN_FOR + timedelta(minutes=1))
    opened_window(actor(sarah), today, 7)
    assert Line.objects.count() == 4


def test_week_opened_twice_is_two_lines(sarah):
    for _ in range(2):
        open_window(actor(sarah), timezone.localdate(), 7)
    assert Line.objects.count() == 2


def test_day_printed_is_a_line_of_its_own(sarah):
    print_day(actor(sarah), timezone.localdate())
    assert Line.objects.get().action == "print"


def test_print_is_closed_to_the_accountant(marc):
    with pytest.raises(PermissionDenied):
        print_day(actor(marc), timezone.localdate())


def test_appointment_read_is_one_line_of_the_patient(sarah, patient):
    made = AppointmentFactory.create(patient=patient)
    for _ in range(2):
        assert open_appointment(actor(sarah), made.id) == made
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.patient_id) == ("read", "appointment", patient.id)


def test_appointment_read_does_not_open_the_record(sarah, patient):
    open_appointment(actor(sarah), AppointmentFactory.create(patient=patient).id)
    assert not is_open(actor(sarah), patient.id)


@pytest.mark.parametrize("whose", ["another practice", "nobody"])
def test_appointment_from_elsewhere_is_not_found(chloe, patient, whose):
    made = AppointmentFactory.create(patient=patient)
    with pytest.raises(Http404):
        open_appointment(actor(chloe), made.id if whose == "another practice" else uuid4())
    assert not Line.objects.exists()


def test_appointment_is_closed_to_the_accountant(marc, patient):
    with pytest.raises(PermissionDenied):
        open_appointment(actor(marc), AppointmentFactory.create(patient=patient).id)


def test_first_page_shows_the_day(sarah, patient, client_of):
    AppointmentFactory.create(patient=patient, title="Détartrage", status="arrived")
    page = client_of(sarah).get(reverse("home")).content.decode()
    assert "Détartrage" in page
    assert "Arrivé" in page


def test_first_page_without_appointments_says_what_to_do(sarah, client_of):
    assert "Aucun rendez-vous" in client_of(sarah).get(reverse("home")).content.decode()


def test_first_page_of_the_accountant_names_no_patient(marc, patient, client_of):
    AppointmentFactory.create(patient=patient, title="Détartrage")
    assert "Détartrage" not in client_of(marc).get(reverse("home")).content.decode()
