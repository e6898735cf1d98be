"""A hand that slipped: what a record lost is seen beside the past, and brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, trouble
from e2e.test_guard import copy, quenotte

_KEY = "bcde fghj knpr stuv xbcd efgh jknp rstu"
_PAST = "/sauvegardes/comme-avant/"


def look(page: Page, name: str) -> None:
    """Refuse what axe finds and what is wider than the screen, in both themes."""
    assert trouble(page, name, sizes=(CHAIRSIDE,)) == []


@pytest.fixture
def copies(site: Site, tmp_path: Path) -> Iterator[Path]:
    """A place for copies that the practice forgets afterwards: other journeys begin without any."""
    yield tmp_path / "copies"
    site.ask("UPDATE upkeep_destination SET use = 'retired' WHERE use = 'active'")


def test_what_a_record_lost_comes_back(
    alice: Page, site: Site, copies: Path, tmp_path: Path
) -> None:
    patient = site.sample["patients"][30]
    record = f"{site.base}/patients/{patient['id']}/"
    change_email(alice, record, "avant@courriel.example")
    place, key = copies, tmp_path / "key.txt"
    key.write_text(_KEY)
    quenotte(site, "backup", "init", "--to", str(place), "--passphrase-file", str(key))
    copy(site, place)
    change_email(alice, record, "erreur@courriel.example")

    alice.goto(record)
    alice.get_by_role("link", name="Revoir ce dossier tel qu’il était").click()
    wanted = alice.get_by_label("Patient ou jour")
    expect(wanted).not_to_have_value("")
    # By her name as well, as everywhere else.
    wanted.fill(f"{patient['birth_name']} {patient['first_name']}")
    alice.locator("[name=lieu]").select_option(label=str(place))
    look(alice, "comme-avant-formulaire")
    alice.get_by_role("button", name="Comparer").click()
    found = alice.get_by_role("group", name="Dossiers trouvés").or_(alice.get_by_role("table"))
    expect(found.first).to_be_visible(timeout=240_000)

    table = alice.get_by_role("table")
    expect(table).to_contain_text("avant@courriel.example", timeout=240_000)
    expect(table).to_contain_text("erreur@courriel.example")
    look(alice, "comme-avant-differences")
    alice.get_by_role("button", name="Ramener les lignes choisies").click()
    expect(alice.get_by_text("Rien n’était coché")).to_be_visible()
    alice.get_by_role("checkbox", name="Ramener").first.check()
    alice.get_by_role("button", name="Ramener les lignes choisies").click()
    expect(alice.get_by_text("1 ligne ramenée.")).to_be_visible()
    expect(alice.get_by_text("Rien n’a changé depuis ce moment.")).to_be_visible()
    look(alice, "comme-avant-revenu")
    alice.goto(record + "identite/")
    expect(alice.locator(".identity-form [name=email]")).to_have_value("avant@courriel.example")


def change_email(page: Page, record: str, email: str) -> None:
    page.goto(record + "identite/")
    page.fill(".identity-form [name=email]", email)
    page.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(page.locator(".record-banner")).to_be_visible()
