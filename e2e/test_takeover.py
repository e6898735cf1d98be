"""The first day of a dentist who takes over: her predecessor's patients come in, and out again."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta

from openpyxl import Workbook, load_workbook
from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, TABLET_UPRIGHT, trouble

PATIENTS = (
    "Liste des patients;;;;;\n"
    "N° dossier;Nom;Prénom;Né(e) le;Civilité;Portable\n"
    "A1;ZWICKERT;Hermine;03/04/1985;Mme;06 39 98 70 01\n"
    "A2;ZAVATTA;Odilon;12/11/1972;M.;06 39 98 70 02\n"
    "A3;ZEPHIRIN;Ulysse;31/02/1990;M.;06 39 98 70 03\n"
    "A4;;Anonyme;01/01/1980;M.;\n"
).encode("cp1252")


def look(page: Page, name: str) -> None:
    """Refuse what axe finds and what is wider than the screen, in both themes."""
    assert trouble(page, name, sizes=(CHAIRSIDE, TABLET, TABLET_UPRIGHT)) == []


def send(
    page: Page, site: Site, content: bytes = PATIENTS, name: str = "patients.csv", kind: str = ""
) -> None:
    page.goto(site.base + "/cabinet/reprise/")
    if kind:
        page.select_option("[name=kind]", kind)
    page.set_input_files("input[type=file]", {
        "name": name, "mimeType": "application/octet-stream", "buffer": content,
    })  # fmt: skip
    page.get_by_role("button", name="Lire ce fichier").click()
    expect(page.get_by_role("heading", name="Que contient chaque colonne ?")).to_be_visible()


def test_file_is_imported_with_refused_lines_then_taken_back(alice: Page, site: Site) -> None:
    send(alice, site)
    expect(alice.locator("[name=header_lines]")).to_have_value("2")
    expect(alice.get_by_label("Né(e) le", exact=True)).to_have_value("born_on")
    look(alice, "reprise-colonnes")

    alice.get_by_role("button", name="Vérifier toutes les lignes").click()
    expect(alice.get_by_text("2 lignes prêtes")).to_be_visible()
    expect(alice.locator("#reprise")).to_contain_text("n’existe pas dans le calendrier")
    expect(alice.locator("#reprise")).to_contain_text("Le nom manque.")
    look(alice, "reprise-verifiee")
    with alice.expect_download() as downloading:
        alice.get_by_role("link", name="Télécharger les lignes refusées").click()
    text = downloading.value.path().read_text("utf-8-sig")
    assert "ZEPHIRIN;Ulysse;31/02/1990" in text

    alice.get_by_role("button", name="Reprendre ces lignes").click()
    expect(alice.get_by_text("2 lignes reprises")).to_be_visible()
    look(alice, "reprise-faite")
    alice.keyboard.press("/")
    alice.keyboard.type("zwickert")
    expect(alice.get_by_role("option", name=re.compile("ZWICKERT")).first).to_be_visible()
    alice.keyboard.press("Escape")

    alice.get_by_role("button", name="Annuler cette reprise").click()
    alice.get_by_role("button", name="Annuler la reprise").click()
    expect(alice.get_by_text("2 lignes retirées")).to_be_visible()
    look(alice, "reprise-annulee")
    alice.goto(site.base + "/patients/recherche/?q=zwickert")
    # Somebody else may have a name like hers.
    expect(alice.get_by_role("heading", level=1)).to_be_visible()
    expect(alice.locator("main")).not_to_contain_text("ZWICKERT")


def workbook() -> bytes:
    """Return an Excel file as the other program writes it: real dates, a column of its own."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["N° dossier", "Nom", "Prénom", "Né(e) le", "Civilité", "Divers"])
    sheet.append([9101, "ZWINGLI", "Ines", date(1984, 2, 29), "Mme", "06 39 98 70 11"])
    sheet.append([9102, "ZYLBER", "Aimé", date(1971, 5, 8), "M.", "06 39 98 70 12"])
    sheet.append([9103, "ZUCCA", "Léo", "trois mai", "M.", ""])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bring_in(page: Page, lines: str) -> None:
    """Have every line checked, then written."""
    page.get_by_role("button", name="Vérifier toutes les lignes").click()
    page.get_by_role("button", name="Reprendre ces lignes").click()
    expect(page.get_by_text(lines)).to_be_visible()


def test_workbook_then_appointments_and_balances_then_the_whole_list_leaves(
    alice: Page, site: Site
) -> None:
    missing: list[str] = []
    alice.on("response", lambda it: missing.append(it.url) if it.status == 404 else None)
    send(alice, site, workbook(), "patients.xlsx")
    alice.get_by_label("Divers", exact=True).select_option("mobile_phone")
    bring_in(alice, "2 lignes reprises")
    expect(alice.locator("#reprise")).to_contain_text("1 refusée")

    # The same headers again: what was chosen by hand is proposed; and one may give up.
    send(alice, site, workbook(), "encore.xlsx")
    expect(alice.get_by_label("Divers", exact=True)).to_have_value("mobile_phone")
    alice.get_by_role("button", name="Vérifier toutes les lignes").click()
    alice.get_by_role("button", name="Abandonner").click()
    expect(alice.locator("main")).to_contain_text("La reprise est abandonnée")
    assert missing == []

    day = date.today() + timedelta(days=700)
    visits = f"N° dossier;Date RDV;Heure\n9101;{day:%d/%m/%Y};09:15\n"
    send(alice, site, visits.encode(), "rendez-vous.csv", "appointments")
    bring_in(alice, "1 ligne reprise")
    send(alice, site, b"N\xc2\xb0 dossier;Solde\n9101;1 234,50\n", "soldes.csv", "balances")
    alice.locator("[name=as_of]").fill("31/12/2025")
    bring_in(alice, "1 ligne reprise")
    alice.keyboard.press("/")
    alice.keyboard.type("06 39 98 70 11")
    alice.get_by_role("option", name=re.compile("ZWINGLI")).first.click()
    expect(alice.locator(".record-banner")).to_contain_text("1\u202f234,50\u00a0€")
    expect(alice.locator("main")).to_contain_text("9 h 15")

    alice.goto(site.base + "/cabinet/reprise/export/")
    with alice.expect_download() as downloading:
        alice.get_by_role("button", name="Patients en Excel").click()
    stream = io.BytesIO(downloading.value.path().read_bytes())
    sheet = load_workbook(stream).worksheets[0]
    assert any("ZWINGLI" in map(str, row) for row in sheet.iter_rows(values_only=True))


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
    look(page, "ressemblants")
    page.get_by_role("button", name="Créer le dossier").click()
    page.get_by_role("button", name="Créer quand même").click()
    expect(page.locator(".record-banner h1")).to_contain_text(known["first_name"])

    page.get_by_role("link", name="Réunir avec un doublon").click()
    look(page, "reunir-choix")
    page.get_by_role("link", name=re.compile(f"Comparer.*n° {known['file_number']}$")).click()
    look(page, "reunir-comparer")
    page.get_by_role("button", name="Réunir ces deux dossiers").click()
    expect(page.get_by_text("n’en font plus qu’un")).to_be_visible()
    page.get_by_role("link", name="Réunir avec un doublon").click()
    page.get_by_role("link", name=re.compile("Séparer")).click()
    look(page, "separer")
    page.get_by_role("button", name="Séparer les deux dossiers").click()
    expect(page.get_by_text("de nouveau séparés")).to_be_visible()
