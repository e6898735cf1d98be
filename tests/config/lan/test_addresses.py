import socket
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from quenotte.config.lan import addresses

pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("called", "name"),
    [
        ("Serveur", "serveur"),
        ("srv.home", "srv.home"),
        ("localhost", "quenotte"),
        ("localhost.localdomain", "quenotte"),
        ("Poste_1", "quenotte"),
        ("", "quenotte"),
    ],
)
def test_name_of_the_machine(monkeypatch: pytest.MonkeyPatch, called: str, name: str):
    monkeypatch.setattr(socket, "gethostname", lambda: called)
    assert addresses.machine_name() == name


def test_addresses_of_interfaces_that_are_up(monkeypatch: pytest.MonkeyPatch):
    def card(family: Any, address: str) -> Any:
        return SimpleNamespace(family=family, address=address)

    cards = {
        "lo": [card(socket.AF_INET, "127.0.0.1")],
        "eth0": [card(socket.AF_INET, "192.168.1.10"), card(psutil.AF_LINK, "02:00:00:00:00:01")],
        "wlan0": [card(socket.AF_INET, "10.0.0.9")],
        "gone": [card(socket.AF_INET6, "fd00::9")],
    }
    stats = {name: SimpleNamespace(isup=name != "wlan0") for name in ("lo", "eth0", "wlan0")}
    monkeypatch.setattr(psutil, "net_if_addrs", lambda: cards)
    monkeypatch.setattr(psutil, "net_if_stats", lambda: stats)
    assert addresses.addresses() == ("127.0.0.1", "192.168.1.10")


def test_this_machine_has_its_own_address():
    assert "127.0.0.1" in addresses.addresses()
