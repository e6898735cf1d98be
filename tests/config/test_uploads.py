import asyncio
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from quenotte.base.audit.models import Line
from quenotte.base.live.access import Shown
from quenotte.base.practice.access import COOKIE
from quenotte.config import uploads
from quenotte.config.uploads import Guard

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]


def knows(cookies: str) -> bool:
    return asyncio.run(Guard().knows(cookies))


def test_login_is_known_and_a_stranger_is_not(alice: Any):
    client = Client()
    client.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[1])
    name = settings.SESSION_COOKIE_NAME
    assert knows(f"x=1; {name}={client.cookies[name].value}")
    assert not knows(f"{name}=invented")
    assert not knows("x=1")
    assert not knows("")


def test_login_of_another_workstation_is_a_stranger(alice: Any):
    client = Client()
    client.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[1])
    client.get("/")
    own, poste = (client.cookies[name].value for name in (settings.SESSION_COOKIE_NAME, COOKIE))
    session = f"{settings.SESSION_COOKIE_NAME}={own}"
    assert knows(f"{session}; {COOKIE}={poste}")
    assert not knows(session)
    # The login is over, for her own browser too.
    assert not knows(f"{session}; {COOKIE}={poste}")
    assert Line.objects.get(result="refused").detail == {"reason": "other_workstation"}


def test_database_that_is_away_refuses_nobody(monkeypatch: pytest.MonkeyPatch):
    def away(_shown: Shown) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(uploads, "listener_of", away)
    assert knows(f"{settings.SESSION_COOKIE_NAME}=any")


def test_room_is_the_one_of_the_files(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("quenotte.base.files.operations.has_room", lambda extra: extra < 5)
    assert Guard().has_room(4)
    assert not Guard().has_room(5)


def lines() -> list[tuple[str, str, dict[str, Any]]]:
    found = Line.objects.filter(action="failure", object_kind="upload", result="refused")
    return list(found.order_by("number").values_list("person_label", "workstation", "detail"))


def test_refusals_are_written_at_once_then_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(uploads, "PAUSE_S", 0.2)

    async def refuse() -> None:
        guard = Guard()
        for _ in range(3):
            guard.note("too_big", "")
        guard.note("no_room", "")
        await asyncio.sleep(0.6)

    asyncio.run(refuse())
    details = sorted((line[2]["reason"], line[2]["count"]) for line in lines())
    assert details == [("no_room", 1), ("too_big", 1), ("too_big", 2)]


def test_refusal_names_who_sent(alice: Any):
    client = Client()
    client.force_login(alice, backend=settings.AUTHENTICATION_BACKENDS[1])
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"

    async def refuse() -> None:
        Guard().note("too_big", cookie)

    asyncio.run(refuse())
    line = Line.objects.get(object_kind="upload")
    assert (line.person_id, line.person_label) == (alice.id, alice.full_name)
    assert line.practice_id == alice.practice_id


def test_refusal_that_cannot_be_noted_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away(**_words: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("quenotte.base.audit.operations.record", away)

    async def refuse() -> None:
        Guard().note("too_big", "")

    asyncio.run(refuse())
    assert "could not be noted" in caplog.text
