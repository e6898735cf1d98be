"""The file of a prescription: an original once, then duplicates that say so."""

import html

import pytest
from django.urls import reverse

from quenotte.base.audit.models import Line
from quenotte.care.documents.models import Document
from quenotte.devices.paper import reading
from quenotte.devices.paper.typesetting import CannotTypeset
from tests.care.prescriptions.screens import screen, url_of


def _text(answer):
    return reading.text_of(b"".join(answer.streaming_content))


def test_the_file_of_a_prescription_is_an_original_once(alice, sarah, draft, client_of):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    document = Document.objects.get()
    url, page = (reverse(f"documents:{one}", args=[document.id]) for one in ("download", "show"))
    # A link asks for nothing that counts.
    assert client.get(url)["Location"] == page
    assert "sera un duplicata" not in client.get(page).content.decode()
    assert (
        f'href="{url}"'
        not in client.get(reverse("documents:index", args=[document.patient_id])).content.decode()
    )
    first, second = client.post(url), client_of(sarah).post(url)
    assert "DUPLICATA" not in _text(first)
    told = _text(second)
    assert "DUPLICATA" in told
    assert f"Duplicata du 17 mars 2026, par {sarah.full_name}" in told
    assert "copie" in second["Content-Disposition"]
    shown = client.get(page).content.decode()
    assert shown.count("Fichier téléchargé") == 2
    assert "sera un duplicata" in shown
    # What was saved is out: the printer makes no second original.
    printed = client.post(reverse("documents:printed", args=[document.id])).json()
    assert "Duplicata" in printed["mention"]
    noted = Line.objects.filter(object_id=document.id, action="print").order_by("number")
    told = [one.detail["how"] for one in noted]
    assert told == ["downloaded", "downloaded_copy", "printed"]


def _known(client, document):
    """Return what the form of the page sends."""
    page = client.get(reverse("documents:show", args=[document.id])).content.decode()
    return {"connu": page.split('name="connu" value="')[1].split('"')[0]}


def test_a_second_click_gets_the_same_file(alice, sarah, draft, client_of, frozen_clock):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    document = Document.objects.get()
    url = reverse("documents:download", args=[document.id])
    before, others = _known(client, document), _known(client_of(sarah), document)
    original = _text(client.post(url, before))
    assert "DUPLICATA" not in original
    assert _text(client.post(url, before)) == original
    assert document.events.filter(what="printed").count() == 1
    assert Line.objects.filter(object_kind="document", action="print").count() == 1
    # Nobody else, and no later press, gets a second original, or a duplicate unannounced.
    refused = [client_of(sarah).post(url, others, follow=True)]
    frozen_clock.shift(121)
    refused.append(client.post(url, before, follow=True))
    for page in refused:
        assert page.redirect_chain[-1][0] == reverse("documents:show", args=[document.id])
        assert "depuis l’affichage de la page" in html.unescape(page.content.decode())
    assert document.events.filter(what="printed").count() == 1
    after = _known(client, document)
    duplicate = client.post(url, after)
    assert "DUPLICATA" in _text(duplicate)
    assert "DUPLICATA" in _text(client.post(url, after))
    assert document.events.filter(what="printed").count() == 2


@pytest.mark.parametrize("what", ["printed", "cancelled"])
def test_a_file_that_was_printed_or_cancelled_meanwhile_is_no_second_click(
    alice, draft, client_of, frozen_clock, what
):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    document = Document.objects.get()
    before, url = _known(client, document), reverse("documents:download", args=[document.id])
    if what == "printed":
        client.post(reverse("documents:printed", args=[document.id]))
    else:
        assert "DUPLICATA" not in _text(client.post(url, before))
        frozen_clock.shift(1)
        client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    answer = client.post(url, before)
    assert answer["Location"] == reverse("documents:show", args=[document.id])
    assert document.events.filter(what="printed").count() == 1


def test_the_file_of_a_cancelled_prescription_says_so(alice, draft, client_of):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    document = Document.objects.get()
    client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    url = reverse("documents:download", args=[document.id])
    told = _text(client.post(url))
    assert Line.objects.get(action="print").detail["how"] == "downloaded_copy"
    assert ("ANNULÉ" in told, "Annulée le 17 mars 2026" in told) == (True, True)
    assert "Duplicata" not in told
    again = _text(client.post(url))
    assert "Annulée le 17 mars 2026 · Duplicata du 17 mars 2026" in again.replace("\r\n", " ")


def test_a_copy_that_cannot_be_set_is_told_and_counts_for_nothing(
    alice, draft, client_of, monkeypatch
):
    client = client_of(alice)
    client.post(url_of("issue", draft.id), screen(draft, "Paracétamol"))
    client.post(url_of("cancel", draft.id), {"reason": "Erreur"})
    document = Document.objects.get()

    def refuse(*_args, **_more):
        raise CannotTypeset("broken")

    monkeypatch.setattr("quenotte.care.documents.operations.setting.typeset", refuse)
    page = client.post(reverse("documents:download", args=[document.id]), follow=True)
    assert page.redirect_chain[-1][0] == reverse("documents:show", args=[document.id])
    assert not document.events.filter(what="printed").exists()
