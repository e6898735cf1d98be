import html
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from quenotte.base.people.models import Draft
from quenotte.base.people.operations import save_draft
from quenotte.care.chart import queries
from quenotte.care.chart.models import Note
from tests.factories import NoteFactory

FRAGMENT = {"HX-Request": "true"}


def url(name, *args):
    return reverse(f"chart:{name}", args=args)


def page(response):
    return html.unescape(response.content.decode())


def test_note_is_signed_in_place(alice, patient, client_of):
    answer = client_of(alice).post(
        url("write", patient.id), {"text": "Détartrage <complet>"}, headers=FRAGMENT
    )
    assert "Détartrage &lt;complet&gt;" in answer.content.decode()
    assert alice.full_name in page(answer)
    assert "<html" not in page(answer)


def test_note_is_signed_without_script(bob, patient, client_of):
    answer = client_of(bob).post(url("write", patient.id), {"text": "RAS"})
    assert answer.url == reverse("patients:record", args=[patient.id]) + "#notes"
    assert Note.objects.get().author == bob


@pytest.mark.parametrize("headers", [FRAGMENT, {}])
@pytest.mark.parametrize(
    ("text", "words"),
    [("", "note est vide"), ("\x07", "note est vide"), ("x" * 10_001, "trop longue")],
    ids=["empty", "unseen", "long"],
)
def test_note_that_cannot_be_signed_comes_back(alice, patient, client_of, headers, text, words):
    answer = client_of(alice).post(url("write", patient.id), {"text": text}, headers=headers)
    assert answer.status_code == 422
    assert words in page(answer)
    assert not Note.objects.exists()


def test_draft_comes_back_with_the_record(alice, patient, client_of):
    save_draft(person_id=alice.id, key=queries.draft_key(patient.id), text="Détar…")
    answer = client_of(alice).get(reverse("patients:record", args=[patient.id]))
    assert ">Détar…</textarea>" in page(answer)


def test_correction_shows_both_notes_linked(alice, patient, client_of):
    note = NoteFactory.create(
        patient=patient, author=alice, text="Carie 16", signed_at=timezone.now() - timedelta(days=1)
    )
    client = client_of(alice)
    asked = page(client.get(url("correct", patient.id, note.id), headers=FRAGMENT))
    assert "Carie 16</textarea>" in asked
    assert "Note d’origine" in page(client.get(url("correct", patient.id, note.id)))
    shown = page(
        client.post(url("correct", patient.id, note.id), {"text": "Carie 26"}, headers=FRAGMENT)
    )
    assert "<s>Carie 16</s>" in shown
    correction = Note.objects.get(corrects=note)
    assert f'href="#note-{correction.id}"' in shown
    assert f'href="#note-{note.id}"' in shown


def test_correction_refused_comes_back_where_it_was_typed(alice, patient, client_of):
    note = NoteFactory.create(patient=patient, author=alice)
    NoteFactory.create(patient=patient, author=alice, corrects=note)
    answer = client_of(alice).post(
        url("correct", patient.id, note.id), {"text": "Carie 26"}, headers=FRAGMENT
    )
    assert answer.status_code == 422
    assert answer["HX-Retarget"] == f"#correction-{note.id}"
    assert "déjà été corrigée" in page(answer)
    assert "Carie 26</textarea>" in page(answer)


def test_correction_of_no_note_is_not_found(alice, patient, client_of):
    assert client_of(alice).get(url("correct", patient.id, uuid4())).status_code == 404


def test_older_notes_follow_by_pages(alice, patient, client_of):
    now = timezone.now()
    for i in range(8):
        NoteFactory.create(
            patient=patient, author=alice, text=f"séance {i}", signed_at=now - timedelta(days=i)
        )
    client = client_of(alice)
    first = client.get(url("notes", patient.id), headers=FRAGMENT)
    assert "séance 4" in page(first)
    assert "séance 5" not in page(first)
    older = first.context["page"].older_than.isoformat()
    rest = page(client.get(url("notes", patient.id), {"avant": older}, headers=FRAGMENT))
    assert "séance 7" in rest
    assert "séance 4" not in rest
    assert "séance 7" in page(client.get(url("notes", patient.id)))


@pytest.mark.parametrize("before", ["hier", "2026-99-01T00:00Z", "2026-01-01T00:00"])
def test_strange_instant_gives_the_newest_notes(alice, patient, client_of, before):
    NoteFactory.create(patient=patient, author=alice, text="RAS")
    answer = client_of(alice).get(url("notes", patient.id), {"avant": before})
    assert "RAS" in page(answer)


def test_notes_are_not_for_the_secretary(sarah, alice, patient, client_of):
    client = client_of(sarah)
    assert client.get(url("notes", patient.id)).status_code == 403
    assert client.post(url("write", patient.id), {"text": "RAS"}).status_code == 403
    assert not Note.objects.exists()


def test_notes_of_a_stranger_are_not_found(chloe, patient, client_of):
    client = client_of(chloe)
    assert client.get(url("notes", patient.id)).status_code == 404
    assert client.post(url("write", patient.id), {"text": "RAS"}).status_code == 404
    assert not Note.objects.exists()


def test_writing_is_posted(alice, patient, client_of):
    assert client_of(alice).get(url("write", patient.id)).status_code == 405


def test_correction_left_without_signing_comes_back_then_is_forgotten(alice, patient, client_of):
    note = NoteFactory.create(patient=patient, author=alice, text="Carie 16")
    save_draft(person_id=alice.id, key=queries.correction_key(note.id), text="Carie 2")
    client = client_of(alice)
    address = url("correct", patient.id, note.id)
    assert ">Carie 2</textarea>" in page(client.get(address, headers=FRAGMENT))
    client.post(address, {"text": "Carie 26"})
    assert not Draft.objects.exists()


def test_timeline_quotes_a_line_and_leads_to_the_note(alice, patient, client_of):
    now = timezone.now()
    notes = [
        NoteFactory.create(
            patient=patient,
            author=alice,
            signed_at=now - timedelta(days=age),
            text=f"Note {age}\n" + "mot " * 40,
        )
        for age in range(queries.NOTES_SHOWN + 1)
    ]
    record = reverse("patients:record", args=[patient.id])
    client = client_of(alice)
    told = page(client.get(record)).split('id="historique"')[1]
    assert "Note 0 mot" in told
    assert "mot " * 25 not in told
    assert f'href="{record}#note-{notes[0].id}"' in told
    address = re.search(rf'href="([^"]+)#note-{notes[-1].id}"', told)
    assert address
    assert f'id="note-{notes[-1].id}"' in page(client.get(address[1]))
