"""Pages of documents: who may, what they show, what they send."""

import hashlib
import json
from io import BytesIO
from urllib.parse import unquote
from uuid import uuid4

import pytest
from django.urls import reverse
from PIL import Image

from quenotte.base.audit.models import Line
from quenotte.care.documents import operations
from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import previews
from quenotte.devices.paper import apart, joining, reading
from tests.care.documents.conftest import dropped, picture, sheet
from tests.care.people import actor
from tests.factories import PatientFactory, PersonFactory

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def sarah(practice):
    return PersonFactory.create(practice=practice, role="secretaire")


def _url(name, *keys):
    return reverse(f"documents:{name}", args=keys)


def _post(client, document, name, **data):
    url = _url(name, document.id)
    return client.post(url, {"version": document.version} | data, follow=True)


def test_a_secretary_reads_and_drops_a_manager_does_not(sarah, practice, patient, client_of):
    manager = PersonFactory.create(practice=practice, role="gestionnaire")
    for person, status in ((sarah, 200), (manager, 403)):
        assert client_of(person).get(_url("index", patient.id)).status_code == status
    answer = client_of(sarah).post(
        _url("upload", patient.id),
        {"file": [dropped(sheet()), dropped(b"MZ\x90\0", "x.pdf")]},
        headers={"Accept": "application/json"},
    )
    said = json.loads(answer.content)
    assert (answer.status_code, [one["kept"] for one in said["files"]]) == (200, [True, False])
    assert client_of(manager).post(_url("upload", patient.id)).status_code == 403


@pytest.mark.parametrize("name", ["show", "download", "print", "choose"])
def test_a_stranger_is_not_told_that_it_exists(chloe, document, client_of, name):
    assert client_of(chloe).get(_url(name, document.id)).status_code == 404


def test_nothing_is_said_of_a_document_that_is_not(alice, client_of):
    assert client_of(alice).get(_url("show", uuid4())).status_code == 404


_CHANGES = ["printed", "describe", "replace", "undo", "withdraw", "restore", "move"]


@pytest.mark.parametrize("name", _CHANGES)
def test_what_changes_is_not_asked_by_a_link(alice, document, client_of, name):
    assert client_of(alice).get(_url(name, document.id)).status_code == 405


def test_the_list_finds_a_word_inside_and_says_when_there_is_none(
    alice, patient, document, client_of
):
    client = client_of(alice)
    found = client.get(_url("index", patient.id), {"q": "BILÀN"}, headers=FRAGMENT)
    assert "Compte rendu" in found.content.decode()
    none = client.get(_url("index", patient.id), {"q": "girafe"}).content.decode()
    assert "Aucun document ne contient" in none
    wrong = client.get(_url("index", patient.id), {"type": "nothing", "page": "9"})
    assert wrong.status_code == 200
    card = client.get(_url("card", patient.id), headers=FRAGMENT).content.decode()
    assert "Compte rendu" in card
    assert client.get(_url("card", patient.id)).status_code == 302


def test_the_record_and_its_timeline_tell_of_it(alice, patient, document, client_of):
    record = client_of(alice).get(reverse("patients:record", args=[patient.id])).content.decode()
    assert _url("card", patient.id) in record
    assert _url("show", document.id) in record


def test_a_page_is_a_picture_that_runs_nothing(alice, document, client_of):
    client = client_of(alice)
    answer = client.get(_url("page", document.id, 1))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "sandbox" in answer["Content-Security-Policy"]
    again = client.get(_url("page", document.id, 1), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert client.get(_url("page", document.id, 1), {"pour": "papier"}).status_code == 200
    assert client.get(_url("page", document.id, 2)).status_code == 404


def test_a_file_is_saved_under_a_safe_name_and_runs_nothing(alice, document, client_of):
    Document.objects.filter(id=document.id).update(title='../a"b')
    answer = client_of(alice).get(_url("download", document.id))
    assert b"".join(answer.streaming_content) == sheet("Bilan")
    assert answer["Content-Disposition"] == 'attachment; filename="a-b.pdf"'
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_text_is_shown_escaped(alice, patient, client_of):
    client = client_of(alice)
    text = b"Cher confrere, <script>alert(1)</script>"
    client.post(_url("upload", patient.id), {"file": dropped(text, "lettre.txt")})
    document = Document.objects.get()
    page = client.get(_url("show", document.id)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    answer = client.get(_url("download", document.id))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    answer.close()


def test_a_whole_life_through_the_pages(alice, practice, document, client_of):
    client = client_of(alice)
    given = {"title": "Bilan sanguin", "kind": "laboratory", "dated_on": "05/01/2026"}
    assert "Enregistré." in _post(client, document, "describe", **given).content.decode()
    document.refresh_from_db()
    assert (document.title, document.version) == ("Bilan sanguin", 2)
    page = _post(client, document, "replace", file=dropped(picture(), "x.png"))
    assert "reste consultable" in page.content.decode()
    document.refresh_from_db()
    old = client.get(_url("show", document.id), {"v": "1"}).content.decode()
    assert "qui n’est pas celle du dossier" in old
    assert "de nouveau celle du dossier" in _post(client, document, "undo").content.decode()
    document.refresh_from_db()
    assert "Remettre" in _post(client, document, "withdraw", reason="Raté").content.decode()
    document.refresh_from_db()
    assert "Remis dans le dossier." in _post(client, document, "restore").content.decode()
    document.refresh_from_db()
    other = PatientFactory.create(practice=practice, birth_name="Zwingli")
    found = client.get(_url("choose", document.id), {"q": "zwingli"}, headers=FRAGMENT)
    assert str(other.id) in found.content.decode()
    moved = _post(client, document, "move", patient=other.id)
    assert "venait du dossier" in moved.content.decode()
    assert client.get(_url("print", document.id)).status_code == 200
    assert not Line.objects.filter(action="print", object_kind="document").exists()
    # What is no prescription bears no mention, however often it is printed.
    assert client.post(_url("printed", document.id)).json() == {"standing": "", "mention": ""}
    assert Line.objects.filter(action="print", object_kind="document").count() == 1


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("describe", {"title": "", "kind": "other", "dated_on": "31/02/2026"}, 422),
        ("withdraw", {"reason": ""}, 422),
        ("replace", {}, 200),
        ("move", {"patient": "nobody"}, 200),
        ("undo", {"version": "x"}, 200),
    ],
)
def test_what_is_wrong_is_said_and_changes_nothing(alice, document, client_of, name, data, status):
    answer = _post(client_of(alice), document, name, **data)
    assert answer.status_code == status
    assert 'class="error' in answer.content.decode() or "tone-danger" in answer.content.decode()
    after = Document.objects.get(id=document.id)
    assert (after.version, after.title) == (1, "Compte rendu")


def test_a_form_without_a_file_is_told(alice, patient, client_of):
    page = client_of(alice).post(_url("upload", patient.id), follow=True).content.decode()
    assert "Aucun fichier reçu" in page


def test_what_was_made_here_shows_no_way_to_change_it(alice, patient, client_of):
    made = operations.keep(
        actor=actor(alice), patient_id=patient.id, kind="consent", title="Consentement",
        content=sheet(), content_type="application/pdf",
    )  # fmt: skip
    operations.cancel(actor=actor(alice), document_id=made.id, reason="Mauvaise dent")
    page = client_of(alice).get(_url("show", made.id)).content.decode()
    assert "Mauvaise dent" in page
    assert _url("withdraw", made.id) not in page


def test_a_file_that_is_gone_is_told(alice, document, client_of, settings, tmp_path):
    from quenotte.base.files import operations as files

    path = files.local_path(document.current.blob)
    path.rename(tmp_path / "gone")
    client = client_of(alice)
    page = client.get(_url("download", document.id), follow=True).content.decode()
    assert "introuvable" in page
    (tmp_path / "gone").rename(path)


@pytest.mark.parametrize("kind", ["questionnaire", "consent", "report"])
def test_what_a_secretary_may_not_read_does_not_exist_for_her(
    alice, sarah, patient, client_of, kind
):
    made = operations.keep(
        actor=actor(alice), patient_id=patient.id, kind=kind, title="Girafe",
        content=sheet("Girafe"), content_type="application/pdf",
    )  # fmt: skip
    shown = [
        (_url("index", patient.id), {}),
        (_url("index", patient.id), {"q": "girafe"}),
        (_url("card", patient.id), {}),
        (reverse("patients:record", args=[patient.id]), {}),
    ]
    address = _url("show", made.id)
    for person, is_there in ((alice, True), (sarah, False)):
        client = client_of(person)
        for url, asked in shown:
            page = client.get(url, asked, headers=FRAGMENT if "documents" in url else {})
            assert (address in page.content.decode()) is is_there, url
        for url in (address, _url("page", made.id, 1), _url("download", made.id)):
            answer = client.get(url)
            assert answer.status_code == (200 if is_there else 404), url
            # Read whole: an answer that is closed takes its connection away.
            b"".join(answer)
    hers = client_of(sarah)
    for name in ("print", "choose"):
        assert hers.get(_url(name, made.id)).status_code == 404
    for name in ("describe", "replace", "undo", "withdraw", "restore", "move"):
        assert hers.post(_url(name, made.id), {"version": 1}).status_code == 404
    Document.objects.filter(id=made.id).update(withdrawn_at=made.created_at, withdrawn_reason="x")
    withdrawn = hers.get(_url("index", patient.id), {"vue": "retires"}).content.decode()
    assert "Girafe" not in withdrawn
    assert "1 document retiré" not in hers.get(_url("index", patient.id)).content.decode()


def test_a_secretary_who_files_what_she_does_not_read_is_told(sarah, patient, client_of):
    client = client_of(sarah)
    page = client.post(
        _url("upload", patient.id), {"file": dropped(sheet(), "Questionnaire.pdf")}, follow=True
    )
    assert "seuls les soignants le lisent" in page.content.decode()
    client.post(_url("upload", patient.id), {"file": dropped(picture(), "scan.png")})
    document = Document.objects.get(kind="photo")
    given = {"title": "Scan", "kind": "consent", "dated_on": "05/01/2026"}
    page = _post(client, document, "describe", **given)
    assert page.redirect_chain[-1][0] == _url("index", patient.id)
    assert "Enregistré." in page.content.decode()


def _saved(client, document, **query):
    answer = client.get(_url("download", document.id), query)
    content = answer.getvalue()
    # Closing the answer would close the base with it.
    for close in answer._resource_closers:
        close()
    return answer, content


def _name(answer):
    return unquote(answer["Content-Disposition"])


def test_file_of_what_holds_says_nothing(alice, document, client_of):
    answer, content = _saved(client_of(alice), document)
    assert hashlib.sha256(content).hexdigest() == document.current.blob_id
    assert "(" not in _name(answer)


def test_file_of_what_was_cancelled_or_taken_out_says_so(alice, document, client_of):
    client = client_of(alice)
    kept = document.current.blob_id
    operations.withdraw(actor=actor(alice), document_id=document.id, expected_version=1, reason="x")
    answer, content = _saved(client, document)
    assert "RETIRÉ DU DOSSIER" in reading.text_of(content)
    assert "Bilan" in reading.text_of(content)
    assert "(retiré du dossier).pdf" in _name(answer)
    assert "sandbox" in answer["Content-Security-Policy"]
    operations.cancel(actor=actor(alice), document_id=document.id, reason="Erreur")
    content = _saved(client, document)[1]
    assert "ANNULÉ LE 17/03/2026, RETIRÉ DU DOSSIER" in reading.text_of(content)
    document.refresh_from_db()
    assert (document.current.blob_id, document.versions.count()) == (kept, 1)


def test_replaced_version_says_so_on_paper_and_in_its_file(alice, document, client_of):
    client = client_of(alice)
    _post(client, document, "replace", file=dropped(picture(), "x.png"))
    assert "VERSION 1, REMPLACÉE" in reading.text_of(_saved(client, document, v="1")[1])
    printed = client.get(_url("print", document.id), {"v": "1"}).content.decode()
    assert "VERSION 1, REMPLACÉE" in printed
    noted = client.post(f"{_url('printed', document.id)}?v=1").json()
    assert noted == {"standing": "VERSION 1, REMPLACÉE", "mention": ""}
    # What is of the record bears nothing.
    assert _saved(client, document)[1] == picture()
    document.refresh_from_db()
    _post(client, document, "undo")
    answer, content = _saved(client, document, v="2")
    with Image.open(BytesIO(content)) as marked:
        assert (marked.format, marked.size) == ("PNG", (8, 6))
    assert content != picture()
    assert "(version 2, remplacement annulé).png" in _name(answer)


def test_text_that_was_taken_out_begins_with_saying_so(alice, patient, client_of):
    client = client_of(alice)
    client.post(_url("upload", patient.id), {"file": dropped(b"Cher confr\xe8re", "lettre.txt")})
    document = Document.objects.get()
    _post(client, document, "withdraw", reason="Raté")
    content = _saved(client, document)[1].decode()
    assert content.splitlines()[::2] == ["*** RETIRÉ DU DOSSIER ***", "Cher confrère"]


def test_nothing_leaves_bare_that_cannot_be_marked(alice, document, client_of, monkeypatch):
    client = client_of(alice)
    _post(client, document, "withdraw", reason="Raté")

    def broken(_path, _mention):
        raise apart.Unreadable("slow")

    monkeypatch.setattr(apart, "marked", broken)
    page = client.get(_url("download", document.id), follow=True).content.decode()
    assert "n’a pas pu être posée" in page


def test_print_of_a_part_says_so(alice, patient, client_of, monkeypatch):
    client = client_of(alice)
    content = joining.joined([sheet()] * 3)
    client.post(_url("upload", patient.id), {"file": dropped(content, "dossier.pdf")})
    url = _url("print", Document.objects.get().id)
    assert "la suite est dans" not in client.get(url).content.decode()
    monkeypatch.setattr(previews, "MOST_SHOWN", 2)
    printed = client.get(url).content.decode()
    assert "Pages 1 à 2 sur 3 : la suite est dans le fichier." in printed
    assert _url("download", Document.objects.get().id) in printed


def _dropped_again(client, patient, name="x.pdf", content=None):
    answer = client.post(
        _url("upload", patient.id),
        {"file": dropped(content, name)},
        headers={"Accept": "application/json"},
    )
    return json.loads(answer.content)["files"][0]["message"]


def test_file_dropped_again_is_told_where_it_is(alice, patient, client_of):
    client, content = client_of(alice), sheet("Radio")
    client.post(_url("upload", patient.id), {"file": dropped(content, "Radio.pdf")})
    assert "déjà dans ce dossier : « Radio »" in _dropped_again(client, patient, content=content)
    _post(client, Document.objects.get(), "withdraw", reason="Raté")
    said = _dropped_again(client, patient, content=content)
    assert "parmi les documents retirés de ce dossier : « Radio »" in said
    assert Document.objects.count() == 1


def test_file_that_she_may_not_read_is_not_named(sarah, patient, client_of):
    client, content = client_of(sarah), sheet("Girafe")
    client.post(_url("upload", patient.id), {"file": dropped(content, "Girafe consentement.pdf")})
    said = _dropped_again(client, patient, content=content)
    assert ("seuls les soignants" in said, "Girafe" in said) == (True, False)
