"""The desk: calls between two screens, a task by keyboard, the day of each role."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, TABLET_UPRIGHT, trouble

LogIn = Callable[..., Page]


def _ready(page: Page) -> Page:
    page.locator("body[data-live=up]").wait_for()
    page.locator("html[data-ready=true]").wait_for()
    return page


def test_call_reaches_the_other_screen_with_light_words_and_sound(log_in: LogIn) -> None:
    """One key at the chair, one key at the reception; each sees what the other did."""
    dentist = _ready(log_in("alice"))
    assistant = _ready(log_in("bob", viewport=TABLET))
    secretary = _ready(log_in("sarah"))
    # A gesture, so that the browser lets sounds through.
    assistant.mouse.click(600, 700)
    expect(assistant.locator("body[data-sound=ready]")).to_be_attached()
    dentist.keyboard.press("F9")
    heard = assistant.locator(".call-heard")
    heard.wait_for()
    expect(heard).to_contain_text("Assistante demandée")
    expect(assistant.locator("body")).to_have_attribute("data-called", "attention")
    expect(assistant.locator("body")).to_have_attribute("data-rang", "chime")
    assert assistant.title().startswith("● Assistante demandée")
    assert trouble(assistant, "appel", sizes=[TABLET, CHAIRSIDE, TABLET_UPRIGHT]) == []
    expect(secretary.locator(".call-heard")).to_have_count(0)
    assistant.keyboard.press("Shift+F2")
    expect(dentist.locator(".call-sent")).to_contain_text("Vu par Bob Lantier.")
    expect(heard).to_have_count(0)
    dentist.wait_for_timeout(2_100)
    dentist.keyboard.press("F9")
    heard.wait_for()
    assistant.keyboard.press("F2")
    expect(dentist.locator(".call-sent")).to_contain_text("Bob Lantier arrive.")
    expect(assistant.locator("body[data-called]")).to_have_count(0)
    assert not assistant.title().startswith("●")
    dentist.get_by_role("button", name="Fermer cet appel").click()
    expect(dentist.locator(".call-sent")).to_have_count(0)


def test_call_is_withdrawn_and_a_muted_screen_still_lights_up(log_in: LogIn) -> None:
    dentist = _ready(log_in("alice"))
    secretary = _ready(log_in("sarah"))
    secretary.get_by_role("button", name="Couper le son des appels sur ce poste").click()
    expect(secretary.locator("#appels-boutons[data-muted=true]")).to_be_attached()
    dentist.get_by_role("button", name="Secrétaire demandée").click()
    secretary.locator(".call-heard").wait_for()
    expect(secretary.locator("body")).to_have_attribute("data-called", "attention")
    assert secretary.locator("body[data-rang]").count() == 0
    dentist.get_by_role("button", name="Annuler l’appel").click()
    expect(secretary.locator(".call-heard")).to_have_count(0)
    secretary.get_by_role("button", name="Rétablir le son des appels sur ce poste").click()
    expect(secretary.locator("#appels-boutons[data-muted=false]")).to_be_attached()


def test_task_goes_from_one_to_the_other_by_keyboard(log_in: LogIn, site: Site) -> None:
    secretary = _ready(log_in("sarah"))
    assistant = _ready(log_in("bob"))
    secretary.goto(site.base + "/a-faire/")
    _ready(secretary)
    secretary.locator("#id_text").focus()
    secretary.keyboard.type("Préparer le plateau de chirurgie")
    secretary.keyboard.press("Tab")
    secretary.locator("#id_whom").select_option(label="Assistant dentaire")
    secretary.locator("#id_due_on").focus()
    secretary.keyboard.press("Enter")
    expect(secretary.get_by_text("C’est noté.")).to_be_visible()
    panel = assistant.locator("#mes-taches")
    task = panel.get_by_role("link", name="Préparer le plateau de chirurgie")
    expect(task).to_be_visible()
    # What they say to each other stays on their screens.
    for screen in (assistant, secretary):
        screen.emulate_media(media="print")
    for kept in (panel, assistant.locator("#mots")):
        expect(kept).to_be_hidden()
    expect(assistant.get_by_role("heading", level=1)).to_be_visible()
    assert secretary.locator("main").inner_text() == "Ce que l’équipe se dit ne va pas sur papier."
    for screen in (assistant, secretary):
        screen.emulate_media(media="screen")
    done = assistant.get_by_role("button", name="Noter fait : Préparer le plateau de chirurgie")
    done.focus()
    assistant.keyboard.press("Enter")
    expect(task).to_have_count(0)
    assistant.locator(".toast").get_by_role("button", name="Annuler").click()
    expect(task).to_be_visible()


def test_half_a_task_survives_the_page(log_in: LogIn, site: Site) -> None:
    page = _ready(log_in("bob"))
    page.goto(site.base + "/a-faire/")
    _ready(page)
    page.fill("#id_text", "Vérifier les bouteilles")
    expect(page.locator(".draft-state")).to_contain_text("Brouillon enregistré")
    page.goto(site.base + "/patients/")
    page.goto(site.base + "/a-faire/")
    expect(page.locator("#id_text")).to_have_value("Vérifier les bouteilles")
    page.get_by_role("button", name="Confier", exact=True).click()
    expect(page.get_by_text("C’est noté.")).to_be_visible()


def test_callback_of_a_patient_found_by_name(log_in: LogIn, site: Site) -> None:
    page = _ready(log_in("sarah"))
    patient = site.sample["patients"][5]
    page.goto(site.base + "/a-rappeler/")
    _ready(page)
    page.locator("#chercher-patient").press_sequentially(patient["birth_name"][:6], delay=20)
    page.locator(".patient-option").first.click()
    page.fill("#id_phone", "01 99 00 11 22")
    page.fill("#id_reason", "Rappel de contrôle")
    page.get_by_role("button", name="Noter", exact=True).click()
    line = page.locator("[data-callback]", has_text="Rappel de contrôle")
    expect(line).to_be_visible()
    line.get_by_role("button", name="Sans réponse").click()
    expect(line).to_contain_text("1 essai sans réponse")


def test_word_appears_on_the_other_screen_and_says_who_read_it(log_in: LogIn, site: Site) -> None:
    dentist = _ready(log_in("alice"))
    secretary = _ready(log_in("sarah"))
    dentist.goto(site.base + "/mots/")
    _ready(dentist)
    dentist.fill("#id_text", "Le technicien passe à midi")
    dentist.get_by_role("button", name="Afficher", exact=True).click()
    word = secretary.locator(".word", has_text="Le technicien passe à midi")
    word.get_by_role("button", name="J’ai lu").click()
    shown = dentist.locator(".word", has_text="Le technicien passe à midi")
    expect(shown).to_contain_text("lu par Sarah Aubin")
