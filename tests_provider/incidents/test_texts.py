"""Short messages that nobody carries reach nobody, and it is said."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.incidents import operations, queries
from quenotte.provider.incidents.models import Duty, Outgoing, Sending
from tests_provider.factories import DutyFactory, IncidentFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
Login = Callable[[Person], Any]
NOBODY = "Personne n’est prévenu des urgences"
SOME = "Des techniciens ne sont prévenus de rien"


def by_sms_alone(person: Person) -> Duty:
    made: Duty = DutyFactory.create(person=person, by_mail=False, by_sms=True, phone="+33639980001")
    return made


def urgent(found: Found) -> Any:
    return found(
        rule="antivirus_active", cause="antivirus", severity="critical", reason="none", values={}
    )


def test_who_chose_texts_alone_is_nobody_on_duty(
    tom: Person, diane: Person, found: Found, client_of: Login
):
    by_sms_alone(tom)
    page = client_of(tom).get("/parc/").content.decode()
    assert NOBODY in page
    assert "aucun opérateur n’est relié" in page
    DutyFactory.create(person=diane)
    urgent(found)
    look()
    one = Outgoing.objects.get()
    assert (one.person, one.channel) == (diane, "mail")
    page = client_of(tom).get("/parc/").content.decode()
    assert NOBODY not in page
    assert SOME in page
    assert f"{tom.full_name} (SMS : aucun opérateur n’est relié)" in page


def test_text_beside_a_letter_is_not_written(tom: Person, found: Found, client_of: Login):
    DutyFactory.create(person=tom, by_sms=True, phone="+33639980001")
    urgent(found)
    look()
    assert [one.channel for one in Outgoing.objects.all()] == ["mail"]
    page = client_of(tom).get("/parc/").content.decode()
    assert (NOBODY in page, SOME in page) == (False, False)


@pytest.mark.usefixtures("sms_operator")
def test_demo_has_a_simulator_and_says_so(tom: Person, client_of: Login):
    by_sms_alone(tom)
    client = client_of(tom)
    assert NOBODY not in client.get("/parc/").content.decode()
    assert "Les SMS sont simulés" in client.get("/parc/alertes/").content.decode()


def test_text_of_an_older_release_is_given_up_and_passed_on(
    tom: Person, diane: Person, client_of: Login
):
    Sending.objects.create(practice_id=tom.practice_id, sms_sender="DENTAIRE")
    by_sms_alone(tom)
    now = timezone.now()
    incident = IncidentFactory.create(severity="critical")
    news = f"{incident.id}:1:opened:critical"
    lost = Outgoing.objects.create(
        key=f"{news}:sms:{tom.id}", channel="sms", person=tom, incident=incident, title="x",
        text="x", destination="+33639980001", is_alarm=True, created_at=now, due_at=now,
    )  # fmt: skip
    DutyFactory.create(person=diane)
    assert operations.send_due(limit=1) == 0
    lost.refresh_from_db()
    assert (lost.state, lost.reason) == ("failed", "no_operator")
    assert Outgoing.objects.exclude(pk=lost.pk).get().person == diane
    assert queries.unreached() == []
    # Nothing to wait for: the way is not out of order, it is not there.
    assert "Envois en panne" not in client_of(tom).get("/parc/").content.decode()


def test_text_that_nobody_else_was_told_is_said_to_have_reached_nobody(tom: Person):
    by_sms_alone(tom)
    now = timezone.now()
    incident = IncidentFactory.create(severity="critical")
    Outgoing.objects.create(
        key=f"{incident.id}:1:opened:critical:sms:{tom.id}", channel="sms", person=tom, text="x",
        incident=incident, title="x", is_alarm=True, created_at=now, due_at=now,
    )  # fmt: skip
    operations.send_due()
    assert [one.incident for one in queries.unreached()] == [incident]


def test_trial_says_at_once_that_nobody_carries_it(tom: Person, client_of: Login):
    by_sms_alone(tom)
    client = client_of(tom)
    page = client.post("/parc/alertes/essai/", follow=True).content.decode()
    assert "aucun opérateur de SMS n’est relié" in page
    assert "Les SMS sont simulés" not in page
