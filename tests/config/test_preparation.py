import json
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connection

from quenotte.config import data_folder, preparation, sites
from quenotte.config.preparation import Preparation, prepare_here
from quenotte.config.processes import preparing
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What runs in place of the real preparation."""
    words = ["print('{}')"]
    popen = preparation.subprocess.Popen  # type: ignore[attr-defined]

    def start(command: list[str], **options: Any) -> Any:
        return popen([command[0], "-c", *words], **options)

    monkeypatch.setattr("subprocess.Popen", start)
    return words


def test_words_of_the_preparation_are_taken(program: list[str], capsys: pytest.CaptureFixture[str]):
    program[0] = (
        'print(\'{"progress": "Patients", "share": 0.5}\'); print(\'?\');'
        'print(\'{"installation_code": "ABCD"}\'); print(\'{"hint": "alice"}\')'
    )
    one = Preparation(is_demo=True)
    wait_until(lambda: one.look() is not None)
    assert (one.installation_code, one.hint, one.trouble) == ("ABCD", "alice", "")
    assert "Patients :  50%" in capsys.readouterr().out
    one.stop()


def test_trouble_is_told_in_words_or_in_details(program: list[str]):
    program[0] = 'import sys; print(\'{"trouble": "Elle dort."}\'); sys.exit(1)'
    one = Preparation(is_demo=False)
    wait_until(lambda: one.look() is not None)
    assert one.trouble == "Elle dort."
    one.stop()
    program[0] = "import sys; sys.exit('cassé')"
    two = Preparation(is_demo=False)
    wait_until(lambda: two.look() is not None)
    assert "n’a pas pu être préparée" in two.trouble
    assert "cassé" in two.trouble
    two.stop()


def test_preparation_that_hangs_is_stopped(program: list[str]):
    program[0] = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(120)"
    one = Preparation(is_demo=False)
    began = time.monotonic()
    one.stop()
    assert time.monotonic() - began < 60


@pytest.mark.parametrize(("code", "words"), [(0, "est prête"), (1, "n’a pas pu")])
def test_prepare_in_the_foreground(
    program: list[str], capsys: pytest.CaptureFixture[str], code: int, words: str
):
    program[0] = f"import sys; sys.exit({code})"
    assert prepare_here() == code
    said = capsys.readouterr()
    assert words in said.out + said.err


def test_words_of_the_engine_are_for_the_log(
    program: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    words = {"trouble": "Elle dort.", "engine": "connection refused"}
    program[0] = f"import sys; print({json.dumps(words)!r}); sys.exit(1)"
    opened: list[str] = []
    shown: list[str] = []
    monkeypatch.setattr("quenotte.config.logs.start", opened.append)
    monkeypatch.setattr("quenotte.config.console.complain", shown.append)
    assert prepare_here() == 1
    assert (opened, shown) == (["supervisor"], ["Elle dort."])
    assert "connection refused" in caplog.text


@pytest.mark.django_db
def test_database_up_to_date_needs_nothing():
    assert preparing.migrate() is False


@pytest.mark.django_db
def test_missing_steps_are_applied(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from django.db.migrations.executor import MigrationExecutor

    asked: list[Any] = []
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda _self, _targets: [1])
    monkeypatch.setattr(
        "django.core.management.call_command", lambda *words, **_k: asked.append(words)
    )
    assert preparing.migrate() is True
    assert asked == [("migrate",)]
    assert "progress" in capsys.readouterr().out


@pytest.mark.django_db
def test_main_says_the_installation_code(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    settings.DATA_DIR = data_folder.prepare(tmp_path / "data")
    assert preparing.main([]) == 0
    assert "installation_code" in capsys.readouterr().out


@pytest.mark.django_db
def test_demo_is_prepared_with_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    from quenotte.config.demo import practice, staff

    def prepare(progress: Any) -> None:
        for share in (0.0, 0.01, 0.5):
            progress("Création", share)

    monkeypatch.setattr(practice, "prepare", prepare)
    monkeypatch.setattr(preparing, "_last_said", {})
    hint = sites.PRACTICE.prepare_demo(preparing._progress)
    assert capsys.readouterr().out.count("Cr\\u00e9ation") == 2
    assert staff.PASSWORD in hint


def test_database_that_stays_away_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    def away() -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(preparing, "PATIENCE_S", -1)
    monkeypatch.setattr(connection, "ensure_connection", away)
    assert preparing.main([]) == 1
    said = capsys.readouterr().out
    words = json.loads(said)
    assert "ne répond pas" in words["trouble"]
    # The engine's English is for the log.
    assert "connection refused" not in words["trouble"]
    assert words["engine"] == "connection refused"


def test_database_that_comes_late_is_waited_for(monkeypatch: pytest.MonkeyPatch):
    answers = [OperationalError("starting up"), None]

    def ensure() -> None:
        answer = answers.pop(0)
        if answer is not None:
            raise answer

    monkeypatch.setattr(connection, "ensure_connection", ensure)
    monkeypatch.setattr(connection, "close", lambda: None)
    preparing._wait_for_database()
    assert answers == []


def test_error_without_words_is_named():
    assert preparing._first_line(OperationalError()) == "OperationalError"
