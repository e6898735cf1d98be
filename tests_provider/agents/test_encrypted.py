"""The door behind a server that speaks TLS: what did not come by HTTPS is not heard."""

import asyncio
import http.client
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import proxies
from quenotte.config.agents.door import Door
from quenotte.config.agents.taking import ProviderBooks
from quenotte.wire.answers import Answer, Code
from quenotte.wire.fingerprints import Fingerprint
from quenotte.wire.messages import read, write
from tests_provider.real.sites import opened

BEAT = write(Fingerprint("0" * 32))


@pytest.fixture
def door(transactional_db: None) -> Iterator[Door]:
    made = Door(ProviderBooks(), behind=proxies.networks("192.0.2.1,127.0.0.1"))
    yield made
    made.close()


def scope_of(path: str, client: Any, *told: bytes) -> Any:
    headers = [(b"x-forwarded-proto", one) for one in told]
    return {"type": "http", "method": "POST", "path": path, "headers": headers, "client": client}


def answered(door: Door, scope: Any, *, body: bytes | None = None) -> tuple[int, bytes]:
    sent: list[Any] = []

    async def receive() -> Any:
        if body is None:
            pytest.fail("something of it was read")
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Any) -> None:
        sent.append(event)

    asyncio.run(door(scope, receive, send))
    return sent[0]["status"], sent[1]["body"]


@pytest.mark.parametrize("path", ["glpi/AAAAA-AAAAA", "osquery/log", "station/report"])
@pytest.mark.parametrize(
    ("client", "told"),
    [
        (("192.0.2.1", 5), ()),
        (("192.0.2.1", 5), (b"http",)),
        (("192.0.2.1", 5), (b"https", b"http")),
        (("192.0.2.1", 5), (b"https, http",)),
        (("192.0.2.2", 5), (b"https",)),
        (("nowhere", 5), (b"https",)),
        (None, (b"https",)),
    ],
)
def test_what_came_in_clear_is_not_read(
    door: Door, path: str, client: Any, told: tuple[bytes, ...]
) -> None:
    scope = scope_of(f"/agents/{path}", client, *told)
    assert answered(door, scope) == (403, b"https_only")


def test_what_came_by_https_is_heard(door: Door) -> None:
    scope = scope_of("/agents/station/report", ("192.0.2.1", 5), b"http, https")
    status, body = answered(door, scope, body=BEAT)
    assert (status, read(body, Answer).code) == (200, Code.UNKNOWN_NODE)


def test_nobody_is_heard_in_clear_where_no_server_in_front_was_named(
    transactional_db: None,
) -> None:
    made = Door(ProviderBooks(), behind=())
    scope = scope_of("/agents/station/report", ("127.0.0.1", 5), b"https")
    try:
        assert answered(made, scope) == (403, b"https_only")
    finally:
        made.close()


@pytest.mark.real_clock
def test_door_of_a_site_behind_https_asks_for_it(tmp_path: Path) -> None:
    with opened(tmp_path, QUENOTTE_HTTPS="1") as site:
        heard = []
        for told in ({}, {"X-Forwarded-Proto": "https"}):
            with closing(http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)) as line:
                line.request("POST", "/agents/station/report", BEAT, told)
                heard.append(line.getresponse().status)
        assert heard == [403, 200]
