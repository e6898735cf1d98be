from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError

from quenotte.base.audit.models import Line
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
    assert "could not be told" in caplog.text


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
    assert "could not be noted" in caplog.text
