import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.certificates import names


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Cabinet", "cabinet"),
        (" serveur-2.local. ", "serveur-2.local"),
        ("quenotte.cabinet.example", "quenotte.cabinet.example"),
    ],
)
def test_name_is_made_plain(typed: str, name: str):
    assert names.host_name(typed) == name


@pytest.mark.parametrize(
    "typed",
    ["", ".", "cabi net", "dentiste_2", "-a", "a-", "é", "192.168.1.2", "::1", "a..b", "a" * 64,
     "a." * 130, "x/y", "a\r\nb"],
)  # fmt: skip
def test_what_is_no_name_is_refused(typed: str):
    with pytest.raises(names.NotAName):
        names.host_name(typed)


@pytest.mark.parametrize(
    ("chosen", "machine", "found"),
    [
        ("cabinet", "srv", ("cabinet.local", "srv.local", "localhost")),
        ("srv", "srv.home", ("srv.local", "localhost", "srv.home")),
        ("a.example", "srv.fr", ("a.example", "srv.local", "localhost")),
    ],
)
def test_names_of_the_certificate(chosen: str, machine: str, found: tuple[str, ...]):
    assert names.names_of(chosen, machine) == found


def test_bare_name_is_never_in_a_certificate():
    # An authority for « dental » would be one for all of the Internet's .dental.
    assert "dental" not in names.names_of("dental", "dental")


def test_addresses_of_the_network_alone_are_kept():
    given_ = ["203.0.113.9", "192.168.1.10", "fe80::1%eth0", "10.0.0.2", "2001:db8::1", "fd00::2",
              "::ffff:10.0.0.3", "nonsense", "127.0.0.1", "169.254.3.4", "172.32.0.1"]  # fmt: skip
    assert names.lan_addresses(given_) == (
        "127.0.0.1", "::1", "10.0.0.2", "10.0.0.3", "169.254.3.4", "192.168.1.10", "fd00::2"
    )  # fmt: skip


def test_machine_of_many_containers_has_a_certificate_of_bearable_size():
    many = [f"10.{one}.0.1" for one in range(100)]
    assert len(names.lan_addresses(many)) == names.MOST_ADDRESSES


def test_addresses_to_type():
    assert names.typed(["127.0.0.1", "::1", "fd00::2", "192.168.1.10"]) == ("192.168.1.10",)


@pytest.mark.parametrize(
    ("host", "addresses", "found"),
    [
        ("0.0.0.0", ["192.168.1.2", "8.8.8.8", "2001:4860::1"], ("8.8.8.8",)),
        ("::", ["192.168.1.2", "8.8.8.8", "2001:4860::1"], ("8.8.8.8", "2001:4860::1")),
        ("0.0.0.0", ["192.168.1.2", "fd00::2", "2001:4860::1"], ()),
        ("8.8.8.8", [], ("8.8.8.8",)),
        ("192.168.1.2", ["8.8.8.8"], ()),
        ("127.0.0.2", ["8.8.8.8"], ()),
        ("localhost", ["8.8.8.8"], ()),
    ],
)
def test_internet_that_would_reach_us_is_named(
    host: str, addresses: list[str], found: tuple[str, ...]
):
    assert names.exposed(host, addresses) == found


@given(st.ip_addresses())
def test_address_of_the_network_is_never_one_of_the_internet(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address,
):
    assert not (names.is_lan(address) and address.is_global)
