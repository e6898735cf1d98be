"""The secretary with the telephone in hand, the dentist with her gloves on."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Site


def test_patient_is_found_by_keyboard_alone(alice: Page, site: Site) -> None:
    patient = site.sample["patients"][0]
    alice.keyboard.press("/")
    alice.keyboard.type(f"{patient['birth_name'][:4].lower()} {patient['first_name'].lower()}")
    expect(alice.get_by_role("option").first).to_be_visible()
    alice.keyboard.press("ArrowDown")
    alice.keyboard.press("ArrowUp")
    alice.keyboard.press("Enter")
    expect(alice.locator(".record-banner h1")).to_contain_text(patient["first_name"])


def test_patient_is_found_by_birth_date_and_by_number(alice: Page, site: Site) -> None:
    patient = site.sample["patients"][1]
    year, month, day = patient["born_on"].split("-")
    for typed in (f"{int(day)}/{int(month)}/{year}", patient["file_number"]):
        alice.goto(site.base + "/")
        alice.keyboard.press("Control+k")
        alice.keyboard.type(typed)
        found = alice.get_by_role("option", name=re.compile(patient["first_name"])).first
        expect(found).to_be_visible()


def test_misspelled_surname_is_still_found(alice: Page, site: Site) -> None:
    patient = next(p for p in site.sample["patients"] if len(p["birth_name"]) > 6)
    name = patient["birth_name"]
    misspelled = name[:2] + name[2] + name[2:]
    alice.keyboard.press("/")
    alice.keyboard.type(f"{misspelled} {patient['first_name']}")
    expect(alice.get_by_role("option", name=re.compile(name, re.IGNORECASE)).first).to_be_visible()


def test_new_patient_is_created_by_keyboard_alone(log_in: Callable[..., Page]) -> None:
    page = log_in("sarah")
    page.keyboard.press("/")
    page.keyboard.type("Zwicker Apolline")
    expect(page.locator(".search-create")).to_be_visible()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Nouveau patient")
    fields = {
        "birth_name": "Zwicker",
        "birth_first_names": "Apolline Rose",
        "born_on": "3 avril 1985",
        "mobile_phone": "06 39 98 12 34",
    }
    for name, value in fields.items():
        page.focus(f"[name={name}]")
        page.keyboard.press("Control+a")
        page.keyboard.type(value)
    page.focus("[name=sex]")
    page.select_option("[name=sex]", "F")
    page.focus("[name=birth_name]")
    page.keyboard.press("Enter")
    expect(page.locator(".record-banner h1")).to_contain_text("ZWICKER Apolline")
    expect(page.locator(".record-facts")).to_contain_text("03/04/1985")


def test_impossible_birth_date_is_explained_beside_its_field(
    log_in: Callable[..., Page], site: Site
) -> None:
    page = log_in("sarah")
    page.goto(site.base + "/patients/nouveau/")
    page.fill("[name=birth_name]", "Essai")
    page.fill("[name=birth_first_names]", "Jean")
    page.fill("[name=born_on]", "31/02/1985")
    page.get_by_role("button", name="Créer le dossier").click()
    expect(page.locator("main")).to_contain_text(re.compile("31/02/1985|n’existe pas"))
    expect(page.locator("[name=birth_name]")).to_have_value("Essai")
    expect(page.locator("[name=born_on][aria-invalid=true]")).to_be_visible()


def test_second_of_two_browsers_is_told_and_loses_nothing(
    log_in: Callable[..., Page], site: Site
) -> None:
    patient = site.sample["patients"][20]
    first, second = log_in("sarah"), log_in("bob")
    for page in (first, second):
        page.goto(f"{site.base}/patients/{patient['id']}/identite/")
    first.fill(".identity-form [name=email]", "premiere@courriel.example")
    first.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(first.locator(".record-banner")).to_be_visible()
    second.fill(".identity-form [name=email]", "seconde@courriel.example")
    second.get_by_role("button", name="Enregistrer", exact=True).first.click()
    expect(second.locator("main")).to_contain_text("premiere@courriel.example")
    expect(second.locator(".identity-form [name=email]")).to_have_value("seconde@courriel.example")
    first.goto(f"{site.base}/patients/{patient['id']}/identite/")
    expect(first.locator(".identity-form [name=email]")).to_have_value("premiere@courriel.example")


def test_note_is_drafted_signed_and_corrected_by_addition(alice: Page, site: Site) -> None:
    address = f"{site.base}/patients/{site.sample['patients'][21]['id']}/"
    alice.goto(address)
    with alice.expect_response(re.compile("/brouillons/")):
        alice.fill("#notes textarea", "Sensibilité au froid sur la 26.")
    alice.goto(address)
    expect(alice.locator("#notes textarea").first).to_have_value("Sensibilité au froid sur la 26.")
    alice.get_by_role("button", name="Signer la note").click()
    expect(alice.locator("#notes-list")).to_contain_text("Sensibilité au froid sur la 26.")
    expect(alice.locator("#notes-list")).to_contain_text("Alice Kermarec")
    alice.locator("#notes-list").get_by_text("Corriger").first.click()
    correction = alice.locator("form[id^=correction-]")
    correction.locator("textarea").fill("Sensibilité au froid sur la 27, non la 26.")
    correction.get_by_role("button", name="Signer la correction").click()
    expect(alice.locator("#notes-list")).to_contain_text("27, non la 26")
    expect(alice.locator("#notes-list")).to_contain_text("Sensibilité au froid sur la 26.")


def test_alert_added_shows_in_the_banner_of_another_screen(
    log_in: Callable[..., Page], site: Site
) -> None:
    address = f"{site.base}/patients/{site.sample['patients'][22]['id']}/"
    dentist, desk = log_in("alice"), log_in("sarah")
    for page in (dentist, desk):
        page.goto(address)
    desk.locator("body[data-live=up]").wait_for()
    dentist.locator(".record-alerts").get_by_text("Alertes").click()
    panel = dentist.locator("#alertes")
    panel.locator("select[name=code]").select_option("latex")
    panel.locator("button[type=submit]").filter(has_text=re.compile("Ajouter|Noter")).first.click()
    expect(dentist.locator(".record-alerts")).to_contain_text("Latex")
    expect(desk.locator(".record-alerts")).to_contain_text("Latex")


def test_secretary_sees_no_clinical_note(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("sarah")
    page.goto(f"{site.base}/patients/{site.sample['patients'][0]['id']}/")
    expect(page.locator(".record-banner")).to_be_visible()
    expect(page.locator("#notes")).to_have_count(0)
    expect(page.locator(".odontogram")).to_have_count(0)


def test_accountant_reaches_no_patient(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("carole")
    expect(page.get_by_role("link", name="Patients")).to_have_count(0)
    answer = page.goto(f"{site.base}/patients/{site.sample['patients'][0]['id']}/")
    assert answer
    assert answer.status == 403
    expect(page.locator("body")).to_contain_text("Quenotte")
