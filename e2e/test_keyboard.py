"""Who is at the keyboard: locked by time and by will, unlocked, taken over; second factors."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, TABLET_UPRIGHT, trouble

PIN, OTHER_PIN = "274906", "815330"
_SIZES = (CHAIRSIDE, TABLET, TABLET_UPRIGHT)


@pytest.fixture
def delay(site: Site) -> Iterator[Callable[[int], None]]:
    """Return a function that makes every workstation lock after so many seconds."""

    def set_delay(seconds: int) -> None:
        site.ask("UPDATE base_workstation SET idle_lock_s = %s", [seconds])
        # Whoever is there was there just now, however busy the machine is.
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        site.ask("UPDATE base_sitting SET last_input_at = %s", [now])

    yield set_delay
    set_delay(300)


def _totp(secret: str, ahead: int = 0) -> str:
    counter = struct.pack(">Q", int(time.time()) // 30 + ahead)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def _choose_pin(page: Page, site: Site, pin: str) -> None:
    page.goto(site.base + "/mon-compte/")
    page.fill("input[name=pin]", pin)
    page.fill("input[name=again]", pin)
    page.press("input[name=again]", "Enter")
    expect(page.locator("main")).to_contain_text("Le code de ce poste est enregistré")


def _look(page: Page, name: str) -> None:
    """Refuse what axe finds and what is wider than the screen, in both themes."""
    assert trouble(page, name, sizes=_SIZES) == []


def test_screen_that_nobody_touches_empties_itself(
    log_in: Callable[..., Page], site: Site, delay: Callable[[int], None]
) -> None:
    page = log_in("hugo", is_own=True)
    _choose_pin(page, site, PIN)
    delay(8)
    patient = site.sample["patients"][3]
    other_tab = page.context.new_page()
    for tab in (other_tab, page):
        tab.goto(f"{site.base}/patients/{patient['id']}/")
        expect(tab.locator(".record-banner")).to_be_visible()

    # Nobody asks for anything: the pages find out, and ask the server.
    for tab in (page, other_tab):
        expect(tab).to_have_url(re.compile("/verrou/"))
        expect(tab).to_have_title("Verrouillé · Quenotte")
        expect(tab.locator("body")).not_to_contain_text("Delaroche")
    page.go_back()
    expect(page.locator(".record-banner")).to_have_count(0)

    delay(300)
    page.goto(site.base + "/verrou/")
    page.keyboard.press("1")
    page.keyboard.type(PIN)
    expect(page).not_to_have_url(re.compile("/verrou/"))
    # The other tab comes back to its record by itself.
    expect(other_tab.locator(".record-banner")).to_be_visible()


def test_typing_keeps_the_screen_open(
    log_in: Callable[..., Page], site: Site, delay: Callable[[int], None]
) -> None:
    page = log_in("hugo", is_own=True)
    record = f"{site.base}/patients/{site.sample['patients'][4]['id']}/"
    # Once before: a machine that does something else as well takes seconds for the first page.
    page.goto(record)
    note = page.locator("#note-text")
    expect(note).to_be_visible()
    delay(20)
    page.goto(record)
    for _ in range(26):
        note.press_sequentially("a")
        page.wait_for_timeout(900)
    expect(page.locator(".record-banner")).to_be_visible()


def test_two_people_share_a_keyboard_without_a_mouse(
    log_in: Callable[..., Page], site: Site
) -> None:
    page = log_in("bob", is_own=True)
    _choose_pin(page, site, PIN)
    record = f"{site.base}/patients/{site.sample['patients'][5]['id']}/"
    page.goto(record)
    page.fill("#note-text", "Commencé par Bob")
    page.keyboard.press("Control+Alt+l")
    expect(page).to_have_url(re.compile("/verrou/"))

    # Hugo is not enrolled here yet: he logs in in full, once.
    page.get_by_role("button", name="Autre personne").press("Enter")
    page.fill("input[name=login]", "hugo")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(site.base + "/")
    _choose_pin(page, site, OTHER_PIN)
    page.goto(record)
    expect(page.locator("#note-text")).to_have_value("")
    page.keyboard.press("Control+Alt+l")
    expect(page).to_have_url(re.compile("/verrou/"))
    expect(page.locator(".seat")).to_have_count(2)

    # One key, six digits.
    page.keyboard.press("2")
    page.keyboard.type(PIN)
    page.wait_for_url(site.base + "/")
    expect(page.locator(".person-name")).to_contain_text("Bob")
    page.goto(record)
    expect(page.locator("#note-text")).to_have_value("Commencé par Bob")


def test_five_wrong_codes_then_the_password(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("sarah", is_own=True)
    _choose_pin(page, site, PIN)
    page.get_by_role("button", name="Verrouiller").click()
    expect(page).to_have_url(re.compile("/verrou/"))
    for count in range(5):
        page.locator("input.pin").press_sequentially("190384")
        expect(page.locator(".banner")).to_contain_text(
            "Cinq codes faux" if count == 4 else "pas le bon"
        )

    page.fill("input[name=mot_de_passe]", site.password)
    page.press("input[name=mot_de_passe]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mon compte")


def test_telephone_becomes_a_second_factor(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("carole", is_own=True)
    page.goto(site.base + "/mon-compte/")
    _look(page, "mon-compte")
    page.get_by_role("link", name="Relier l’application").click()
    _look(page, "application")
    secret = page.locator("[data-secret]").inner_text()
    page.fill("input[name=code]", _totp(secret))
    page.press("input[name=code]", "Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    _look(page, "codes")
    recovery = page.locator(".codes code").first.inner_text()
    _choose_pin(page, site, PIN)
    page.get_by_role("button", name="Verrouiller").click()
    expect(page).to_have_url(re.compile("/verrou/"))
    _look(page, "verrou")

    page.get_by_role("button", name="Se déconnecter").click()
    page.fill("input[name=login]", "carole")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second facteur")
    _look(page, "second-facteur")
    page.fill("input[name=code]", recovery)
    page.press("input[name=code]", "Enter")
    page.wait_for_url(site.base + "/")
    page.goto(site.base + "/mon-compte/")
    _look(page, "mon-compte-protege")
    page.get_by_role("button", name="Retirer", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Ce second facteur est retiré")


def test_passkey_is_made_used_at_the_lock_and_to_log_in(
    log_in: Callable[..., Page], site: Site
) -> None:
    page = log_in("")
    # Passkeys want a name: the address by number is not one.
    base = site.base.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    page.goto(base + "/connexion/")
    page.fill("input[name=login]", "hugo")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(base + "/")

    page.goto(base + "/mon-compte/")
    page.fill("#nom-cle", "Empreinte de l’accueil")
    page.get_by_role("button", name="Ajouter une clé d’accès").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.goto(base + "/patients/")
    page.keyboard.press("Control+Alt+l")
    expect(page).to_have_url(re.compile("/verrou/"))
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    expect(page).to_have_url(base + "/patients/")

    page.get_by_role("button", name="Se déconnecter").click()
    page.get_by_role("button", name="Utiliser une clé d’accès").click()
    page.wait_for_url(base + "/")
    expect(page.locator(".person-name")).to_contain_text("Hugo")

    page.get_by_role("button", name="Se déconnecter").click()
    page.fill("input[name=login]", "hugo")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second facteur")
    page.get_by_role("button", name="Utiliser ma clé d’accès").click()
    page.wait_for_url(base + "/")
    page.goto(base + "/mon-compte/")
    page.get_by_role("button", name="Retirer", exact=True).first.click()
    expect(page.locator("main")).to_contain_text("Ce second facteur est retiré")


def test_secretary_opens_a_record_in_an_emergency(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("sarah", is_own=True)
    boss = log_in("alice")
    boss.locator("body[data-live=up]").wait_for()
    patient = site.sample["patients"][6]
    page.goto(f"{site.base}/patients/{patient['id']}/")
    page.get_by_role("link", name="Accès exceptionnel").click()
    _look(page, "acces-exceptionnel")
    page.fill("textarea[name=words]", "Douleur au téléphone, praticienne absente")
    page.get_by_role("button", name="Ouvrir le dossier").click()
    expect(page.locator(".banner").last).to_contain_text("Accès exceptionnel jusqu’à")
    expect(page.locator("#notes")).to_be_visible()
    _look(page, "dossier-exceptionnel")

    expect(boss.locator(".toasts")).to_contain_text("accès exceptionnel")
    boss.reload()
    expect(boss.locator("#a-relire")).to_contain_text("Douleur au téléphone")
    _look(boss, "a-relire")
    boss.get_by_role("button", name="Relu").first.click()
    expect(boss.locator("main")).to_contain_text("est relu")
