import os
from pathlib import Path

import pytest

from quenotte.config import data_folder
from quenotte.config.lan import addresses, opening, places
from quenotte.config.lan.places import Lan

pytestmark = pytest.mark.one_engine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder on a machine of the network; the environment is given back."""
    for name in (places.NAME, places.PAGES, places.TRUST):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(addresses, "machine_name", lambda: "srv")
    monkeypatch.setattr(addresses, "addresses", lambda: ("127.0.0.1", "192.168.1.10"))
    return data_folder.prepare(tmp_path / "data")


def test_processes_are_told_and_so_is_the_person(folder: Path):
    opened = opening.open_to(folder, Lan("cabinet", 8080), host="0.0.0.0", port=8443)
    assert (opened.url, opened.trust_port) == ("https://cabinet.local:8443", 8080)
    assert places.heard(os.environ) == ("cabinet.local", 8443, 8080)
    said = "\n".join(opened.words)
    assert "http://cabinet.local:8080" in said
    assert "http://192.168.1.10:8080" in said
    assert "127.0.0.1" not in said
    assert "sans chiffrement" in said


def test_port_of_the_explanation_may_stay_closed(folder: Path):
    opened = opening.open_to(folder, Lan("", 0), host="192.168.1.10", port=8443)
    assert opened.url == "https://srv.local:8443"
    assert "http://" not in "\n".join(opened.words)


def test_public_address_is_refused_before_anything_is_made(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(addresses, "addresses", lambda: ("127.0.0.1", "8.8.8.8"))
    with pytest.raises(places.Exposed):
        opening.open_to(folder, Lan(), host="0.0.0.0", port=8443)
    assert list((folder / "keys").iterdir()) == []
    assert opening.open_to(folder, Lan(), host="127.0.0.1", port=8443).url
