from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from quenotte.config import data_folder
from quenotte.config.lan import hosts, keeping, places

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def fresh(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A practice that is open to its network as « cabinet.local »."""
    folder = data_folder.prepare(tmp_path / "data")
    settings.DATA_DIR, settings.LAN_NAME = folder, "cabinet.local"
    settings.ALLOWED_HOSTS = ["localhost"]
    monkeypatch.setattr(hosts, "_added", [])
    return folder


def certify(folder: Path, *addresses: str) -> None:
    needed = keeping.Wanted(("cabinet.local", "localhost"), addresses)
    keeping.ensure(folder, needed, datetime.now(UTC), asked=True)


def test_site_answers_to_what_its_certificate_proves(fresh: Path, settings: Any):
    certify(fresh, "192.168.1.10", "fd00::2")
    hosts.open_site()
    assert settings.ALLOWED_HOSTS == ["localhost", "cabinet.local", "192.168.1.10", "[fd00::2]"]
    hosts.open_site()
    assert len(settings.ALLOWED_HOSTS) == 4


def test_address_that_is_gone_is_answered_no_more(fresh: Path, settings: Any):
    for address in ("192.168.1.10", "192.168.1.77"):
        certify(fresh, address)
        hosts.open_site()
    assert settings.ALLOWED_HOSTS == ["localhost", "cabinet.local", "192.168.1.77"]


def test_without_certificate_nothing_is_added(fresh: Path, settings: Any):
    hosts.open_site()
    assert settings.ALLOWED_HOSTS == ["localhost"]
    assert not places.public_server_path(fresh).exists()


def test_off_the_network_nothing_changes(settings: Any):
    settings.LAN_NAME = ""
    hosts.open_site()
    assert settings.ALLOWED_HOSTS == ["localhost"]
    assert hosts.proof() == {}


def test_server_shows_one_file_that_holds_both(fresh: Path):
    proof = hosts.proof()
    assert proof["ssl_cert"] == proof["ssl_key"] == keeping.server_path(fresh)
    assert str(proof["ssl_protocol_min"]) == "tls1.2"
