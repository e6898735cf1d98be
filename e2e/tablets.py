"""A tablet in a patient's hands: taking a link, answering, signing."""

import re

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site


def sign(page: Page) -> None:
    """Draw a few strokes in the frame."""
    sheet = page.locator("canvas.signature-sheet")
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    assert box
    page.mouse.move(box["x"] + 40, box["y"] + 90)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 40 + step * 14, box["y"] + 90 + (25 if step % 2 else -25))
    page.mouse.up()
    expect(page.locator("[data-island=signature]")).to_have_attribute("data-signed", "")


def name_of(page: Page) -> str:
    """Return the name of the patient whose record a page shows."""
    read = "h1 => h1.firstChild.textContent.trim()"
    return str(page.locator("#bandeau .record-who h1").evaluate(read))


def choose(question: Locator, words: str) -> None:
    question.locator(".choice", has_text=words).first.click()


def take(tablet: Page, site: Site, code: str) -> None:
    tablet.goto(site.base + "/tablette/")
    tablet.get_by_label("Six chiffres").fill(code)
    tablet.keyboard.press("Enter")
    expect(tablet.locator("main")).to_contain_text("Est-ce bien vous")


def answer_section(tablet: Page, wanted: str) -> None:
    """Answer each question of a screen by « non », but the one about ``wanted``."""
    for question in tablet.locator("fieldset.question").all():
        if not question.is_visible():
            continue
        none = question.locator("> .choices .choice", has_text=re.compile("^(Non|Aucun)"))
        if wanted in question.inner_text():
            choose(question, wanted)
        elif none.count():
            none.first.click()
        else:
            question.locator("> .choices .choice").nth(1).click()
