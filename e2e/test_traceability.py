"""From the autoclave to the patient, and back when the load turns out to be bad."""

import time
from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, shot, trouble

LogIn = Callable[..., Page]


def _ready(page: Page) -> Page:
    page.locator("html[data-ready=true]").wait_for()
    return page


def _scan(page: Page, code: str) -> None:
    """Type as a reader does, 5 ms between the keys, however busy this machine is."""
    keyboard = page.context.new_cdp_session(page)
    now = time.time()
    for place, key in enumerate([*code, "Enter"]):
        text = "\r" if key == "Enter" else key
        for kind, of_text in (("keyDown", {"text": text}), ("keyUp", {})):
            pressed = {"type": kind, "key": key, "timestamp": now + place * 0.005, **of_text}
            keyboard.send("Input.dispatchKeyEvent", pressed)
    keyboard.detach()


def test_pouch_goes_to_a_patient_in_one_scan_and_is_recalled(log_in: LogIn, site: Site) -> None:
    patient, page = site.sample["patients"][5], log_in("bob")
    page.goto(f"{site.base}/materiel/sterilisation/")
    page.get_by_role("button", name="Conforme", exact=True).first.click()
    page.locator("#id_load").fill("2 plateaux")
    page.get_by_role("button", name="Lancer").click()
    page.get_by_label("Contenu").fill("Plateau chirurgie")
    page.get_by_label("Sachets", exact=False).last.fill("2")
    page.get_by_role("button", name="Ajouter").click()
    code, other = page.locator("#sachets tbody td:first-child").all_inner_texts()
    cycle = page.url.partition("#")[0]
    assert page.request.get(f"{cycle}etiquettes.pdf").headers["content-type"] == "application/pdf"
    page.get_by_label("Viré : conforme").check()
    page.get_by_role("button", name="Noter la fin").click()
    page.get_by_role("button", name="Conforme : libérer").click()
    assert trouble(page, "cycle", sizes=[CHAIRSIDE]) == []

    # The reader types wherever the cursor is: here in the note, which stays what it was.
    page.goto(f"{site.base}/patients/{patient['id']}/")
    _ready(page)
    note = page.get_by_label("Note de la séance")
    note.fill("Extraction 38")
    note.press("End")
    _scan(page, code)
    expect(page.locator(".toast")).to_contain_text("Plateau chirurgie")
    shot(page, "sachet-lu")
    expect(note).to_have_value("Extraction 38")
    note.press("End")
    _scan(page, code)
    expect(page.locator(".toast.tone-danger")).to_contain_text("déjà rattaché à ce patient")
    page.goto(f"{site.base}/patients/{patient['id']}/tracabilite/")
    expect(page.locator("#sachets")).to_contain_text(code)

    page.goto(cycle)
    page.get_by_label("Non conforme, parce que").fill("Test biologique positif")
    page.get_by_role("button", name="Déclarer non conforme").click()
    _scan_afterwards(page, f"{site.base}/patients/{patient['id']}/tracabilite/", other)
    page.goto(f"{cycle}rappel/")
    expect(page.get_by_text("1 patient concerné, 0 informé.")).to_be_visible()
    assert trouble(page, "rappel", sizes=[CHAIRSIDE]) == []
    page.get_by_role("button", name="Noter").click()
    expect(page.get_by_text("1 patient concerné, 1 informé.")).to_be_visible()
    page.goto(f"{page.url}?papier")
    expect(page.locator("table")).to_contain_text("Par téléphone")


def _scan_afterwards(page: Page, part: str, code: str) -> None:
    """Scan a pouch that was opened before anybody knew."""
    page.goto(part)
    _ready(page)
    _scan(page, code)
    page.wait_for_url("**/sachets/ouvert/**")
    assert trouble(_ready(page), "ouvert", sizes=[CHAIRSIDE]) == []
    page.get_by_label("Ce qui s’est passé").fill("Ouvert à 9 h")
    page.get_by_role("button", name="Noter qu’il a été ouvert").click()
    expect(page.locator("#sachets")).to_contain_text("Ouvert à 9 h")


def test_pages_of_one_thing_are_sound(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    stock = site.base + "/materiel/stock/"
    ((patient, device),) = site.ask("SELECT patient_id, id FROM care_placeddevice LIMIT 1")
    ((owner, order),) = site.ask("SELECT patient_id, id FROM care_laborder WHERE number = 1")
    ((article, lot),) = site.ask("SELECT article_id, id FROM care_lot LIMIT 1")
    ((autoclave,),) = site.ask("SELECT id FROM care_autoclave LIMIT 1")
    ((laboratory,),) = site.ask("SELECT id FROM care_laboratory LIMIT 1")
    record = f"{site.base}/patients/"
    addresses = {
        "un-implant": f"{record}{_id(patient)}/tracabilite/implants/{_id(device)}/",
        "un-travail": f"{record}{_id(owner)}/laboratoire/{_id(order)}/",
        "un-article": f"{stock}articles/{_id(article)}/",
        "un-lot": f"{stock}lots/{_id(lot)}/",
        "un-autoclave": f"{site.base}/materiel/sterilisation/autoclaves/{_id(autoclave)}/",
        "un-laboratoire": f"{site.base}/materiel/laboratoire/labos/{_id(laboratory)}/",
    }
    wrong = {}
    for name, address in addresses.items():
        page.goto(address)
        wrong[name] = trouble(_ready(page), name, sizes=[CHAIRSIDE])
    assert {name: told for name, told in wrong.items() if told} == {}


def _id(value: object) -> str:
    """Return an id as an address writes it, whichever the database."""
    return str(UUID(str(value)))
