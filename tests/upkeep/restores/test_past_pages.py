"""The page « Comme avant »: asked for, waited for, looked at, brought back."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from quenotte.base.audit.rules import Actor
from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.care.patients import operations as patients
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.restores import operations, reaching
from quenotte.upkeep.restores.moments import moment_after, moment_typed
from quenotte.upkeep.restores.reaching import Moment, Stage, State
from tests import factories
from tests.upkeep.restores.conftest import kept

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "sqlite",
        reason="the moment is a file made of this test’s transaction",
    ),
]


def actor_of(person: Person) -> Actor:
    return Actor(person.id, person.full_name, person.practice_id, "", "web", person.roles)


@pytest.fixture
def patient(alice: Person) -> Patient:
    return factories.PatientFactory.create(practice=alice.practice, town="Brive")


@pytest.fixture
def destination(folder: Path) -> Destination:
    return factories.DestinationFactory.create(label="Disque A")


@pytest.fixture
def asked(destination: Destination, patient: Patient) -> dict[str, str]:
    number = str(patient.file_number)
    return {"porte": "patient", "quoi": number, "moment": "", "lieu": str(destination.pk)}


@pytest.fixture
def client(alice: Person, client_of: Callable[[Person], Client]) -> Client:
    return client_of(alice)


def test_page_without_a_copy_says_where_to_begin(client: Client):
    page = client.get(reverse("restores:past")).content.decode()
    assert "Aucune copie où regarder." in page
    assert reverse("backups:add") in page
    assert "Comparer" not in page


def test_page_asks_the_worker_and_waits(
    client: Client, asked: dict[str, str], destination: Destination
):
    assert "Comparer" in client.get(reverse("restores:past")).content.decode()
    assert "n’est pas à portée" in client.get(reverse("restores:past"), asked).content.decode()
    answer = client.post(reverse("restores:reach"), asked)
    assert answer.status_code == 302
    run = Run.objects.get()
    assert run.arguments["destination_id"] == str(destination.pk)
    page = client.get(answer["Location"]).content.decode()
    assert "hx-get" in page
    assert "Retour sur ce moment" in page
    waiting = client.get(reverse("restores:reaching"), asked)
    assert "HX-Refresh" not in waiting
    reaching.note(Moment(destination.pk), State(Stage.FAILED, words="Aucune copie."))
    assert client.get(reverse("restores:reaching"), asked)["HX-Refresh"] == "true"
    assert "Aucune copie." in client.get(answer["Location"]).content.decode()


def test_page_shows_how_far_it_is(client: Client, asked: dict[str, str], destination: Destination):
    for done, words in ((0, "La copie s’ouvre"), (40, "40 %"), (100, "Dernières vérif")):
        reaching.note(
            Moment(destination.pk), State(Stage.MAKING, pid=os.getpid(), done=done, total=100)
        )
        assert words in client.get(reverse("restores:reaching"), asked).content.decode()


def test_rows_are_looked_at_and_brought_back(
    client: Client, asked: dict[str, str], destination: Destination, patient: Patient
):
    kept(Moment(destination.pk))
    Patient.objects.filter(pk=patient.pk).update(town="Tulle")
    page = client.get(reverse("restores:past"), asked).content.decode()
    assert "Brive" in page
    assert "Tulle" in page
    (key,) = [part.split('"')[0] for part in page.split('name="ligne" value="')[1:]]
    address = client.get(reverse("restores:past"), asked).request["QUERY_STRING"]
    full = f"{reverse('restores:past')}?{address}"
    assert client.post(full, {"ligne": [key]}).status_code == 302
    patient.refresh_from_db()
    assert patient.town == "Brive"
    again = client.post(full, {"ligne": [key]})
    assert "ont changé depuis" in again.content.decode()


@pytest.mark.parametrize("door", ["patient", "tout", "day"])
def test_page_says_what_is_not_compared(
    client: Client, asked: dict[str, str], destination: Destination, alice: Person, door: str
):
    kept(Moment(destination.pk))
    about = {"tout": "", "day": "17/03/2026", "patient": asked["quoi"]}
    told = asked | {"porte": door, "quoi": about[door]}
    if door == "tout":
        operations.search(Moment(destination.pk, search=alice.practice_id), actor_of(alice))
    page = client.get(reverse("restores:past"), told).content.decode()
    is_all = door == "day"
    assert ("Tout est comme alors." in page) is is_all
    assert ("ce qui est comparé est comme alors." in page.lower()) is not is_all
    assert ("Ne sont pas comparés : messages de rappel, choses à faire" in page) is not is_all


def test_search_leads_to_the_record(
    client: Client, asked: dict[str, str], destination: Destination, patient: Patient, alice: Person
):
    alert = factories.MedicalAlertFactory.create(patient=patient)
    kept(Moment(destination.pk))
    MedicalAlert.objects.filter(pk=alert.pk).delete()
    every = asked | {"porte": "tout", "quoi": ""}
    assert client.post(reverse("restores:reach"), every).status_code == 302
    operations.reach(Moment(destination.pk, search=alice.practice_id))
    page = client.get(reverse("restores:past"), every).content.decode()
    assert "Alerte médicale" in page
    assert f"quoi={patient.file_number}" in page
    assert "Disparu" in client.get(reverse("restores:past"), asked).content.decode()


def test_patient_is_found_by_her_name(client: Client, asked: dict[str, str], alice: Person):
    one = found_by(alice, "Zéphirine")
    typed = asked | {"quoi": f"{one.birth_name} Zéphirine"}
    answer = client.post(reverse("restores:reach"), typed)
    assert answer.status_code == 302
    assert f"quoi={one.file_number}" in answer["Location"]
    # Two of that name: the one who is meant is chosen.
    two = found_by(alice, "Zéphirine", birth_name=one.birth_name)
    page = client.post(reverse("restores:reach"), typed)
    assert page.status_code == 422
    for patient in (one, two):
        assert f'name="quoi" value="{patient.file_number}"' in page.content.decode()
    chosen = {**typed, "quoi": [typed["quoi"], str(two.file_number)]}
    assert f"quoi={two.file_number}" in client.post(reverse("restores:reach"), chosen)["Location"]


def found_by(alice: Person, first_name: str, **values: Any) -> Patient:
    patient: Patient = factories.PatientFactory.create(
        practice=alice.practice, used_first_name=first_name, **values
    )
    patients.rebuild_search_keys(patient)
    return patient


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("16/03/2026 18:00", "2026-03-16T17:00"),
        ("16/03/2026 à 18h", "2026-03-16T17:00"),
        ("16/03/2026 18 h 30", "2026-03-16T17:30"),
        ("16/03/2026", "2026-03-16T23:00"),
        ("17/03/2026", "2026-03-17T08:30"),
    ],
)
def test_moment_is_read_as_people_write_it(typed: str, meant: str):
    assert f"{moment_typed(typed):%Y-%m-%dT%H:%M}" == meant


def test_copies_that_exist_are_proposed(client: Client, destination: Destination):
    copy = factories.CopyFactory.create(destination=destination)
    assert copy.data_at
    wanted = moment_after(copy.data_at.replace(second=0, microsecond=0))
    assert f'<option value="{wanted}">' in client.get(reverse("restores:past")).content.decode()
    assert moment_typed(wanted) > copy.data_at


def test_nothing_chosen_is_said(client: Client, asked: dict[str, str], destination: Destination):
    kept(Moment(destination.pk))
    page = client.post(f"{reverse('restores:past')}?{urlencode(asked)}", {}, follow=True)
    assert "Rien n’était coché" in page.content.decode()


@pytest.mark.usefixtures("destination")
def test_record_leads_to_its_past(
    client: Client, patient: Patient, alice: Person, client_of: Callable[[Person], Client]
):
    address = f"{reverse('restores:past')}?porte=patient&amp;quoi={patient.file_number}"
    record = reverse("patients:record", args=[patient.pk])
    assert address in client.get(record).content.decode()
    page = client.get(address.replace("&amp;", "&")).content.decode()
    assert f'value="{patient.file_number}"' in page
    assert "aria-invalid" not in page
    secretary = factories.PersonFactory.create(practice=alice.practice, role="secretaire")
    assert address not in client_of(secretary).get(record).content.decode()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"quoi": "Dupont"}, "ni un jour"),
        ({"moment": "hier"}, "Écrivez le moment ainsi"),
        ({"moment": "01/01/2100 08:00"}, "à venir"),
    ],
)
def test_what_means_nothing_is_said(
    client: Client, asked: dict[str, str], change: dict[str, str], words: str
):
    answer = client.post(reverse("restores:reach"), asked | change)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "HX-Refresh" in client.get(reverse("restores:reaching"), asked | change)
    assert not Run.objects.exists()


def test_others_may_not(alice: Person, client_of: Callable[[Person], Client]):
    secretary = factories.PersonFactory.create(practice=alice.practice, role="secretaire")
    stranger = client_of(secretary)
    assert stranger.get(reverse("restores:past")).status_code == 403
    assert stranger.post(reverse("restores:reach")).status_code == 403
    assert stranger.get(reverse("restores:reaching")).status_code == 403
