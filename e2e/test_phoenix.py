"""The page of somebody before a blank machine: typed from paper, mended, begun."""

import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from e2e.looking import CHAIRSIDE, trouble
from quenotte.config.phoenix import page
from quenotte.config.phoenix.counting import Counted, Counting
from quenotte.config.phoenix.journey import Journey
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.writing import Source, save
from quenotte.kernel import passphrases

KEY = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"


def test_paper_opens_the_copy(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Journey, "begin", lambda self, asked, _key: _ready(self, asked))
    monkeypatch.setattr(Counting, "told", lambda *_values: Counted(12, 2))
    repository = Repository.create(FolderStore(tmp_path / "copies"), KEY, host="srv", user="q")
    save(repository, [Source("manifest.json", b"{}")], time=datetime.now(UTC), host="srv")
    with page.Server() as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        tab = chromium.new_page()
        tab.goto(server.address)
        assert not trouble(tab, "phoenix-form", sizes=[CHAIRSIDE])
        tab.get_by_label("Adresse de la feuille").fill(str(tmp_path / "copies"))
        for group in passphrases.groups_of(KEY):
            check = group.check if group.number != 3 else "x"
            tab.get_by_label(f"Groupe {group.number}").fill(f"{group.letters} {check}")
        tab.get_by_label("Dossier neuf").fill(str(tmp_path / "new"))
        tab.get_by_role("button", name="Retrouver le cabinet").press("Enter")
        expect(tab.get_by_text("Groupe 3 : une lettre ne va pas")).to_be_visible()
        assert not trouble(tab, "phoenix-mistake", sizes=[CHAIRSIDE], themes=["light"])
        right = passphrases.groups_of(KEY)[2]
        tab.get_by_label("Groupe 3").fill(f"{right.letters} {right.check}")
        tab.get_by_role("button", name="Retrouver le cabinet").click()
        expect(tab.get_by_role("button", name="Ouvrir le cabinet")).to_be_visible()
        expect(tab.get_by_text("2 fichiers sur 12")).to_be_visible()
        assert not trouble(tab, "phoenix-ready", sizes=[CHAIRSIDE])
        tab.close()
        server.shutdown()


def _ready(journey: Journey, asked: object) -> None:
    journey.asked, journey.is_ready = asked, True  # type: ignore[assignment]
    journey.said = ["Agenda et dossiers", "Clés et réglages"]
