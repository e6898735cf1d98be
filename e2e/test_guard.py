"""A morning on which copies look attacked: what everybody reads, what the manager does, its end."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import LogIn, Site
from e2e.looking import CHAIRSIDE, trouble
from quenotte.devices.media.disks.register import Register
from quenotte.devices.media.disks.rotation import Run
from quenotte.devices.paper.reading import pages_of, text_of
from quenotte.upkeep.guard import canaries

PAGE, ANNOUNCE = "/protection/sauvegardes/", "/sauvegardes/anomalies/annoncer/"
_KEY = "bcde fghj knpr stuv xbcd efgh jknp rstu"
_BUSY = "déjà en cours"
_TITLE = "Copies en quarantaine"


def look(page: Page, name: str) -> None:
    """Refuse what axe finds and what is wider than the screen, in both themes."""
    assert trouble(page, name, sizes=(CHAIRSIDE,)) == []


def quenotte(site: Site, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "quenotte", "--data", str(site.data), *words],
        env=site.environment, check=False, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0 or _BUSY in done.stderr, done.stderr
    return done.stderr


def copy(site: Site, place: Path) -> None:
    """Copy; the worker of the site may be at the copy of the hour just then."""
    deadline = time.monotonic() + 120
    while _BUSY in quenotte(site, "backup", "run", "--to", str(place)):
        assert time.monotonic() < deadline
        time.sleep(1)


@pytest.fixture
def attacked(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A place with a good copy and one that the guard doubts; two disks in their drawers."""
    place, key = tmp_path / "copies", tmp_path / "key.txt"
    key.write_text(_KEY)
    quenotte(site, "backup", "init", "--to", str(place), "--passphrase-file", str(key))
    copy(site, place)
    register = Register(site.data)
    for letter, uuid, days in (("A", "1111-aaaa", 2), ("B", "2222-bbbb", 4)):
        at = datetime.now(UTC) - timedelta(days=days)
        register.enrol(letter, uuid)
        register.note(Run(letter, uuid, at, at))
    (site.data / "blobs" / canaries.LAST).write_text("encrypted")
    copy(site, place)
    yield place
    (site.data / "media" / "disks.json").unlink()


def test_attack_is_told_to_everybody_understood_and_closed(
    alice: Page, log_in: LogIn, site: Site, attacked: Path
) -> None:
    bob = log_in("bob")
    bob.goto(site.base + "/agenda/")
    expect(bob.get_by_role("alert").filter(has_text="Ne branchez pas le disque")).to_be_visible()

    bob.get_by_role("link", name="Que faire").click()
    expect(bob.get_by_text("prévenez-les")).to_be_visible()
    expect(bob.get_by_role("button", name="Clore l’anomalie")).to_have_count(0)
    look(bob, "anomalie-pour-tous")

    alice.goto(site.base + PAGE)
    expect(alice.get_by_role("alert")).to_contain_text(
        "Les copies montrent les signes d’une attaque"
    )
    expect(alice.get_by_role("alert")).to_contain_text("Dernière bonne copie")
    expect(alice.locator(".card").filter(has_text=_TITLE)).to_contain_text("fichier témoin")
    expect(alice.get_by_text("Ne branchez aucun disque.")).to_be_visible()
    look(alice, "sauvegardes-attaquees")

    alice.get_by_role("link", name="Que faire").click()
    expect(alice.get_by_text("Débranchez le câble réseau du serveur")).to_be_visible()
    look(alice, "anomalie")
    alice.get_by_label("C’était nous").check()
    alice.get_by_label("En quelques mots").fill("ok")
    alice.get_by_role("button", name="Clore l’anomalie").click()
    expect(alice.get_by_text("reste ouverte")).to_be_visible()
    look(alice, "anomalie-sans-raison")
    expect(alice.get_by_label("C’était nous")).to_be_checked()
    alice.get_by_label("En quelques mots").fill("Un essai de la garde, fait par nous")
    alice.get_by_role("button", name="Clore l’anomalie").click()
    expect(alice.get_by_text("Les disques peuvent être branchés")).to_be_visible()
    expect(alice.get_by_role("alert").filter(has_text="Ne branchez pas")).to_have_count(0)
    look(alice, "anomalie-close")

    alice.goto(site.base + PAGE)
    expect(alice.get_by_text("Prochain disque : B")).to_be_visible()
    expect(alice.get_by_text(_TITLE)).to_have_count(0)
    look(alice, "sauvegardes-et-disques")
    _print(alice)
    _announce(alice, site)

    alice.goto(site.base + PAGE)
    alice.get_by_role("button", name="Retirer", exact=True).click()
    alice.get_by_role("button", name="Retirer cet emplacement").click()
    expect(alice.get_by_text("Rien ne protège encore ce cabinet.")).to_be_visible()


def _print(page: Page) -> None:
    """What comes out of the printer: what is true, on two sheets at most, nothing to click."""
    pdf = page.pdf(format="A4", prefer_css_page_size=True)
    text = text_of(pdf)
    assert pages_of(pdf) <= 2
    assert "Restaurable jusqu" in text
    for button in ("Copier maintenant", "Imprimer", "Retirer", "Rechercher"):
        assert button not in text


def _announce(alice: Page, site: Site) -> None:
    alice.get_by_role("link", name="Annoncer").click()
    alice.get_by_label("Import ou reprise de données").check()
    alice.get_by_label("En quelques mots").fill("Reprise des dossiers du docteur Morin")
    look(alice, "annoncer-un-changement")
    alice.get_by_role("button", name="Annoncer").click()
    expect(alice.get_by_text("ce changement n’alertera personne")).to_be_visible()
    look(alice, "changement-annonce")
    alice.get_by_role("button", name="C’est fini").click()
    expect(alice.get_by_role("button", name="C’est fini")).to_have_count(0)
