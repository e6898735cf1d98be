"""The window written once for many screens is never an old one."""

import json
from collections.abc import Iterator
from datetime import date

import pytest

from quenotte.base.live import queries as live
from quenotte.base.live.models import Event
from quenotte.base.live.operations import publish
from quenotte.care.agenda.queries import kept
from quenotte.care.agenda.queries.kept import written

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 17)


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    kept._kept.clear()
    yield
    kept._kept.clear()


def test_same_days_are_read_once(practice, django_assert_num_queries) -> None:
    first = written(practice.id, DAY, 7)
    with django_assert_num_queries(1):
        assert written(practice.id, DAY, 7) is first


def test_change_of_the_agenda_is_read_at_once(practice) -> None:
    first = written(practice.id, DAY, 7)
    publish(practice_id=practice.id, name="agenda", data={"days": []})
    assert written(practice.id, DAY, 7) is not first


@pytest.mark.parametrize(
    ("data", "is_read_again"),
    [
        ({"days": ["2026-03-24"], "appointment": "a"}, False),
        ({"days": ["2026-03-24", "2026-03-23"]}, True),
        ({"days": ["2026-03-24"], "pins": "unpin"}, True),
    ],
)
def test_change_of_other_days_leaves_a_window_as_it_is(practice, data, is_read_again) -> None:
    first = written(practice.id, DAY, 7)
    publish(practice_id=practice.id, name="agenda", data=data)
    assert (written(practice.id, DAY, 7) is not first) is is_read_again


def test_what_may_change_any_day_is_read_again(practice, other_practice) -> None:
    first = written(practice.id, DAY, 7)
    publish(practice_id=other_practice.id, name="agenda", data={"days": []})
    assert written(practice.id, DAY, 7) is first
    publish(practice_id=practice.id, name="patient.changed", data={})
    assert written(practice.id, DAY, 7) is not first


def test_more_than_is_looked_back_at_is_read_again(practice) -> None:
    first = written(practice.id, DAY, 7)
    for _ in range(live.RECENT):
        publish(practice_id=practice.id, name="agenda", data={"days": ["2026-03-24"]})
    assert written(practice.id, DAY, 7) is not first


def test_event_that_is_committed_late_is_read(practice) -> None:
    said = {"practice_id": practice.id, "name": "agenda"}
    Event.objects.create(id=1000, data={"days": ["2027-01-01"]}, **said)
    first = written(practice.id, DAY, 7)
    Event.objects.create(id=999, data={"days": ["2026-03-17"]}, **said)
    assert written(practice.id, DAY, 7) is not first


def test_what_changes_without_an_event_is_read_a_second_later(practice, monkeypatch) -> None:
    first = written(practice.id, DAY, 7)
    monkeypatch.setattr("quenotte.care.agenda.queries.kept.time.monotonic", lambda: 1e12)
    assert written(practice.id, DAY, 7) is not first


def test_other_days_and_other_practices_are_apart(practice) -> None:
    days = json.loads(written(practice.id, DAY, 1).body)
    assert (days["from"], days["days"]) == ("2026-03-17", 1)
    assert json.loads(written(practice.id, DAY, 7).body)["days"] == 7
    assert "now" not in days


def test_no_more_windows_are_held_than_there_are_places(practice, monkeypatch) -> None:
    monkeypatch.setattr(kept, "_PLACES", 2)
    for number in range(1, 5):
        written(practice.id, DAY, number)
    assert len(kept._kept) == 2
