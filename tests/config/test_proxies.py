from typing import Any

import pytest

from quenotte.config.environ import build
from quenotte.config.proxies import is_declared, networks, without_lies

PROXIES = networks("127.0.0.1, ::1,192.0.2.0/28")


def seen(peer: str | None, *headers: tuple[bytes, bytes]) -> dict[str, Any]:
    """Return what Django is told of a request that comes from ``peer``."""
    scope: Any = {
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "headers": [(b"host", b"cabinet.example"), *headers],
        "client": (peer, 5) if peer else None,
    }
    from io import BytesIO

    return build(without_lies(scope, PROXIES), BytesIO())


@pytest.mark.parametrize("peer", ["198.51.100.7", "2001:db8::7", "192.0.2.16", None, "unix"])
def test_stranger_speaks_for_itself_alone(peer: str | None):
    environ = seen(
        peer,
        (b"x-forwarded-proto", b"https"),
        (b"x-forwarded-for", b"10.0.0.1"),
        (b"x-real-ip", b"10.0.0.1"),
        (b"forwarded", b"for=10.0.0.1;proto=https"),
        (b"x-forwarded-host", b"elsewhere.example"),
    )
    assert [name for name in environ if "FORWARDED" in name or "REAL" in name] == []
    assert environ["REMOTE_ADDR"] == (peer or "")
    assert environ["HTTP_HOST"] == "cabinet.example"


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "192.0.2.3", "::ffff:127.0.0.1"])
def test_proxy_speaks_for_its_client(peer: str):
    environ = seen(peer, (b"x-forwarded-proto", b"https"), (b"x-forwarded-for", b"10.0.0.9"))
    assert environ["HTTP_X_FORWARDED_PROTO"] == "https"
    assert environ["REMOTE_ADDR"] == "10.0.0.9"


@pytest.mark.parametrize(
    ("hops", "sender"),
    [
        (b"6.6.6.6, 10.0.0.9", "10.0.0.9"),
        (b"6.6.6.6, 10.0.0.9, 192.0.2.3", "10.0.0.9"),
        (b"192.0.2.4, 192.0.2.3", "192.0.2.4"),
        (b"6.6.6.6, unknown", "127.0.0.1"),
        (b"6.6.6.6, unknown, 192.0.2.3", "192.0.2.3"),
        (b"", "127.0.0.1"),
    ],
)
def test_last_hop_that_is_no_proxy_is_the_client(hops: bytes, sender: str):
    assert seen("127.0.0.1", (b"x-forwarded-for", hops))["REMOTE_ADDR"] == sender


def test_scheme_that_the_proxy_added_last_is_the_one():
    told = seen("127.0.0.1", (b"x-forwarded-proto", b"https"), (b"x-forwarded-proto", b"http"))
    assert told["HTTP_X_FORWARDED_PROTO"] == "http"


def test_word_that_is_no_address_is_refused():
    with pytest.raises(ValueError, match="nginx"):
        networks("127.0.0.1,nginx")


def test_address_is_remembered_for_its_own_proxies_alone():
    for _ in range(2):
        assert is_declared("192.0.2.3", PROXIES)
        assert not is_declared("192.0.2.3", networks("127.0.0.1"))
        assert not is_declared("192.0.2.99", PROXIES)
    assert not any(is_declared(f"198.51.{n // 250}.{n % 250}", PROXIES) for n in range(3_000))
