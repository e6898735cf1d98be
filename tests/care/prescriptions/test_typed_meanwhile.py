"""What was typed on a paper that somebody else changed, issued or dropped meanwhile."""

import html
import json
import re

import pytest

from quenotte.care.prescriptions import operations
from quenotte.care.prescriptions.models import Drug, Letter, Prescription
from quenotte.care.prescriptions.operations import refusals
from tests.care.people import actor
from tests.care.prescriptions.screens import FRAGMENT, screen, url_of
from tests.factories import PersonFactory


def _taken_up(answer):
    """Return what stands beside a letter, to be taken up."""
    drawn = answer.content.decode()
    assert 'data-beside="letter:' in drawn
    text = drawn.split('id="a-reprendre"')[1].split("</textarea>")[0]
    return html.unescape(text.split(">", 1)[1])


def _told(answer):
    """Return what is said in passing."""
    return json.loads(answer["HX-Trigger"])["toast"]["text"]


def _takes_the_form_away(answer):
    """Check that the form that gives the draft up leaves the page with it.

    What is told later of what waits in the tab takes the place of what is told now.
    """
    assert re.search(r"data-beside-from=\"[^\"]+\"><div class=\"field\"", answer.content.decode())
    assert '<div id="abandon" hx-swap-oob="delete"></div>' in answer.content.decode()


@pytest.mark.parametrize("name", ["show", "issue"])
def test_what_was_typed_over_an_older_draft_stands_beside_the_newer_one(
    alice, bob, draft, client_of, name
):
    theirs = screen(draft, "Paracétamol 1 g", remarks="Revoir")
    client_of(bob).post(url_of("show", draft.id), theirs, headers=FRAGMENT)
    mine = screen(draft, "Paracétamol 1 g", "Chlorhexidine", remarks="À jeun", weight_kg="61,5")
    client, url = client_of(alice), url_of(name, draft.id)
    answer = client.post(url, mine, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#ordonnance")
    assert "sien est affich" in answer["HX-Trigger"]
    whole = client.post(url, mine)
    assert whole.status_code == 409
    for drawn in (answer.content.decode(), whole.content.decode()):
        beside = html.unescape(drawn.split('id="a-reprendre"')[1].split("</textarea>")[0])
        assert "Chlorhexidine. 2 fois par jour\nRemarques : À jeun\nPoids : 61,5 kg" in beside
        assert "Paracétamol" not in beside
        assert 'value="Paracétamol 1 g"' in html.unescape(drawn)
    draft.refresh_from_db()
    assert (draft.version, draft.remarks, draft.state) == (2, "Revoir", "draft")


def test_what_arrived_without_an_answer_is_not_shown_as_somebody_elses(alice, draft, client_of):
    client, sent = client_of(alice), screen(draft, "Paracétamol 1 g")
    client.post(url_of("show", draft.id), sent, headers=FRAGMENT)
    answer = client.post(url_of("show", draft.id), sent, headers=FRAGMENT)
    assert "a-reprendre" not in answer.content.decode()
    assert "HX-Trigger" not in answer


@pytest.mark.parametrize("name", ["letter", "issue_letter"])
def test_what_was_typed_over_an_older_letter_stands_beside_the_newer_one(
    alice, bob, letter, client_of, name
):
    url = url_of("letter", letter.id)
    theirs = {"version": "1", "title": "Avis", "body": "Bonjour, de Bob"}
    assert client_of(bob).post(url, theirs, headers=FRAGMENT).status_code == 200
    mine = {"version": "1", "title": "Réponse", "body": "Bonjour,\r\n\r\nd’Alice"}
    client, url = client_of(alice), url_of(name, letter.id)
    answer = client.post(url, mine, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#courrier")
    assert "sien est affich" in answer["HX-Trigger"]
    whole = client.post(url, mine)
    assert whole.status_code == 409
    for drawn in (answer, whole):
        assert _taken_up(drawn).splitlines() == [
            "Titre : Réponse", "", "Bonjour,", "", "d’Alice"
        ]  # fmt: skip
        assert "Bonjour, de Bob</textarea>" in html.unescape(drawn.content.decode())
        assert 'name="version" value="2"' in drawn.content.decode()
    letter.refresh_from_db()
    assert (letter.version, letter.body, letter.state) == (2, "Bonjour, de Bob", "draft")


def test_what_was_typed_on_a_letter_that_was_issued_meanwhile_is_not_lost(
    alice, bob, letter, client_of
):
    Letter.objects.filter(id=letter.id).update(needs_dentist=False)
    url = url_of("letter", letter.id)
    issued = {"version": "1", "title": "Avis", "body": "Bonjour"}
    issuing = url_of("issue_letter", letter.id)
    assert client_of(bob).post(issuing, issued).status_code == 302
    mine = {"version": "1", "title": "Avis", "body": "Bonjour Paul"}
    for headers in ({}, FRAGMENT):
        answer = client_of(alice).post(url, mine, headers=headers)
        assert answer.status_code == 409
        assert _taken_up(answer).strip() == "Bonjour Paul"
        assert "Voir le document émis" in html.unescape(answer.content.decode())
        assert "Enregistrer le brouillon" not in answer.content.decode()
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("issued", "Bonjour")


@pytest.mark.parametrize("is_own", [False, True])
@pytest.mark.parametrize("name", ["show", "issue"])
def test_issuing_a_prescription_issued_meanwhile_loses_nothing(
    alice, practice, draft, client_of, name, is_own
):
    author = alice if is_own else PersonFactory.create(practice=practice, role="praticien")
    theirs = screen(draft, "Paracétamol")
    client_of(author).post(url_of("issue", draft.id), theirs)
    mine = screen(draft, "Paracétamol", "Chlorhexidine", remarks="À jeun")
    client, url = client_of(alice), url_of(name, draft.id)
    answer, whole = client.post(url, mine, headers=FRAGMENT), client.post(url, mine)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#ordonnance")
    assert "HX-Redirect" not in answer
    assert "vient d" in answer["HX-Trigger"]
    assert whole.status_code == 409
    _takes_the_form_away(answer)
    for drawn in (answer.content.decode(), whole.content.decode()):
        assert f'data-beside="prescription:{draft.id}"' in drawn
        beside = html.unescape(drawn.split('id="a-reprendre"')[1].split("</textarea>")[0])
        assert "Chlorhexidine. 2 fois par jour\nRemarques : À jeun" in beside
        assert "Paracétamol" not in beside
        assert url_of("show", draft.id) in drawn
    # What cannot be read is told as it stands.
    wrong = client.post(url, mine | {"l-1-times": "beaucoup"}, headers=FRAGMENT)
    assert (wrong.status_code, "beaucoup" in wrong.content.decode()) == (409, True)
    draft.refresh_from_db()
    assert (draft.state, draft.number, len(draft.lines)) == ("issued", 1, 1)


def test_a_line_taken_away_from_a_prescription_issued_meanwhile_is_no_second_click(
    alice, draft, client_of
):
    client, url = client_of(alice), url_of("issue", draft.id)
    both = screen(draft, "Paracétamol", "Chlorhexidine")
    assert client.post(url, both).status_code == 302
    assert client.post(url, both, headers=FRAGMENT)["HX-Redirect"] == url_of("show", draft.id)
    one = client.post(url, screen(draft, "Paracétamol"), headers=FRAGMENT)
    assert (one.status_code, "a-reprendre" in one.content.decode()) == (409, False)
    assert "Document déjà émis" in one.content.decode()


def test_a_medicine_renamed_and_issued_by_two_clicks_is_issued_once(alice, draft, client_of):
    Drug.objects.create(cis="60000001", name="ADVIL, comprimé", substances=["ibuprofène"])
    line = {"name": "ADVIL", "form": "comprimé", "cis": "60000001", "substances": ["ibuprofène"]}
    Prescription.objects.filter(id=draft.id).update(lines=[line])
    kept = {"l-0-form": "comprimé", "l-0-cis": "60000001", "l-0-substances": "ibuprofène"}
    sent = screen(draft, "Doliprane", **kept)
    url, client = url_of("issue", draft.id), client_of(alice)
    for _click in range(2):
        assert client.post(url, sent, headers=FRAGMENT)["HX-Redirect"] == url_of("show", draft.id)


def test_a_prescription_cancelled_meanwhile_says_so(alice, draft, client_of):
    client, sent = client_of(alice), screen(draft, "Paracétamol")
    client.post(url_of("issue", draft.id), sent)
    client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    answer = client.post(url_of("issue", draft.id), sent, headers=FRAGMENT)
    assert answer.status_code == 409
    assert "l’a annulé le 17 mars 2026" in html.unescape(answer.content.decode())


def test_what_was_typed_on_a_prescription_cancelled_meanwhile_is_for_a_new_one(
    alice, draft, client_of
):
    client, url = client_of(alice), url_of("issue", draft.id)
    client.post(url, screen(draft, "Paracétamol"))
    mine = screen(draft, "Paracétamol", "Chlorhexidine")
    assert "vient d’être émis" in _told(client.post(url, mine, headers=FRAGMENT))
    client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    answer = client.post(url, mine, headers=FRAGMENT)
    assert (answer.status_code, "Chlorhexidine" in answer.content.decode()) == (409, True)
    assert _told(answer).startswith("Ce document a été émis, puis annulé")
    assert "annulez-le" not in _told(answer)
    assert "puis annulé" in html.unescape(client.post(url, mine).content.decode())


def test_a_dropped_prescription_on_which_nothing_was_typed_promises_no_text(
    alice, bob, draft, client_of
):
    client_of(bob).post(url_of("drop", draft.id), {"version": "1"})
    client, url = client_of(alice), url_of("show", draft.id)
    answer = client.post(url, screen(draft), headers=FRAGMENT)
    assert (answer.status_code, "a-reprendre" in answer.content.decode()) == (409, False)
    assert _told(answer).startswith("Ce brouillon vient d’être abandonné.")
    assert "cette page" not in _told(answer)
    typed = client.post(url, screen(draft, "Chlorhexidine"), headers=FRAGMENT)
    assert "cette page" in _told(typed)


@pytest.mark.parametrize("name", ["issue", "drop", "show"])
def test_a_line_that_was_being_added_meanwhile_is_not_lost(alice, bob, draft, client_of, name):
    theirs = screen(draft, "Paracétamol", remarks="Revoir")
    client_of(bob if name == "drop" else alice).post(url_of(name, draft.id), theirs)
    mine = screen(draft, "Paracétamol", ajouter="libre:Bain de  bouche")
    client, url = client_of(alice), url_of("show", draft.id)
    for headers in (FRAGMENT, {}):
        answer = client.post(url, mine, headers=headers)
        assert answer.status_code == 409
        drawn = answer.content.decode()
        beside = html.unescape(drawn.split('id="a-reprendre"')[1].split("</textarea>")[0])
        assert beside.split(">", 1)[1].splitlines()[-1] == "Bain de bouche"
    draft.refresh_from_db()
    assert "Bain de bouche" not in str(draft.lines)
    if name != "show":
        # What names no line any more adds none.
        unknown = client.post(url, mine | {"ajouter": "usual:9999"}, headers=FRAGMENT)
        assert (unknown.status_code, "Bain de bouche" in unknown.content.decode()) == (409, False)
        wrong = client.post(url, mine | {"l-0-times": "beaucoup"}, headers=FRAGMENT)
        assert "Bain de bouche" in wrong.content.decode()


@pytest.mark.parametrize("is_own", [False, True])
def test_issuing_a_letter_issued_meanwhile_loses_nothing(alice, bob, letter, client_of, is_own):
    Letter.objects.filter(id=letter.id).update(needs_dentist=False)
    issuing, client = url_of("issue_letter", letter.id), client_of(alice)
    first = {"version": "1", "title": "Avis", "body": "Bonjour"}
    assert client_of(alice if is_own else bob).post(issuing, first).status_code == 302
    mine = first | {"body": "Bonjour. Allergie à la pénicilline."}
    for headers in (FRAGMENT, {}):
        answer = client.post(issuing, mine, headers=headers, follow=True)
        assert answer.status_code == 409
        assert "HX-Redirect" not in answer
        assert _taken_up(answer).strip() == "Bonjour. Allergie à la pénicilline."
        assert "rangé dans les documents" not in answer.content.decode()
    # A title that was emptied hides nothing of the rest.
    assert "Allergie" in _taken_up(client.post(issuing, mine | {"title": ""}))
    # The same, sent by a second click, leads to the paper.
    assert client.post(issuing, first, headers=FRAGMENT)["HX-Redirect"] == url_of(
        "letter", letter.id
    )
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("issued", "Bonjour")


def test_a_letter_is_issued_once_and_never_as_another_text(alice, letter):
    given = {"actor": actor(alice), "letter_id": letter.id, "expected_version": 1, "title": "Avis"}
    issued = operations.issue_letter(**given, body="Bonjour")
    assert operations.issue_letter(**given, body="Bonjour").id == issued.id
    with pytest.raises(refusals.AlreadyIssued, match="annulez-le"):
        operations.issue_letter(**given, body="Bonjour Paul")


def test_what_waited_for_a_letter_issued_meanwhile_is_told_in_words(alice, bob, letter, client_of):
    Letter.objects.filter(id=letter.id).update(needs_dentist=False)
    text = {"version": "1", "title": "Avis", "body": "Bonjour"}
    client_of(bob).post(url_of("issue_letter", letter.id), text)
    client, url = client_of(alice), url_of("letter_beside", letter.id)
    shown = client.get(url_of("letter", letter.id)).content.decode()
    assert f'data-beside-place="letter:{letter.id}" data-beside-from="{url}"' in shown
    waited = text | {"body": "Bonjour. Allergie à la pénicilline."}
    assert _taken_up(client.post(url, waited)).strip() == "Bonjour. Allergie à la pénicilline."
    # What is written there already is nobody's loss.
    assert "a-reprendre" not in client.post(url, text).content.decode()


def test_what_waited_for_a_prescription_issued_meanwhile_is_told_in_words(
    alice, bob, sarah, draft, client_of
):
    client, url = client_of(alice), url_of("beside", draft.id)
    waited = screen(draft, "Paracétamol", "Chlorhexidine")
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    shown = client_of(bob).get(url_of("show", draft.id)).content.decode()
    assert f'data-beside-from="{url}"' in shown
    assert "data-beside-from" not in client_of(sarah).get(url_of("show", draft.id)).content.decode()
    told = client_of(bob).post(url, waited).content.decode()
    assert ("Chlorhexidine" in told, "Paracétamol" in told) == (True, False)
    # A number that cannot be read is told as it stands.
    wrong = client_of(bob).post(url, waited | {"l-1-times": "beaucoup"}).content.decode()
    assert "Chlorhexidine" in wrong
    assert "beaucoup" in wrong


@pytest.mark.parametrize("name", ["letter", "issue_letter"])
def test_what_was_typed_on_a_letter_that_was_dropped_meanwhile_is_not_lost(
    alice, bob, letter, client_of, name
):
    dropped = client_of(bob).post(url_of("drop_letter", letter.id), {"version": "1"})
    assert dropped.status_code == 302
    typed = {"version": "1", "title": "Avis", "body": "Bonjour Paul"}
    client = client_of(alice)
    answer = client.post(url_of(name, letter.id), typed, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#courrier")
    assert "vient d" in answer["HX-Trigger"]
    whole = client.post(url_of(name, letter.id), typed)
    assert whole.status_code == 409
    for drawn in (answer, whole):
        assert _taken_up(drawn).strip() == "Bonjour Paul"
        assert "Brouillon abandonné" in drawn.content.decode()
        place = drawn.content.decode().split('id="courrier"')[1].split("</section>")[0]
        assert "<form" not in place
    _takes_the_form_away(answer)
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("dropped", "Bonjour")


def test_a_dropped_letter_says_so_and_takes_what_waited_in_a_tab(
    alice, bob, marc, chloe, letter, client_of
):
    client_of(bob).post(url_of("drop_letter", letter.id), {"version": "1"})
    client, url = client_of(alice), url_of("letter_beside", letter.id)
    shown = client.get(url_of("letter", letter.id))
    page = html.unescape(shown.content.decode())
    assert shown.status_code == 410
    assert f"{bob.full_name} a abandonné ce brouillon." in page
    assert f'data-beside-place="letter:{letter.id}" data-beside-from="{url}"' in page
    waited = {"version": "1", "title": "Avis", "body": "Bonjour Paul"}
    assert _taken_up(client.post(url, waited)).strip() == "Bonjour Paul"
    # Given up twice, it is shown as it is; and nobody learns of it who could not read it before.
    again = client.post(url_of("drop_letter", letter.id), {"version": "2"})
    assert (again.status_code, again["Location"]) == (302, url_of("letter", letter.id))
    assert client_of(marc).get(url_of("letter", letter.id)).status_code == 403
    assert client_of(chloe).get(url_of("letter", letter.id)).status_code == 404


@pytest.mark.parametrize("name", ["show", "issue"])
def test_what_was_typed_on_a_prescription_that_was_dropped_meanwhile_is_not_lost(
    alice, bob, draft, client_of, name
):
    mine = screen(draft, "Paracétamol 1 g", "Chlorhexidine", remarks="À jeun")
    client_of(bob).post(url_of("drop", draft.id), {"version": "1"})
    client = client_of(alice)
    answer = client.post(url_of(name, draft.id), mine, headers=FRAGMENT)
    assert (answer.status_code, answer["HX-Retarget"]) == (409, "#ordonnance")
    whole = client.post(url_of(name, draft.id), mine)
    assert whole.status_code == 409
    for drawn in (answer.content.decode(), whole.content.decode()):
        beside = html.unescape(drawn.split('id="a-reprendre"')[1].split("</textarea>")[0])
        assert "Chlorhexidine. 2 fois par jour\nRemarques : À jeun" in beside
    _takes_the_form_away(answer)
    again = client.post(url_of("drop", draft.id), {"version": "2"})
    assert (again.status_code, again["Location"]) == (302, url_of("show", draft.id))
    # A number that cannot be read is told as it stands.
    wrong = mine | {"l-0-times": "beaucoup"}
    assert "beaucoup" in client.post(url_of(name, draft.id), wrong).content.decode()
    shown = client.get(url_of("show", draft.id))
    assert shown.status_code == 410
    assert f'data-beside-from="{url_of("beside", draft.id)}"' in shown.content.decode()
    assert "Chlorhexidine" in client.post(url_of("beside", draft.id), mine).content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.number) == ("dropped", None)


@pytest.mark.parametrize("kind", ["letter", "prescription"])
def test_a_draft_that_moved_is_not_given_up_and_stays_on_screen(
    alice, draft, letter, client_of, kind
):
    client = client_of(alice)
    if kind == "letter":
        address, dropping = url_of("letter", letter.id), url_of("drop_letter", letter.id)
        sent = {"version": "1", "title": "Avis", "body": "Bonjour Paul"}
    else:
        address, dropping = url_of("show", draft.id), url_of("drop", draft.id)
        sent = screen(draft, "Paracétamol")
    client.post(address, sent, headers=FRAGMENT)
    page = client.post(dropping, {"version": "1"}, follow=True)
    assert page.redirect_chain[-1][0] == address
    told = html.unescape(page.content.decode())
    assert "il n’est pas abandonné" in told
    assert "Abandonner le brouillon" in told
