from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import SYSTEM, Actor
from quenotte.config import data_folder, falls


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return data_folder.prepare(tmp_path / "data")


def notes(folder: Path) -> list[Path]:
    return list((folder / "run").iterdir())


@pytest.mark.django_db
def test_fall_becomes_a_line_of_the_journal_once(folder: Path):
    falls.note(folder, "dicom")
    assert falls.tell(folder) == 1
    assert falls.tell(folder) == 0
    line = Line.objects.get()
    assert (line.action, line.object_kind, line.object_id) == ("failure", "process", "dicom")
    assert line.detail["reason"] == "fallen"
    assert line.detail["last"].startswith("20")
    assert notes(folder) == []


@pytest.mark.django_db
def test_note_that_cannot_be_read_is_left(folder: Path, caplog: pytest.LogCaptureFixture):
    (folder / "run" / "fallen-x.json").write_text("{")
    (folder / "run" / "fallen-y.json").write_text("[]")
    assert falls.tell(folder) == 0
    assert len(notes(folder)) == 2
    assert "cannot be read" in caplog.text


@pytest.mark.django_db
def test_note_without_its_words_is_left(folder: Path, caplog: pytest.LogCaptureFixture):
    (folder / "run" / "fallen-x.json").write_text('{"at": "2026-01-01 10:00:00"}')
    assert falls.tell(folder) == 0
    assert len(notes(folder)) == 1
    assert "could not be told" in caplog.text


@pytest.mark.django_db
def test_what_was_not_saved_shares_a_line_for_each_person_and_reason(folder: Path, alice: Any):
    actor = Actor(
        alice.pk, alice.full_name, alice.practice_id, "Poste", "web", frozenset({"praticien"})
    )
    for reason in ("busy", "busy", "away"):
        falls.note_refused(folder, reason=reason, actor=actor)
    falls.note_refused(folder, reason="busy", actor=SYSTEM)
    assert falls.tell(folder) == 4
    assert notes(folder) == []
    lines = Line.objects.filter(action="failure", object_kind="page", result="failed")
    assert {(line.person_id, line.detail["reason"], line.detail["count"]) for line in lines} == {
        (alice.pk, "busy", 2),
        (alice.pk, "away", 1),
        (None, "busy", 1),
    }
    assert {(line.practice_id, line.workstation) for line in lines if line.person_id} == {
        (alice.practice_id, "Poste")
    }


def test_note_waits_for_the_database(folder: Path, monkeypatch: pytest.MonkeyPatch):
    def away(**_words: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("quenotte.base.audit.operations.record", away)
    falls.note(folder, "web")
    assert falls.tell(folder) == 0
    assert len(notes(folder)) == 1


def test_notes_are_few_and_never_stop_the_supervisor(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(falls, "_MOST", 2)
    for _ in range(4):
        falls.note(folder, "web")
    assert len(notes(folder)) == 2
    falls.note(folder / "nowhere", "web")
    assert "could not be left" in caplog.text
