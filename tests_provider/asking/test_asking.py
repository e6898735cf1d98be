"""Questions to machines: from the catalogue alone, end to end through the door of the agents."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.config.agents import taking
from quenotte.devices.agents.osquery import catalogue
from quenotte.devices.agents.osquery.checking import columns_read, forbidden_words
from quenotte.devices.agents.osquery.fake import FakeOsqueryd, Reply
from quenotte.kernel.posture.terms import Platform
from quenotte.provider.asking import operations, queries, rules
from quenotte.provider.asking.models import Asked, Question
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Inventory
from quenotte.provider.traces.models import Look
from tests.devices.agents.osquery.machines import installed
from tests_provider.agents.conftest import Ask, ask, door
from tests_provider.factories import CustomerFactory, MachineFactory
from tests_provider.fleet.test_judging import tell

__all__ = ["ask", "door"]
Login = Callable[..., Client]
TABLES: dict[str, Any] = {
    "system_info": [{"computer_name": "ACCUEIL", "uuid": "4c4c4544-1", "hardware_serial": "A1"}],
    "os_version": [{"name": "Microsoft Windows 11 Pro", "version": "10.0.26200"}],
    "registry": installed("AnyDesk", "7.1", "AnyDesk Software"),
}


@pytest.fixture
def agent(ask: Ask, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> Callable[..., FakeOsqueryd]:
    """Return machines that enrolled at the door and were accepted."""
    monkeypatch.setattr(taking, "_LOOKED_S", 0.0)

    def send(path: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        named = {name.lower(): one for name, one in headers.items()}
        told = ask(f"/agents/osquery{path}", body, headers=named)
        return Reply(told.status, told.body)

    def make(platform: Platform = Platform.WINDOWS, *, is_accepted: bool = True) -> FakeOsqueryd:
        customer = CustomerFactory.create()
        token = enrolment.make_token(customer_id=customer.id, machines=1, actor=actor)[1]
        made = FakeOsqueryd(platform, TABLES, send=send, secret=token, clock=time.time)
        made.enrol()
        if is_accepted:
            enrolment.accept(machine_id=Machine.objects.get(customer=customer).id, actor=actor)
        return made

    return make


def asked(actor: Actor, subject: str = "software") -> Question:
    machines = list(Machine.objects.filter(agent="osquery"))
    return operations.ask(actor=actor, subject=subject, machines=machines, whom="toutes")


def rows(question: Question) -> list[queries.Row]:
    return queries.progress(question, timezone.now()).rows


@pytest.mark.parametrize("subject", list(rules.SUBJECTS))
def test_each_subject_is_in_the_catalogue_and_opens_no_forbidden_table(subject: str):
    found = [query for query in catalogue.QUERIES if query.subject == subject]
    assert found
    for query in found:
        assert columns_read(query)
        assert not forbidden_words(query.sql)


@pytest.mark.django_db(transaction=True)
def test_question_goes_out_and_its_answer_comes_back(
    agent: Callable[..., FakeOsqueryd], actor: Actor
):
    machine = agent()
    assert not machine.poll()
    question = asked(actor)
    assert [one.standing for one in rows(question)] == ["waiting"]
    assert machine.poll()
    (row,) = rows(question)
    assert (row.standing, row.at) == ("answered", timezone.now())
    assert [fact.rows for fact in row.facts] == [("AnyDesk, 7.1, AnyDesk Software",)]
    kept = Asked.objects.get()
    assert kept.catalogue == f"{catalogue.VERSION} {catalogue.digest()}"
    assert Inventory.objects.get().facts["software"]["value"][0]["name"] == "AnyDesk"
    assert not machine.poll()
    look = Look.objects.get(what="question")
    assert (look.person_label, look.machines) == (actor.person_label, 1)


@pytest.mark.django_db(transaction=True)
def test_answer_that_shows_another_hardware_is_no_answer_of_this_machine(
    agent: Callable[..., FakeOsqueryd], actor: Actor, monkeypatch: pytest.MonkeyPatch
):
    machine = agent()
    question = asked(actor, "machine")
    clone = {"computer_name": "CLONE", "uuid": "4c4c4544-9", "hardware_serial": "Z9"}
    monkeypatch.setitem(TABLES, "system_info", [clone])
    machine.poll()
    assert Machine.objects.get().standing == "quarantine"
    assert [(one.standing, one.facts) for one in rows(question)] == [("sent", ())]
    assert not Inventory.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_the_machine_cannot_answer_is_said(agent: Callable[..., FakeOsqueryd], actor: Actor):
    """No Linux has the lock of a screen in the catalogue: that is known at once."""
    machine = agent(Platform.LINUX)
    question = asked(actor, "lock")
    assert not machine.poll()
    assert [one.standing for one in rows(question)] == ["failed"]


@pytest.mark.django_db(transaction=True)
def test_machine_in_quarantine_is_asked_nothing(agent: Callable[..., FakeOsqueryd], actor: Actor):
    agent(is_accepted=False)
    with pytest.raises(operations.NobodyAnswers):
        asked(actor)


@pytest.mark.django_db(transaction=True)
def test_machine_that_is_doubted_after_it_was_asked_is_told_nothing(
    agent: Callable[..., FakeOsqueryd], actor: Actor
):
    machine = agent()
    question = asked(actor)
    Machine.objects.update(standing="quarantine")
    assert not machine.poll()
    assert [one.standing for one in rows(question)] == ["waiting"]


@pytest.mark.django_db(transaction=True)
def test_answer_of_another_machine_is_not_believed(
    agent: Callable[..., FakeOsqueryd], ask: Ask, actor: Actor
):
    """The second machine answers with the name of the first one's question."""
    first, second = agent(), agent()
    target = Machine.objects.order_by("enrolled_at").first()
    assert target
    question = operations.ask(actor=actor, subject="software", machines=[target], whom="x")
    name = str(Asked.objects.get().id)
    lie = {"queries": {name: [{"name": "Lie", "version": "1"}]}, "statuses": {name: 0}}
    for one in (second, first):
        body = json.dumps({"node_key": one.node_key, **lie}).encode()
        ask("/agents/osquery/distributed/write", body)
        # Not even by the right one before it was asked.
        assert Asked.objects.get().answered_at is None
    assert not Inventory.objects.exists()
    assert [one.standing for one in rows(question)] == ["waiting"]


@pytest.mark.django_db(transaction=True)
def test_time_ends_a_question(agent: Callable[..., FakeOsqueryd], actor: Actor, frozen_clock: Any):
    machine = agent()
    question = asked(actor)
    frozen_clock.shift(timedelta(minutes=61))
    assert not machine.poll()
    assert [one.standing for one in rows(question)] == ["silent"]
    assert queries.progress(question, timezone.now()).is_over


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["", "shell_history", "SELECT * FROM users", "automatic"])
def test_what_is_not_offered_is_not_asked(actor: Actor, subject: str):
    machine = MachineFactory.create(agent="osquery")
    with pytest.raises(operations.NotInCatalogue):
        operations.ask(actor=actor, subject=subject, machines=[machine], whom="x")
    assert not Question.objects.exists()


@pytest.mark.django_db
def test_nobody_to_ask_and_too_many_are_refused(actor: Actor, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(operations.NobodyAnswers):
        operations.ask(actor=actor, subject="disks", machines=[MachineFactory.create()], whom="x")
    monkeypatch.setattr(operations, "MOST_MACHINES", 1)
    many = MachineFactory.create_batch(2, agent="osquery")
    with pytest.raises(operations.TooMany):
        operations.ask(actor=actor, subject="disks", machines=many, whom="x")


@pytest.mark.django_db
def test_question_to_a_search_goes_to_all_of_it_or_to_nobody(
    tom: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
):
    """Those that can answer are counted, however many others the search finds before them."""
    first, last = (CustomerFactory.create(name=f"Cabinet {one}") for one in "AZ")
    others = MachineFactory.create_batch(4, customer=first)
    host = others[0]
    able = MachineFactory.create_batch(2, agent="osquery", customer=last)
    beside = MachineFactory.create(agent="osquery", host=host, customer=host.customer)
    for one in (*others, *able):
        tell(one, {"os.name": {"value": "Microsoft Windows 10"}}, source=one.agent)
    fleet.judge_due(now=timezone.now())
    client, told = client_of(tom), {"subject": "disks", "q": "windows 10"}
    monkeypatch.setattr(operations, "MOST_MACHINES", 2)
    assertContains(client.post("/parc/questions/nouvelle/", told), "au plus", status_code=422)
    assert not Question.objects.exists()
    monkeypatch.setattr(operations, "MOST_MACHINES", 3)
    client.post("/parc/questions/nouvelle/", told)
    asked_ids = set(Asked.objects.values_list("machine_id", flat=True))
    assert asked_ids == {one.id for one in (*able, beside)}


@pytest.mark.django_db
def test_old_questions_are_forgotten(actor: Actor, frozen_clock: Any):
    operations.ask(
        actor=actor, subject="disks", machines=[MachineFactory.create(agent="osquery")], whom="x"
    )
    frozen_clock.shift(timedelta(days=91))
    operations.forget(now=timezone.now())
    assert not Asked.objects.exists()


@pytest.mark.django_db
def test_pages_ask_and_show(tom: Person, client_of: Login):
    machine = MachineFactory.create(agent="osquery", name="ACCUEIL")
    client = client_of(tom)
    assertContains(client.get(f"/parc/machines/{machine.id}/"), "Poser une question")
    assertContains(client.get(f"/parc/questions/nouvelle/?machine={machine.id}"), "Demander")
    told = {"subject": "disks", "machine": machine.id}
    page = client.post("/parc/questions/nouvelle/", told, follow=True)
    assertContains(page, "en attente")
    assertContains(page, "ACCUEIL")
    assertContains(client.get("/parc/questions/"), "0 / 1")
    question = Question.objects.get()
    address = f"/parc/questions/{question.id}/reponses/"
    assert client.get(address).status_code == 302
    assertNotContains(client.get(address, headers={"hx-request": "true"}), "<html")
    assert {one.what for one in Look.objects.all()} >= {"question", "answers"}


@pytest.mark.django_db
def test_answers_leave_a_row_though_their_page_was_never_opened(
    tom: Person, client_of: Login, actor: Actor
):
    machine = MachineFactory.create(agent="osquery")
    address = f"/parc/questions/{asked(actor).id}/reponses/"
    client, fragment = client_of(tom), {"hx-request": "true"}
    before = Line.objects.count()
    for _again in range(3):
        client.get(address, headers=fragment)
    rows = Look.objects.filter(what="answers").values_list("customer_id", "person_id", "machines")
    assert list(rows) == [(machine.customer_id, tom.id, 1)]
    assert Line.objects.count() == before + 1


@pytest.mark.django_db
def test_answers_of_another_question_leave_rows_of_their_own(
    tom: Person, client_of: Login, actor: Actor
):
    MachineFactory.create(agent="osquery")
    one, other = asked(actor).id, asked(actor, "remote").id
    client, fragment = client_of(tom), {"hx-request": "true"}

    def noted() -> int:
        return Look.objects.filter(what="answers").count()

    client.get(f"/parc/questions/{one}/")
    for question, rows in ((one, 1), (other, 2), (other, 2), (one, 2)):
        client.get(f"/parc/questions/{question}/reponses/", headers=fragment)
        assert noted() == rows
    # A page that stays open is noted again each hour.
    session = client.session
    session["answers_noted"] = {str(one): int(time.time()) - 3_600}
    session.save()
    client.get(f"/parc/questions/{one}/reponses/", headers=fragment)
    assert noted() == 3


def test_agent_that_joined_a_machine_is_asked_from_its_own_page(tom: Person, client_of: Login):
    machine = MachineFactory.create(name="ACCUEIL")
    agent = MachineFactory.create(agent="osquery", host=machine, customer=machine.customer)
    client = client_of(tom)
    address = f"/parc/questions/nouvelle/?machine={agent.id}"
    assertContains(client.get(f"/parc/machines/{agent.id}/"), address)
    told = {"subject": "disks", "machine": client.get(address).context["form"]["machine"].value()}
    assertContains(client.post("/parc/questions/nouvelle/", told, follow=True), "en attente")
    assert Asked.objects.get().machine == agent


@pytest.mark.django_db
@pytest.mark.parametrize("named", ["machine=x", "cabinet=x"])
def test_page_of_nobody_is_not_found(tom: Person, client_of: Login, named: str):
    assert client_of(tom).get(f"/parc/questions/nouvelle/?{named}").status_code == 404


@pytest.mark.django_db
def test_page_refuses_in_words(tom: Person, client_of: Login):
    machine = MachineFactory.create()
    client = client_of(tom)
    told = {"subject": "disks", "cabinet": machine.customer_id}
    assertContains(client.post("/parc/questions/nouvelle/", told), "osquery", status_code=422)
    told = {"subject": "disks", "q": " "}
    page = client.post("/parc/questions/nouvelle/", told)
    assertContains(page, "Dites à quelles machines", status_code=422)
    told = {"subject": "SELECT 1", "cabinet": machine.customer_id}
    assert client.post("/parc/questions/nouvelle/", told).status_code == 422
    assert not Question.objects.exists()
