import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.care.agenda.access import open_day
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
