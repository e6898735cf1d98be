"""What tests of incidents share: findings as the rules leave them, and a look at all of it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.models import Finding
from quenotte.provider.incidents import operations
from tests_provider.factories import FindingFactory


@pytest.fixture
def found(db: None) -> Callable[..., Finding]:
    """Return a way to break a rule at somebody now, as a look of the rules would."""

    def make(**values: Any) -> Finding:
        made: Finding = FindingFactory.create(**values)
        fleet.touch([made.customer_id], now=timezone.now())
        return made

    return make


@pytest.fixture
def mend(db: None) -> Callable[[Finding], None]:
    """Return a way to mend what was broken, as a look of the rules would."""

    def do(finding: Finding, *, is_open: bool = False) -> None:
        finding.is_open, finding.state = is_open, "bad" if is_open else "ok"
        finding.opened_at = timezone.now() if is_open else None
        finding.save()
        fleet.touch([finding.customer_id], now=timezone.now())

    return do


@pytest.fixture
def sms_operator(house: Practice) -> None:
    """A demonstration, in which the simulator carries short messages."""
    house.is_demo = True
    house.save(update_fields=["is_demo"])


def look(now: datetime | None = None) -> None:
    """Do what the worker does each twenty seconds, without the rules and their facts."""
    now = now or timezone.now()
    operations.listen(now=now)
    operations.turn(now=now)
    operations.draw(now=now)
