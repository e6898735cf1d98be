import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import InterfaceError, OperationalError
from django.test import RequestFactory

from quenotte.config import data_folder, plain_pages
from quenotte.config.failures import server_error


@pytest.fixture(autouse=True)
def run_folder(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    return tmp_path / "data" / "run"


def answer_to(error: Exception) -> Any:
    try:
        raise error
    except (OperationalError, InterfaceError, ValueError):
        return server_error(RequestFactory().get("/"))


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (OperationalError("database is locked"), 503, "Une autre personne enregistre"),
        (OperationalError("canceling statement due to lock timeout"), 503, "Une autre personne"),
        (OperationalError("connection refused"), 503, "ne peut pas répondre"),
        (InterfaceError("connection already closed"), 503, "ne peut pas répondre"),
        (ValueError("Madame Martin"), 500, "<h1>"),
    ],
)
def test_failure_is_told_calmly(
    error: Exception, status: int, words: str, caplog: pytest.LogCaptureFixture
):
    answer = answer_to(error)
    page = answer.content.decode()
    assert answer.status_code == status
    assert words in page
    assert (answer.headers.get("Retry-After") == "5") is (status == 503)
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Martin" not in page
    number = caplog.records[-1].getMessage().split()[1].rstrip(":")
    assert len(number) == 8
    assert number in page


@pytest.mark.parametrize(
    ("method", "advice", "other"),
    [
        ("get", "rechargez la page", "enregistrez de nouveau"),
        ("head", "rechargez la page", "enregistrez de nouveau"),
        ("post", "ce que vous aviez saisi part de nouveau", "enregistrez de nouveau"),
    ],
)
def test_busy_database_is_told_to_who_reads_and_to_who_saves(method: str, advice: str, other: str):
    try:
        raise OperationalError("database is locked")
    except OperationalError:
        answer = server_error(getattr(RequestFactory(), method)("/"))
    page = answer.content.decode()
    assert advice in page
    assert other not in page


@pytest.mark.parametrize(
    ("words", "reason"), [("database is locked", "busy"), ("connection refused", "away")]
)
@pytest.mark.parametrize("is_known", [True, False])
def test_save_that_failed_leaves_a_note_for_the_journal(
    run_folder: Path, words: str, reason: str, is_known: bool
):
    request = RequestFactory().post("/")
    if is_known:
        request.user = AnonymousUser()
    try:
        raise OperationalError(words)
    except OperationalError:
        server_error(request)
    (note,) = run_folder.iterdir()
    left = json.loads(note.read_text())
    assert left["reason"] == reason
    assert left["actor"]["source"] == ("web" if is_known else "system")


def test_reading_that_failed_leaves_no_note(run_folder: Path):
    answer_to(OperationalError("database is locked"))
    assert list(run_folder.iterdir()) == []


def test_log_says_where_and_never_what(caplog: pytest.LogCaptureFixture):
    name = "Martin"
    answer_to(ValueError(f"Madame {name}"))
    assert "test_failures.py" in caplog.text
    assert "ValueError" in caplog.text
    assert "Martin" not in caplog.text


def test_failure_without_error_still_answers():
    assert server_error(RequestFactory().get("/")).status_code == 500


def test_page_comes_out_whatever_is_broken(caplog: pytest.LogCaptureFixture):
    assert "Rien n’a été perdu" in plain_pages.page("no-such-template.html")
    assert "could not be drawn" in caplog.text
