"""Keyboards of the room: a browser at a workstation, with a PIN or without."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.rules import State
from quenotte.base.live.access import Shown
from quenotte.base.people.models import Person
from quenotte.base.practice.access import COOKIE

PIN = "274906"
OTHER_PIN = "815330"


@pytest.fixture
def keyboard(client_of: Callable[[Person], Client]) -> Callable[..., Client]:
    """Return a browser at which a person sits, with her PIN."""

    def sit(person: Person, pin: str = PIN, *, at: Client | None = None) -> Client:
        client = at or Client()
        client.force_login(person, backend="quenotte.base.people.backends.Backend")
        client.get("/")
        if pin:
            answer = client.post("/mon-compte/code/", {"pin": pin, "again": pin})
            assert answer.status_code == 302, answer.content
        return client

    return sit


def lock(client: Client, page: str = "") -> None:
    """Lock a browser as its person does."""
    answer = client.post("/verrou/poser/", {"suite": page})
    assert answer["Location"] == "/verrou/"


def unlock(client: Client, pin: str = PIN, **fields: Any) -> Any:
    """Type a PIN on the locked screen."""
    return client.post("/verrou/ouvrir/", {"pin": pin, **fields})


def shown(client: Client) -> Shown:
    """Return what a browser shows of itself to the live stream."""
    return Shown(client.cookies["quenotte_session"].value, client.cookies[COOKIE].value)


def sitting_of(person: Person, state: State = State.OPEN) -> Sitting:
    """Return the one login of a person in a state."""
    return Sitting.objects.get(person=person, state=state.value)
