"""A periodontal examination by the keyboard alone: typed, torn away, closed, compared."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET_UPRIGHT, shot, trouble

LogIn = Callable[..., Page]

_SIZES = (CHAIRSIDE, TABLET_UPRIGHT)


def _ready(page: Page) -> Page:
    page.locator("body[data-live=up]").wait_for()
    page.locator("html[data-ready=true]").wait_for()
    return page


def _typing(page: Page) -> Page:
    _ready(page)
    page.locator("[data-perio-ready=true]").wait_for()
    expect(page.locator("#perio-saisie")).to_be_focused()
    return page


def _examined(site: Site, number: int) -> str:
    """Return the page of one of the first patients, whom the demo has examined twice."""
    limit = (date.today() - timedelta(days=365 * 40)).isoformat()
    grown = [one for one in site.sample["patients"] if one["born_on"] < limit]
    return f"{site.base}/patients/{grown[number]['id']}/parodonte/"


def _press(page: Page, name: str) -> None:
    """Press a button as a keyboard does."""
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


def _quadrant(page: Page) -> list[str]:
    """Return the vestibular sites of the first quadrant, without those of absent teeth."""
    data = json.loads(page.locator("#perio-donnees").text_content() or "{}")
    teeth = data["values"]["teeth"].items()
    gone = {int(tooth) for tooth, one in teeth if one["presence"] == "missing"}
    return [f"{tooth}{site}" for tooth, site in data["path"][:24] if tooth not in gone]


def _depths(page: Page, sites: list[str], *texts: str) -> None:
    for site, text in zip(sites, texts, strict=False):
        expect(page.locator(f'[data-d="{site}"]')).to_have_text(text)


def _kept(page: Page) -> None:
    expect(page.locator("[data-saved]")).to_have_text("Tout est enregistré")


def _type_a_quadrant(page: Page, sites: list[str]) -> None:
    """Twelve millimetres, bleeding; a slip taken back; an impossible value refused in place."""
    for key in ("+", "2", "s", "9", "Backspace", "4"):
        page.keyboard.press(key)
    _depths(page, sites, "12", "4")
    page.keyboard.press("+")
    page.keyboard.press("9")
    expect(page.get_by_role("alert")).to_contain_text("de 0 à 15 mm")
    for digit in "3" * len(sites[2:]):
        page.keyboard.press(digit)
    _kept(page)


def _tear_away(page: Page) -> None:
    """Out of reach of the server nothing is lost, nor when the page is loaded again."""
    page.context.set_offline(True)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("5")
    expect(page.locator("[data-saved]")).to_contain_text("gardées sur ce poste")
    page.context.set_offline(False)
    _kept(page)
    page.reload()
    _typing(page)


def test_examination_by_keyboard(log_in: LogIn, site: Site) -> None:
    page = log_in("alice")
    page.goto(_examined(site, 0))
    _ready(page)
    _press(page, "Commencer la saisie")
    sites = _quadrant(_typing(page))
    _type_a_quadrant(page, sites)
    # Another screen sees what is typed, as it is typed.
    other = log_in("bob")
    other.goto(page.url)
    _depths(_typing(other), sites, "12", "4")
    _tear_away(page)
    _depths(page, sites, "12", "4", "3")
    expect(page.locator("[data-chart] .pc-blood")).to_have_count(1)
    page.keyboard.press("r")
    page.keyboard.press("-")
    page.keyboard.press("2")
    expect(other.locator("[data-r]", has_text="−2")).to_have_count(1)
    assert trouble(page, "parodonte-saisie", sizes=_SIZES) == []

    _press(page, "Noter 0 là où la récession manque")
    expect(page.get_by_text("Récession 0 notée")).to_be_visible()
    _press(page, "Clore l’examen")
    expect(page.get_by_text("Examen clos.")).to_be_visible()
    expect(other.get_by_role("heading", name="Examen parodontal du")).to_be_visible()
    assert trouble(page, "parodonte-examen", sizes=_SIZES) == []


def test_two_examinations_by_keyboard(log_in: LogIn, site: Site) -> None:
    page = _ready(log_in("alice"))
    page.goto(_examined(site, 1))
    _ready(page).locator("#liste-examens a").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Imprimer").focus()
    page.keyboard.press("Enter")
    expect(page.locator("svg.perio-chart")).to_be_visible()
    assert trouble(page, "parodonte-imprime", sizes=[CHAIRSIDE]) == []
    page.go_back()
    page.locator(".perio-column .list a").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Site par site")).to_be_visible()
    assert trouble(page, "parodonte-comparer", sizes=_SIZES) == []


def test_value_typed_offline_overwrites_no_newer_one(log_in: LogIn, site: Site) -> None:
    page, other = log_in("alice"), log_in("bob")
    page.goto(_examined(site, 2))
    _ready(page)
    _press(page, "Commencer la saisie")
    sites = _quadrant(_typing(page))
    other.goto(page.url)
    _quadrant(_typing(other))
    page.context.set_offline(True)
    page.keyboard.press("9")
    expect(page.locator("[data-saved]")).to_contain_text("gardées sur ce poste")
    other.keyboard.press("3")
    _kept(other)
    page.context.set_offline(False)
    expect(page.get_by_role("alert")).to_contain_text("Un autre poste a noté autre chose")
    beside = page.get_by_label("Ce que vous aviez tapé")
    expect(beside).to_have_value(re.compile(r"profondeur 9 \(noté entre-temps\s: 3\)"))
    _depths(page, sites[:1], "3")
    _depths(other, sites[:1], "3")
    shot(page, "parodonte-a-cote")
    page.reload()
    _typing(page)
    expect(page.get_by_label("Ce que vous aviez tapé")).to_be_visible()
    page.get_by_role("button", name="C’est repris").click()
    expect(page.get_by_label("Ce que vous aviez tapé")).to_have_count(0)
