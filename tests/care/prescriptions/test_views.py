"""Pages of prescriptions and letters: who may, what is kept, what is issued."""

import html
import json
import re
from uuid import uuid4

import pytest
from django.urls import reverse

from quenotte.care.documents.models import Document
from quenotte.care.prescriptions.models import (
    Correspondent,
    Drug,
    Favourite,
    Letter,
    Prescription,
)
from tests.care.people import actor
from tests.care.prescriptions.reading import read_models
from tests.care.prescriptions.screens import FRAGMENT, screen, url_of
from tests.factories import (
    CorrespondentFactory,
    LetterFactory,
    MedicalAlertFactory,
    PersonFactory,
)


def test_the_team_reads_care_prepares_and_a_dentist_issues(
    alice, bob, sarah, practice, patient, draft, client_of
):
    manager = PersonFactory.create(practice=practice, role="gestionnaire")
    asked = {
        "index": (patient.id, "get", (200, 200, 200, 403)),
        "begin": (patient.id, "post", (302, 302, 403, 403)),
        "drop": (draft.id, "post", (302, 302, 403, 403)),
        "issue": (draft.id, "post", (422, 403, 403, 403)),
        "cancel": (draft.id, "post", (302, 403, 403, 403)),
    }
    for name, (key, verb, expected) in asked.items():
        for person, status in zip((alice, bob, sarah, manager), expected, strict=True):
            answer = getattr(client_of(person), verb)(url_of(name, key))
            assert (name, person.role, answer.status_code) == (name, person.role, status)


def test_a_stranger_is_not_told_that_it_exists(chloe, patient, draft, client_of):
    letter = LetterFactory.create(patient=patient)
    for url in (url_of("index", patient.id), url_of("show", draft.id), url_of("letter", letter.id)):
        assert client_of(chloe).get(url).status_code == 404
    for name in ("show", "letter"):
        assert client_of(chloe).get(url_of(name, uuid4())).status_code == 404


def test_a_template_opens_a_draft_in_one_click(alice, patient, client_of):
    client = client_of(alice)
    assert "Implant : à lire et valider" in client.get(url_of("index", patient.id)).content.decode()
    refused = client.post(url_of("begin", patient.id), {"modele": "implant"}, follow=True)
    assert "pas encore été relu" in refused.content.decode()
    model = reverse("prescriptions:model", args=["implant"])
    assert "J’ai lu, je valide ce modèle" in html.unescape(client.get(model).content.decode())
    settings = reverse("prescriptions:settings")
    assert client.get(settings).content.decode().count("À lire et valider") == 8
    read_models(actor(alice), "implant")
    assert client.get(settings).content.decode().count("À lire et valider") == 7
    assert "je valide" not in html.unescape(client.get(model).content.decode())
    page = client.post(url_of("begin", patient.id), {"modele": "implant"}, follow=True)
    assert "Amoxicilline" in page.content.decode()
    wrong = client.post(url_of("begin", patient.id), {"modele": "rien"}, follow=True)
    assert "plus dans la liste" in wrong.content.decode()


def test_what_is_typed_is_kept_and_its_reminders_come_back(alice, patient, draft, client_of):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    answer = client_of(alice).post(
        url_of("show", draft.id), screen(draft, "Clamoxyl"), headers=FRAGMENT
    )
    said = answer.content.decode()
    assert "hx-swap-oob" in said
    assert "Allergie aux pénicillines" in said
    assert 'value="penicillin:penicillins,unsaid:111"' in said
    draft.refresh_from_db()
    assert draft.lines == [{"name": "Clamoxyl", "times": 2}]
    # The button that drops the draft follows too.
    assert 'id="version-du-brouillon" value="2"' in said


def test_a_name_typed_over_takes_the_old_substances_off_the_page(alice, patient, draft, client_of):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    Drug.objects.create(
        cis="60000001", name="DOLIPRANE 1000 mg, comprimé", substances=["paracétamol"]
    )
    came = {"l-0-cis": "60000001", "l-0-substances": "paracétamol", "l-0-form": "comprimé"}
    client, url = client_of(alice), url_of("show", draft.id)
    kept = client.post(url, screen(draft, "DOLIPRANE 1000 mg", **came), headers=FRAGMENT)
    assert "HX-Trigger" not in kept
    draft.refresh_from_db()
    answer = client.post(url, screen(draft, "Amoxicilline 1 g", **came), headers=FRAGMENT)
    said = html.unescape(answer.content.decode())
    assert "Allergie aux pénicillines" in said
    for name in ("cis", "substances", "form"):
        assert f'name="l-0-{name}" id="id_l-0-{name}" value=""' in said
    assert "médicament choisi" in json.loads(answer["HX-Trigger"])["toast"]["text"]
    draft.refresh_from_db()
    assert draft.lines == [{"name": "Amoxicilline 1 g", "times": 2}]
    again = screen(draft, "", "Amoxicilline 1 g", **{f"l-1{key[3:]}": came[key] for key in came})
    whole = client.post(url, again, headers=FRAGMENT)
    assert whole["HX-Retarget"] == "#ordonnance"


@pytest.mark.parametrize(
    ("button", "names"),
    [
        ({"ajouter": "libre: Bain  de bouche "}, ["A", "B", "Bain de bouche"]),
        ({"ajouter": "usual:0"}, ["A", "B", "Clindamycine"]),
        ({"retirer": "0"}, ["B"]),
        ({"favori": "1"}, ["A", "B"]),
        ({"modele": "gencives"}, ["A", "B", "Chlorhexidine", "Brossettes interdentaires"]),
    ],
)
def test_a_button_changes_the_lines_and_draws_them_again(alice, draft, client_of, button, names):
    read_models(actor(alice))
    answer = client_of(alice).post(
        url_of("show", draft.id), screen(draft, "A", "B", **button), headers=FRAGMENT
    )
    assert answer["HX-Retarget"] == "#ordonnance"
    draft.refresh_from_db()
    assert [line["name"] for line in draft.lines] == names
    assert Favourite.objects.count() == ("favori" in button)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"ajouter": "cis:9"}, "plus dans la liste"),
        ({"modele": "rien"}, "plus dans la liste"),
    ],
)
def test_what_cannot_be_kept_is_said_and_the_screen_stays(alice, draft, client_of, given, words):
    client, url = client_of(alice), url_of("show", draft.id)
    answer = client.post(url, screen(draft, "A", **given), headers=FRAGMENT)
    assert answer.status_code == 204
    assert words.encode("ascii", "backslashreplace").decode()[:9] in answer["HX-Trigger"]
    page = client.post(url, screen(draft, "A", **given), follow=True)
    assert words in page.content.decode()
    draft.refresh_from_db()
    assert draft.version == 1


def test_a_mistyped_number_is_told_beside_its_field(alice, draft, client_of):
    data = screen(draft, "A", **{"l-0-times": "beaucoup"})
    for name in ("show", "issue"):
        answer = client_of(alice).post(url_of(name, draft.id), data, headers=FRAGMENT)
        assert (answer.status_code, "field-wrong" in answer.content.decode()) == (422, True)


def test_medicines_are_proposed_as_one_types(alice, draft, client_of):
    read_models(actor(alice))
    client, url = client_of(alice), url_of("propose", draft.id)
    assert "Amoxicilline" in client.get(url, {"q": "amoxi"}).content.decode()
    free = client.get(url, {"q": "<x'\">"}).content.decode()
    assert "&lt;x" in free
    assert "<x" not in free
    assert client.get(url).content.strip() == b""


def test_issuing_keeps_the_screen_then_shows_the_paper(alice, patient, draft, client_of):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    client, url = client_of(alice), url_of("issue", draft.id)
    first = client.post(url, screen(draft, "Amoxicilline"), headers=FRAGMENT)
    assert "HX-Redirect" not in first
    assert "Allergie aux pénicillines" in first.content.decode()
    draft.refresh_from_db()
    told = {"vus": "penicillin:penicillins,unsaid:111", "confirme": "penicillin:penicillins"}
    seen = screen(draft, "Amoxicilline", **told)
    assert client.post(url, seen, headers=FRAGMENT)["HX-Redirect"] == url_of("show", draft.id)
    again = client.post(url, seen)
    assert (again.status_code, again["Location"]) == (302, url_of("show", draft.id))
    assert Document.objects.count() == 1
    page = client.get(url_of("show", draft.id)).content.decode()
    assert "Ordonnance n° 1" in page
    assert "Rappels vus" in page
    late = client.post(url_of("show", draft.id), screen(draft, "Batiste"), headers=FRAGMENT)
    assert (late.status_code, "Batiste" in late.content.decode()) == (409, True)


def test_an_issued_prescription_is_renewed_copied_and_cancelled(alice, sarah, draft, client_of):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    copy = client_of(sarah).post(url_of("duplicate", draft.id))
    assert (copy["Content-Type"], copy.content[:5]) == ("application/pdf", b"%PDF-")
    client.post(url_of("renew", draft.id))
    assert Prescription.objects.filter(renews=draft, state="draft").count() == 1
    assert "Dites pourquoi" in client.post(url_of("cancel", draft.id), follow=True).content.decode()
    page = client.post(url_of("cancel", draft.id), {"reason": "Erreur"}, follow=True)
    assert "Erreur" in page.content.decode()
    assert "Remettre au patient" not in page.content.decode()
    assert client.post(url_of("duplicate", draft.id)).status_code == 302
    document = Document.objects.get()
    prints = [
        client.get(reverse("documents:print", args=[document.id])).content.decode()
        for _time in range(2)
    ]
    assert "ANNULÉ" in prints[0]


def test_a_second_print_says_that_it_is_one(alice, draft, client_of):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    document = Document.objects.get()
    url = reverse("documents:print", args=[document.id])
    # Opened twice, printed by nobody: there is no paper yet of which this could be a copy.
    pages = [client.get(url).content.decode() for _time in range(2)]
    noting = reverse("documents:printed", args=[document.id])
    assert client.post(noting).json() == {"standing": "", "mention": ""}
    pages.append(client.get(url).content.decode())
    # The other tab still shows an original: what it asks before it prints says that it is none.
    assert "Duplicata du 17 mars 2026" in client.post(noting).json()["mention"]
    assert ["Duplicata du 17 mars 2026" in page for page in pages] == [False, False, True]


def test_a_page_opened_before_a_cancellation_is_marked_before_it_prints(alice, draft, client_of):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    noting = reverse("documents:printed", args=[Document.objects.get().id])
    client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    assert client.post(noting).json() == {"standing": "ANNULÉ LE 17/03/2026", "mention": ""}
    again = client.post(noting).json()
    assert (again["standing"], "Duplicata" in again["mention"]) == ("ANNULÉ LE 17/03/2026", True)


def test_the_card_and_the_part_show_what_is_there(alice, patient, draft, client_of):
    client = client_of(alice)
    record = client.get(reverse("patients:record", args=[patient.id])).content.decode()
    assert url_of("card", patient.id) in record
    card = client.get(url_of("card", patient.id), headers=FRAGMENT).content.decode()
    assert "Amoxicilline" in card
    assert client.get(url_of("card", patient.id)).status_code == 302
    for headers in ({}, FRAGMENT):
        page = client.get(url_of("index", patient.id), headers=headers).content.decode()
        assert "Brouillon" in page
    client.post(url_of("drop", draft.id), {"version": "x"})
    client.post(url_of("drop", draft.id), {"version": "1"})
    assert client.get(url_of("show", draft.id)).status_code == 410


def test_a_secretary_gives_a_certificate_of_presence(sarah, patient, client_of):
    client, url = client_of(sarah), url_of("begin_letter", patient.id)
    assert "Heures de présence" in client.get(url, {"modele": "presence"}).content.decode()
    assert client.get(url, {"modele": "rien"}).status_code == 404
    sent = {"modele": "presence", "pret": "1", "heure": "de 9 h à 10 h"}
    page = client.post(url, sent, follow=True).content.decode()
    assert "de 9 h à 10 h" in page
    letter = Letter.objects.get()
    url = url_of("letter", letter.id)
    kept = {"version": "1", "title": "Présence", "body": letter.body + " Merci."}
    assert "Brouillon enregistré" in client.post(url, kept, follow=True).content.decode()
    # Sent twice: what is written is shown, and nothing is left to take up.
    again = client.post(url, kept)
    assert (again.status_code, "a-reprendre" in again.content.decode()) == (409, False)
    assert client.post(url, kept | {"title": ""}).status_code == 422
    issuing = url_of("issue_letter", letter.id)
    sent = client.post(issuing, kept | {"version": "2"}, follow=True)
    assert "rangé dans les documents" in sent.content.decode()
    assert Document.objects.get().kind == "certificate"
    client.post(url_of("cancel_letter", letter.id))
    page = client.post(url_of("cancel_letter", letter.id), {"reason": "Erreur"}, follow=True)
    assert "Erreur" in page.content.decode()


def test_a_letter_is_kept_as_it_is_typed(alice, letter, client_of):
    client, url = client_of(alice), url_of("letter", letter.id)
    shown = client.get(url).content.decode()
    assert f'data-kept-form="letter:{letter.id}"' in shown
    assert f'data-beside-place="letter:{letter.id}"' in shown
    typed = {"version": "1", "title": "Avis", "body": "Bonjour Paul"}
    saved = client.post(url, typed, headers=FRAGMENT).content.decode()
    # The form and the button that drops the draft follow: neither is refused the next time.
    assert saved.count('value="2"') == 2
    assert 'id="version-du-brouillon"' in saved
    wrong = client.post(url, typed | {"version": "2", "title": ""}, headers=FRAGMENT)
    assert (wrong.status_code, wrong["HX-Retarget"]) == (422, "#courrier")
    issued = client.post(
        url_of("issue_letter", letter.id), typed | {"version": "2"}, headers=FRAGMENT
    )
    assert issued["HX-Redirect"] == url
    letter.refresh_from_db()
    assert (letter.state, letter.body) == ("issued", "Bonjour Paul")


def test_a_letter_is_issued_at_its_own_address_alone(alice, letter, client_of):
    client, url = client_of(alice), url_of("letter", letter.id)
    typed = {"version": "1", "title": "Avis", "body": "Bonjour Paul", "emettre": "1"}
    for headers in ({}, FRAGMENT):
        client.post(url, typed, headers=headers)
    letter.refresh_from_db()
    assert (letter.state, letter.body, Document.objects.count()) == ("draft", "Bonjour Paul", 0)
    assert client.get(url_of("issue_letter", letter.id)).status_code == 405


def test_no_key_and_no_save_presses_a_button_of_a_draft(alice, draft, letter, client_of):
    client = client_of(alice)
    for url in (url_of("letter", letter.id), url_of("show", draft.id)):
        page = client.get(url).content.decode()
        form = page.split("data-kept-form=")[1].split("</form>")[0]
        buttons = re.findall(r"<button\b[^>]*>", form)
        # Enter in a field presses the first button that sends: the one that saves.
        sending = [one for one in buttons if 'type="button"' not in one]
        assert "hx-post" not in "".join(sending)
        assert not [one for one in buttons if " name=" in one or " formaction=" in one]


def test_a_save_that_was_refused_says_that_nothing_was_saved(alice, draft, letter, client_of):
    client = client_of(alice)
    empty = {"version": "1", "title": "", "body": "Bonjour"}
    told = (
        client.post(url_of("letter", letter.id), empty, headers=FRAGMENT),
        client.post(
            url_of("show", draft.id), screen(draft, "A", **{"l-0-times": "x"}), headers=FRAGMENT
        ),
    )
    for answer in told:
        assert answer.status_code == 422
        assert "Pas enregistré" in answer.content.decode()
        assert "Brouillon enregistré" not in answer.content.decode()


def test_a_letter_that_is_not_issued_is_saved_and_says_so(alice, letter, client_of):
    typed = {"version": "1", "title": "Avis", "body": "Dent 16, reste : [à compléter : dents]"}
    answer = client_of(alice).post(url_of("issue_letter", letter.id), typed, headers=FRAGMENT)
    told = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Il reste des passages" in told.split('<p class="error" role="alert">')[1]
    assert "Brouillon enregistré" in told
    assert "Pas enregistré" not in told
    letter.refresh_from_db()
    assert (letter.state, letter.body, letter.version) == ("draft", typed["body"], 2)
    # The next save goes on from there.
    assert told.count('name="version" value="2"') == 1
    assert 'id="version-du-brouillon" value="2"' in told
    assert "Dent 16" in told


def test_a_work_leave_waits_for_a_dentist(sarah, patient, client_of):
    client = client_of(sarah)
    sent = {"modele": "arret", "pret": "1", "debut": "18/03/2026", "fin": "31/02/2026"}
    assert client.post(url_of("begin_letter", patient.id), sent).status_code == 422
    page = client.post(
        url_of("begin_letter", patient.id), sent | {"fin": "20/03/2026"}, follow=True
    )
    assert "du 18/03/2026 au 20/03/2026" in page.content.decode()
    assert "Un praticien émet ce document" in page.content.decode()
    letter = Letter.objects.get()
    data = {"version": "1", "title": "T", "body": "B"}
    answer = client.post(url_of("issue_letter", letter.id), data)
    assert "Seul un praticien" in answer.content.decode()
    # « Votre brouillon est gardé » : it is.
    letter.refresh_from_db()
    assert (letter.state, letter.body, letter.version) == ("draft", "B", 2)
    client.post(url_of("drop_letter", letter.id), {"version": "x"})
    client.post(url_of("drop_letter", letter.id), {"version": "2"})
    letter.refresh_from_db()
    assert letter.state == "dropped"


def test_a_dentist_writes_templates_and_a_secretary_correspondents(
    alice, sarah, practice, client_of
):
    client = client_of(alice)
    assert client_of(sarah).get(url_of("settings")).status_code == 403
    head = {"speciality": "Chirurgien-dentiste", "am_number": "44400000", "more": "", "paper": "a4"}
    assert client.post(url_of("settings"), head).status_code == 422
    page = client.post(url_of("settings"), head | {"am_number": "444000001"}, follow=True)
    assert "En-tête enregistré" in page.content.decode()
    model = url_of("model", "sagesse")
    assert "Amoxicilline" in client.get(model).content.decode()
    sent = {
        "version": "0", "name": "Sagesses", "remarks": "", "is_active": "on",
        "l-TOTAL_FORMS": "2", "l-INITIAL_FORMS": "0", "l-0-name": "Paracétamol", "l-1-name": "",
    }  # fmt: skip
    assert "Sagesses" in client.post(model, sent, follow=True).content.decode()
    assert client.post(model, sent).status_code == 422
    assert client.post(url_of("new_model"), sent | {"name": ""}).status_code == 422
    assert client.get(url_of("new_model")).status_code == 200
    text = url_of("text", "presence")
    assert client.get(text).status_code == 200
    given = {
        "version": "0", "name": "Présence", "kind": "certificate", "title": "T",
        "body": "{patient}", "is_active": "on",
    }  # fmt: skip
    assert client.post(text, given | {"body": "{x}"}).status_code == 422
    assert client.post(text, given).status_code == 302
    assert client.get(url_of("new_text")).status_code == 200
    for name in ("model", "text"):
        assert client.get(url_of(name, "rien")).status_code == 404
    to = CorrespondentFactory.create(practice=practice)
    desk = client_of(sarah)
    assert desk.post(url_of("correspondents"), {"name": ""}).status_code == 422
    desk.post(url_of("correspondents"), {"name": "Dr Nouveau", "is_active": "on"})
    desk.post(url_of("correspondent", to.id), {"name": "Dr Changé"})
    assert set(Correspondent.objects.values_list("name", flat=True)) == {"Dr Nouveau", "Dr Changé"}
    other = CorrespondentFactory.create()
    assert desk.get(url_of("correspondent", other.id)).status_code == 404
    assert desk.get(url_of("correspondent", to.id)).status_code == 200


def test_a_favourite_is_forgotten(alice, practice, client_of):
    from tests.factories import FavouriteFactory

    kept = FavouriteFactory.create(practice=practice)
    client = client_of(alice)
    assert "Favori" in client.get(url_of("settings")).content.decode()
    client.post(url_of("forget", kept.id))
    kept.refresh_from_db()
    assert not kept.is_active


def test_a_grave_reminder_asks_with_a_box_that_typing_keeps(alice, patient, draft, client_of):
    MedicalAlertFactory.create(patient=patient, code="penicillin", label="Pénicillines")
    client = client_of(alice)
    sent = screen(draft, "Amoxicilline")
    saved = client.post(url_of("show", draft.id), sent, headers=FRAGMENT).content.decode()
    assert 'name="confirme" value="penicillin:penicillins">' in saved
    draft.refresh_from_db()
    told = {"vus": "penicillin:penicillins,unsaid:111"}
    sent = screen(draft, "Amoxicilline", **told)
    refused = client.post(url_of("issue", draft.id), sent, headers=FRAGMENT)
    assert "je confirme" in json.loads(refused["HX-Trigger"])["toast"]["text"]
    assert Prescription.objects.get().state == "draft"
    draft.refresh_from_db()
    ticked = {**screen(draft, "Amoxicilline", **told), "confirme": "penicillin:penicillins"}
    saved = client.post(url_of("show", draft.id), ticked, headers=FRAGMENT).content.decode()
    assert 'value="penicillin:penicillins" checked' in saved
    draft.refresh_from_db()
    client.post(url_of("issue", draft.id), {**ticked, "version": draft.version}, headers=FRAGMENT)
    assert Prescription.objects.get().state == "issued"
