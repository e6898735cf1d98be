"""A delivery from its box to the ledger; a crown from its order to its declaration."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, trouble
from quenotte.kernel import hibc
from quenotte.kernel.gs1 import Udi, check_digit

LogIn = Callable[..., Page]
_GTIN = f"0376099900017{check_digit('0376099900017')}"
_NAME = "Fil de rétraction n° 1"


def test_delivery_is_received_used_told_and_recalled(log_in: LogIn, site: Site) -> None:
    page, patient = log_in("bob"), site.sample["patients"][8]
    box = Udi(_GTIN, "FR-2217", "", date.today() + timedelta(days=400))
    page.goto(site.base + "/materiel/stock/")
    page.get_by_label("Scanner ou taper un code").fill(box.shown)
    page.keyboard.press("Enter")
    page.get_by_label("Désignation").fill(_NAME)
    page.get_by_label("Catégorie").select_option("single_use")
    page.get_by_label("Commander à partir de").fill("4")
    page.get_by_label("Quantité à commander").fill("6")
    page.keyboard.press("Enter")
    # The code said the lot and its expiry: how many is all that is typed.
    arrival = page.locator("#entree")
    expect(arrival.get_by_label("Numéro de lot")).to_have_value("FR-2217")
    arrival.get_by_label("Quantité").fill("5")
    page.keyboard.press("Enter")
    expect(page.locator("#mouvements tbody tr").first).to_contain_text("Entrée")

    page.goto(f"{site.base}/patients/{patient['id']}/tracabilite/")
    page.get_by_label("Scanner ou taper un code").fill(box.shown)
    page.keyboard.press("Enter")
    expect(page.locator("#produits")).to_contain_text(_NAME)
    page.goto(site.base + "/materiel/stock/")
    page.get_by_role("link", name=_NAME).click()
    page.get_by_role("link", name="FR-2217").first.click()
    lost = page.locator("#mouvement")
    lost.get_by_label("Mouvement").select_option("loss")
    lost.get_by_label("Quantité").fill("1")
    lost.get_by_label("Motif").fill("Flacon cassé")
    page.keyboard.press("Enter")
    ledger = page.locator("#mouvements tbody tr")
    expect(ledger).to_have_count(3)
    for row, words in enumerate(("Flacon cassé", str(patient["first_name"]), "Entrée")):
        expect(ledger.nth(row)).to_contain_text(words)
        expect(ledger.nth(row)).to_contain_text("Bob Lantier")
    _order_and_recall(page, site)


def _order_and_recall(page: Page, site: Site) -> None:
    """Three are left, where four ask for an order; then the maker calls the lot back."""
    lot = page.url
    page.goto(site.base + "/materiel/stock/?vue=commande")
    wanted = page.locator("tbody tr", has_text=_NAME)
    expect(wanted.locator("td").last).to_have_text("6")
    page.goto(lot)
    page.get_by_label("Motif du rappel").fill("Avis du fabricant")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Liste de rappel").press("Enter")
    expect(page.get_by_text("1 patient concerné, 0 informé.")).to_be_visible()
    assert trouble(page, "rappel-de-lot", sizes=[CHAIRSIDE]) == []
    page.get_by_role("button", name="Noter").press("Enter")
    expect(page.get_by_text("1 patient concerné, 1 informé.")).to_be_visible()
    page.goto(f"{page.url}?papier")
    expect(page.locator("table")).to_contain_text("Par téléphone")


def test_hibc_label_of_two_codes_is_received_and_used(log_in: LogIn, site: Site) -> None:
    page, patient = log_in("bob"), site.sample["patients"][9]
    product = hibc.Udi("+Z901DIGUE151").shown
    second = f"+$$3{date.today() + timedelta(days=400):%y%m%d}L42{product[-1]}"
    second += hibc.check_character(second)
    field = page.get_by_label("Scanner ou taper un code")
    page.goto(site.base + "/materiel/stock/")
    for code in (product, second):
        field.fill(code)
        page.keyboard.press("Enter")
        if code == product:
            page.get_by_label("Catégorie").select_option("single_use")
            page.get_by_label("Désignation").fill("Digue moyenne")
            page.keyboard.press("Enter")
            # The product is followed; the second code of its label says the lot.
            page.locator("html[data-ready=true] form[data-first]").wait_for()
    arrival = page.locator("#entree")
    expect(arrival.get_by_label("Numéro de lot")).to_have_value("L42")
    arrival.get_by_label("Quantité").fill("2")
    page.keyboard.press("Enter")
    expect(page.locator("#mouvements tbody tr").first).to_contain_text("Entrée")
    page.goto(f"{site.base}/patients/{patient['id']}/tracabilite/")
    for code in (product, second):
        field.fill(code)
        page.keyboard.press("Enter")
        expect(page.locator(".toast").last).to_contain_text(
            "second code" if code == product else "retiré du stock"
        )
    expect(page.locator("#produits")).to_contain_text("Digue moyenne")


def test_crown_is_ordered_missed_received_declared_and_made_again(
    log_in: LogIn, site: Site, tmp_path: Path
) -> None:
    page, patient = log_in("alice"), _coming(site)
    page.goto(f"{site.base}/patients/{patient}/laboratoire/nouveau/")
    page.get_by_label("Dents").fill("26")
    page.get_by_label("Matériau").fill("Zircone")
    page.get_by_label("Teinte").fill("A3")
    page.get_by_label("Retour demandé").fill(f"{date.today() - timedelta(days=1):%d/%m/%Y}")
    page.get_by_label("Rendez-vous de pose").select_option(index=1)
    page.get_by_label("Consignes").fill("Contacts légers")
    page.get_by_role("button", name="Enregistrer").press("Enter")
    page.get_by_role("button", name="Noter parti").press("Enter")
    expect(page.locator("#suivi")).to_contain_text("Au laboratoire")
    first, name = page.url, page.locator("h1").first.inner_text()
    # The list calls her by the name she uses.
    name = re.split(" née? ", name)[0]

    # It should be back, on its own date or before the visit: the list says so.
    page.goto(site.base + "/materiel/laboratoire/")
    late = page.locator("tbody tr", has_text=name).filter(has_text="Couronne 26")
    expect(late).to_contain_text(re.compile("pas rentré|retour prévu dépassé"))
    late.locator("a.table-name").press("Enter")
    page.get_by_role("button", name="Noter reçu").press("Enter")
    expect(page.locator("#travail .badge", has_text="pas rentré")).to_have_count(0)
    _declare(page, tmp_path)

    # The shade is wrong: the crown made again is another order, and says which one it replaces.
    page.get_by_label("Remarque").fill("Teinte trop claire")
    page.get_by_role("button", name="À refaire").press("Enter")
    page.get_by_role("button", name="Commander de nouveau").press("Enter")
    expect(page.locator("#travail")).to_contain_text("Remplace le travail")
    expect(page.get_by_label("Consignes")).to_have_value(re.compile("Teinte trop claire"))
    expect(page.locator("#conformite")).to_contain_text("Joignez-la avant la pose")
    page.get_by_role("link", name="Voir le premier").press("Enter")
    expect(page.locator("#travail")).to_contain_text("Commandé de nouveau")
    assert page.url == first


def _coming(site: Site) -> str:
    """Return somebody who has a visit to come."""
    ((found,),) = site.ask(
        "SELECT patient_id FROM care_appointment WHERE status = 'booked' "
        "AND patient_id IS NOT NULL AND starts_at > %s ORDER BY starts_at LIMIT 1 OFFSET 4",
        [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"],
    )
    return str(UUID(str(found)))


def _declare(page: Page, folder: Path) -> None:
    """Keep the declaration that came with the work: a photograph of the paper."""
    paper = folder / "declaration.png"
    page.screenshot(path=paper)
    page.set_input_files("#declaration", paper)
    page.get_by_role("button", name="Joindre").press("Enter")
    expect(page.locator("#conformite")).to_contain_text("Voir la déclaration")
    expect(page.get_by_label("Posé quand même")).to_have_count(0)
