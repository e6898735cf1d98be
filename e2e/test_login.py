"""Getting in, being kept out, being shown out."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import CHAIRSIDE, TABLET, TABLET_UPRIGHT, trouble


def test_dentist_logs_in_and_sees_her_day(log_in: Callable[..., Page]) -> None:
    alice = log_in("alice", is_own=True)
    expect(alice.get_by_role("heading", level=1)).to_have_text("Aujourd’hui")
    expect(alice.locator(".person-name")).to_contain_text("Alice")


def test_login_page_names_the_demo_accounts(log_in: Callable[..., Page]) -> None:
    page = log_in("")
    expect(page.locator("main")).to_contain_text("quenotte-demo")
    expect(page.locator("main")).to_contain_text("sarah")


def test_wrong_password_is_told_calmly(log_in: Callable[..., Page]) -> None:
    page = log_in("")
    page.fill("input[name=login]", "bob")
    page.fill("input[name=password]", "pas-le-bon-mot")
    page.press("input[name=password]", "Enter")
    expect(page.locator("main")).to_contain_text("ne correspond pas")
    expect(page).to_have_url(re.compile("/connexion/"))


def test_five_wrong_passwords_close_the_door_for_a_while(
    log_in: Callable[..., Page], site: Site
) -> None:
    page = log_in("")
    for _ in range(5):
        page.goto(site.base + "/connexion/")
        # Nobody's name: the other journeys of this site still have to log in.
        page.fill("input[name=login]", "quelqu-un")
        page.fill("input[name=password]", "pas-le-bon-mot")
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
    expect(page.get_by_role("heading", level=1)).to_have_text("Connexion suspendue")
    assert trouble(page, "connexion-suspendue", sizes=[CHAIRSIDE, TABLET_UPRIGHT]) == []


def test_stranger_is_led_to_the_login_and_back(log_in: Callable[..., Page], site: Site) -> None:
    page = log_in("")
    page.goto(f"{site.base}/patients/{site.sample['patients'][0]['id']}/")
    expect(page).to_have_url(re.compile("/connexion/"))
    page.fill("input[name=login]", "alice")
    page.fill("input[name=password]", site.password)
    page.press("input[name=password]", "Enter")
    expect(page.locator(".record-banner")).to_be_visible()


def test_logout_leaves_nothing_behind_the_back_button(
    log_in: Callable[..., Page], site: Site
) -> None:
    alice = log_in("alice", is_own=True)
    alice.goto(f"{site.base}/patients/{site.sample['patients'][0]['id']}/")
    alice.get_by_role("button", name="Se déconnecter").click()
    expect(alice).to_have_url(re.compile("/connexion/"))
    alice.go_back()
    expect(alice.locator(".record-banner")).to_have_count(0)


def test_person_who_leaves_is_cut_at_once(log_in: Callable[..., Page], site: Site) -> None:
    manager = log_in("alice")
    manager.goto(site.base + "/cabinet/comptes/nouveau/")
    manager.fill("input[name=first_name]", "Nina")
    manager.fill("input[name=last_name]", "Passage")
    manager.fill("input[name=username]", "nina")
    manager.select_option("select[name=role]", "secretaire")
    manager.get_by_role("button", name=re.compile("Ouvrir|Créer")).click()
    word = manager.locator("[data-one-time-password], code, .one-time-password").first.inner_text()
    sizes = [CHAIRSIDE, TABLET, TABLET_UPRIGHT]
    assert trouble(manager, "mot-de-passe-a-remettre", sizes=sizes) == []
    newcomer = log_in("")
    newcomer.fill("input[name=login]", "nina")
    newcomer.fill("input[name=password]", word.strip())
    newcomer.press("input[name=password]", "Enter")
    expect(newcomer).to_have_url(re.compile("/mot-de-passe/"))
    newcomer.fill("input[name=current]", word.strip())
    newcomer.fill("input[name=password]", "un-mot-de-passe-bien-long")
    newcomer.fill("input[name=again]", "un-mot-de-passe-bien-long")
    newcomer.locator("main button[type=submit]").first.click()
    newcomer.wait_for_url(site.base + "/")
    newcomer.goto(site.base + "/patients/")
    expect(newcomer.get_by_role("heading", level=1)).to_contain_text("Patients")
    manager.goto(site.base + "/cabinet/comptes/")
    manager.get_by_role("link", name="Nina Passage").click()
    manager.get_by_role("button", name=re.compile("[Dd]épart")).click()
    dialog = manager.locator("dialog[open]")
    if dialog.count():
        dialog.locator("button").filter(has_not_text="Annuler").first.click()
    expect(manager.locator("main")).to_contain_text("Parti")
    # Nobody touched her browser: the stream of events was cut and the page left.
    expect(newcomer).to_have_url(re.compile("/connexion/"))
