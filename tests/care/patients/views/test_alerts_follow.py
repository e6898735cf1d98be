"""Alerts follow the patient on each page about her, those without her banner too."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.people.models import Person
from quenotte.care.patients.models import Patient
from tests.factories import (
    AppointmentFactory,
    MedicalAlertFactory,
    PatientFactory,
    RecallFactory,
)

pytestmark = pytest.mark.django_db
Login = Callable[[Person], Client]


@pytest.mark.parametrize(
    "page",
    ["identite", "proches", "historique", "rendez-vous", "notes", "reunir", "images"],
)
def test_page_about_a_patient_shows_her_alerts(
    page: str, alice: Person, client_of: Login, patient: Patient
) -> None:
    MedicalAlertFactory.create(patient=patient, label="Pénicillines", kind="allergy")
    shown = client_of(alice).get(f"/patients/{patient.id}/{page}/")
    assertContains(shown, "Allergie : Pénicillines")


def test_page_of_who_has_none_says_so(alice: Person, client_of: Login, patient: Patient) -> None:
    assertContains(
        client_of(alice).get(f"/patients/{patient.id}/identite/"), "Aucune alerte notée."
    )


def test_each_of_two_records_shows_its_own(
    alice: Person, client_of: Login, patient: Patient
) -> None:
    other = PatientFactory.create(practice=patient.practice)
    MedicalAlertFactory.create(patient=other, label="Latex", kind="allergy")
    shown = client_of(alice).get(reverse("patients:merge", args=[patient.id, other.id]))
    assertContains(shown, f"Alertes du dossier n° {other.file_number}")
    assertContains(shown, "Allergie : Latex")
    assertContains(shown, "Aucune alerte notée.")


def test_page_of_a_recall_shows_them_too(alice: Person, client_of: Login, patient: Patient) -> None:
    recall = RecallFactory.create(patient=patient, practice=patient.practice)
    MedicalAlertFactory.create(patient=patient, label="Pénicillines", kind="allergy")
    shown = client_of(alice).get(reverse("recalls:one", args=[recall.id]))
    assertContains(shown, "Allergie : Pénicillines")


def test_bubble_of_an_appointment_follows_what_changes(
    alice: Person, client_of: Login, patient: Patient
) -> None:
    visit = AppointmentFactory.create(patient=patient, practitioner=alice)
    url, client = reverse("agenda:facts", args=[visit.id]), client_of(alice)
    shown = client.get(url, headers={"HX-Request": "true"})
    assertContains(shown, "Aucune alerte notée.")
    assertContains(shown, "live:patient.changed from:body")
    assertContains(shown, f'data-live-patient="{patient.id}"')
    MedicalAlertFactory.create(patient=patient, label="Pénicillines", kind="allergy")
    again = client.get(url, headers={"HX-Request": "true"})
    assertContains(again, "Allergie : Pénicillines")
    assertNotContains(again, "Aucune alerte notée.")
