"""The hand on the grid of the agenda: opens it, points, drags, books."""

from datetime import date

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site


def open_agenda(page: Page, site: Site, day: date, view: str = "jour") -> None:
    """Open the grid on a day, by chairs."""
    page.goto(f"{site.base}/agenda/?jour={day}&vue={view}&colonnes=fauteuils")
    page.locator("[data-island=agenda][data-ready=true]").wait_for()


def event(page: Page, name: str) -> Locator:
    """Return the box of an appointment in the grid."""
    return page.locator(".ec-event:not(.ec-ghost)").filter(has_text=name)


def cell(page: Page, column: int, minute: int) -> tuple[float, float]:
    """Return the point of a column at a minute of the day."""
    first = int(page.locator("[data-grid]").get_attribute("data-min") or 0)
    page.locator(".ec-main").evaluate("(it, y) => { it.scrollTop = y }", 0)
    box = page.locator(".ec-body .ec-day").nth(column).bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + (minute - first) / 15 * 16 + 4


def point(page: Page, minute: int) -> None:
    """Put the cursor of the keyboard on a minute of the first column."""
    first = int(page.locator("[data-grid]").get_attribute("data-min") or 0)
    page.locator("[data-grid]").focus()
    page.keyboard.press("Home")
    for _ in range((minute - first) // 15):
        page.keyboard.press("ArrowDown")


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Drag the mouse as a hand does: in several moves."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0], start[1] + 8)
    page.mouse.move(*end, steps=6)
    page.mouse.up()


def book(page: Page, name: str, column: int = 0, minute: int = 600, length: int = 30) -> None:
    """Book a new patient with the mouse."""
    x, y = cell(page, column, minute)
    drag(page, (x, y), (x, y + (length - 15) / 15 * 16 + 6))
    panel = page.locator("#reservation")
    expect(panel).to_be_visible()
    panel.locator("[name=surname]").fill(name)
    panel.locator("[name=first_name]").fill("Essai")
    panel.get_by_role("button", name="Réserver", exact=True).click()
    expect(panel).to_be_hidden()
    expect(event(page, name.upper())).to_be_visible()
