"""Who is to come back: found by a rule, called, written to, booked or left in peace."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Site
from quenotte.kernel.health_words import health_words
from quenotte.kernel.names import fold

LogIn = Callable[..., Page]
_RULE = "Revoir au bout d’un mois"
_REASON = "Revoir la gouttière"


def _make_rule(page: Page, site: Site) -> None:
    """Make a rule that brings patients of the demo into the list at once."""
    page.goto(site.base + "/cabinet/controles/nouvelle/")
    page.locator("[name=name]").fill(_RULE)
    page.get_by_label("Compter depuis").select_option("visit")
    page.get_by_label("Revoir après").fill("1")
    page.get_by_label("À partir de").fill("14")
    page.get_by_label("Jusqu’à").fill("99")
    page.get_by_label("Ne plus rappeler").fill("120")
    page.keyboard.press("Enter")
    expect(page.locator("table")).to_contain_text(_RULE)


def _list(page: Page, site: Site) -> Locator:
    """Show whom the rule brought; return the lines."""
    page.goto(site.base + "/controles/")
    page.get_by_label("Règle").select_option(label=_RULE)
    page.get_by_role("button", name="Afficher").click()
    page.wait_for_url("**/controles/?*")
    page.locator("html[data-ready=true]").wait_for()
    return page.locator(".recall")


def test_rule_brings_a_patient_who_is_called_written_to_and_booked(
    log_in: LogIn, site: Site
) -> None:
    site.ask("UPDATE care_patient SET address = '3 rue des Saules' WHERE address = ''")
    page = log_in("alice")
    _make_rule(page, site)
    page.get_by_role("link", name="Voir la liste").click()
    page.get_by_role("button", name="Chercher maintenant").click()
    expect(page.locator(".toast, .banner").first).to_contain_text("ajoutés à la liste")

    page = log_in("sarah")
    line = _list(page, site).first
    name = line.locator(".task-text a").first.inner_text()
    line = page.locator(".recall", has_text=name)
    line.get_by_role("button", name="Sans réponse").press("Enter")
    expect(line.locator(".recall-attempts")).to_contain_text("Téléphone · Pas de réponse")
    expect(line.locator(".recall-attempts")).to_contain_text("Sarah Aubin")
    # The list was drawn again below the hand: the key is still under the finger.
    assert page.evaluate("document.activeElement.textContent.trim()") == "Sans réponse"

    _write_to(page, name)

    # The appointment is booked for her: she leaves the list by herself.
    listing = page.url
    line.get_by_role("link", name="Rendez-vous", exact=True).click()
    page.locator(".slot-choice").first.press("Enter")
    expect(page.locator("[data-picked]")).to_contain_text(name.split()[0])
    page.get_by_role("button", name="Réserver").press("Enter")
    expect(page.locator(".toast")).to_contain_text("Rendez-vous réservé")
    page.goto(listing)
    expect(line).to_have_count(0)
    page.get_by_role("link", name="Ont rendez-vous").click()
    expect(page.locator(".recall", has_text=name)).to_contain_text("vient le")


def _write_to(page: Page, name: str) -> None:
    """Read the texts, note the short message, print the letter."""
    listing, line = page.url, page.locator(".recall", has_text=name)
    # What travels in the open says nothing of anybody's health.
    line.get_by_role("link", name="Autre résultat").click()
    for label in ("SMS", "Courriel"):
        text = page.get_by_label(f"Texte à copier : {label}").input_value()
        assert "Quenottes" in text
        assert list(health_words(fold(text).split())) == []
    page.get_by_role("button", name="Noter l’envoi : SMS").press("Enter")
    page.goto(listing)
    expect(line).to_contain_text("SMS · Écrit")
    page.get_by_label(f"Choisir {name} pour un courrier").check()
    with page.context.expect_event("response", lambda one: "courriers" in one.url) as letters:
        page.get_by_role("button", name="Imprimer un courrier").press("Enter")
    assert letters.value.headers["content-type"] == "application/pdf"
    page.goto(listing)
    expect(line).to_contain_text("Courrier · Écrit")


def test_patient_who_declines_is_left_in_peace_and_a_slip_is_taken_back(
    log_in: LogIn, site: Site
) -> None:
    page = log_in("sarah")
    _ask(page, site)
    page.goto(site.base + "/controles/")
    _decline(page)
    ended = page.locator(".recall", has_text=_REASON)
    ended.get_by_role("button", name="Remettre dans la liste").press("Enter")
    expect(ended).to_have_count(0)
    page.get_by_role("link", name="À contacter").press("Enter")
    _decline(page)


def _ask(page: Page, site: Site) -> None:
    """Put somebody who has nothing booked on the list by hand."""
    ((patient,),) = site.ask(
        "SELECT id FROM care_patient p WHERE died_on IS NULL AND do_not_contact = %s "
        "AND NOT EXISTS (SELECT 1 FROM care_appointment a WHERE a.patient_id = p.id "
        "AND a.starts_at > %s AND a.status NOT IN ('cancelled', 'missed')) "
        "ORDER BY file_number LIMIT 1",
        [False, f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"],
    )
    page.goto(f"{site.base}/patients/{UUID(str(patient))}/controles/")
    page.get_by_label("Motif, pour le cabinet seul").fill(_REASON)
    page.get_by_label("À revoir vers le").fill(f"{date.today():%d/%m/%Y}")
    page.keyboard.press("Enter")
    expect(page.locator(".visits").first).to_contain_text(_REASON)


def _decline(page: Page) -> None:
    """Note that a patient of the list does not want to come; end on those that are over."""
    line = page.locator(".recall", has_text=_REASON)
    line.get_by_role("link", name="Autre résultat").click()
    page.locator("select[name=result]").select_option("declined")
    page.get_by_label("Remarque").fill("Suivi ailleurs")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Terminées").press("Enter")
    expect(line).to_contain_text("Ne souhaite pas")
    page.locator("html[data-ready=true]").wait_for()
