"""The waiting room on two screens at once, and every panel of the agenda seen by axe."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from e2e.conftest import Site

LogIn = Callable[..., Page]


def findings(page: Page) -> list[str]:
    """Return what axe has against a page."""
    violations: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']}" for one in violations for node in one["nodes"]]


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


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_panels_are_clean(log_in: LogIn, site: Site, theme: str) -> None:
    page = log_in("alice", color_scheme=theme)
    found: dict[str, list[str]] = {}
    open_today(page, site)
    grid = page.locator("[data-grid]")
    grid.focus()
    page.keyboard.press("Enter")
    page.locator("#drawers > [data-drawer]:not([hidden])").first.wait_for()
    found["panneau"] = findings(page)
    page.keyboard.press("Escape")
    page.locator(".ec-event .slot").first.click()
    detail = page.locator("section[id^=rdv-]:not([hidden])").first
    detail.wait_for()
    for fold in detail.locator("summary").all():
        fold.click()
    found["rendez-vous"] = findings(page)
    grid.focus()
    page.keyboard.press("Escape")
    for key, name in (("s", "creneaux"), ("l", "liste-courte"), ("?", "agenda-aide")):
        grid.focus()
        page.keyboard.press(key)
        page.locator(f"#{name}").wait_for()
        found[name] = findings(page)
        grid.focus()
        page.keyboard.press("Escape")
        expect(page.locator(f"#{name}")).to_be_hidden()
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_tablet_shows_the_whole_page(log_in: LogIn, site: Site) -> None:
    for size in ({"width": 1024, "height": 768}, {"width": 800, "height": 1280}):
        page = log_in("sarah", viewport=size, has_touch=True)
        for view in ("jour", "semaine"):
            open_today(page, site, view)
            wider = page.evaluate("document.documentElement.scrollWidth > innerWidth")
            assert not wider, (size, view)
