"""The waiting room on two screens at once, and every panel of the agenda seen by axe."""

from collections.abc import Callable
from datetime import date

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, trouble

LogIn = Callable[..., Page]
_SIZES = (CHAIRSIDE, TABLET)


def open_today(page: Page, site: Site, view: str = "jour") -> None:
    """Open the grid of today."""
    page.goto(f"{site.base}/agenda/?jour={date.today()}&vue={view}")
    page.locator("[data-island=agenda][data-ready=true]").wait_for()


def test_waiting_room_follows_on_two_screens(log_in: LogIn, site: Site) -> None:
    desk, chairside = log_in("sarah"), log_in("bob")
    for page in (desk, chairside):
        open_today(page, site)
        page.locator("body[data-live=up]").wait_for()
    expected = desk.locator("#attente-liste .presence").filter(
        has=desk.get_by_role("button", name="Arrivé")
    )
    name = expected.first.locator(".presence-name").inner_text()
    expected.first.get_by_role("button", name="Arrivé").click()
    expect(desk.locator(".toast").filter(has_text="Arrivé")).to_be_visible()
    waits = chairside.locator("[data-waiting]").filter(has_text=name)
    expect(waits.locator("[data-since]")).to_contain_text("min")
    waits.get_by_role("button", name="Au fauteuil").click()
    seated = desk.locator("#attente-liste .presence").filter(has_text=name)
    expect(seated.get_by_role("button", name="Terminé")).to_be_visible()
    expect(desk.locator("[data-waiting]").filter(has_text=name)).to_have_count(0)
    # The last step is taken back with one key, on both screens.
    chairside.locator("[data-grid]").focus()
    chairside.keyboard.press("u")
    expect(desk.locator("[data-waiting]").filter(has_text=name)).to_be_visible()


def test_panels_are_clean(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    found: dict[str, list[str]] = {}
    open_today(page, site)
    grid = page.locator("[data-grid]")
    grid.focus()
    page.keyboard.press("Enter")
    page.locator("#drawers > [data-drawer]:not([hidden])").first.wait_for()
    found["panneau"] = trouble(page, "panneau", sizes=_SIZES, within="#drawers")
    page.keyboard.press("Escape")
    page.locator(".ec-event .slot").first.click()
    detail = page.locator("section[id^=rdv-]:not([hidden])").first
    detail.wait_for()
    for fold in detail.locator("summary").all():
        fold.click()
    found["rendez-vous"] = trouble(page, "rendez-vous-ouvert", sizes=_SIZES, within="#drawers")
    grid.focus()
    page.keyboard.press("Escape")
    for key, name in (("s", "creneaux"), ("l", "liste-courte"), ("?", "agenda-aide")):
        grid.focus()
        page.keyboard.press(key)
        page.locator(f"#{name}").wait_for()
        found[name] = trouble(page, f"panneau-{name}", sizes=_SIZES, within="#drawers")
        grid.focus()
        page.keyboard.press("Escape")
        expect(page.locator(f"#{name}")).to_be_hidden()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
    # The drawing is hidden from who listens: its twin in words is one link away, and complete.
    drawn = page.locator(".ec-event .slot-name").all_inner_texts()
    page.get_by_role("link", name="Liste", exact=True).press("Enter")
    told = page.locator(".agenda-list tbody tr")
    expect(told.first).to_be_visible()
    lines = told.all_inner_texts()
    assert drawn
    assert [name for name in drawn if not any(name in line for line in lines)] == []
