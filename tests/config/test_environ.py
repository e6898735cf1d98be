from io import BytesIO
from typing import Any

from quenotte.config.environ import build


def scope(**changes: Any) -> Any:
    return {
        "type": "http",
        "method": "POST",
        "path": "/patients/é/",
        "query_string": b"q=a%20b",
        "http_version": "1.1",
        "scheme": "http",
        "headers": [],
        "client": ("127.0.0.1", 5),
        "server": ("localhost", 8000),
        **changes,
    }


def test_environ_of_a_request():
    body = BytesIO(b"x")
    headers = [
        (b"content-type", b"text/plain"),
        (b"content-length", b"1"),
        (b"hx-request", b"true"),
    ]
    environ = build(scope(headers=headers), body)
    assert environ["PATH_INFO"].encode("latin-1").decode() == "/patients/é/"
    assert environ["QUERY_STRING"] == "q=a%20b"
    assert (environ["CONTENT_TYPE"], environ["CONTENT_LENGTH"]) == ("text/plain", "1")
    assert environ["HTTP_HX_REQUEST"] == "true"
    assert (environ["REMOTE_ADDR"], environ["SERVER_PORT"]) == ("127.0.0.1", "8000")
    assert environ["wsgi.input"] is body


def test_environ_without_client_nor_server():
    environ = build(scope(client=None, server=None), BytesIO())
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"]) == ("", "127.0.0.1")


def test_repeated_headers_are_joined():
    headers = [(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"accept", b"x"), (b"accept", b"y")]
    environ = build(scope(headers=headers), BytesIO())
    assert environ["HTTP_COOKIE"] == "a=1; b=2"
    assert environ["HTTP_ACCEPT"] == "x,y"


def test_header_with_an_underscore_cannot_forge_another():
    headers = [(b"x_forwarded_proto", b"https"), (b"x-real", b"1")]
    environ = build(scope(headers=headers), BytesIO())
    assert "HTTP_X_FORWARDED_PROTO" not in environ
    assert environ["HTTP_X_REAL"] == "1"
