"""Two listeners on one port: the newer one gets whoever comes."""

import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from quenotte.config.lan import handover

pytestmark = [
    pytest.mark.one_engine,
    pytest.mark.skipif(sys.platform != "linux", reason="the kernel's own way"),
]


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def listener(opened: ExitStack, port: int = 0) -> socket.socket:
    """Open one more listener on a port, as the server does for each of its turns."""
    made = opened.enter_context(socket.socket())
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    made.bind(("127.0.0.1", port))
    made.listen(64)
    made.settimeout(0)
    return made


def come(opened: ExitStack, port: int) -> None:
    for _turn in range(12):
        opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=5))


def waiting(listening: socket.socket) -> int:
    """Return how many connections wait in the queue of a listener."""
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except BlockingIOError:
            return count
        count += 1


def test_newer_listener_gets_everybody_renewal_after_renewal(opened: ExitStack) -> None:
    first = listener(opened)
    port = first.getsockname()[1]
    assert handover.prefer_newest(port)
    come(opened, port)
    assert waiting(first) == 12, "alone, it is the newest"
    for _renewal in range(2):
        second = listener(opened, port)
        come(opened, port)
        assert (waiting(first), waiting(second)) == (0, 12)
        first.close()
        come(opened, port)
        assert waiting(second) == 12
        first = second


def test_port_of_nobody_is_left_alone(opened: ExitStack) -> None:
    closed = listener(opened)
    port = closed.getsockname()[1]
    closed.close()
    assert not handover.prefer_newest(port)


def test_other_systems_share_out_who_comes(
    opened: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not handover.prefer_newest(listener(opened).getsockname()[1])
