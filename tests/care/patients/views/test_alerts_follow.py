"""Alerts follow the patient on each page about her, those without her banner too."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django.asserts import assertContains

from quenotte.base.people.models import Person
from quenotte.care.patients.models import Patient
from tests.factories import MedicalAlertFactory

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
