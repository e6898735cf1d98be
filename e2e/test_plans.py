"""From two words to the next appointment: a plan, its sessions, a visit with one key an act."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Site

PATIENT = 52


def _type(page: Page, line: str, lines: int) -> None:
    """Add an act by its line; the first that is proposed is taken with Enter."""
    field = page.locator("[data-add-line]")
    field.fill(line)
    expect(page.locator("#acte-resultats [aria-selected=true]")).to_be_visible()
    field.press("Enter")
    expect(page.locator("#plan [data-line]")).to_have_count(lines)
    expect(field).to_have_value("")


def _prepare(page: Page, plans: str) -> None:
    """Type three acts in two sessions, move one with the keyboard, accept, book the first."""
    page.goto(plans)
    page.get_by_role("button", name="Commencer un plan").press("Enter")
    _type(page, "16 couronne", 1)
    _type(page, "détartrage", 2)
    page.locator("#plan [data-line]").first.hover()
    expect(page.locator(".tooth.is-lit[data-tooth='16']").first).to_be_attached()
    page.locator("#plan .line-main").nth(1).focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#plan [data-line]").first).to_contain_text("Détartrage")
    page.get_by_role("button", name="Ajouter une séance").click()
    expect(page.locator("[data-session]")).to_have_count(2)
    _type(page, "36 MOD composite", 3)
    page.get_by_role("button", name="Le patient accepte").click()
    expect(page.locator("#plan")).to_contain_text("Accepté")
    page.get_by_role("link", name="Réserver les séances").click()
    with page.expect_response("**/rendez-vous/?*"):
        page.locator("fieldset").nth(1).get_by_text("Plus tard").click()
    page.get_by_role("button", name="Réserver", exact=True).click()
    expect(page.locator("main")).to_contain_text("1 rendez-vous réservé.")


def test_plan_is_typed_booked_and_carried_out(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("alice")
    record = f"{site.base}/patients/{site.sample['patients'][PATIENT]['id']}/"
    _prepare(page, f"{record}plans/")

    page.goto(record)
    page.get_by_role("button", name="Ouvrir une séance").click()
    expect(page.locator("[data-do]")).to_have_count(3)
    page.locator("[data-island=plans][data-mounted=true]").wait_for()
    for left in (2, 1):
        page.keyboard.press("f")
        expect(page.locator("[data-do]")).to_have_count(left)
    page.get_by_role("button", name="Détartrage", exact=True).click()
    note = page.locator("#note-visite")
    expect(note).to_be_focused()
    with page.expect_response("**/note/"):
        page.keyboard.type("bonne")
    visit = page.url
    page.close()

    # Whatever closed it: another person at another workstation finds the visit as it was.
    other = log_in("bob")
    other.goto(visit)
    expect(other.locator("#note-visite")).to_contain_text("Hygiène : bonne")
    other.close()

    page = log_in("alice")
    page.goto(visit)
    page.locator("#note-visite").focus()
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    page.keyboard.type("dans six mois")
    page.get_by_role("button", name="Signer et terminer").click()
    expect(page.locator("main")).to_contain_text("note signée")
    page.locator(".visit-slots button").first.click()
    expect(page.locator("main")).to_contain_text("Le prochain rendez-vous est réservé : ")
