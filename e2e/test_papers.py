"""Papers: a PDF dropped and found by a word of it; a prescription by keyboard, with a reminder."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site
from quenotte.devices.paper.typesetting import typeset

LogIn = Callable[..., Page]


def _pdf() -> bytes:
    data = {
        "title": "Bilan de coagulation",
        "author": {"name": "Laboratoire des Essais", "lines": []},
        "practice": {"name": "", "lines": []},
    }
    return typeset("devices/paper/blank.typ", data, made_at=datetime(2026, 3, 2, tzinfo=UTC))


def test_a_pdf_is_dropped_and_found_by_a_word_inside(log_in: LogIn, site: Site) -> None:
    page = log_in("sarah")
    page.goto(f"{site.base}/patients/{site.sample['patients'][30]['id']}/documents/")
    page.locator(".dropzone[data-ready=true]").wait_for()
    files = [
        {"name": "scan0042.pdf", "mimeType": "application/pdf", "buffer": _pdf()},
        {"name": "faux.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00"},
    ]
    page.set_input_files("#depot-documents", files=files)  # type: ignore[arg-type]
    expect(page.locator(".dropzone-file[data-state=done]")).to_have_count(1)
    expect(page.locator(".dropzone-file[data-state=failed]")).to_contain_text("n’est pas accepté")
    with page.expect_response(lambda answer: "coagul" in answer.url):
        page.get_by_label("Chercher un mot").fill("coagul")
    # The list that was there before the search holds the same link, and goes under the hand.
    expect(page.locator("#documents-liste.htmx-settling, .htmx-request")).to_have_count(0)
    found = page.locator("#documents-liste").get_by_role("link", name="scan0042", exact=True)
    expect(found).to_be_visible()
    found.click()
    picture = page.get_by_alt_text("scan0042, page 1")
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('.paper-page img').naturalWidth > 500")


def test_a_prescription_is_written_by_keyboard_with_its_reminder(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    patient = site.sample["patients"][31]["id"]
    page.goto(f"{site.base}/patients/{patient}/alertes/")
    page.locator("select[name=code]").select_option("penicillin")
    page.locator("form:has(select[name=code]) button[type=submit]").first.click()
    expect(page.get_by_text("Pénicillines").first).to_be_visible()
    page.goto(f"{site.base}/patients/{patient}/ordonnances/")
    page.get_by_role("button", name="Abcès, cellulite débutante").press("Enter")
    reminder = page.locator("#rappels-0")
    expect(reminder).to_contain_text("Allergie aux pénicillines")
    box = page.locator("#medicament")
    box.focus()
    page.keyboard.type("clinda")
    expect(page.get_by_role("option", name="Clindamycine")).to_be_visible()
    # A suggestion answers its key once htmx has taken it in.
    expect(page.locator("#medicament-resultats.htmx-settling")).to_have_count(0)
    page.keyboard.press("Enter")
    dose = page.locator("[name=l-2-dose]")
    expect(dose).to_be_focused()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("1 gélule")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Retirer la ligne 1").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".rx-line")).to_have_count(2)
    expect(page.locator("[name=l-1-dose]")).to_have_value("1 gélule")
    issue = page.get_by_role("button", name="Émettre l’ordonnance")
    _saves_itself_under(page, issue, "#ordonnance-form", at="/ordonnances/")
    issue.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Imprimer")).to_be_focused()
    page.wait_for_function("() => document.querySelector('.paper-page img').naturalWidth > 500")
    _prints_one_original(page)


def test_a_letter_is_issued_by_its_button_alone(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    patient = site.sample["patients"][32]["id"]
    page.goto(f"{site.base}/patients/{patient}/courriers/nouveau/?modele=libre")
    page.get_by_role("button", name="Préparer le texte").click()
    page.locator("#id_body").fill("Bonjour, pas encore relu.")
    issue = page.get_by_role("button", name="Émettre")
    _saves_itself_under(page, issue, "form[data-kept-form]", at="/courriers/")
    # Enter in a field saves as well.
    page.locator("#id_title").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.keyboard.press("Enter")
    assert not saved.value.url.endswith("/emettre/")
    expect(issue).to_be_visible()
    page.reload()
    expect(page.locator("#id_body")).to_have_value("Bonjour, pas encore relu.")
    issue.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Imprimer")).to_be_focused()


def test_what_is_typed_on_a_letter_issued_in_another_tab_stays(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    page.goto(
        f"{site.base}/patients/{site.sample['patients'][33]['id']}/courriers/nouveau/?modele=libre"
    )
    page.get_by_role("button", name="Préparer le texte").click()
    body = page.locator("#id_body")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        body.fill("Bonjour.")
        body.blur()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Émettre").press("Enter")
    expect(other.get_by_role("link", name="Imprimer")).to_be_focused()
    # The click takes the focus out of the field: it saves itself first, the button comes after.
    body.fill("Bonjour. Allergie à la pénicilline.")
    page.get_by_role("button", name="Émettre").click()
    beside = page.get_by_label("Ce que vous aviez tapé")
    expect(beside).to_have_value("Bonjour. Allergie à la pénicilline.")
    expect(page.get_by_role("heading", name="Document déjà émis")).to_be_visible()
    expect(page.get_by_role("button", name="Abandonner le brouillon")).to_have_count(0)
    page.get_by_role("link", name="Voir le document émis").click()
    expect(page.get_by_role("link", name="Imprimer")).to_be_visible()
    expect(beside).to_have_value("Bonjour. Allergie à la pénicilline.")
    page.get_by_role("button", name="C’est repris").click()
    expect(beside).to_have_count(0)


def _prints_one_original(page: Page) -> None:
    """Print from two tabs that were both opened before anything was on paper."""
    address = page.get_by_role("link", name="Imprimer").evaluate("link => link.href")
    tabs = [page.context.new_page() for _time in range(2)]
    for tab in tabs:
        tab.add_init_script(
            "window.print = () => { window.said ="
            " document.querySelector('.printed-mention')?.textContent ?? 'original'; }"
        )
        tab.goto(address)
    for tab, words in zip(tabs, ("original", "Duplicata"), strict=True):
        tab.get_by_role("button", name="Imprimer").press("Enter")
        tab.wait_for_function("words => window.said?.startsWith(words)", arg=words)


def _saves_itself_under(page: Page, button: Locator, form: str, *, at: str) -> None:
    """Let a draft save itself while a button only holds the focus: nothing else is done."""
    button.focus()
    expect(button).to_be_focused()
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.locator(form).dispatch_event("change")
    assert saved.value.ok
    assert at in saved.value.url
    assert not saved.value.url.endswith("/emettre/")
    assert "emettre" not in (saved.value.request.post_data or "")
    expect(button).to_be_visible()
