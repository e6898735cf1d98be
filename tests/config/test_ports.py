import socket

import pytest

from quenotte.config.ports import answers, is_free, is_loopback, reachable


def test_taken_port_answers_and_is_not_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert answers("127.0.0.1", port)
        assert answers("0.0.0.0", port)
    assert is_free("127.0.0.1", port)
    assert not answers("127.0.0.1", port)


def test_free_port_of_another_family():
    assert is_free("::1", 0)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("nom", False)],
)
def test_loopback(host: str, expected: bool):
    assert is_loopback(host) is expected


def test_reachable_address():
    assert (reachable("0.0.0.0"), reachable("::"), reachable("10.0.0.1")) == (
        "127.0.0.1",
        "::1",
        "10.0.0.1",
    )
