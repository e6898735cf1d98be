"""What must not go wrong beside the chair: a dose that is refused, a note, an answer to a plan."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Site

LogIn = Callable[..., Page]
#: Patients whom no other journey treats.
DOSED, WRITTEN, ASKED = 61, 62, 63


def _visit(page: Page, site: Site, place: int) -> None:
    """Open a visit by hand."""
    page.goto(f"{site.base}/patients/{site.sample['patients'][place]['id']}/")
    page.get_by_role("button", name="Ouvrir une séance").click()
    page.locator("[data-island=plans][data-mounted=true]").wait_for()


def test_refused_dose_stays_as_typed_and_a_tick_confirms_that_one_alone(
    log_in: LogIn, site: Site
) -> None:
    page = log_in("alice")
    _visit(page, site, DOSED)
    page.get_by_label("Poids (kg)").fill("38")
    page.get_by_role("button", name="Garder le poids").click()
    form = page.locator("#anesthesie-form")
    product, cartridges = form.get_by_label("Produit"), form.get_by_label("Cartouches")
    lot, note = form.get_by_label("Lot"), form.get_by_role("button", name="Noter")
    product.select_option("lidocaine_100")
    cartridges.fill("5")
    lot.fill("ZZ99")
    note.click()
    asked = page.locator("#anesthesie-alertes [role=alert]")
    expect(asked).to_contain_text("Lidocaïne 2 % adrénaline 1/100 000, 5 cartouches. ")
    expect(page.locator(".toast")).to_have_count(0)
    for field, typed in ((product, "lidocaine_100"), (cartridges, "5"), (lot, "ZZ99")):
        expect(field).to_have_value(typed)

    # Ticked for this one, then another is chosen: it is asked anew, and nothing is ticked.
    box = page.get_by_label("J’ai lu ces alertes et je confirme")
    box.check()
    product.select_option("articaine_200")
    note.click()
    expect(asked).to_contain_text("Articaïne 4 % adrénaline 1/200 000, 5 cartouches. ")
    expect(box).not_to_be_checked()
    given = page.locator("#travail").get_by_text("lot ZZ99")
    expect(given).to_have_count(0)

    product.select_option("lidocaine_100")
    note.click()
    expect(asked).to_contain_text("Lidocaïne")
    box.check()
    note.click()
    expect(given).to_have_count(1)
    expect(page.locator("#travail")).to_contain_text("5 cartouches · 180 mg")
    expect(lot).to_have_value("")
