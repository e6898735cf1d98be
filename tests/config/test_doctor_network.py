import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder
from quenotte.config.doctor import network
from quenotte.config.lan import addresses, keeping
from quenotte.devices.certificates.pairs import Facts

NOW = datetime(2026, 3, 17, 8, 30, tzinfo=UTC)
FACTS = Facts("x", "F", NOW, NOW + timedelta(days=4_000), ("cabinet.local",), ("127.0.0.1",))
NEEDED = frozenset({"cabinet.local", "127.0.0.1"})


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of a machine of the network."""
    monkeypatch.setattr(addresses, "machine_name", lambda: "srv")
    monkeypatch.setattr(addresses, "addresses", lambda: ("127.0.0.1", "192.168.1.10"))
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "data"))
    return data_folder.prepare(tmp_path / "data")


def states() -> dict[str, str]:
    return {finding.subject: finding.state.value for finding in network.examine()}


def test_practice_that_never_opened_is_told_nothing(data: Path):
    assert states() == {}


@pytest.mark.real_clock
def test_practice_that_is_well(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(network, "is_announced", lambda: True)
    keeping.ensure(data, keeping.wanted("cabinet"), datetime.now(UTC))
    assert states() == {
        "Autorité du cabinet": "ok",
        "Certificat du serveur": "ok",
        "Clés du réseau": "ok",
        "Nom sur le réseau": "ok",
    }
    monkeypatch.setattr(addresses, "addresses", lambda: ("192.168.1.77",))
    assert states()["Certificat du serveur"] == "attention"
    keeping.server_path(data).chmod(0o640)
    assert states()["Clés du réseau"] == "bad"
    keeping.server_path(data).write_bytes(b"")
    assert states()["Certificat du serveur"] == "bad"
    keeping.authority_path(data).write_bytes(b"")
    assert states()["Autorité du cabinet"] == "bad"


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, "bad"), (0, "ok"), (3_634, "ok"), (3_635, "attention"), (4_000, "bad")],
)
def test_authority_by_the_clock(days: int, state: str):
    finding = network.authority_finding(FACTS, NOW + timedelta(days=days))
    assert finding.state.value == state
    assert bool(finding.advice) is (state != "ok")


@pytest.mark.parametrize(
    ("days", "state"),
    [(-1, "bad"), (0, "ok"), (3_969, "ok"), (3_970, "attention"), (4_000, "bad")],
)
def test_certificate_by_the_clock(days: int, state: str):
    finding = network.server_finding(FACTS, NEEDED, NOW + timedelta(days=days))
    assert finding.state.value == state
    assert ("heure" in finding.advice) is (days < 0)


def test_address_that_the_certificate_does_not_name():
    finding = network.server_finding(FACTS, NEEDED | {"192.168.1.77"}, NOW)
    assert (finding.state.value, "192.168.1.77" in finding.words) == ("attention", True)


@pytest.mark.parametrize(
    ("name", "announced", "state"),
    [
        ("cabinet.local", True, "ok"),
        ("cabinet.local", False, "attention"),
        ("cabinet.example", False, "ok"),
    ],
)
def test_name_is_announced(monkeypatch: pytest.MonkeyPatch, name: str, announced: bool, state: str):
    monkeypatch.setattr(network, "is_announced", lambda: announced)
    assert network.announced(name).state.value == state


@pytest.mark.parametrize(
    ("socket", "tool", "said", "expected"),
    [
        (True, False, "", True),
        (False, False, "", False),
        (False, True, "Global: no\nLink 2 (eth0): yes\n", True),
        (False, True, "Global: yes\nLink 2 (eth0): no\n", True),
        (False, True, "Global: no\n", False),
        (False, True, None, False),
    ],
)
def test_who_announces(
    monkeypatch: pytest.MonkeyPatch, socket: bool, tool: bool, said: str | None, expected: bool
):
    def run(*_words: Any, **_options: Any) -> Any:
        if said is None:
            raise subprocess.TimeoutExpired("resolvectl", 5)
        return subprocess.CompletedProcess([], 0, said, "")

    monkeypatch.setattr(Path, "exists", lambda _self: socket)
    monkeypatch.setattr(shutil, "which", lambda _name: "x" if tool else None)
    monkeypatch.setattr(subprocess, "run", run)
    assert network.is_announced() is expected


def test_name_that_is_none_is_no_trouble():
    odd = Facts("x", "F", NOW, NOW, ("pas un nom",))
    assert network._name(odd) == network._name(None) == ""
    assert network._name(FACTS) == "cabinet.local"
