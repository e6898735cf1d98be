from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.kernel.enrolment import Told
from quenotte.provider.enrolment import operations, rules
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.enrolment.rules import Doubt, Hardware
from tests_provider.factories import CustomerFactory, MachineFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(actor: Actor) -> Callable[..., str]:
    """Make a token and return what is typed."""

    def make(machines: int = 2, **named: Any) -> str:
        customer = CustomerFactory.create()
        return operations.make_token(
            customer_id=customer.id, machines=machines, actor=actor, **named
        )[1]

    return make


def told(name: str = "ACCUEIL", hardware: Hardware | None = None) -> Told:
    hardware = hardware or Hardware(str(uuid4()), f"SN-{name}")
    return Told(agent="station", agent_name=name, name=name, hardware=hardware)


def test_token_is_shown_once_and_kept_as_a_digest(order: Callable[..., str]):
    typed = order()
    kept = Token.objects.get()
    assert bytes(kept.digest) == rules.digest(typed)
    assert typed not in str(kept.__dict__)
    assert kept.expires_at == timezone.now() + timedelta(hours=72)
    assert Line.objects.filter(object_kind="token", action="create").count() == 1


@pytest.mark.parametrize("machines", [0, 201])
def test_order_of_no_machine_or_too_many_is_refused(order: Callable[..., str], machines: int):
    with pytest.raises(operations.TooManyMachines):
        order(machines)
    assert not Token.objects.exists()


def test_machine_that_comes_waits_in_quarantine(order: Callable[..., str]):
    made = operations.enrol(token=order().lower().replace("-", " "), told=told())
    machine = Machine.objects.get()
    assert (machine.standing, machine.doubt) == ("quarantine", Doubt.NEW)
    assert bytes(machine.key_digest) == rules.digest(made.key)
    assert len(made.key) == 64
    assert made.key not in str(machine.__dict__)


def test_token_lets_in_as_many_as_were_ordered(order: Callable[..., str]):
    typed = order(2)
    for name in ("A", "B"):
        operations.enrol(token=typed, told=told(name))
    with pytest.raises(operations.UnknownToken):
        operations.enrol(token=typed, told=told("C"))
    assert Machine.objects.count() == 2


def test_revoked_expired_and_wrong_tokens_answer_alike(
    order: Callable[..., str], actor: Actor, frozen_clock: object
):
    revoked = order()
    operations.revoke_token(token_id=Token.objects.get().id, actor=actor)
    expired = order(length=timedelta(0))
    answers = set()
    for typed in (revoked, expired, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA", "", "é\ud800"):
        with pytest.raises(operations.UnknownToken) as refused:
            operations.enrol(token=typed, told=told())
        answers.add(str(refused.value))
    assert len(answers) == 1
    assert not Machine.objects.exists()


def test_revoking_twice_is_one_line(order: Callable[..., str], actor: Actor):
    order()
    token = Token.objects.get()
    operations.revoke_token(token_id=token.id, actor=actor)
    operations.revoke_token(token_id=token.id, actor=actor)
    assert Line.objects.filter(object_kind="token", action="change").count() == 1


def test_agent_that_keeps_no_key_is_the_same_machine_each_time(order: Callable[..., str]):
    typed = order(1)
    key = rules.bound_key(typed, "accueil-2026-03-17-09-30-00")
    first = operations.enrol(token=typed, told=told(), key=key)
    again = operations.enrol(token=typed, told=told(), key=key)
    assert first == again
    assert Token.objects.get().used == 1


def test_same_hardware_twice_waits_and_takes_the_others_place(
    order: Callable[..., str], actor: Actor
):
    typed, hardware = order(2), Hardware("4C4C4544-1", "SN1")
    old = operations.enrol(token=typed, told=told("A", hardware)).machine_id
    operations.accept(machine_id=old, actor=actor)
    new = operations.enrol(token=typed, told=told("A", Hardware("4c4c4544-1", "SN1"))).machine_id
    assert Machine.objects.get(pk=new).doubt == Doubt.TWICE
    assert Machine.objects.get(pk=old).standing == "accepted"

    operations.accept(machine_id=new, actor=actor)
    assert Machine.objects.get(pk=old).standing == "revoked"
    assert Line.objects.filter(object_kind="machine", action="change").count() == 3


def test_other_agent_on_the_same_hardware_keeps_its_key(order: Callable[..., str], actor: Actor):
    typed, hardware = order(2), Hardware("4C4C4544-1", "SN1")
    first = operations.enrol(token=typed, told=told("A", hardware)).machine_id
    operations.accept(machine_id=first, actor=actor)
    other = Told(agent="glpi", agent_name="A", name="A", hardware=hardware)
    second = operations.enrol(token=typed, told=other, key="x").machine_id
    operations.accept(machine_id=second, actor=actor)
    assert Machine.objects.filter(standing="accepted").count() == 2


def test_decision_is_made_once(actor: Actor):
    machine = MachineFactory.create(standing="quarantine", decided_at=None)
    operations.accept(machine_id=machine.id, actor=actor)
    with pytest.raises(operations.AlreadyDecided):
        operations.accept(machine_id=machine.id, actor=actor)
    operations.revoke(machine_id=machine.id, actor=actor)
    for decide in (operations.accept, operations.revoke):
        with pytest.raises(operations.AlreadyDecided):
            decide(machine_id=machine.id, actor=actor)


def test_machine_without_hardware_has_no_twin(order: Callable[..., str], actor: Actor):
    typed = order(2)
    for name in ("A", "B"):
        one = operations.enrol(token=typed, told=told(name, Hardware())).machine_id
        assert Machine.objects.get(pk=one).doubt == Doubt.NEW
        operations.accept(machine_id=one, actor=actor)
    assert Machine.objects.filter(standing="accepted").count() == 2


def test_doubt_puts_back_what_was_accepted_alone(actor: Actor):
    machine = MachineFactory.create()
    waiting = MachineFactory.create(standing="quarantine", decided_at=None)
    for one in (machine, waiting):
        operations.doubt(machine_id=one.id, why=Doubt.JUMPED, told=Hardware("b", "2"))
    machine.refresh_from_db()
    waiting.refresh_from_db()
    assert (machine.standing, machine.doubt) == ("quarantine", Doubt.JUMPED)
    assert waiting.doubt == Doubt.NEW
    # Whoever accepts it accepts what answers now, and it stays accepted.
    assert (machine.doubted_uuid, machine.doubted_serial) == ("b", "2")
    accepted = operations.accept(machine_id=machine.id, actor=actor)
    assert (accepted.hardware_uuid, accepted.serial) == ("b", "2")
    assert (accepted.doubted_uuid, accepted.speaks_for_practice) == ("", False)


def test_osquery_that_heard_no_answer_is_the_same_machine_with_another_key(
    order: Callable[..., str], frozen_clock: Any
):
    typed, hardware = order(), Hardware(str(uuid4()), "ABC123")
    agent = Told(agent="osquery", agent_name="uuid-1", name="ACCUEIL", hardware=hardware)
    first = operations.enrol(token=typed, told=agent, key="windows-1")
    frozen_clock.shift(timedelta(minutes=2))
    second = operations.enrol(token=typed, told=agent, key="windows-2")
    assert second.machine_id == first.machine_id
    assert bytes(Machine.objects.get().key_digest) == rules.digest("windows-2")
    assert Token.objects.get().used == 1

    # Another one with its hardware, or one that comes much later, is a question for a person.
    other = replace(agent, agent_name="uuid-2")
    operations.enrol(token=typed, told=other, key="windows-3")
    frozen_clock.shift(timedelta(hours=1))
    with pytest.raises(operations.UnknownToken):
        operations.enrol(token=typed, told=agent, key="windows-4")
    assert Machine.objects.filter(doubt=Doubt.TWICE).count() == 1


def test_known_key_is_let_in_with_a_token_of_its_own_practice_alone(
    order: Callable[..., str], actor: Actor
):
    typed, elsewhere = order(1), order(1)
    first = operations.enrol(token=typed, told=told(), key="ab" * 32)
    customer_id = Machine.objects.get().customer_id
    for other in (elsewhere, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"):
        with pytest.raises(operations.UnknownToken):
            operations.enrol(token=other, told=told(), key="ab" * 32)
    # One that is used up, or the next of this practice: it is the same machine.
    following = operations.make_token(customer_id=customer_id, machines=1, actor=actor)[1]
    for own in (typed, following):
        assert operations.enrol(token=own, told=told(), key="ab" * 32) == first
    assert sorted(Token.objects.values_list("used", flat=True)) == [0, 0, 1]


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_token_that_opens_nothing_takes_the_place_of_no_osquery(
    order: Callable[..., str], actor: Actor, frozen_clock: Any, how: str
):
    typed = order(2, length=timedelta(minutes=5))
    hardware = Hardware(str(uuid4()), "ABC123")
    agent = Told(agent="osquery", agent_name="uuid-1", name="ACCUEIL", hardware=hardware)
    operations.enrol(token=typed, told=agent, key="windows-1")
    if how == "revoked":
        operations.revoke_token(token_id=Token.objects.get().id, actor=actor)
    else:
        frozen_clock.shift(timedelta(minutes=6))
    with pytest.raises(operations.UnknownToken):
        operations.enrol(token=typed, told=agent, key="windows-2")
    assert bytes(Machine.objects.get().key_digest) == rules.digest("windows-1")


def test_place_of_an_osquery_that_is_taken_leaves_a_line(order: Callable[..., str]):
    typed, hardware = order(1), Hardware(str(uuid4()), "ABC123")
    agent = Told(agent="osquery", agent_name="uuid-1", name="ACCUEIL", hardware=hardware)
    operations.enrol(token=typed, told=agent, key="windows-1")
    again = operations.enrol(token=typed, told=agent, key="windows-2")
    line = Line.objects.get(object_kind="machine", action="change")
    assert (line.object_id, line.detail) == (str(again.machine_id), {"reason": "again"})


def test_osquery_that_was_accepted_is_not_taken_over(order: Callable[..., str], actor: Actor):
    typed, hardware = order(), Hardware(str(uuid4()), "ABC123")
    agent = Told(agent="osquery", agent_name="uuid-1", name="ACCUEIL", hardware=hardware)
    first = operations.enrol(token=typed, told=agent, key="windows-1")
    operations.accept(machine_id=first.machine_id, actor=actor)
    second = operations.enrol(token=typed, told=agent, key="windows-2")
    assert second.machine_id != first.machine_id
