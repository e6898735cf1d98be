"""An upgrade tells nobody a second time what is known, and hides nothing that is new."""

from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from quenotte.base.people.models import Person
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.incidents.models import Incident, Outgoing
from tests_provider.factories import CustomerFactory, DutyFactory, MachineFactory
from tests_provider.incidents.conftest import look

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def upgrade() -> None:
    move = import_module("quenotte.provider.migrations.0016_what_was_told")
    move.fill(apps, None)


def tool(found: Found, customer: Any) -> Any:
    return found(
        machine=MachineFactory.create(customer=customer), rule="remote_tools", cause="remote",
        severity="critical", reason="foreign", values={"names": ["AnyDesk"]},
    )  # fmt: skip


def test_what_was_told_before_the_upgrade_is_not_told_again(
    tom: Person, found: Found, frozen_clock: Any
):
    DutyFactory.create(person=tom)
    customer = CustomerFactory.create()
    first = tool(found, customer)
    look()
    frozen_clock.shift(timedelta(minutes=5))
    second = tool(found, customer)
    # The release before wrote nothing down.
    Incident.objects.update(told_of=[])
    upgrade()
    assert Incident.objects.get().told_of == [f"{first.machine_id}:remote_tools"]
    fleet.touch([customer.id], now=timezone.now())
    look()
    assert Outgoing.objects.count() == 2
    assert f"{second.machine_id}:remote_tools" in Incident.objects.get().told_of
    frozen_clock.shift(timedelta(minutes=5))
    fleet.touch([customer.id], now=timezone.now())
    look()
    assert Outgoing.objects.count() == 2


def test_silence_that_waits_ripens_after_the_upgrade(found: Found, frozen_clock: Any):
    row = found(rule="silence", cause="silence", severity="important", reason="silent")
    look()
    Incident.objects.update(standing="waiting", ripens_at=None)
    upgrade()
    since = Incident.objects.get().since
    assert Incident.objects.get().ripens_at == since + timedelta(minutes=10)
    frozen_clock.shift(timedelta(minutes=11))
    look()
    assert Incident.objects.get(customer_id=row.customer_id).standing == "told"
