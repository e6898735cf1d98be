"""What a practice agreed to is no stranger: on its page, and at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.keyboard.models import Sitting
from quenotte.base.practice.models import Practice
from quenotte.kernel.posture.agreeing import Agreed
from quenotte.upkeep.workstations import operations, queries
from quenotte.upkeep.workstations.models import Agreement, Machine, MachineFinding
from tests import factories
from tests.upkeep.workstations.conftest import FACTS, Tell

pytestmark = pytest.mark.django_db
HOME, PAGE = "/protection/postes/", "/protection/postes/convenu/"
DRIVEN = {
    **FACTS,
    "remote.tools": {"value": [{"name": "RustDesk"}]},
    "ports.open": {"value": [{"port": 8100}, {"port": 445}]},
}


@pytest.fixture
def machine(practice: Practice, tell: Tell) -> Machine:
    """A machine that somebody can drive from elsewhere."""
    made = factories.MachineFactory.create(practice=practice, name="ACCUEIL")
    tell(made, DRIVEN)
    operations.judge_due(now=timezone.now())
    return made


@pytest.fixture
def dentist(practice: Practice) -> Any:
    """A practitioner who reads how the machines stand, and decides nothing about them."""
    return factories.PersonFactory.create(practice=practice, role="praticien", is_manager=False)


def found(machine: Machine, rule: str) -> tuple[str, dict[str, Any]]:
    one = MachineFinding.objects.get(machine=machine, rule=rule)
    return one.state, one.values


def test_agreed_tool_is_ok_at_once_and_an_unknown_one_stays_bad(
    alice: Any, dentist: Any, machine: Machine, tell: Tell, client_of: Any
) -> None:
    assert found(machine, "remote_tools") == ("bad", {"names": ["RustDesk"]})
    assert found(machine, "open_ports") == ("bad", {"ports": [8100]})
    client = client_of(alice)
    assertContains(client.get(HOME), "Rien : tout programme de prise en main est à traiter.")
    told = {"remote_tools": ["RustDesk"], "other_tools": "Notre outil", "ports": "8100, 443"}
    assertRedirects(client.post(PAGE, told), HOME)
    # No job ran, the machine told nothing.
    assert found(machine, "remote_tools")[0] == found(machine, "open_ports")[0] == "ok"
    assert not MachineFinding.objects.get(rule="remote_tools").is_open
    assertContains(client.get(HOME), "Notre outil, RustDesk")
    assertNotContains(client_of(dentist).get(HOME), PAGE)

    both = {"value": [{"name": "rustdesk"}, {"name": "AnyDesk"}]}
    tell(machine, {**DRIVEN, "remote.tools": both}, b"2")
    operations.judge_due(now=timezone.now())
    assert found(machine, "remote_tools") == ("bad", {"names": ["AnyDesk"]})
    assertContains(client.get(PAGE), 'value="443, 8100"')
    client.post(PAGE, {})
    assert found(machine, "remote_tools") == ("bad", {"names": ["AnyDesk", "rustdesk"]})
    assert queries.agreed_of(machine.practice_id) == Agreed()


def test_what_is_agreed_is_of_one_practice(machine: Machine, tell: Tell, actor: Actor) -> None:
    other = factories.MachineFactory.create(practice=factories.PracticeFactory.create())
    tell(other, DRIVEN)
    agreed = Agreed(frozenset({"RustDesk"}))
    operations.agree(practice_id=machine.practice_id, agreed=agreed, actor=actor)
    operations.judge_due(now=timezone.now())
    assert found(machine, "remote_tools")[0] == "ok"
    assert found(other, "remote_tools")[0] == "bad"


def test_one_line_for_each_change_and_none_for_the_same(machine: Machine, actor: Actor) -> None:
    agreed = Agreed(frozenset({"RustDesk"}), frozenset({8100}))
    for _twice in range(2):
        operations.agree(practice_id=machine.practice_id, agreed=agreed, actor=actor)
    line = Line.objects.get(object_kind="agreement")
    assert (line.action, line.detail) == ("change", {"count": 2})
    assert str(Agreement.objects.get()) == "1 + 1"


def test_who_may_not_and_what_is_no_port_are_refused(
    alice: Any, dentist: Any, machine: Machine, client_of: Any
) -> None:
    told = {"remote_tools": ["RustDesk"], "ports": "ssh"}
    assert client_of(dentist).get(PAGE).status_code == 403
    assert client_of(dentist).post(PAGE, told).status_code == 403
    answer = client_of(alice).post(PAGE, told)
    assertContains(answer, "« ssh » n’est pas un port", status_code=422)
    assert client_of(alice).post(PAGE, {"remote_tools": ["Autre"]}).status_code == 422
    assert not Agreement.objects.exists()


def test_a_cookie_alone_agrees_to_nothing(alice: Any, machine: Machine, client_of: Any) -> None:
    client: Client = client_of(alice)
    client.get(PAGE)
    Sitting.objects.update(proven_at=timezone.now() - timedelta(minutes=6))
    assert client.post(PAGE, {"remote_tools": ["RustDesk"]}).status_code == 403
    assert not Agreement.objects.exists()
