"""The mouth at the chair: typed in one line, touched with tools, undone, seen as it was."""

import re
from collections.abc import Callable
from itertools import pairwise
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, trouble

LogIn = Callable[..., Page]


def _grown_up(site: Site, place: int) -> str:
    """Return a patient of forty or so in whose mouth something was charted long ago."""
    found = site.ask(
        "SELECT p.id FROM care_patient p JOIN care_chartevent e ON e.patient_id = p.id "
        "WHERE p.born_on BETWEEN '1975-01-01' AND '1995-01-01' GROUP BY p.id ORDER BY p.id"
    )
    return str(UUID(str(found[place][0])))


def _open(page: Page, site: Site, patient: str, what: str = "") -> Page:
    page.goto(f"{site.base}/patients/{patient}/{what}")
    page.locator("#dents[data-awake]").wait_for()
    page.locator("body[data-live=up]").wait_for()
    return page


def _tooth(page: Page, fdi: int) -> Locator:
    return page.locator(f"#dents [data-tooth='{fdi}']")


def _marks(page: Page, fdi: int) -> str:
    return _tooth(page, fdi).locator("title").text_content() or ""


def _sound(page: Page) -> list[int]:
    """Return teeth of which nothing is charted: they are there because the age says so."""
    titles = page.locator("#dents .tooth.is-present > title").all_text_contents()
    return [int(t[5:7]) for t in titles if t.endswith("présente d’après l’âge")]


def test_mouth_is_typed_completed_undone_and_seen_as_it_was(log_in: LogIn, site: Site) -> None:
    page = _open(log_in("alice"), site, _grown_up(site, 0))
    tooth = next(fdi for fdi in _sound(page) if fdi % 10 in {6, 7})
    said, line = page.locator("[data-mouth-said]"), page.locator("#saisie")
    page.keyboard.press("e")
    expect(line).to_be_focused()
    page.keyboard.type(f"{tooth} MOD compo")
    expect(page.get_by_role("option").first).to_contain_text("composite")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(line).to_have_value(re.compile(rf"^{tooth} MOD composite\s*$"))
    page.keyboard.press("Enter")
    expect(said).to_contain_text(f"{tooth} : composite MOD")
    expect(line).to_have_value("")
    assert "composite MOD" in _marks(page, tooth)

    _type_nonsense(page, tooth)

    page.reload()
    page.locator("#dents[data-awake]").wait_for()
    _tooth(page, tooth).locator(".crown").click()
    expect(page.locator("#dent")).to_contain_text("composite MOD")
    assert trouble(page, "bouche-dent", sizes=[CHAIRSIDE]) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    expect(said).to_contain_text(f"Annulé : {tooth} composite MOD")
    assert "composite MOD" not in _marks(page, tooth)
    page.keyboard.press("Control+Shift+z")
    expect(said).to_contain_text(f"Rétabli : {tooth} composite MOD")
    assert "composite MOD" in _marks(page, tooth)

    _look_back(page, tooth)


def _type_nonsense(page: Page, tooth: int) -> None:
    page.keyboard.type(f"{tooth} bidule")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mouth-error]")).to_contain_text("« bidule » n’a pas été compris")
    expect(page.locator("#saisie")).to_have_value(f"{tooth} bidule")
    assert trouble(page, "bouche-refus", sizes=[CHAIRSIDE]) == []


def _look_back(page: Page, tooth: int) -> None:
    page.locator("#jours").focus()
    page.keyboard.press("Home")
    expect(page.locator(".mouth-past")).to_contain_text("une vue du passé")
    assert "composite MOD" not in _marks(page, tooth)
    page.keyboard.press("e")
    page.keyboard.type(f"{tooth} absente")
    page.keyboard.press("Enter")
    expect(page.locator("[data-mouth-said]")).to_contain_text("revenez à aujourd’hui")
    page.get_by_role("button", name="Revenir à aujourd’hui").click()
    expect(page.locator(".mouth-past")).to_have_count(0)
    assert "composite MOD" in _marks(page, tooth)


def _neighbours(log_in: LogIn, site: Site) -> tuple[Page, str, int, tuple[int, int]]:
    """Return a page of a mouth with a molar and two neighbours of which nothing is charted."""
    page = log_in("alice")
    for place in range(1, 20):
        patient = _grown_up(site, place)
        sound = _sound(_open(page, site, patient, "bouche/"))
        molar = next((fdi for fdi in sound if fdi % 10 in {6, 7}), 0)
        pairs = [(a, b) for a, b in pairwise(sound) if abs(b - a) == 1 and molar not in {a, b}]
        if molar and pairs:
            return page, patient, molar, pairs[0]
    raise AssertionError("no mouth is sound enough")


def test_mouth_is_touched_with_tools_and_followed_on_another_screen(
    log_in: LogIn, site: Site
) -> None:
    page, patient, molar, (first, second) = _neighbours(log_in, site)
    other = _open(log_in("bob", viewport=TABLET, has_touch=True), site, patient)
    said = page.locator("[data-mouth-said]")

    # A tool, a status, surfaces one after the other: one finding.
    page.get_by_role("toolbar", name="Outils").get_by_role("button", name="Obturation").click()
    page.get_by_role("group", name="État").get_by_role("button", name="À faire").click()
    for surface in "DM":
        _tooth(page, molar).locator(f"[data-s='{surface}']").click()
    expect(said).to_contain_text(f"{molar} : composite MD, à faire")
    expect(_tooth(other, molar).locator("title")).to_contain_text("composite MD, à faire")
    expect(page.locator("#tableau")).to_contain_text("composite MD")

    # Drag over two teeth.
    page.keyboard.press("6")
    boxes = [_tooth(page, fdi).locator(".place").bounding_box() for fdi in (first, second)]
    middles = [(box["x"] + box["width"] / 2, box["y"] + 20) for box in boxes if box]
    page.mouse.move(*middles[0])
    page.mouse.down()
    page.mouse.move(*middles[1], steps=6)
    page.mouse.up()
    expect(_tooth(page, second)).to_have_class(re.compile("is-missing"))
    expect(_tooth(page, first)).to_have_class(re.compile("is-missing"))
    expect(_tooth(other, first)).to_have_class(re.compile("is-missing"))

    # By the keyboard alone: a tool, the next tooth, surfaces by their letters, Enter.
    page.keyboard.press("Escape")
    _tooth(page, molar).focus()
    page.keyboard.press("1")
    page.keyboard.press("s")
    for key in ("o", "Enter"):
        page.keyboard.press(key)
    expect(said).to_contain_text(re.compile(rf"{molar} : carie O.*surveiller"))
    assert trouble(page, "bouche-outils", sizes=[TABLET]) == []

    # What another screen shows is not undone blindly; what is lost on the way waits.
    other.context.set_offline(True)
    other.get_by_role("toolbar", name="Outils").get_by_role("button", name="Couronne").tap()
    _tooth(other, molar).tap()
    waiting = other.locator("[data-mouth-trouble]")
    expect(waiting).to_contain_text(f"Pas encore enregistré : {molar} Couronne")
    other.context.set_offline(False)
    waiting.get_by_role("button", name="Envoyer de nouveau").click()
    expect(waiting).to_be_hidden()
    expect(_tooth(page, molar).locator("title")).to_contain_text("couronne")


def test_teeth_chosen_by_the_keyboard_all_get_the_surfaces(log_in: LogIn, site: Site) -> None:
    page, three = _row_of_three(log_in("alice"), site)
    said = page.locator("[data-mouth-said]")
    # Nothing has the keyboard yet: a digit takes a tool all the same.
    page.keyboard.press("2")
    expect(said).to_contain_text("Outil Obturation pris")
    _tooth(page, three[0]).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("v")
    page.keyboard.press("Enter")
    for fdi in three:
        expect(_tooth(page, fdi).locator("title")).to_contain_text("V")
        expect(said).to_contain_text(f"{fdi} : ")

    # The mouse on one of those that are chosen does as the keyboard; on another tooth, that alone.
    first, last = three[0], three[-1]
    _tooth(page, first).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("1")
    _tooth(page, first).locator("[data-s='M']").click()
    for fdi in three[:2]:
        expect(said).to_contain_text(f"{fdi} : carie M")
    page.keyboard.press("1")
    _tooth(page, first).focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("1")
    _tooth(page, last).locator("[data-s='O'], [data-s='I']").first.click()
    expect(said).to_contain_text(f"{last} : carie")
    expect(said).not_to_contain_text(f"{first} : ")

    # After a reload nothing has the keyboard; the empty line after a typed one has nothing to undo.
    page.reload()
    page.locator("#dents[data-awake]").wait_for()
    page.keyboard.press("Control+z")
    expect(said).to_contain_text("Annulé : ")
    page.keyboard.press("e")
    page.keyboard.type(f"{three[0]} absente")
    page.keyboard.press("Enter")
    expect(said).to_contain_text(f"{three[0]} : absente")
    page.keyboard.press("Control+z")
    expect(said).to_contain_text(f"Annulé : {three[0]} absente")


def _row_of_three(page: Page, site: Site) -> tuple[Page, tuple[int, ...]]:
    """Return the page of a mouth with three sound neighbours of the upper jaw, and those."""
    for place in range(20):
        sound = _sound(_open(page, site, _grown_up(site, place), "bouche/"))
        for three in zip(sound, sound[1:], sound[2:], strict=False):
            if _is_row(three):
                return page, three
    raise AssertionError("no mouth is sound enough")


def _is_row(teeth: tuple[int, ...]) -> bool:
    """Tell whether teeth are neighbours, from one to the next on its right on the screen."""
    return all(
        (b == a + 1 and a // 10 == 2) or (b == a - 1 and a // 10 == 1) for a, b in pairwise(teeth)
    )


def test_bridge_that_falls_with_its_pillar_is_told_with_undo_at_hand(
    log_in: LogIn, site: Site
) -> None:
    page, (first, _middle, last) = _row_of_three(log_in("alice"), site)
    said = page.locator("[data-mouth-said]")
    for line in (f"{first}-{last} bridge", f"{first} extraction faite"):
        page.keyboard.press("e")
        page.keyboard.type(line)
        page.keyboard.press("Enter")
        expect(page.locator("#saisie")).to_have_value("")
        page.keyboard.press("Escape")
    expect(said).to_contain_text(f"Le bridge {first}-{last} tombe avec son pilier.")
    page.get_by_role("button", name="Annuler cette saisie").click()
    expect(said).to_contain_text(f"Annulé : {first} extraction")
    expect(page.locator("[data-mouth-take-back]")).to_be_hidden()


@pytest.mark.parametrize("born", ["BETWEEN '1975' AND '1995'", "BETWEEN '2016' AND '2019'"])
def test_whole_mouth_is_seen_at_once(log_in: LogIn, site: Site, born: str) -> None:
    found = site.ask(
        f"SELECT p.id FROM care_patient p JOIN care_chartevent e ON e.patient_id = p.id "
        f"WHERE CAST(p.born_on AS text) {born} GROUP BY p.id ORDER BY p.id"
    )
    page = log_in("alice")
    for size in (CHAIRSIDE, TABLET):
        page.set_viewport_size(size)
        for what in ("bouche/", ""):
            _open(page, site, str(UUID(str(found[0][0]))), what)
            for edge in (".place", "text"):
                boxes = [one.bounding_box() for one in page.locator(f"#dents .tooth {edge}").all()]
                lowest = max(box["y"] + box["height"] for box in boxes if box)
                assert lowest <= size["height"]


def test_numbers_of_teeth_are_read_on_the_page_of_a_visit(log_in: LogIn, site: Site) -> None:
    rows = site.ask("SELECT patient_id, id FROM office_visit WHERE closed_at IS NULL ORDER BY id")
    patient, visit = (str(UUID(str(one))) for one in rows[0])
    page = log_in("alice", viewport=CHAIRSIDE)
    page.goto(f"{site.base}/patients/{patient}/seances/{visit}/")
    page.locator(".plan-drawing .tooth").first.wait_for()
    sizes = page.locator(".plan-drawing .tooth text:not(.figure)").evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize) * one.getScreenCTM().d)"
    )
    assert min(sizes) >= 11
    # No wider than the screen: the drawing did not grow with its numbers.
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
