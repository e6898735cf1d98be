"""A record opened in an emergency: one record, one hour, reading only, told to who must know."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard.models import Grant
from quenotte.base.keyboard.rules import GLASS
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.base.people.rules import PERMISSIONS
from quenotte.base.practice.models import Practice
from quenotte.care.patients.access import patient_for
from quenotte.care.patients.models import Patient
from tests.factories import NoteFactory, PatientFactory, PictureFactory

pytestmark = pytest.mark.django_db

Login = Callable[[Person], Client]
WHY = {"reason": "urgence", "words": "Douleur au téléphone, médecin absent"}


def _open(client: Client, patient: Patient) -> None:
    answer = client.post(f"/patients/{patient.id}/acces-exceptionnel/", WHY)
    assertRedirects(answer, f"/patients/{patient.id}/")


def test_secretary_opens_one_record_for_an_hour(
    sarah: Person,
    patient: Patient,
    practice: Practice,
    client_of: Login,
    frozen_clock: time_machine.Traveller,
) -> None:
    client = client_of(sarah)
    NoteFactory.create(patient=patient, text="Pulpite sur 36")
    other = PatientFactory.create(practice=practice)
    record = f"/patients/{patient.id}/"
    assertNotContains(client.get(record), "Pulpite")
    assertContains(client.get(record), "Accès exceptionnel")
    assert client.get(f"{record}notes/").status_code == 403

    _open(client, patient)

    assertContains(client.get(record), "Pulpite")
    assertContains(client.get(record), "Accès exceptionnel jusqu’à 10 h 30")
    assert client.get(f"{record}notes/").status_code == 200
    assert client.get(f"/patients/{other.id}/notes/").status_code == 403
    assertNotContains(client.get(f"/patients/{other.id}/"), "jusqu’à")
    # She works on: the lock is another matter than the hour of the grant.
    for _ in range(15):
        frozen_clock.shift(timedelta(minutes=4))
        client.get("/", headers={"Sec-Fetch-User": "?1"})
    assert client.get(f"{record}notes/").status_code == 403
    assertNotContains(client.get(record), "Pulpite")


def test_pictures_of_that_record_open_too(
    sarah: Person, patient: Patient, practice: Practice, client_of: Login
) -> None:
    client = client_of(sarah)
    seen = PictureFactory.create(practice=practice, patient=patient)
    hidden = PictureFactory.create(
        practice=practice, patient=PatientFactory.create(practice=practice)
    )
    assert client.get(f"/images/{seen.id}/").status_code == 403

    _open(client, patient)

    assert client.get(f"/images/{seen.id}/").status_code == 200
    assert client.get(f"/images/{hidden.id}/").status_code == 403


def test_everything_is_in_the_journal_and_told(
    sarah: Person, patient: Patient, client_of: Login
) -> None:
    client = client_of(sarah)
    _open(client, patient)
    client.get(f"/patients/{patient.id}/notes/")

    made = Line.objects.get(object_kind="grant")
    assert (made.action, made.person_id, made.patient_id) == ("create", sarah.id, patient.id)
    assert made.detail == {"reason": "urgence", "minutes": 60}
    assert "Douleur" not in str(list(Line.objects.values()))
    event = Event.objects.get(name="people.notice")
    assert (event.audience, event.data) == ("people.manage", {"kind": "glass"})
    read = Line.objects.filter(action="read", patient_id=patient.id, detail__reason="break_glass")
    assert read.exists()


def test_nothing_is_written_under_a_grant(
    sarah: Person, patient: Patient, client_of: Login
) -> None:
    client = client_of(sarah)
    _open(client, patient)

    assert client.post(f"/patients/{patient.id}/notes/nouvelle/", {"text": "x"}).status_code in {
        403,
        404,
    }
    lent = {action for action, roles in PERMISSIONS.items() if GLASS in roles}
    assert lent == {
        *("patients.read", "chart.read", "imaging.read", "plans.see", "plans.read", "visits.read"),
        *("consents.read", "history.read", "documents.read", "prescriptions.read", "trace.read"),
    }


@pytest.mark.parametrize("typed", [{}, {"reason": "urgence"}, {"reason": "x", "words": "long mot"}])
def test_no_reason_no_access(
    sarah: Person, patient: Patient, client_of: Login, typed: dict[str, str]
) -> None:
    url = f"/patients/{patient.id}/acces-exceptionnel/"

    assert client_of(sarah).post(url, {"words": "", **typed}).status_code == 422
    assert not Grant.objects.exists()


def test_who_reads_anyway_or_never_is_not_offered_it(
    alice: Person, marc: Person, bob: Person, patient: Patient, client_of: Login
) -> None:
    url = f"/patients/{patient.id}/acces-exceptionnel/"

    assert client_of(alice).get(url).status_code == 403
    assert client_of(marc).get(url).status_code == 403
    assertNotContains(client_of(bob).get(f"/patients/{patient.id}/"), "Accès exceptionnel")


def test_record_of_another_practice_stays_unknown(
    sarah: Person, other_practice: Practice, client_of: Login
) -> None:
    theirs = PatientFactory.create(practice=other_practice)

    url = f"/patients/{theirs.id}/acces-exceptionnel/"
    assert client_of(sarah).post(url, WHY).status_code == 404
    assert not Grant.objects.exists()


def test_role_that_was_lent_opens_nothing_by_itself(sarah: Person, patient: Patient) -> None:
    actor = Actor(sarah.id, sarah.full_name, sarah.practice_id, "", "web", sarah.roles | {GLASS})

    with pytest.raises(PermissionDenied):
        patient_for(actor, patient.id, purpose="record", action="chart.read")
    assert Line.objects.get().result == "refused"
