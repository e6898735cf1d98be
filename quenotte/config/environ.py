"""What a web server tells an application, translated from ASGI to WSGI (PEP 3333)."""

import sys
from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from asgiref.typing import HTTPScope

_UNPREFIXED = {b"content-type": "CONTENT_TYPE", b"content-length": "CONTENT_LENGTH"}


def build(scope: "HTTPScope", body: BinaryIO) -> dict[str, Any]:
    """Return the WSGI environment of a request whose whole body can be read from ``body``."""
    server = scope.get("server") or ("127.0.0.1", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1]),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    _add_headers(environ, scope)
    return environ


def _add_headers(environ: dict[str, Any], scope: "HTTPScope") -> None:
    for raw_name, raw_value in scope["headers"]:
        # WSGI writes « a-b » and « a_b » alike: the second one could forge the first.
        if b"_" in raw_name:
            continue
        name = _UNPREFIXED.get(raw_name)
        if name is None:
            name = "HTTP_" + raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name in environ:
            separator = "; " if name == "HTTP_COOKIE" else ","
            value = f"{environ[name]}{separator}{value}"
        environ[name] = value
