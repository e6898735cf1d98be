"""An alarm that cannot reach one person goes to the next; that it reached nobody is shown."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.jobs.models import Run
from quenotte.base.people.models import Person
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents import jobs, operations, queries
from quenotte.provider.incidents.models import Duty, Outgoing, Sending
from tests.support import push_services
from tests_provider.factories import DutyFactory, MachineFactory, SubscriptionFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
LATE = "Les règles ne regardent plus le parc"
CALM = "Personne n’a besoin de vous"


def by_push_alone(person: Person) -> Duty:
    made: Duty = DutyFactory.create(person=person, by_push=True, by_mail=False)
    return made


def urgent(found: Found) -> Any:
    return found(
        rule="antivirus_active", cause="antivirus", severity="critical", reason="none", values={}
    )


def test_who_cannot_be_reached_is_nobody_on_duty(
    tom: Person, diane: Person, found: Found, client_of: Callable[[Person], Any]
):
    by_push_alone(tom)
    page = client_of(tom).get("/parc/").content.decode()
    assert "Personne n’est prévenu des urgences" in page
    DutyFactory.create(person=diane, weekdays="3")
    urgent(found)
    look()
    one = Outgoing.objects.get()
    assert (one.person, one.channel) == (diane, "mail")
    assert timezone.localtime(one.due_at).weekday() == 3


def test_alarm_that_a_browser_lost_goes_to_the_next_person(
    tom: Person, diane: Person, found: Found, settings: Any
):
    operations.push_key(practice_id=tom.practice_id)
    Sending.objects.update(sender_address="technique@exemple.test")
    by_push_alone(tom)
    DutyFactory.create(person=diane, weekdays="3")
    with push_services.serving(410) as service:
        settings.PUSH_SERVICES = (service.origin,)
        SubscriptionFactory.create(
            person=tom, endpoint=f"{service.origin}/1", p256dh=service.p256dh, auth=service.auth
        )
        urgent(found)
        look()
        assert Outgoing.objects.get().person == tom
        operations.send_due()
    lost, next_one = Outgoing.objects.order_by("state").reverse()
    assert (lost.person, lost.state) == (tom, "failed")
    assert (next_one.person, next_one.state, next_one.text) == (diane, "due", lost.text)


def test_alarm_that_reached_nobody_is_on_the_pages(
    tom: Person, found: Found, mend: Found, settings: Any, client_of: Callable[[Person], Any]
):
    operations.push_key(practice_id=tom.practice_id)
    by_push_alone(tom)
    with push_services.serving(410) as service:
        settings.PUSH_SERVICES = (service.origin,)
        SubscriptionFactory.create(
            person=tom, endpoint=f"{service.origin}/1", p256dh=service.p256dh, auth=service.auth
        )
        finding = urgent(found)
        look()
        operations.send_due()
    words = "Une urgence n’est parvenue à personne"
    for address in ("/parc/", "/parc/incidents/"):
        assert words in client_of(tom).get(address).content.decode()
    mend(finding)
    look()
    assert words not in client_of(tom).get("/parc/").content.decode()


def done(at: Any) -> None:
    Run.objects.create(name=jobs.look.name, state=Run.State.DONE, finished_at=at)


def test_morning_is_not_calm_while_the_rules_do_not_look(
    tom: Person, client_of: Callable[[Person], Any], frozen_clock: Any
):
    machine = MachineFactory.create()
    client = client_of(tom)
    pages = ("/parc/", "/parc/incidents/")
    page = client.get("/parc/").content.decode()
    assert LATE in page
    assert CALM not in page
    done(timezone.now())
    assert CALM in client.get("/parc/").content.decode()
    assert all(LATE not in client.get(one).content.decode() for one in pages)
    frozen_clock.shift(timedelta(minutes=3))
    assert all(LATE in client.get(one).content.decode() for one in pages)
    assert "n’a besoin de rien" not in client.get("/parc/").content.decode()
    assert machine.customer.is_active


def test_part_of_a_look_that_fails_keeps_no_other(found: Found, monkeypatch: pytest.MonkeyPatch):
    from quenotte.provider.incidents.models import Incident

    def fail(**_named: Any) -> None:
        raise ValueError("the sweep")

    found()
    monkeypatch.setattr(fleet, "sweep", fail)
    with pytest.raises(ValueError, match="the sweep"):
        jobs.look()
    assert Incident.objects.filter(cause="encryption").exists()


def seen(at: Any) -> None:
    """Let a look of the rules have been done at an instant."""
    Run.objects.create(name=queries.LOOK, state=Run.State.DONE, finished_at=at)


def test_monitor_is_told_that_all_works(client: Any):
    seen(timezone.now())
    answer = client.get("/surveillance/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert client.post("/surveillance/").status_code == 405


def test_monitor_is_told_that_the_rules_do_not_look(client: Any, frozen_clock: Any):
    assert client.get("/surveillance/").status_code == 503
    seen(timezone.now())
    frozen_clock.shift(timedelta(minutes=3))
    answer = client.get("/surveillance/")
    assert answer.status_code == 503
    assert "n’ont pas regardé" in answer.content.decode()


def test_monitor_is_told_that_messages_do_not_leave(
    client: Any, tom: Person, found: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    urgent(found)
    look()
    assert Outgoing.objects.filter(state="due").exists()
    seen(timezone.now())
    assert client.get("/surveillance/").status_code == 200
    frozen_clock.shift(timedelta(minutes=6))
    seen(timezone.now())
    answer = client.get("/surveillance/")
    assert (answer.status_code, "ne partent pas" in answer.content.decode()) == (503, True)
    # No name of anybody, for it needs no login.
    assert tom.full_name not in answer.content.decode()


def test_push_without_a_browser_is_said_to_reach_nobody(
    tom: Person, client_of: Callable[[Person], Any]
):
    client = client_of(tom)
    assert "n’a dit comment" in client.get("/parc/").content.decode()
    by_push_alone(tom)
    for page in ("/parc/", "/parc/alertes/"):
        assert "aucun de leurs navigateurs n’est enregistré" in client.get(page).content.decode()
    answer = client.post("/parc/alertes/essai/", follow=True).content.decode()
    assert "aucun de vos navigateurs n’est enregistré" in answer
    assert not Outgoing.objects.exists()


def test_trial_that_cannot_leave_says_why_at_once(tom: Person, client_of: Callable[[Person], Any]):
    DutyFactory.create(person=tom, by_push=False, by_mail=True)
    page = client_of(tom).post("/parc/alertes/essai/", follow=True).content.decode()
    assert Outgoing.objects.get().reason == "not_set"
    assert "aucun serveur d’envoi n’est réglé" in page
