"""The wizard in a terminal, from its first question to the folder that it would fill."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from quenotte.config.kit import terminal
from quenotte.config.phoenix import wizard
from quenotte.config.phoenix.asked import Asked
from quenotte.config.phoenix.wizard import Options
from quenotte.devices.phoenix.choosing import Known
from quenotte.devices.repository.folder import FolderStore
from quenotte.devices.repository.repository import Repository
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from quenotte.kernel import passphrases

pytestmark = pytest.mark.one_engine

KEY = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"
TYPED = [f"{one.letters} {one.check}" for one in passphrases.groups_of(KEY)]
Answer = Callable[..., list[str]]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    repository = Repository.create(FolderStore(tmp_path / "copies"), KEY, host="srv", user="q")
    for hours in (0, 1):
        at = datetime(2026, 3, 16, 20, tzinfo=UTC) + timedelta(hours=hours)
        save(repository, [Source("manifest.json", str(hours).encode())], time=at, host="srv")
    return tmp_path / "copies"


@pytest.fixture
def brought(monkeypatch: pytest.MonkeyPatch) -> list[Asked]:
    found: list[Asked] = []

    def brought_back(asked: Asked, *_rest: object) -> int:
        found.append(asked)
        return 0

    monkeypatch.setattr(wizard, "_brought", brought_back)
    return found


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Answer the questions in order; return what was said."""

    def answering(*lines: str) -> list[str]:
        waiting = iter(lines)
        said: list[str] = []
        monkeypatch.setattr(terminal, "ask", lambda _question: next(waiting, "fin"))
        monkeypatch.setattr(terminal, "say", said.append)
        monkeypatch.setattr(terminal, "forget", lambda: None)
        return said

    return answering


def test_questions_lead_to_the_newest_copy(
    place: Path, tmp_path: Path, brought: list[Asked], answer: Answer
):
    said = answer(str(place), *TYPED, "")
    assert wizard.ask_and_run(Options(folder=tmp_path / "new")) == 0
    assert brought == [Asked(str(place), tmp_path / "new")]
    assert "La copie est ouverte." in said


def test_older_copy_is_chosen_by_its_number(
    place: Path, tmp_path: Path, brought: list[Asked], answer: Answer
):
    answer(*TYPED, "9", "2")
    assert wizard.ask_and_run(Options(place=str(place), folder=tmp_path / "new")) == 0
    assert len(brought[0].snapshot) == 64


def test_list_marks_doubted_copies_and_says_what_enter_takes(
    place: Path, tmp_path: Path, brought: list[Asked], answer: Answer,
    capsys: pytest.CaptureFixture[str],
):  # fmt: skip
    said = answer(*TYPED, "")
    wizard.ask_and_run(Options(place=str(place), folder=tmp_path / "new"))
    assert "Entrée : la copie du 16/03/2026 22:00, avec ce que le journal sait de plus." in said
    assert "quarantaine" not in capsys.readouterr().out
    repository = Repository.open(FolderStore(place), KEY)
    for hours in range(2, 12):
        at = datetime(2026, 3, 16, 20, tzinfo=UTC) + timedelta(hours=hours)
        source = [Source("manifest.json", str(hours).encode())]
        save(repository, source, time=at, host="srv", tags=("quarantine",))
    said = answer(*TYPED, "")
    wizard.ask_and_run(Options(place=str(place), folder=tmp_path / "new"))
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    # Ten doubted ones do not push the good ones out of sight.
    assert [("quarantaine" in line) for line in listed] == [True] * 4 + [False] * 2
    assert listed[0].startswith("  1. 17/03/2026 08:00")
    assert any("la dernière dont la garde ne doute pas, sans le journal" in one for one in said)
    assert any("--as-of" in one for one in said)
    assert not brought[-1].snapshot


def test_list_marks_copies_that_the_journal_does_not_know(
    place: Path, tmp_path: Path, brought: list[Asked], answer: Answer,
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
):  # fmt: skip
    monkeypatch.setattr(Known, "strangers", lambda held: held.listed()[:1])
    answer(*TYPED, "")
    wizard.ask_and_run(Options(place=str(place), folder=tmp_path / "new"))
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  ")]
    assert [("laissée de côté" in line) for line in listed] == [True] + [False] * (len(listed) - 1)
    assert len(listed) > 1


@pytest.mark.parametrize("lines", [["fin"], [""], ["PLACE", "fin"], ["PLACE", *TYPED, "fin"]])
def test_stop_changes_nothing(
    lines: list[str], place: Path, tmp_path: Path, brought: list[Asked], answer: Answer
):
    answer(*(line.replace("PLACE", str(place)) for line in lines))
    assert wizard.ask_and_run(Options(folder=tmp_path / "new")) == 2
    assert not brought
    assert not (tmp_path / "new").exists()


def test_without_questions_refusals_are_said(
    place: Path, tmp_path: Path, brought: list[Asked], capsys: pytest.CaptureFixture[str]
):
    key = tmp_path / "key"
    key.write_text("bcde")
    options = Options(place=str(place), key_file=key, folder=tmp_path / "new")
    assert wizard.run(options) == 1
    assert "n’ouvre pas" in capsys.readouterr().err
    assert wizard.run(Options(folder=tmp_path / "new")) == 2
    assert "--from" in capsys.readouterr().err
    key.write_text(f"{KEY}\n")
    (tmp_path / "new").mkdir()
    (tmp_path / "new/db.sqlite3").touch()
    assert wizard.run(options) == 1
    assert "new-retrouve" in capsys.readouterr().err
    (tmp_path / "new/db.sqlite3").unlink()
    assert wizard.run(options) == 0
    assert brought == [Asked(str(place), tmp_path / "new")]
