import ipaddress

import pytest

from quenotte.kernel.networks import is_near


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", True),
        ("192.168.1.20", True),
        ("10.0.0.7", True),
        ("::1", True),
        ("fe80::1%eth0", True),
        ("fd00::7", True),
        ("::ffff:192.168.1.20", True),
        ("8.8.8.8", False),
        ("::ffff:8.8.8.8", False),
        ("2a01:e0a::1", False),
        ("", False),
        ("tablette", False),
    ],
)
def test_the_internet_is_not_near(address, near):
    assert is_near(address) is near


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:127.0.0.1", False),
        ("192.168.1.2", False),
        ("192.168.1.20", True),
        ("8.8.8.8", False),
    ],
)
def test_server_in_front_that_does_not_say_for_whom_it_asks_is_not_near(address, near):
    assert is_near(address, (ipaddress.ip_network("192.168.1.2"),)) is near
