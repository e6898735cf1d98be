"""What must not go wrong beside the chair: a dose that is refused, a note, an answer to a plan."""

import json
import re
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.hand import settled

LogIn = Callable[..., Page]


def _record(site: Site) -> str:
    """Return the address of the record of an adult whom no visit or plan knows yet."""
    rows = site.ask(
        "SELECT q.id FROM care_patient q WHERE q.born_on BETWEEN '1950-01-01' AND '2000-01-01' "
        "AND NOT EXISTS (SELECT 1 FROM office_treatmentplan p WHERE p.patient_id = q.id) "
        "AND NOT EXISTS (SELECT 1 FROM office_visit s WHERE s.patient_id = q.id) "
        "AND NOT EXISTS (SELECT 1 FROM care_appointment v WHERE v.patient_id = q.id "
        "AND v.status IN ('arrived', 'in_chair')) ORDER BY q.id"
    )
    found = next(one for (one,) in rows if not _charted(site, one) & {26, 46})
    return f"{site.base}/patients/{UUID(str(found))}/"


def _charted(site: Site, patient: str) -> set[int]:
    """Return the teeth of which anything was ever charted."""
    rows = site.ask(
        "SELECT finding FROM care_chartevent WHERE patient_id = %s AND finding IS NOT NULL",
        [patient],
    )
    found = (json.loads(told) if isinstance(told, str) else told for (told,) in rows)
    return {tooth for one in found for tooth in one["teeth"]}


def _visit(page: Page, site: Site) -> None:
    """Open a visit by hand."""
    page.goto(_record(site))
    page.get_by_role("button", name="Ouvrir une séance").click()
    page.locator("[data-island=plans][data-mounted=true]").wait_for()


def test_refused_dose_stays_as_typed_and_a_tick_confirms_that_one_alone(
    log_in: LogIn, site: Site
) -> None:
    page = log_in("alice")
    _visit(page, site)
    page.get_by_label("Poids (kg)").fill("38,4")
    page.get_by_role("button", name="Garder le poids").click()
    message = page.locator(".toast")
    expect(message).to_contain_text("38 kg, arrondi")
    shown, calls = message.bounding_box(), page.locator(".rail").bounding_box()
    assert shown is not None
    assert calls is not None
    # Help is called from the rail: no message covers it.
    assert shown["x"] >= calls["x"] + calls["width"]
    message.get_by_role("button", name="Fermer").click()
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


def test_template_speaks_of_one_act_and_follows_the_anaesthetic(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    _visit(page, site)
    typed, done = page.locator("#acte"), page.locator("#travail .plan-line[id]")
    for count, line in enumerate(("46 couronne métallique", "26 MOD composite"), start=1):
        typed.fill(line)
        typed.press("Enter")
        expect(done).to_have_count(count)
    page.get_by_role("button", name="Composite", exact=True).click()
    note = page.locator("#note-visite")
    expect(note).to_have_value(re.compile(r"^Dent 26 : Obturation 3 faces .* MOD\. .*\{anesth"))
    expect(note).to_have_value(re.compile("^((?!46).)*$"))

    form = page.locator("#anesthesie-form")
    form.get_by_label("Produit").select_option("mepivacaine")
    form.get_by_label("Cartouches").fill("1")
    form.get_by_role("button", name="Noter").click()
    expect(note).to_have_value(re.compile(r"Anesthésie : Mépivacaïne .*, 1 cartouche, 54 mg\."))
    expect(page.locator("[data-places-left]")).not_to_contain_text("anesthesique")


def test_second_click_on_accept_refuses_nothing(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    page.goto(f"{_record(site)}plans/")
    page.get_by_role("button", name="Commencer un plan").click()
    field = page.locator("[data-add-line]")
    field.fill("46 couronne métallique")
    field.press("Enter")
    expect(page.locator("#plan [data-line]")).to_have_count(1)
    accept = page.get_by_role("button", name="Le patient accepte")
    # A hand is over the button before it presses: by then what was drawn again stands still.
    accept.hover()
    box = settled(accept)
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(*at)
    page.mouse.click(*at)
    expect(page.locator(".plan-title")).to_contain_text("Accepté")
    expect(accept).to_be_disabled()
    again = settled(accept)
    assert abs(again["x"] - box["x"]) < 1
    assert abs(again["y"] - box["y"]) < 1
    page.mouse.click(*at)
    expect(page.locator(".toast")).to_have_count(1)
    expect(page.locator(".toast")).to_contain_text("Plan : accepté.")
    expect(page.locator("#plan-onglets")).to_contain_text("Retenu")

    page.get_by_role("button", name="Le patient refuse").click()
    expect(page.locator(".plan-title")).to_contain_text("Refusé")
    expect(page.locator("#plan-onglets")).not_to_contain_text("Retenu")
    expect(page.locator("#plan .line-state")).to_have_text("Prévu")
