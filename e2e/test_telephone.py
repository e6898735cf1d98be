"""The telephone journey: a caller has her appointment before she grows tired of waiting."""

import re
from collections.abc import Callable
from datetime import date

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site
from e2e.grid import event, open_agenda

LogIn = Callable[..., Page]


#: A caller waits no longer than that for her appointment.
_CALL_S = 30


class Hands:
    """What the hands and the head of a secretary do while her caller waits, in seconds.

    Source: the keystroke-level model of Card, Moran and Newell (Communications of the ACM 23(7),
    1980): a key of a skilled typist, pointing, a press of the mouse, a hand that changes
    places, a thought before what must be decided. What the server takes is measured by the
    benches: it is none of theirs.
    """

    KEY_S, POINT_S, PRESS_S, HOME_S, THOUGHT_S = 0.2, 1.1, 0.2, 0.4, 1.35

    def __init__(self, page: Page) -> None:
        self.page = page
        self.is_on_mouse = False
        self.seconds = 0.0

    def _spend(self, seconds: float, *, on_mouse: bool) -> None:
        self.seconds += seconds + self.HOME_S * (on_mouse != self.is_on_mouse)
        self.is_on_mouse = on_mouse

    def think(self) -> None:
        """Decide what comes next."""
        self.seconds += self.THOUGHT_S

    def press(self, *keys: str) -> None:
        """Press keys one after the other; « Shift+Tab » is two."""
        for key in keys:
            self._spend(self.KEY_S * len(key.split("+")), on_mouse=False)
            self.page.keyboard.press(key)

    def tab_to(self, place: Locator) -> None:
        """Go from stop to stop until something has the keys."""
        while not place.evaluate("it => it === document.activeElement"):
            self.press("Tab")
            assert self.seconds < _CALL_S, "nobody goes that far"

    def type(self, words: str) -> None:
        """Type words where the keyboard is; a capital is two keys."""
        keys = len(words) + sum(one.isupper() for one in words)
        self._spend(self.KEY_S * keys, on_mouse=False)
        self.page.keyboard.type(words)

    def click(self, place: Locator) -> None:
        """Point at something and click."""
        self._spend(self.POINT_S + self.PRESS_S, on_mouse=True)
        place.click()


#: A caller says her number first: nobody has it, or somebody does.
_UNKNOWN, _KNOWN = "06 39 98 77 31", "06 39 98 77 32"


def test_telephone_journey_by_keyboard_alone(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    for phone, name in ((_UNKNOWN, "Zuber"), (_UNKNOWN, "Zander")):
        hands = Hands(page)
        hands.think()
        hands.press("/")
        hands.type(phone)
        found = page.locator(".topbar .search-results")
        expect(found).to_contain_text("Aucun patient" if name == "Zuber" else "ZUBER Lison")
        hands.press("Escape", "Escape", "Escape")
        # The next free places, from that day on.
        hands.think()
        hands.press("s")
        expect(page.locator("#creneaux [name=kind]")).to_be_focused()
        hands.press("Tab", "Tab", "Tab", "Tab")
        hands.type(f"{monday:%d/%m/%Y}")
        with page.expect_response(re.compile("/agenda/creneaux/")):
            hands.press("Enter")
        # An answer that came is drawn a moment later: nobody chooses from the list of before.
        expect(page.locator(".htmx-request")).to_have_count(0)
        expect(page.locator("#creneaux .slot-choice").first).to_be_visible()
        hands.think()
        hands.press("Tab", "Tab", "Enter")
        panel = page.locator("#reservation")
        expect(panel.locator("[name=surname]")).to_be_focused()
        hands.think()
        for words in (name, "Lison", phone):
            hands.type(words)
            hands.press("Tab")
        hands.press("Shift+Tab", "Enter")
        if name == "Zander":
            # Somebody of the family: the same telephone is told, then accepted.
            known = panel.get_by_role("button", name="C’est cette personne : réserver")
            expect(known).to_be_focused()
            expect(panel).to_contain_text("Cette personne a peut-être déjà un dossier")
            hands.think()
            hands.press("ArrowDown", "Enter")
        expect(event(page, f"{name.upper()} Lison")).to_be_visible()
        expect(panel).to_be_hidden()
        assert hands.seconds < _CALL_S


def test_telephone_journey_with_the_mouse(log_in: LogIn, site: Site, monday: date) -> None:
    page = log_in("sarah")
    open_agenda(page, site, monday)
    for name in ("Zumba", "Zola"):
        page.locator(".topbar [data-search]").fill("")
        hands = Hands(page)
        hands.think()
        hands.click(page.locator(".topbar [data-search]"))
        hands.type(_KNOWN)
        found = page.locator(".topbar .search-results")
        expect(found).to_contain_text("Aucun patient" if name == "Zumba" else "ZUMBA Lison")
        slots = page.locator("#creneaux")
        hands.think()
        if name == "Zumba":
            page.keyboard.press("Escape")
            hands.click(page.get_by_title("Chercher un créneau (S)"))
        slots.locator("[name=since]").fill("")
        hands.click(slots.locator("[name=since]"))
        hands.type(f"{monday:%d/%m/%Y}")
        with page.expect_response(re.compile("/agenda/creneaux/")):
            hands.click(slots.get_by_role("button", name="Chercher"))
        expect(page.locator(".htmx-request")).to_have_count(0)
        hands.think()
        hands.click(slots.locator(".slot-choice").first)
        panel = page.locator("#reservation")
        # The place for the name waits for the keys, the next one is a key away.
        expect(panel.locator("[name=surname]")).to_be_focused()
        hands.type(name)
        for words in ("Lison", _KNOWN):
            hands.press("Tab")
            hands.type(words)
        hands.click(panel.get_by_role("button", name="Réserver", exact=True))
        if name == "Zola":
            expect(panel).to_contain_text("Cette personne a peut-être déjà un dossier")
            hands.think()
            hands.click(panel.get_by_role("button", name="Nouvelle personne quand même : réserver"))
        expect(event(page, f"{name.upper()} Lison")).to_be_visible()
        assert hands.seconds < _CALL_S


def test_known_caller_is_found_and_booked_without_the_mouse(
    log_in: LogIn, site: Site, monday: date
) -> None:
    patient = site.sample["patients"][12]
    page = log_in("sarah")
    open_agenda(page, site, monday)
    hands = Hands(page)
    hands.think()
    hands.press("/")
    hands.type(f"{patient['birth_name'][:5]} {patient['first_name'][:3]}".lower())
    found = page.locator(".topbar .search-results [role=option]")
    expect(found.first).to_contain_text(patient["first_name"])
    hands.press("Enter")
    link = page.get_by_role("link", name="Nouveau rendez-vous")
    expect(link).to_be_visible()
    hands.think()
    hands.tab_to(link)
    hands.press("Enter")
    page.locator("[data-island=agenda][data-ready=true]").wait_for()
    panel = page.locator("#reservation")
    expect(panel.locator("[data-picked]")).to_contain_text(patient["first_name"])
    hands.think()
    hands.tab_to(panel.locator("[name=day]"))
    hands.press("Control+a")
    hands.type(f"{monday:%d/%m/%Y}")
    hands.press("Tab")
    hands.type("11h30")
    hands.press("Enter")
    expect(page).to_have_url(re.compile(f"jour={monday}"))
    expect(event(page, patient["first_name"])).to_contain_text("11 h 30")
    assert hands.seconds < _CALL_S
