"""Messages to patients: set up, worded, answered by who holds the link, read by a telephone."""

import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import TELEPHONE, trouble
from quenotte.care.reminders.rules.tokens import token_of
from tests.support.mail_servers import serving

SETTINGS, WORDS = "/cabinet/rappels/", "/cabinet/rappels/textes/"


@pytest.fixture(scope="module")
def links(site: Site) -> list[str]:
    """The links of messages about appointments to come, once the worker has planned them."""
    key = (site.data / "keys" / "sealing.key").read_text("ascii").strip()
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        rows = site.ask(
            "SELECT m.id FROM care_message m "
            "JOIN care_appointment a ON a.id = m.appointment_id "
            "WHERE m.kind = 'reminder' AND m.answer = '' AND a.status = 'booked' "
            "AND m.about > %s ORDER BY m.about",
            [f"{tomorrow:%Y-%m-%d %H:%M:%S}"],
        )
        if len(rows) >= 4:
            return [f"{site.base}/r/{token_of(key, UUID(str(row[0])))}/" for row in rows]
        time.sleep(1)
    raise AssertionError("the worker planned no reminder")


def test_mail_is_set_up_and_the_trial_arrives(alice: Page, site: Site) -> None:
    with serving() as post:
        alice.goto(site.base + SETTINGS)
        alice.fill("[name=smtp_host]", "127.0.0.1")
        alice.fill("[name=smtp_port]", str(post.port))
        alice.select_option("[name=smtp_security]", "none")
        alice.fill("[name=sender_address]", "rappels@quenottes.example")
        alice.get_by_role("button", name="Enregistrer").click()
        expect(alice.locator("main")).to_contain_text("sont enregistrés")
        alice.fill("[name=recipient]", "alice@quenottes.example")
        alice.get_by_role("button", name="Envoyer un essai").click()
        expect(alice.locator("#essai")).to_contain_text("Le serveur a accepté le message d’essai.")
    assert post.letters[0]["To"] == "alice@quenottes.example"
    alice.fill("[name=recipient]", "alice@quenottes.example")
    alice.get_by_role("button", name="Envoyer un essai").click()
    expect(alice.locator("#essai")).to_contain_text("n’a pas ouvert sa porte")


def test_words_of_health_are_refused_while_typing_and_when_saved(alice: Page, site: Site) -> None:
    alice.goto(site.base + WORDS)
    alice.get_by_role("link", name=re.compile("Rappel.*SMS")).click()
    alice.fill("[name=text]", "Le {date} à {heure} pour votre détartrage")
    expect(alice.locator("#apercu")).to_contain_text("« detartrage » parle de santé")
    alice.get_by_role("button", name="Enregistrer").click()
    expect(alice.locator(".error")).to_contain_text("« detartrage » parle de santé")
    alice.fill("[name=text]", "{cabinet} : à bientôt le {date} à {heure}. {lien}")
    expect(alice.locator("#apercu")).to_contain_text("1 SMS")
    alice.get_by_role("button", name="Enregistrer").click()
    expect(alice.locator("main")).to_contain_text("Le texte est enregistré")


def test_patient_confirms_by_her_link_once(
    log_in: Callable[..., Page], site: Site, links: list[str]
) -> None:
    desk, patient = log_in("sarah"), log_in("")
    desk.goto(site.base + "/rappels/?etat=a-envoyer")
    desk.locator("body[data-live=up]").wait_for()
    patient.goto(links[0])
    expect(patient.locator("main")).to_contain_text("Cabinet des Quenottes")
    patient.keyboard.press("Tab")
    expect(patient.get_by_role("button", name="Je confirme ma venue")).to_be_focused()
    patient.keyboard.press("Enter")
    expect(patient.locator("main")).to_contain_text("Votre venue est confirmée.")
    expect(desk.locator("#messages")).to_contain_text("Confirmé par le patient")
    patient.goto(links[0])
    expect(patient.locator("main")).to_contain_text("ce lien ne sert plus")
    expect(patient.get_by_role("button")).to_have_count(0)


def test_who_asks_to_be_called_is_on_the_first_page(
    log_in: Callable[..., Page], site: Site, links: list[str]
) -> None:
    desk, patient = log_in("sarah"), log_in("")
    patient.goto(links[1])
    patient.get_by_role("button", name="rappelez-moi").click()
    expect(patient.locator("main")).to_contain_text("Le cabinet vous rappellera.")
    desk.goto(site.base + "/")
    card = desk.locator("#rappels-a-faire")
    expect(card).to_contain_text("Demande à être rappelé")
    count = card.get_by_role("listitem").count()
    card.get_by_role("button", name="Patient appelé").first.click()
    expect(desk.locator("#rappels-a-faire").get_by_role("listitem")).to_have_count(count - 1)


def test_calendar_is_opened_read_by_a_telephone_and_closed(alice: Page, site: Site) -> None:
    alice.goto(site.base + "/cabinet/calendriers/")
    alice.fill("[name=name]", "Mon téléphone")
    alice.get_by_role("button", name="Ouvrir l’adresse").click()
    address = alice.locator(".secret-address").inner_text()
    with urllib.request.urlopen(address) as answer:
        calendar = answer.read().decode()
    assert "BEGIN:VTIMEZONE" in calendar
    assert set(re.findall(r"SUMMARY:(.*?)\r", calendar)) == {"Rendez-vous"}
    alice.get_by_role("button", name="Fermer « Mon téléphone »").click()
    expect(alice.locator("main")).to_contain_text("elle ne répond plus")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(address)
    with caught.value as refusal:
        assert refusal.code == 404


def test_pages_of_patients_are_clean(
    log_in: Callable[..., Page], site: Site, links: list[str]
) -> None:
    page = log_in("")
    found: dict[str, list[str]] = {}
    for name, address in {
        "lien": links[2],
        "lien-arret": links[2] + "arret/",
        "lien-inconnu": f"{site.base}/r/{'a' * 22}/",
    }.items():
        page.goto(address)
        if wrong := trouble(page, name, sizes=[TELEPHONE]):
            found[name] = wrong
    assert found == {}
