"""The journal on screen and its export: who may, what is shown, and the line it leaves."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains

from quenotte.base.audit import queries
from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.people.models import Person
from quenotte.care.patients.models import Patient

pytestmark = pytest.mark.django_db

JOURNAL = "/journal/"
EXPORT = "/journal/export/"

Login = Callable[[Person], Client]


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.full_name, person.practice_id, "Poste 3F2A", "web")


def test_journal_shows_the_lines_and_is_a_line_itself(alice: Person, client_of: Login) -> None:
    record(action=Action.SEARCH, actor=_actor(alice), object_kind="search")

    answer = client_of(alice).get(JOURNAL)

    assertContains(answer, alice.full_name)
    assertContains(answer, "Poste 3F2A")
    line = Line.objects.order_by("number").last()
    assert line is not None
    assert (line.action, line.object_kind, line.person_id) == ("read", "journal", alice.id)
    assert line.detail == {"count": 1, "fields": ""}


def test_journal_hides_the_lines_of_another_practice(
    alice: Person, chloe: Person, client_of: Login
) -> None:
    record(action=Action.SEARCH, actor=_actor(alice))

    assertNotContains(client_of(chloe).get(JOURNAL), alice.full_name)


def test_journal_is_refused_to_other_roles(bob: Person, client_of: Login) -> None:
    client = client_of(bob)

    assert client.get(JOURNAL).status_code == 403
    assert client.post(EXPORT).status_code == 403
    assert Line.objects.filter(result="refused").count() == 2


def test_journal_answers_reading_only(alice: Person, client_of: Login) -> None:
    client = client_of(alice)

    assert client.post(JOURNAL).status_code == 405
    assert client.get(EXPORT).status_code == 405


def test_journal_filters_and_keeps_the_filters_in_the_next_page(
    alice: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for _ in range(3):
        record(action=Action.PRINT, actor=_actor(alice))
        record(action=Action.SEARCH, actor=_actor(alice))

    answer = client_of(alice).get(JOURNAL, {"action": "print", "person": str(alice.id)})

    assertContains(answer, "<td>Impression</td>", count=2)
    assertNotContains(answer, "<td>Recherche</td>")
    assertContains(answer, f"action=print&amp;person={alice.id}&amp;avant=3")


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"patient": "987654"}, "Aucun dossier ne porte ce numéro"),
        ({"since": "2026-03-17", "until": "2026-03-01"}, "précède le début"),
        ({"since": "31/02/2026"}, "error"),
        ({"person": "quelqu-un"}, "error"),
    ],
)
def test_journal_explains_a_filter_that_is_wrong(
    alice: Person, client_of: Login, asked: dict[str, str], words: str
) -> None:
    answer = client_of(alice).get(JOURNAL, asked)

    assertContains(answer, words)
    assert not Line.objects.filter(object_kind="journal").exists()


@pytest.mark.parametrize("before", ["abc", "-1", "9" * 30])
def test_journal_ignores_a_page_that_is_no_number(
    alice: Person, client_of: Login, before: str
) -> None:
    record(action=Action.PRINT, actor=_actor(alice))

    assertContains(client_of(alice).get(JOURNAL, {"avant": before}), "<td>Impression</td>")


def test_journal_finds_a_patient_by_internal_id(alice: Person, client_of: Login) -> None:
    patient_id = uuid4()
    record(action=Action.PRINT, actor=_actor(alice), patient_id=patient_id)
    record(action=Action.SEARCH, actor=_actor(alice))

    answer = client_of(alice).get(JOURNAL, {"patient": str(patient_id)})

    assertContains(answer, "<td>Impression</td>")
    assertNotContains(answer, "<td>Recherche</td>")


def test_journal_with_nothing_to_show_says_so(alice: Person, client_of: Login) -> None:
    assertContains(client_of(alice).get(JOURNAL, {"action": "print"}), "Aucune ligne")


def _rows(answer: object) -> list[list[str]]:
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_export_is_a_spreadsheet_and_a_line(alice: Person, client_of: Login) -> None:
    patient_id = uuid4()
    record(
        action=Action.READ,
        actor=_actor(alice),
        patient_id=patient_id,
        object_kind="patient",
        detail={"purpose": "care", "count": 2},
    )

    answer = client_of(alice).post(EXPORT, {"action": "read"})

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'filename="journal-2026-03-17.csv"' in answer["Content-Disposition"]
    headings, row = _rows(answer)
    assert headings[:4] == ["Numéro", "Date", "Heure", "Personne"]
    assert row[:4] == ["1", "17/03/2026", "09:30:00", alice.full_name]
    assert row[8:12] == [str(patient_id), "Dossier", "", "count=2 purpose=care"]
    line = Line.objects.order_by("number").last()
    assert line is not None
    assert (line.action, line.detail["fields"]) == ("export", "action")


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+33", "-1", "@x", "\tx", "\rx"])
def test_export_neutralises_formulas(alice: Person, client_of: Login, name: str) -> None:
    record(action=Action.READ, actor=replace(_actor(alice), workstation=name))

    rows = _rows(client_of(alice).post(EXPORT, {"action": "read"}))

    assert rows[1][4] == f"'{name}"


def test_export_streams_many_lines(
    alice: Person, client_of: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    from quenotte.web import spreadsheets

    monkeypatch.setattr(spreadsheets, "_PIECE", 4)
    for _ in range(9):
        record(action=Action.PRINT, actor=_actor(alice))

    assert len(_rows(client_of(alice).post(EXPORT, {"action": "print"}))) == 10


def test_export_with_a_wrong_filter_exports_nothing(alice: Person, client_of: Login) -> None:
    answer = client_of(alice).post(EXPORT, {"patient": "987654"})

    assert answer.status_code == 400
    assert not Line.objects.filter(action="export").exists()


def test_export_shows_the_system_by_name(alice: Person, client_of: Login) -> None:
    record(action=Action.RECEIVE, actor=replace(SYSTEM, practice_id=alice.practice_id))

    row = _rows(client_of(alice).post(EXPORT, {"action": "receive"}))[1]

    assert (row[3], row[5]) == ("Système", "Serveur")


def test_journal_names_a_patient_by_file_number_alone(
    alice: Person, patient: Patient, client_of: Login
) -> None:
    # Alice's name stands on every page and is drawn from the same list: the patient's must differ.
    patient.birth_name = "Ker-Aodren"
    patient.save()
    record(action=Action.PRINT, actor=_actor(alice), patient_id=patient.id)
    record(action=Action.SEARCH, actor=_actor(alice))

    answer = client_of(alice).get(JOURNAL, {"patient": str(patient.file_number)})

    assertContains(answer, f">Dossier {patient.file_number}</td>")
    assertNotContains(answer, patient.birth_name)
    assertNotContains(answer, "<td>Recherche</td>")


def test_journal_does_not_know_the_patients_of_another_practice(
    alice: Person, chloe: Person, patient: Patient, client_of: Login
) -> None:
    answer = client_of(chloe).get(JOURNAL, {"patient": str(patient.file_number)})

    assertContains(answer, "Aucun dossier ne porte ce numéro")
