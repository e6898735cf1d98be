"""Machines of the practice and what they tell."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.kernel.posture.contacts import Answer, Contact
from quenotte.upkeep.workstations import operations
from quenotte.upkeep.workstations.models import Machine

Tell = Callable[..., Answer]

FACTS: dict[str, Any] = {
    "machine.name": {"value": "ACCUEIL"},
    "os.family": {"value": "windows"},
    "lock.after_s": {"value": 0},
    "firewall.profiles": {"unknown": "not_readable"},
    "antivirus.products": {
        "value": [{"name": "Windows Defender", "is_active": True, "is_fresh": True}]
    },
}


@pytest.fixture
def actor(alice: Person) -> Actor:
    """Dr Alice, as operations know her."""
    return Actor(alice.id, alice.full_name, alice.practice_id, "", "web", alice.roles)


@pytest.fixture
def tell() -> Tell:
    """Let a machine tell something now."""

    def one(machine: Machine, facts: Any = FACTS, mark: bytes = b"1", **named: Any) -> Answer:
        contact = Contact(
            bytes(machine.key_digest), named.pop("source", machine.agent), mark * 16, facts, **named
        )
        return operations.take([contact], at=timezone.now())[0]

    return one
