"""The first evening of a gestionnaire who wants the practice to come back: copy, proof, paper."""

import base64
import re
from pathlib import Path

from playwright.sync_api import Page, expect

from e2e.conftest import LogIn, Site
from e2e.looking import CHAIRSIDE, trouble
from quenotte.devices.paper.reading import pages_of, text_of
from quenotte.kernel import passphrases

PAGE, SHEET = "/protection/sauvegardes/", "/protection/sauvegardes/feuille/"
_LINE = re.compile(rf"(?:[{passphrases.ALPHABET}]{{4}} ){{7}}[{passphrases.ALPHABET}]{{4}}")
#: What the button does, without the other tab in which a browser draws PDF files.
_SEND = """async (form) => {
    const answer = await fetch(form.action, {method: 'POST', body: new FormData(form)});
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}"""


def look(page: Page, name: str) -> None:
    """Refuse what axe finds and what is wider than the screen, in both themes."""
    assert trouble(page, name, sizes=(CHAIRSIDE,)) == []


def prepare(alice: Page, site: Site, folder: Path) -> None:
    alice.goto(site.base + PAGE)
    expect(alice.get_by_text("Rien ne protège encore ce cabinet.")).to_be_visible()
    alice.get_by_role("link", name="Préparer un emplacement").click()
    alice.get_by_label("Dossier sur le serveur").fill(str(folder))
    alice.get_by_role("button", name="Essayer ce dossier").click()
    expect(alice.get_by_text("Voici ce qui va se passer")).to_be_visible()
    alice.get_by_role("button", name="Préparer cet emplacement").click()

    worth = alice.locator(".backup-worth")
    expect(worth).to_contain_text("Restaurable jusqu’à")
    # Folder and practice lie on one disk: that is no support.
    expect(worth).to_contain_text(
        "pas encore prouvé, sur le seul disque du cabinet, aucun hors ligne"
    )
    alice.get_by_role("button", name="Prouver maintenant").click()
    expect(alice.locator("#en-cours")).to_contain_text("Restauration d’essai")
    # The application is started anew to open what was restored.
    expect(worth).to_contain_text("prouvé à", timeout=120_000)
    expect(worth).to_contain_text("Aucune feuille de secours")
    look(alice, "sauvegardes-prouvees")


def print_sheet(alice: Page) -> str:
    """Make the sheet; return the key that is on the paper alone."""
    alice.get_by_role("link", name="Imprimez la feuille de secours.").click()
    alice.get_by_label("Votre prestataire").first.fill("Atelier Roche")
    alice.get_by_label("Son téléphone").fill("02 61 91 00 01")
    pdf = base64.b64decode(alice.locator("form[action$='imprimer/']").evaluate(_SEND))
    found = _LINE.search(text_of(pdf))
    assert pages_of(pdf) == 1
    assert found
    expect(alice.locator(".backup-worth")).to_contain_text("personne ne l’a encore essayée")
    alice.get_by_role("link", name="Retaper la clé").click()
    expect(alice.get_by_text("Prenez un autre poste")).to_be_visible()
    return found[0]


def type_back(other: Page, site: Site, key: str) -> None:
    groups = passphrases.groups_of(key)
    other.goto(site.base + SHEET + "saisie/")
    for group in groups:
        other.get_by_label(f"Groupe {group.number}").fill(f"{group.letters} {group.check}")
    wrong = groups[2].letters[1] + groups[2].letters[0] + groups[2].letters[2:]
    if wrong == groups[2].letters:
        # Twice the same letter: another first one is told as surely as two that are swapped.
        other_letter = next(sign for sign in passphrases.ALPHABET if sign != wrong[0])
        wrong = other_letter + wrong[1:]
    other.get_by_label("Groupe 3").fill(f"{wrong}{groups[2].check}")
    other.keyboard.press("Enter")
    expect(other.locator(".kit-groups .error")).to_have_count(1)
    look(other, "feuille-saisie")
    for group in groups:
        other.get_by_label(f"Groupe {group.number}").fill(f"{group.letters} {group.check}")
    other.keyboard.press("Enter")
    tried = other.locator(".backup-worth")
    expect(tried).to_contain_text("une restauration a réussi avec elle", timeout=240_000)
    look(other, "feuille-prouvee")


def test_practice_is_copied_proved_and_its_key_typed_back_from_paper(
    alice: Page, log_in: LogIn, site: Site, tmp_path: Path
) -> None:
    prepare(alice, site, tmp_path)
    key = print_sheet(alice)
    type_back(log_in("alice", is_own=True), site, key)
    kept = b"".join(path.read_bytes() for path in site.data.glob("db.sqlite3*"))
    assert key.encode() not in kept

    alice.goto(site.base + PAGE)
    alice.get_by_role("button", name="Retirer", exact=True).click()
    alice.get_by_role("button", name="Retirer cet emplacement").click()
    expect(alice.get_by_text("Rien ne protège encore ce cabinet.")).to_be_visible()
