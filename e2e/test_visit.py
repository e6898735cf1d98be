"""A whole visit: from the door to the next appointment, counted by gesture."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site
from e2e.looking import TABLET_UPRIGHT, shot
from e2e.tablets import answer_section, name_of, sign, take

LogIn = Callable[..., Page]

#: What a visit may cost the team; what the patient answers on her tablet is hers.
MOST_GESTURES = 60


class Hands:
    """The hands of the team: each click, key, typed text and signature is one gesture."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.gestures = 0

    def click(self, what: Locator) -> None:
        """Click, once."""
        self.gestures += 1
        what.click()

    def press(self, keys: str) -> None:
        """Press one key, or keys together."""
        self.gestures += 1
        self.page.keyboard.press(keys)

    def type(self, text: str) -> None:
        """Type a few words at one go."""
        self.gestures += 1
        self.page.keyboard.type(text)

    def choose(self, field: Locator, label: str) -> None:
        """Choose one of a list."""
        self.gestures += 1
        field.select_option(label=label)

    def go(self, address: str, clicks: int) -> None:
        """Open a page that a person would reach in so many clicks from where she is."""
        self.gestures += clicks
        self.page.goto(address)

    def sign(self) -> None:
        """Draw a signature."""
        self.gestures += 1
        sign(self.page)

    def button(self, name: str) -> None:
        """Click the button of this name."""
        self.click(self.page.get_by_role("button", name=name, exact=True).first)

    def link(self, name: str) -> None:
        """Click the link of this name."""
        self.click(self.page.get_by_role("link", name=name, exact=True).first)

    def part(self, name: str) -> None:
        """Go to a part of the record."""
        self.click(self.page.locator(".record-tabs").get_by_role("link", name=name, exact=True))


def _expected(site: Site) -> tuple[str, str]:
    """Return appointment and patient of somebody who is expected now by Dr Alice.

    Whatever the hour: one who is to come some day, and has two sound molars, comes today.
    """
    rows = site.ask(
        "SELECT a.id, a.patient_id FROM care_appointment a "
        "JOIN base_person p ON p.id = a.practitioner_id JOIN care_patient q ON q.id = a.patient_id "
        "WHERE p.username = 'alice' AND a.status IN ('booked', 'confirmed') AND a.starts_at > %s "
        "AND q.born_on BETWEEN '1950-01-01' AND '2000-01-01' ORDER BY a.starts_at, a.id",
        [_text(datetime.now(UTC))],
    )
    appointment, patient = next(row for row in rows if len(_charted_molars(site, row[1])) <= 6)
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    site.ask(
        "UPDATE care_appointment SET starts_at = %s, ends_at = %s WHERE id = %s",
        [_text(now), _text(now + timedelta(minutes=30)), appointment],
    )
    return str(UUID(str(appointment))), str(UUID(str(patient)))


def _charted_molars(site: Site, patient: str) -> set[int]:
    """Return the first and second molars of which anything was ever charted."""
    rows = site.ask(
        "SELECT finding FROM care_chartevent WHERE patient_id = %s AND finding IS NOT NULL",
        [patient],
    )
    found = (json.loads(told) if isinstance(told, str) else told for (told,) in rows)
    return {tooth for one in found for tooth in one["teeth"] if tooth % 10 in {6, 7}}


def _text(at: datetime) -> str:
    """Return an instant as both databases take it."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def _sound_molars(page: Page) -> list[int]:
    titles = page.locator("#dents .tooth.is-present > title").all_text_contents()
    found = [int(t[5:7]) for t in titles if t.endswith("présente d’après l’âge")]
    return [tooth for tooth in found if tooth % 10 in {6, 7}]


def test_a_whole_visit_takes_few_gestures(log_in: LogIn, site: Site) -> None:
    appointment, patient = _expected(site)
    record = f"{site.base}/patients/{patient}/"
    page = log_in("alice")
    tablet = log_in("", viewport=TABLET_UPRIGHT, has_touch=True)
    hands = Hands(page)

    # The agenda, then the appointment; the patient's name leads from there to the record.
    hands.go(f"{site.base}/agenda/rendez-vous/{appointment}/", clicks=2)
    hands.button("Arrivé")
    expect(page.get_by_role("button", name="Au fauteuil", exact=True).first).to_be_visible()
    hands.go(record, clicks=1)
    _questionnaire(hands, tablet, site)
    hands.go(f"{site.base}/agenda/rendez-vous/{appointment}/", clicks=2)
    hands.button("Au fauteuil")
    expect(page.locator("main")).to_contain_text("Au fauteuil")

    hands.go(record, clicks=1)
    page.locator("#dents[data-awake]").wait_for()
    first, second = _sound_molars(page)[:2]
    _chart(hands, first, second)
    _plan(hands, first, second)
    _treat(hands)
    shot(page, "visite-actes")
    _prescribe(hands)
    shot(page, "visite-ordonnance")
    _consent(hands, tablet, site, first)
    shot(page, "visite-consentement")
    _end(hands)
    shot(page, "visite-fin")
    print(f"{hands.gestures} gestures")
    assert hands.gestures < MOST_GESTURES
    _correct(page, log_in("bob"))
    shot(page, "visite-corrigee")


def _questionnaire(hands: Hands, tablet: Page, site: Site) -> None:
    hands.part("Antécédents")
    hands.click(hands.page.get_by_role("link", name="Tablette").first)
    hands.click(hands.page.get_by_role("button").filter(has_text="Préparer le lien"))
    take(tablet, site, hands.page.locator(".hand-over-code").inner_text())
    tablet.get_by_role("button", name="Oui, commencer").click()
    # The frame is in the page before its island draws the canvas.
    while not tablet.locator("[data-island=signature]").count():
        title = tablet.locator("h1").inner_text()
        answer_section(tablet, "Pénicilline")
        tablet.get_by_role("button", name="Continuer").click()
        expect(tablet.locator("h1")).not_to_have_text(title)
        tablet.wait_for_load_state("domcontentloaded")
    tablet.get_by_label("Nom et prénom de qui signe").fill("Jean Essai")
    sign(tablet)
    tablet.get_by_role("button", name="Envoyer au cabinet").click()
    expect(hands.page.locator("#bandeau")).to_contain_text("Pénicillines")
    hands.part("Antécédents")
    hands.button("J’ai relu, valider")
    expect(hands.page.locator("main")).to_contain_text("Questionnaire à jour")


def _chart(hands: Hands, first: int, second: int) -> None:
    said = hands.page.locator("[data-mouth-said]")
    for line, words in ((f"{first} MO carie", "carie MO"), (f"{second} O carie", "carie O")):
        hands.press("e")
        hands.type(line)
        hands.press("Enter")
        expect(said).to_contain_text(words)
        hands.press("Escape")


def _add(hands: Hands, line: str) -> None:
    field = hands.page.locator("[data-add-line]")
    hands.click(field)
    hands.gestures += 2
    field.fill(line)
    # At once, as a fast typist does: it is the first of what answers these words that is added.
    field.press("Enter")
    expect(field).to_have_value("")


def _plan(hands: Hands, first: int, second: int) -> None:
    hands.part("Traitements")
    page = hands.page
    if not page.locator("[data-add-line]").count():
        page.locator("main").get_by_role("button", name="Commencer un plan").wait_for()
        hands.button("Commencer un plan")
    before = page.locator("#plan [data-line]").count()
    for number, line in enumerate((f"{first} MO composite", f"{second} O composite"), start=1):
        _add(hands, line)
        expect(page.locator("#plan [data-line]")).to_have_count(before + number)
    # What is left for another day is what the next appointment is for.
    hands.button("Ajouter une séance")
    expect(page.locator("[data-session]")).to_have_count(2)
    _add(hands, "détartrage")
    expect(page.locator("#plan [data-line]")).to_have_count(before + 3)
    hands.button("Le patient accepte")
    expect(page.locator("#plan")).to_contain_text("Accepté")


def _treat(hands: Hands) -> None:
    page = hands.page
    hands.part("Dossier")
    hands.link("Continuer la séance")
    expect(page.locator("[data-do]").first).to_be_visible()
    left = page.locator("[data-do]").count()
    for done in (1, 2):
        hands.press("f")
        expect(page.locator("[data-do]")).to_have_count(left - done)
    hands.click(page.locator("#note-visite"))
    with page.expect_response("**/note/"):
        hands.type("Deux composites sous digue, sans difficulté.")


def _prescribe(hands: Hands) -> None:
    page = hands.page
    hands.part("Ordonnances")
    hands.button("Pulpite")
    hands.button("Émettre l’ordonnance")
    page.wait_for_function("() => document.querySelector('.paper-page img')?.naturalWidth > 500")


def _consent(hands: Hands, tablet: Page, site: Site, tooth: int) -> None:
    page = hands.page
    hands.part("Consentements")
    hands.choose(page.get_by_label("Soin"), "Traitement de racine")
    hands.click(page.get_by_label("Dents"))
    hands.type(str(tooth))
    hands.button("Préparer")
    hands.button("Lire et signer sur tablette")
    take(tablet, site, page.locator(".hand-over-code").inner_text())
    tablet.get_by_role("button", name="Oui, commencer").click()
    tablet.get_by_label("J’ai été informé et j’accepte ce soin").check()
    tablet.get_by_label("Nom et prénom de qui signe").fill(name_of(page))
    sign(tablet)
    tablet.get_by_role("button", name="Envoyer au cabinet").click()
    expect(tablet.locator("main")).to_contain_text("C’est envoyé")
    hands.part("Consentements")
    hands.link("Traitement de racine")
    hands.sign()
    hands.button("Signer et sceller")
    expect(page.locator("main")).to_contain_text("Intact")


def _end(hands: Hands) -> None:
    page = hands.page
    hands.part("Dossier")
    hands.link("Continuer la séance")
    hands.click(page.get_by_role("button", name="Signer et terminer").first)
    expect(page.locator("main")).to_contain_text("note signée")
    hands.click(page.locator(".visit-slots button").first)
    expect(page.locator("main")).to_contain_text("Le prochain rendez-vous est réservé : ")


def _correct(page: Page, elsewhere: Page) -> None:
    """Strike an act of the visit that has ended, by the keyboard; note it again.

    Another workstation shows what is corrected without being loaded again.
    """
    elsewhere.goto(page.url)
    elsewhere.locator("body[data-live=up]").wait_for()
    page.get_by_role("link", name="Rayer cet acte").first.press("Enter")
    page.get_by_label("Raison").press_sequentially("dent voisine")
    page.keyboard.press("Enter")
    struck = page.locator(".plan-line-struck")
    expect(struck).to_contain_text("dent voisine")
    expect(elsewhere.locator(".plan-line-struck")).to_contain_text("dent voisine")
    struck.get_by_role("button", name="Rétablir cet acte").press("Enter")
    expect(page.locator("main")).to_contain_text("L’acte est noté à nouveau")
