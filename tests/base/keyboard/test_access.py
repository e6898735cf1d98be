"""What a login opens: its stream, its first step, nothing for a stranger."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client, RequestFactory
from django.utils import timezone

from quenotte.base.keyboard import access, operations, queries
from quenotte.base.keyboard.models import Sitting
from quenotte.base.keyboard.rules import GLASS, State
from quenotte.base.live import access as live
from quenotte.base.people.models import Person
from tests.base.keyboard.conftest import lock, shown, sitting_of

pytestmark = pytest.mark.django_db

Keyboard = Callable[..., Client]


def _session(person: Person, state: State = State.OPEN) -> dict[str, str]:
    return {access.SITTING: str(sitting_of(person, state).id)}


def test_stranger_has_no_login(rf: RequestFactory) -> None:
    with pytest.raises(LookupError):
        access.login_of(rf.get("/"))
    assert access.workstation_key(rf.get("/")) == ""


def test_stream_is_told_when_to_look_again(bob: Person, sarah: Person, keyboard: Keyboard) -> None:
    client = keyboard(bob)
    session = _session(bob)
    due_at = sitting_of(bob).last_input_at + timedelta(seconds=300)

    assert access.may_listen(session, bob.id) == (sitting_of(bob).id, due_at)
    assert access.may_listen(session, sarah.id) is None
    assert access.may_listen({}, bob.id) is None
    lock(client)
    assert access.may_listen(session, bob.id) is None
    assert access.is_locked(session)
    assert not access.is_locked({})


@pytest.mark.parametrize("due", ["needs_factor", "needs_reason"])
def test_stream_waits_for_the_first_step(bob: Person, keyboard: Keyboard, due: str) -> None:
    keyboard(bob)
    session = _session(bob)
    Sitting.objects.update(**{due: True})

    assert access.may_listen(session, bob.id) is None
    login = queries.look(session[access.SITTING])
    assert login is not None
    assert access.first_step(login) in {"keyboard:own", "keyboard:reason"}


def test_stream_without_a_room_that_knows_keyboards_goes_by_the_login(
    bob: Person, keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = keyboard(bob)
    monkeypatch.setattr(live, "_keyboards", [])

    listener = live.listener_of(shown(client))

    assert listener is not None
    assert not listener.is_due()


def test_grant_lends_its_role_for_its_record_alone(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    keyboard(bob)
    actor = access.actor_of(_request(bob))
    patient_id = uuid4()
    assert access.roles_by_grant(queries.look(sitting_of(bob).id), {}) == frozenset()
    operations.break_glass(actor=actor, patient_id=patient_id, reason="garde", words="Remplace")
    login = queries.look(sitting_of(bob).id)

    lent = access.roles_by_grant(login, {"page": 2, "patient_id": patient_id})
    assert lent == {GLASS}
    assert access.roles_by_grant(login, {"patient_id": uuid4()}) == frozenset()
    assert access.roles_by_grant(login, {"other": patient_id}) == frozenset()
    assert access.opens_by_grant(bob.id, lent, patient_id)
    assert not access.opens_by_grant(bob.id, frozenset(), patient_id)
    assert not access.opens_by_grant(None, lent, patient_id)
    frozen_clock.shift(timedelta(hours=1))
    assert access.roles_by_grant(login, {"patient_id": patient_id}) == frozenset()


def test_clock_set_back_makes_no_grant_longer(
    bob: Person, keyboard: Keyboard, frozen_clock: time_machine.Traveller
) -> None:
    keyboard(bob)
    patient_id = uuid4()
    operations.break_glass(
        actor=access.actor_of(_request(bob)),
        patient_id=patient_id,
        reason="garde",
        words="Remplace",
    )
    frozen_clock.shift(timedelta(hours=-2))

    assert queries.open_grant(bob.id, patient_id) is None


def test_login_without_a_workstation_shows_itself_alone(bob: Person) -> None:
    sitting = operations.open_sitting(
        person_id=bob.id, practice_id=bob.practice_id, role=bob.role, needs_factor=False
    )
    login = queries.look(sitting.id)
    assert login is not None

    assert [tile.is_here for tile in queries.tiles(login)] == [True]
    assert queries.pin_here(bob.id, None) is None
    assert not queries.is_spent(bob.id, None)
    with pytest.raises(operations.NotAtThisWorkstation):
        operations.swapped_sitting(login, sitting.id)
    assert sitting.opened_at == timezone.now()


def test_models_say_what_they_are(bob: Person, keyboard: Keyboard) -> None:
    keyboard(bob)
    operations.break_glass(
        actor=access.actor_of(_request(bob)), patient_id=uuid4(), reason="garde", words="Remplace"
    )

    assert str(sitting_of(bob)).startswith("ouverte 2026-03-17")
    assert str(bob.id) in str(bob.pins.get())
    assert str(bob.id) in str(bob.grants.get())


def _request(person: Person):
    request = RequestFactory().get("/")
    request.user = person
    return request
