"""The first day of a dentist who takes over: her predecessor's patients come in, and out again."""

import re
from collections.abc import Callable
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import Site

PATIENTS = (
    "Liste des patients;;;;;\n"
    "N° dossier;Nom;Prénom;Né(e) le;Civilité;Portable\n"
    "A1;ZWICKERT;Hermine;03/04/1985;Mme;06 39 98 70 01\n"
    "A2;ZAVATTA;Odilon;12/11/1972;M.;06 39 98 70 02\n"
    "A3;ZEPHIRIN;Ulysse;31/02/1990;M.;06 39 98 70 03\n"
    "A4;;Anonyme;01/01/1980;M.;\n"
).encode("cp1252")


def is_accessible(page: Page) -> None:
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


def send(page: Page, site: Site, content: bytes = PATIENTS) -> None:
    page.goto(site.base + "/cabinet/reprise/")
    page.set_input_files("input[type=file]", {
        "name": "patients.csv", "mimeType": "text/csv", "buffer": content,
    })  # fmt: skip
    page.get_by_role("button", name="Lire ce fichier").click()
    expect(page.get_by_role("heading", name="Que contient chaque colonne ?")).to_be_visible()


def test_file_is_imported_with_refused_lines_then_taken_back(alice: Page, site: Site) -> None:
    alice.goto(site.base + "/cabinet/reprise/")
    is_accessible(alice)
    send(alice, site)
    expect(alice.locator("[name=header_lines]")).to_have_value("2")
    expect(alice.get_by_label("Né(e) le", exact=True)).to_have_value("born_on")
    is_accessible(alice)

    alice.get_by_role("button", name="Vérifier toutes les lignes").click()
    expect(alice.get_by_text("2 lignes prêtes")).to_be_visible()
    expect(alice.locator("#reprise")).to_contain_text("n’existe pas dans le calendrier")
    expect(alice.locator("#reprise")).to_contain_text("Le nom manque.")
    is_accessible(alice)
    with alice.expect_download() as downloading:
        alice.get_by_role("link", name="Télécharger les lignes refusées").click()
    text = downloading.value.path().read_text("utf-8-sig")
    assert "ZEPHIRIN;Ulysse;31/02/1990" in text

    alice.get_by_role("button", name="Reprendre ces lignes").click()
    expect(alice.get_by_text("2 lignes reprises")).to_be_visible()
    alice.keyboard.press("/")
    alice.keyboard.type("zwickert")
    expect(alice.get_by_role("option", name=re.compile("ZWICKERT")).first).to_be_visible()
    alice.keyboard.press("Escape")

    alice.get_by_role("button", name="Annuler cette reprise").click()
    alice.get_by_role("button", name="Annuler la reprise").click()
    expect(alice.get_by_text("2 lignes retirées")).to_be_visible()
    is_accessible(alice)
    alice.goto(site.base + "/patients/recherche/?q=zwickert")
    expect(alice.get_by_text("Aucun patient trouvé")).to_be_visible()


def test_look_alike_is_shown_while_typing_then_two_records_are_united_and_parted(
    log_in: Callable[..., Page], site: Site
) -> None:
    page = log_in("sarah")
    known = site.sample["patients"][5]
    day = "/".join(reversed(known["born_on"].split("-")))
    page.goto(site.base + "/patients/nouveau/")
    page.fill("[name=birth_name]", known["birth_name"])
    page.fill("[name=birth_first_names]", known["first_name"])
    page.fill("[name=born_on]", day)
    page.select_option("[name=sex]", "F")
    expect(page.locator(".look-alikes")).to_contain_text("même nom")
    is_accessible(page)
    page.get_by_role("button", name="Créer le dossier").click()
    page.get_by_role("button", name="Créer quand même").click()
    expect(page.locator(".record-banner h1")).to_contain_text(known["first_name"])

    page.get_by_role("link", name="Réunir avec un doublon").click()
    is_accessible(page)
    page.get_by_role("link", name=re.compile(f"Comparer.*n° {known['file_number']}$")).click()
    is_accessible(page)
    page.get_by_role("button", name="Réunir ces deux dossiers").click()
    expect(page.get_by_text("n’en font plus qu’un")).to_be_visible()
    page.get_by_role("link", name="Réunir avec un doublon").click()
    page.get_by_role("link", name=re.compile("Séparer")).click()
    is_accessible(page)
    page.get_by_role("button", name="Séparer les deux dossiers").click()
    expect(page.get_by_text("de nouveau séparés")).to_be_visible()
