from typing import Any

import click
import pytest
from click.core import ParameterSource

from quenotte.config import reach


class Given:
    """A command line on which some options were given."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def get_parameter_source(self, name: str) -> ParameterSource:
        return ParameterSource.COMMANDLINE if name in self.names else ParameterSource.DEFAULT


@pytest.fixture(autouse=True)
def nobody_in_front(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server stands in front."""
    monkeypatch.delenv("QUENOTTE_HTTPS", raising=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_this_machine_is_served_without_tls(host: str):
    reach.refuse_open_http(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "::", "cabinet.local", "8.8.8.8"])
def test_others_are_not(host: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(click.UsageError, match="--lan"):
        reach.refuse_open_http(host)
    monkeypatch.setenv("QUENOTTE_HTTPS", "1")
    reach.refuse_open_http(host)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((), ("0.0.0.0", 8443, "0.0.0.0")),
        (("host",), ("10.0.0.2", 8443, "10.0.0.2")),
        (("port",), ("0.0.0.0", 8000, "0.0.0.0")),
        (("dicom_host",), ("0.0.0.0", 8443, "10.0.0.3")),
    ],
)
def test_network_is_listened_to_unless_told_otherwise(
    given: tuple[str, ...], expected: tuple[str, int, str]
):
    context: Any = Given(*given)
    found = reach.on_network(context, host="10.0.0.2", port=8000, dicom_host="10.0.0.3")
    assert found == expected


def test_two_ways_at_once_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUENOTTE_HTTPS", "1")
    context: Any = Given()
    with pytest.raises(click.UsageError, match="s’excluent"):
        reach.on_network(context, host="127.0.0.1", port=8000)


@pytest.mark.parametrize(("told", "is_on"), [("", False), ("0", False), ("1", True), ("oui", True)])
def test_certificates_are_demanded_by_whatever_is_set(
    told: str, is_on: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("QUENOTTE_AGENTS_CLIENT_CERTIFICATES", told)
    assert reach.are_certificates_demanded() is is_on
    if is_on:
        reach.refuse_bare_agents("127.0.0.1", is_demo=False)
        with pytest.raises(click.UsageError, match="--agents-host"):
            reach.refuse_bare_agents("192.168.1.10", is_demo=False)
        with pytest.raises(click.UsageError, match="démonstration"):
            reach.refuse_bare_agents("127.0.0.1", is_demo=True)
    else:
        reach.refuse_bare_agents("192.168.1.10", is_demo=True)
