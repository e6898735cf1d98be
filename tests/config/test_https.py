"""The site behind HTTPS, as its door answers."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]

_PROGRAM = """
import asyncio, json
from quenotte.config import asgi


async def ask(peer):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "/static/no.css", "query_string": b"a=1",
        "http_version": "1.1", "scheme": "http", "client": (peer, 5), "server": ("127.0.0.1", 8),
        "headers": [(b"host", b"localhost"), (b"x-forwarded-proto", b"https")],
    }
    await asgi.application(scope, None, send)
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location", b"").decode()


peers = ("127.0.0.1", "192.0.2.9", "198.51.100.7")
print(json.dumps([asyncio.run(ask(peer)) for peer in peers]))
"""


@pytest.mark.parametrize(
    ("proxies", "passing"),
    [({}, {0}), ({"QUENOTTE_PROXY": "192.0.2.0/24"}, {1})],
)
def test_plain_http_is_led_to_https(tmp_path: Path, proxies: dict[str, str], passing: set[int]):
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
            "QUENOTTE_DATA": str(tmp_path / "data"),
            "QUENOTTE_HTTPS": "1",
            **proxies,
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for number, answer in enumerate(json.loads(done.stdout)):
        led = [301, "https://localhost/static/no.css?a=1"]
        assert answer == ([404, ""] if number in passing else led)
