"""The address of PostgreSQL becomes settings by which a server that is gone is given up."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing

import pytest
from psycopg import pq

from quenotte.config import databases
from quenotte.config.processes import wal

#: What the kernel is told of a connection, by the names that it has in the address.
_TOLD = {
    "keepalives_idle": "TCP_KEEPIDLE",
    "keepalives_interval": "TCP_KEEPINTVL",
    "keepalives_count": "TCP_KEEPCNT",
    "tcp_user_timeout": "TCP_USER_TIMEOUT",
}


def told(url: str) -> dict[str, int]:
    """Begin to connect; return what the kernel was told of the connection."""
    begun = pq.PGconn.connect_start(wal._dsn(databases.postgres(url)).encode())
    try:
        begun.connect_poll()
        with closing(socket.socket(fileno=os.dup(begun.socket))) as line:
            assert line.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) == 1
            return {
                name: line.getsockopt(socket.IPPROTO_TCP, getattr(socket, option))
                for name, option in _TOLD.items()
            }
    finally:
        begun.finish()


@pytest.fixture
def url() -> Iterator[str]:
    """Return the address of a server that listens and never answers."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        yield f"postgres://plain:secret@127.0.0.1:{server.getsockname()[1]}/quenotte"


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system knows no such")
def test_server_that_is_gone_is_given_up_within_a_minute(url: str):
    known = told(url)
    probes_s = known["keepalives_interval"] * known["keepalives_count"]
    assert known["keepalives_idle"] + probes_s <= 60
    assert 10_000 <= known["tcp_user_timeout"] <= 60_000


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="this system knows no such")
def test_address_says_how_long_where_its_line_is_slow(url: str):
    known = told(f"{url}?keepalives_idle=300&tcp_user_timeout=120000")
    assert (known["keepalives_idle"], known["tcp_user_timeout"]) == (300, 120_000)
    assert known["keepalives_count"] == 3


def test_address_of_something_else_is_refused():
    with pytest.raises(ValueError, match="postgres://"):
        databases.postgres("mysql://127.0.0.1/quenotte")


def test_options_of_the_address_are_kept():
    made = databases.postgres(
        "postgres://a%40b:p%2Fw@/quenotte?host=/run/postgresql&sslmode=require"
    )
    assert (made["USER"], made["PASSWORD"], made["HOST"]) == ("a@b", "p/w", "/run/postgresql")
    assert made["OPTIONS"]["sslmode"] == "require"
    assert "lock_timeout=8000" in made["OPTIONS"]["options"]
