"""The language, the zone, the addresses and the connections of a page stay in its thread."""

import threading
from typing import Any

import pytest
from asgiref.local import Local
from django.db import connections
from django.urls import get_urlconf, set_urlconf
from django.utils import timezone, translation

from quenotte.config import threads
from quenotte.config.threads import keep_in_threads


@pytest.fixture
def places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the test change where Django keeps things, and put that back."""
    for owner, name in threads._PLACES:
        # Where this fails, Django keeps it elsewhere now.
        assert isinstance(getattr(owner, name), Local), (owner, name)
        monkeypatch.setattr(owner, name, Local())


def _in_another_thread(ask: Any) -> Any:
    told: list[Any] = []
    thread = threading.Thread(target=lambda: told.append(ask()))
    thread.start()
    thread.join()
    return told[0]


@pytest.mark.usefixtures("places")
def test_each_thread_has_its_own() -> None:
    keep_in_threads()

    def seen() -> tuple[Any, ...]:
        return (
            translation.get_language(),
            timezone.get_current_timezone_name(),
            get_urlconf(),
            id(connections["default"]),
        )

    usual = seen()
    translation.activate("en")
    timezone.activate("America/Cayenne")
    set_urlconf("quenotte.config.urls_practice")

    assert {type(getattr(owner, name)) for owner, name in threads._PLACES} == {threading.local}
    assert seen()[:3] == ("en", "America/Cayenne", "quenotte.config.urls_practice")
    there = _in_another_thread(seen)
    assert there[:3] == usual[:3]
    assert there[3] != usual[3]


@pytest.mark.usefixtures("places")
def test_place_that_django_moved_is_left_and_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    elsewhere = object()
    monkeypatch.setattr(timezone, "_active", elsewhere)

    keep_in_threads()

    assert [getattr(owner, name) for owner, name in threads._PLACES if owner is timezone] == [
        elsewhere
    ]
    assert "django.utils.timezone" in caplog.text
    others = {
        type(getattr(owner, name)) for owner, name in threads._PLACES if owner is not timezone
    }
    assert others == {threading.local}
