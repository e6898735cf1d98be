import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder
from quenotte.config.lan import explanation, keeping
from quenotte.config.lan.explanation import CERTIFICATE, Site

pytestmark = pytest.mark.one_engine

NEEDED = keeping.Wanted(
    ("cabinet.local", "srv.local", "localhost"), ("127.0.0.1", "::1", "192.168.1.10", "fd00::2")
)
PAGES = "https://cabinet.local:8443/"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder."""
    return data_folder.prepare(tmp_path / "data")


@pytest.fixture
def site(folder: Path) -> Site:
    """What the plain port of a practice says."""
    keeping.ensure(folder, NEEDED, datetime.now(UTC))
    return explanation.site(folder, name="cabinet.local", port=8443, trust_port=8080)


def test_page_explains_in_french_with_the_fingerprint(site: Site, folder: Path):
    status, headers, body = site.answer("GET", "/", "cabinet.local:8080")
    text = body.decode()
    authority, _server = keeping.look(folder)
    assert authority is not None
    assert status == 200
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert authority.fingerprint in text
    assert authority.title in text
    for word in (
        "Windows",
        "Mac",
        "iPad",
        "Android",
        "Firefox",
        PAGES,
        "https://192.168.1.10:8443",
    ):
        assert word in text
    # A telephone is pointed at the address: not every one knows « .local ».
    assert "http://192.168.1.10:8080/" in text
    assert "variable inconnue" not in text


def test_page_holds_nothing_that_its_policy_forbids(site: Site):
    _status, headers, body = site.answer("GET", "/", "")
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    text = body.decode()
    assert "<script" not in text
    assert "<style" not in text
    assert " style=" not in text
    assert "Set-Cookie" not in headers


def test_certificate_is_the_one_of_the_fingerprint(site: Site, folder: Path):
    _status, headers, body = site.answer("GET", CERTIFICATE, "")
    authority, _server = keeping.look(folder)
    assert authority is not None
    assert headers["Content-Type"] == "application/x-x509-ca-cert"
    assert hashlib.sha256(body).hexdigest().upper() == authority.fingerprint.replace(" ", "")
    assert b"PRIVATE" not in body


def test_head_says_the_same_without_the_body(site: Site):
    for path in site.pieces:
        _status, headers, body = site.answer("GET", path, "")
        assert site.answer("HEAD", path, "") == (200, headers, b"")
        assert headers["Content-Length"] == str(len(body))


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS", "CONNECT", "X"])
@pytest.mark.parametrize(
    "path",
    ["/patients/", "/connexion/", "/live/", "/static/x.css", "//evil.example/", "/../keys/a",
     "/authority.pem", "http://evil.example/", "*", "/%2e%2e/keys/server.pem", "/?next=//e"],
)  # fmt: skip
def test_everything_else_is_led_to_the_pages(site: Site, method: str, path: str):
    if path.startswith("/?") and method == "GET":
        path = "/x" + path
    status, headers, body = site.answer(method, path, "cabinet.local:8080")
    assert (status, headers["Location"], body) == (303, PAGES, b"")


def test_nothing_is_taken_from_anybody(site: Site):
    for path in site.pieces:
        assert site.answer("POST", path, "")[0] == 303


@pytest.mark.parametrize(
    ("host", "location"),
    [
        ("cabinet.local:8080", PAGES),
        ("192.168.1.10:8080", "https://192.168.1.10:8443/"),
        ("192.168.1.10", "https://192.168.1.10:8443/"),
        ("[fd00::2]:8080", "https://[fd00::2]:8443/"),
        ("evil.example", PAGES),
        ("evil.example:8080", PAGES),
        ("cabinet.local@evil.example", PAGES),
        ("", PAGES),
        ("x\r\nSet-Cookie: a=b", PAGES),
    ],
)
def test_way_to_the_pages_repeats_our_names_alone(site: Site, host: str, location: str):
    assert site.answer("GET", "/agenda/", host)[1]["Location"] == location


def test_machine_without_an_address_is_named(folder: Path):
    needed = keeping.Wanted(("cabinet.local",), ("127.0.0.1",))
    keeping.ensure(folder, needed, datetime.now(UTC))
    drawn = explanation.site(folder, name="cabinet.local", port=8443, trust_port=8080)
    assert b"http://cabinet.local:8080/" in drawn.pieces["/"].body


def test_practice_without_certificate_has_no_page(folder: Path):
    with pytest.raises(FileNotFoundError):
        explanation.site(folder, name="cabinet.local", port=8443, trust_port=8080)


def test_head_of_an_answer(site: Site):
    lines: Any = list(explanation.header_lines(303, {"Location": "x"}))
    assert lines == ["HTTP/1.1 303 See Other", "Location: x"]
    assert next(iter(explanation.header_lines(200, {}))) == "HTTP/1.1 200 OK"
