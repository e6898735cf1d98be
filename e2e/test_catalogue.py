"""A dentist finds an act as she says it, sets her fee, and brings the nomenclature up to date."""

import json

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, trouble
from tests.office.catalogue import files


def test_act_is_found_priced_and_taken_back(alice: Page, site: Site) -> None:
    alice.goto(site.base + "/cabinet/actes/")
    alice.get_by_label("Chercher un acte").fill("couronne 16")
    rows = alice.locator("#actes tbody tr")
    expect(rows).to_have_count(6)
    expect(rows.first).to_contain_text("16 : molaire")

    fee = rows.first.locator("button.acts-fee-button")
    before = fee.locator("strong").inner_text()
    fee.press("Enter")
    field = alice.get_by_label("Honoraires de HBLD073, en euros")
    expect(field).to_be_focused()
    field.press("Escape")
    expect(fee).to_be_focused()
    fee.press("Enter")
    field.fill("431,50")
    assert trouble(alice, "actes-honoraires", sizes=(CHAIRSIDE,), within="#actes") == []
    field.press("Enter")
    expect(fee).to_contain_text("431,50")

    alice.get_by_role("button", name="Annuler").click()
    expect(fee).to_contain_text(before)


def test_official_file_is_looked_at_then_applied(alice: Page, site: Site) -> None:
    codes = [f"HBZZ{number:03}" for number in range(160)]
    found = [*files.acts(codes), ("HBJD001", "Acte officiel", 31.5, "AXI", "")]
    alice.goto(site.base + "/cabinet/actes/ccam/")
    alice.set_input_files("input[type=file]", {
        "name": "CCAM_V82.xlsx", "mimeType": "application/octet-stream",
        "buffer": files.workbook(found, title="CNAM - CCAM version 82 applicable au 01/04/2099"),
    })  # fmt: skip
    alice.get_by_role("button", name="Lire ce fichier").click()
    expect(alice.get_by_text("Rien n’a encore changé")).to_be_visible()
    expect(alice.locator("#ccam")).to_contain_text("31,50")
    assert trouble(alice, "ccam-a-confirmer", sizes=(CHAIRSIDE,)) == []

    alice.get_by_role("button", name="Appliquer au catalogue").click()
    expect(alice.get_by_text("Le catalogue est à jour.")).to_be_visible()
    [(counts,)] = site.ask("SELECT counts FROM office_catalogueimport WHERE state = 'applied'")
    kept = counts if isinstance(counts, dict) else json.loads(counts)
    assert (kept["new"], kept["changed"]) == (160, 1)
