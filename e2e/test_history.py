"""Medical history and consents: a tablet in a patient's hands, her alerts on the record at once."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET_UPRIGHT, shot, trouble
from e2e.tablets import answer_section, sign, take

LogIn = Callable[..., Page]


@pytest.fixture
def record(site: Site) -> str:
    """An adult's record that no other journey writes in."""
    rows = site.ask(
        "SELECT p.id FROM care_patient p WHERE p.died_on IS NULL AND p.merged_into_id IS NULL "
        "AND p.sex = 'M' AND p.born_on BETWEEN '1960-01-01' AND '1995-01-01' AND NOT EXISTS "
        "(SELECT 1 FROM care_medicalalert a WHERE a.patient_id = p.id) "
        "ORDER BY p.file_number DESC LIMIT 1"
    )
    ident = str(rows[0][0]).replace("-", "")
    parts = ident[:8], ident[8:12], ident[12:16], ident[16:20], ident[20:]
    return f"{site.base}/patients/{'-'.join(parts)}/"


class Looks:
    """What is wrong with the pages that the journey passes."""

    def __init__(self) -> None:
        self.found: dict[str, list[str]] = {}

    def at(self, page: Page, name: str) -> None:
        """Look at a page on the screen that it is made for."""
        size = TABLET_UPRIGHT if name.startswith("tablette") else CHAIRSIDE
        if wrong := trouble(page, name, sizes=[size]):
            self.found[name] = wrong


def test_patient_answers_on_a_tablet_and_signs_a_consent(
    log_in: LogIn, site: Site, record: str
) -> None:
    looks = Looks()
    desk, tablet = log_in("alice"), log_in("", viewport=TABLET_UPRIGHT, has_touch=True)
    _questionnaire(desk, tablet, site, record, looks)
    _consent(desk, tablet, site, record, looks)
    tablet.goto(site.base + "/tablette/merci/")
    looks.at(tablet, "tablette-merci")
    assert looks.found == {}


def _questionnaire(desk: Page, tablet: Page, site: Site, record: str, looks: Looks) -> None:
    desk.goto(record + "antecedents/tablette/")
    desk.get_by_role("button", name=re.compile("Préparer le lien|remplir de nouveau")).click()
    code = desk.locator(".hand-over-code").inner_text()
    shot(desk, "lien-de-tablette")
    tablet.goto(site.base + "/tablette/")
    looks.at(tablet, "tablette-code")
    take(tablet, site, code)
    looks.at(tablet, "tablette-confirmer")
    tablet.get_by_role("button", name="Oui, commencer").click()
    _answer_everything(tablet, looks)
    looks.at(tablet, "tablette-signature")
    desk.goto(record)
    desk.locator("body[data-live=up]").wait_for()
    tablet.get_by_label("Nom et prénom de qui signe").fill("Jean Essai")
    sign(tablet)
    tablet.get_by_role("button", name="Envoyer au cabinet").click()
    expect(tablet.locator("main")).to_contain_text("C’est envoyé")
    expect(desk.locator("#bandeau")).to_contain_text("Allergie : Pénicillines")
    tablet.go_back()
    tablet.reload()
    expect(tablet.locator("main")).to_contain_text("Ce lien ne sert plus")
    desk.goto(record + "antecedents/")
    expect(desk.locator("main")).to_contain_text("Jean Essai")
    looks.at(desk, "antecedents-a-relire")
    desk.get_by_role("button", name="J’ai relu, valider").click()
    expect(desk.locator("main")).to_contain_text("Questionnaire à jour")


def _answer_everything(tablet: Page, looks: Looks) -> None:
    # The frame to sign in is drawn a moment after its page: the title says where one is.
    while (title := tablet.locator("h1").inner_text()) != "Relisez, puis signez":
        if title == "Allergies":
            # What is chosen is kept before anybody goes on: a reload loses nothing.
            with tablet.expect_response(re.compile("garder")):
                answer_section(tablet, "Pénicilline")
            tablet.reload()
            expect(tablet.get_by_label("Pénicilline, amoxicilline")).to_be_checked()
            looks.at(tablet, "tablette-questions")
        else:
            answer_section(tablet, "Pénicilline")
        tablet.get_by_role("button", name="Continuer").click()
        expect(tablet.locator("h1")).not_to_have_text(title)


def _consent(desk: Page, tablet: Page, site: Site, record: str, looks: Looks) -> None:
    desk.goto(record + "consentements/")
    desk.get_by_label("Soin").select_option(label="Pose d’un implant")
    desk.get_by_label("Dents").fill("36")
    desk.get_by_role("button", name="Préparer").click()
    place = desk.url
    desk.get_by_role("button", name="Lire et signer sur tablette").click()
    take(tablet, site, desk.locator(".hand-over-code").inner_text())
    tablet.get_by_role("button", name="Oui, commencer").click()
    with tablet.expect_response(re.compile("garder=questions")):
        tablet.get_by_label("Questions posées").fill("Et le tabac ?")
    tablet.reload()
    expect(tablet.get_by_label("Questions posées")).to_have_value("Et le tabac ?")
    looks.at(tablet, "tablette-consentement")
    tablet.get_by_label("J’ai été informé et j’accepte ce soin").check()
    tablet.get_by_label("Nom et prénom de qui signe").fill("Jean Essai")
    sign(tablet)
    tablet.get_by_role("button", name="Envoyer au cabinet").click()
    # Another name than the patient's: it is asked as whom, once, and what was drawn stays.
    expect(tablet.locator("main")).to_contain_text("En quelle qualité ?")
    expect(tablet.get_by_text("En quelle qualité ?").first).to_be_in_viewport()
    expect(tablet.locator(".signature-drawn path").first).to_be_visible()
    looks.at(tablet, "tablette-qualite")
    tablet.get_by_label("Une autre personne").check()
    tablet.get_by_label("Laquelle ?").fill("son épouse")
    tablet.get_by_role("button", name="Envoyer au cabinet").click()
    expect(tablet.locator("main")).to_contain_text("C’est envoyé")
    desk.goto(place)
    expect(desk.locator("main")).to_contain_text("Jean Essai (son épouse)")
    sign(desk)
    desk.get_by_role("button", name="Signer et sceller").click()
    expect(desk.locator("main")).to_contain_text("Intact")
    looks.at(desk, "consentement-scelle")
