"""What two people type at once, or out of reach of the server, overwrites nothing and stays."""

from collections.abc import Callable
from uuid import UUID

from playwright.sync_api import Page, expect

from e2e.conftest import Site
from e2e.looking import shot

LogIn = Callable[..., Page]


def _patient(site: Site, nth: int = 0) -> str:
    """Return a patient who is to come some day; another one for each number."""
    ((found,),) = site.ask(
        "SELECT DISTINCT patient_id FROM care_appointment WHERE status = 'booked' "
        "ORDER BY patient_id DESC LIMIT 1 OFFSET %s",
        [nth],
    )
    return str(UUID(str(found)))


def _note(page: Page, words: str) -> None:
    page.locator("#note-visite").press("Control+End")
    with page.expect_response("**/note/"):
        page.locator("#note-visite").press_sequentially(words)


def test_note_refused_to_one_never_overwrites_the_other(log_in: LogIn, site: Site) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    alice.goto(f"{site.base}/patients/{_patient(site)}/")
    alice.get_by_role("button", name="Ouvrir une séance").click()
    _note(alice, "Texte commun.")
    bob.goto(alice.url)
    expect(bob.locator("#note-visite")).to_have_value("Texte commun.")
    # Bob hears nothing of what Alice goes on to write.
    bob.route("**/seances/**partie=**", lambda route: route.fulfill(status=204))
    _note(alice, " Alice.")
    _note(bob, " Bob.")
    expect(bob.locator(".draft-state").first).to_contain_text("Rien n’a été écrasé")
    bob.reload()
    expect(bob.locator("#note-visite")).to_have_value("Texte commun. Alice.")
    expect(bob.get_by_label("Ce que vous aviez tapé")).to_have_value("Texte commun. Bob.")
    shot(bob, "note-a-cote")
    bob.get_by_role("button", name="C’est repris").click()
    _note(bob, " Bob.")
    alice.reload()
    expect(alice.locator("#note-visite")).to_have_value("Texte commun. Alice. Bob.")
    expect(bob.get_by_label("Ce que vous aviez tapé")).to_have_count(0)


def test_note_that_is_signed_out_of_reach_stays_until_it_is_signed(
    log_in: LogIn, site: Site
) -> None:
    alice = log_in("alice")
    alice.goto(f"{site.base}/patients/{_patient(site, 1)}/")
    alice.get_by_role("button", name="Ouvrir une séance").click()
    _note(alice, "Texte gardé.")
    alice.route("**/note/**", lambda route: route.abort())
    alice.locator("#note-visite").press_sequentially(" Hors de portée.")
    sign = alice.get_by_role("button", name="Signer et terminer la séance")
    sign.click()
    expect(alice.locator(".toast").filter(has_text="Le serveur ne répond pas")).to_be_visible()
    expect(alice.locator("#note-visite")).to_have_value("Texte gardé. Hors de portée.")
    # She is called away; whoever opens the page again in this tab finds all of it.
    alice.unroute_all()
    alice.reload()
    expect(alice.locator("#note-visite")).to_have_value("Texte gardé. Hors de portée.")
    sign.click()
    expect(alice.get_by_text("Séance terminée, note signée.")).to_be_visible()
    expect(alice.locator("#seance-note .note-text")).to_have_text("Texte gardé. Hors de portée.")


def test_words_for_a_note_that_was_signed_meanwhile_stand_beside_it(
    log_in: LogIn, site: Site
) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    alice.goto(f"{site.base}/patients/{_patient(site, 2)}/")
    alice.get_by_role("button", name="Ouvrir une séance").click()
    _note(alice, "Texte commun.")
    bob.goto(alice.url)
    expect(bob.locator("#note-visite")).to_have_value("Texte commun.")
    bob.route("**/note/**", lambda route: route.abort())
    bob.locator("#note-visite").press("Control+End")
    bob.locator("#note-visite").press_sequentially(" Allergie au latex, dit-elle.")
    expect(bob.locator(".draft-state").first).to_contain_text("gardé sur ce poste")
    alice.get_by_role("button", name="Signer et terminer la séance").click()
    expect(alice.get_by_text("Séance terminée, note signée.")).to_be_visible()
    expect(bob.get_by_text("Cette séance vient d’être terminée")).to_be_visible()
    bob.unroute_all()
    bob.get_by_role("button", name="Relire la note").click()
    beside = bob.get_by_label("Ce que vous aviez tapé")
    expect(beside).to_have_value("Texte commun. Allergie au latex, dit-elle.")
    expect(bob.locator("#seance-note .note-text")).to_have_text("Texte commun.")
    shot(bob, "note-signee-a-cote")
    bob.reload()
    expect(beside).to_be_visible()
    bob.get_by_role("button", name="C’est repris").click()
    bob.reload()
    expect(beside).to_have_count(0)


def _line(page: Page, name: str) -> None:
    """Write a line freely."""
    page.locator("#medicament").fill(name)
    page.locator(".search-create").click()
    expect(page.locator("#id_l-0-name")).to_have_value(name)


def _draft_of(page: Page, site: Site) -> None:
    page.goto(f"{site.base}/patients/{_patient(site)}/ordonnances/")
    page.get_by_role("button", name="Nouvelle ordonnance").first.click()
    _line(page, "Produit inventé")


def test_prescription_typed_over_another_or_offline_is_not_lost(log_in: LogIn, site: Site) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    _draft_of(alice, site)
    bob.goto(alice.url)
    with alice.expect_response(lambda answer: answer.request.method == "POST"):
        alice.locator("#id_l-0-dose").fill("2 gélules")
        alice.locator("#id_l-0-dose").press("Tab")
    bob.locator("#id_l-0-remarks").fill("au milieu du repas")
    bob.locator("#id_l-0-remarks").press("Tab")
    beside = bob.get_by_label("Ce que vous aviez tapé")
    expect(beside).to_have_value("Produit inventé. au milieu du repas")
    expect(bob.locator("#id_l-0-dose")).to_have_value("2 gélules")
    shot(bob, "ordonnance-a-cote")
    bob.reload()
    expect(beside).to_have_value("Produit inventé. au milieu du repas")
    bob.get_by_role("button", name="C’est repris").click()

    # What the server does not take waits in the tab, and leaves when the page is loaded again.
    bob.route("**/ordonnances/**", lambda route: route.fulfill(status=204))
    bob.locator("#id_l-0-remarks").fill("avant le repas")
    with bob.expect_response(lambda answer: answer.request.method == "POST"):
        bob.locator("#id_l-0-remarks").press("Tab")
    bob.unroute_all()
    bob.reload()
    bob.wait_for_function("Object.keys(sessionStorage).every(name => !name.startsWith('form:'))")
    alice.reload()
    expect(alice.locator("#id_l-0-remarks")).to_have_value("avant le repas")
    expect(alice.locator("#id_l-0-dose")).to_have_value("2 gélules")


def test_letter_typed_over_another_is_not_lost(log_in: LogIn, site: Site) -> None:
    alice, bob = log_in("alice"), log_in("bob")
    alice.goto(f"{site.base}/patients/{_patient(site)}/courriers/nouveau/?modele=libre")
    alice.get_by_role("button", name="Préparer le texte").click()
    expect(alice.get_by_role("button", name="Enregistrer le brouillon")).to_be_visible()
    bob.goto(alice.url)
    for page, words in ((alice, "Texte d’Alice"), (bob, "Texte de Bob")):
        page.locator("#id_body").fill(words)
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator("#id_title").focus()
    beside = bob.get_by_label("Ce que vous aviez tapé")
    expect(beside).to_have_value("Texte de Bob")
    expect(bob.locator("#id_body")).to_have_value("Texte d’Alice")
    shot(bob, "courrier-a-cote")
    bob.reload()
    expect(beside).to_have_value("Texte de Bob")
    bob.locator("#id_body").fill("Texte d’Alice. Texte de Bob")
    with bob.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        bob.locator("#id_title").focus()
    bob.get_by_role("button", name="C’est repris").click()
    alice.reload()
    expect(alice.locator("#id_body")).to_have_value("Texte d’Alice. Texte de Bob")
    # The draft goes with its button, though its text moved on since the page came.
    bob.get_by_role("button", name="Abandonner le brouillon").click()
    bob.locator("dialog[open] button").filter(has_not_text="Annuler").first.click()
    expect(bob.get_by_text("Brouillon abandonné")).to_be_visible()


def test_words_for_a_letter_that_was_issued_meanwhile_are_shown(log_in: LogIn, site: Site) -> None:
    here, there = log_in("alice"), log_in("alice")
    here.goto(f"{site.base}/patients/{_patient(site)}/courriers/nouveau/?modele=libre")
    here.get_by_role("button", name="Préparer le texte").click()
    expect(here.get_by_role("button", name="Enregistrer le brouillon")).to_be_visible()
    address = here.url
    here.route("**/courriers/**", lambda route: route.fulfill(status=204))
    here.locator("#id_body").fill("Allergie à la pénicilline à signaler.")
    with here.expect_response(lambda answer: answer.request.method == "POST"):
        here.locator("#id_title").focus()
    there.goto(address)
    there.locator("#id_body").fill("Bonjour.")
    there.get_by_role("button", name="Émettre").click()
    expect(there.get_by_role("link", name="Imprimer")).to_be_visible()
    here.unroute_all()
    for _time in range(2):
        here.goto(address)
        expect(here.get_by_label("Ce que vous aviez tapé")).to_have_value(
            "Allergie à la pénicilline à signaler."
        )
    here.get_by_role("button", name="C’est repris").click()
    here.reload()
    expect(here.get_by_role("link", name="Imprimer")).to_be_visible()
    expect(here.get_by_label("Ce que vous aviez tapé")).to_have_count(0)
