"""Who comes without a login is counted by address and minute, and what leads nowhere is noted."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from quenotte.base import strangers
from quenotte.base.audit.models import Line


def test_address_waits_after_some_visits_of_a_minute_and_no_other(rf: RequestFactory) -> None:
    here, elsewhere = (rf.get("/", REMOTE_ADDR=one) for one in ("192.0.2.7", "192.0.2.8"))
    assert [strangers.is_within(here, "door", 3) for _ in range(4)] == [True, True, True, False]
    assert strangers.is_within(elsewhere, "door", 3)
    assert strangers.is_within(here, "another", 3)


def test_minute_later_it_may_come_again(rf: RequestFactory, frozen_clock: Any) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    assert [strangers.is_within(request, "door", 1) for _ in range(2)] == [True, False]
    frozen_clock.shift(timedelta(seconds=61))
    assert strangers.is_within(request, "door", 1)


def test_minute_that_ends_during_a_visit_lets_it_through(
    rf: RequestFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(key: str) -> int:
        raise ValueError(key)

    monkeypatch.setattr(cache, "incr", ended)
    assert strangers.is_within(rf.get("/", REMOTE_ADDR="192.0.2.7"), "door", 1)


@pytest.mark.django_db
def test_what_leads_nowhere_leaves_one_line_a_minute_for_each_kind(frozen_clock: Any) -> None:
    for _again in range(3):
        strangers.note_unknown("message")
    strangers.note_unknown("tablet", "tablet")
    assert list(Line.objects.order_by("pk").values_list("object_kind", "source", "result")) == [
        ("message", "link", "refused"),
        ("tablet", "tablet", "refused"),
    ]
    frozen_clock.shift(timedelta(seconds=61))
    strangers.note_unknown("message")
    assert Line.objects.count() == 3
