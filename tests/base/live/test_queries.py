import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.base.live.access import Listener
from quenotte.base.live.models import Event
from quenotte.base.live.queries import REPLAY_LIMIT, missed, newest_id

pytestmark = pytest.mark.django_db

PRACTICE, OTHER = uuid.uuid4(), uuid.uuid4()
LISTENER = Listener(PRACTICE, uuid.uuid4(), lambda _action: True)


def event(name: str, practice_id: uuid.UUID = PRACTICE) -> Event:
    return Event.objects.create(practice_id=practice_id, name=name)


def names(events: list[Event] | None) -> list[str]:
    assert events is not None
    return [one.name for one in events]


def test_missed_since_the_last_one_heard(frozen_clock: Any):
    heard = event("heard")
    frozen_clock.shift(60)
    event("one")
    event("other's", OTHER)
    event("two")
    assert names(missed(LISTENER, heard.pk)) == ["one", "two"]


def test_missed_on_a_first_visit_is_what_happened_meanwhile(frozen_clock: Any):
    event("long ago")
    frozen_clock.shift(60)
    event("while the page was drawn")
    assert names(missed(LISTENER, None)) == ["while the page was drawn"]


def test_missed_cannot_be_told_when_the_last_one_is_forgotten():
    assert missed(LISTENER, 12345) is None


def test_missed_cannot_be_told_when_too_many(frozen_clock: Any):
    heard = event("heard")
    frozen_clock.shift(60)
    Event.objects.bulk_create(
        Event(practice_id=PRACTICE, name="x") for _ in range(REPLAY_LIMIT + 1)
    )
    assert missed(LISTENER, heard.pk) is None


def test_missed_on_postgres_includes_late_commits(monkeypatch: pytest.MonkeyPatch):
    from django.db import connection

    late, heard = event("late"), event("heard")
    Event.objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(seconds=5))
    monkeypatch.setattr(connection, "vendor", "postgresql")
    assert names(missed(LISTENER, heard.pk)) == ["late"]


def test_newest_id():
    assert newest_id() == 0
    assert newest_id() == 0 or event("x").pk == newest_id()
    last = event("y")
    assert newest_id() == last.pk
