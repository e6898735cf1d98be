"""Passwords come from where nobody else reads them, and one in sight is warned of."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from quenotte.config import logins
from quenotte.config.cli import main
from quenotte.config.phoenix import wizard

pytestmark = pytest.mark.one_engine

PLACE = "https://lilas@coffre.exemple.fr:8444/lilas/"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "password.txt"
    path.write_text("p@ss/w:rd\n")
    return path


def test_password_comes_from_a_file(file: Path, capsys: pytest.CaptureFixture[str]):
    full = "https://lilas:p%40ss%2Fw%3Ard@coffre.exemple.fr:8444/lilas/"
    assert logins.complete(PLACE, file) == full
    assert logins.complete(f"rest:{PLACE}", file) == f"rest:{full}"
    assert capsys.readouterr().err == ""


def test_password_comes_from_the_environment_or_from_a_question(monkeypatch: pytest.MonkeyPatch):
    assert logins.complete(PLACE, None) == PLACE
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.prompt", lambda *_words, **_how: "asked")
    assert "lilas:asked@" in logins.complete(PLACE, None)
    monkeypatch.setenv(logins.VARIABLE, "told")
    assert "lilas:told@" in logins.complete(PLACE, None)


@pytest.mark.parametrize("place", ["/mnt/copies", "https://coffre.exemple.fr/lilas/", ""])
def test_nothing_is_added_where_there_is_no_login(place: str):
    assert logins.complete(place, None) == place


@pytest.mark.parametrize(
    "words",
    [
        ["backup", "run", "--to"],
        ["backup", "prove", "--from"],
        ["restore", "to", "x", "--from"],
        ["phoenix", "--yes", "--from"],
        ["vault", "witness", "--memory", "x"],
    ],
)
def test_password_in_sight_is_warned_of(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    for module in ("backups.running", "restores.running"):
        for name in ("run", "prove", "restore_to"):
            monkeypatch.setattr(f"quenotte.config.{module}.{name}", _done, raising=False)
    monkeypatch.setattr(wizard, "run", _done)
    monkeypatch.setattr("quenotte.config.vault.witnessing.look", _done)
    done = CliRunner().invoke(main, [*words, "https://lilas:secret@coffre.exemple.fr/lilas/"])
    assert done.output.count("un mot de passe est dans cette ligne") == 1
    assert "secret" not in done.output
    assert "Attention" not in CliRunner().invoke(main, [*words, PLACE]).output


def _done(*_words: object, **_how: object) -> int:
    return 0


def test_file_that_does_not_do_is_refused(tmp_path: Path, file: Path):
    (tmp_path / "empty").write_text("\n")
    for wrong in (tmp_path / "missing", tmp_path / "empty"):
        with pytest.raises(logins.UnreadablePassword):
            logins.complete(PLACE, wrong)
    with pytest.raises(logins.UnreadablePassword, match="identifiant"):
        logins.complete("https://coffre.exemple.fr/lilas/", file)


def test_return_takes_both_from_files(tmp_path: Path, file: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[wizard.Options] = []

    def run(options: wizard.Options) -> int:
        asked.append(options)
        return 0

    monkeypatch.setattr(wizard, "run", run)
    base = tmp_path / "base.txt"
    base.write_text("postgres://q:secret@127.0.0.1/q\n")
    words = ["phoenix", "--from", PLACE, "--password-file", str(file), "--yes"]
    done = CliRunner().invoke(main, [*words, "--database-url-file", str(base)])
    assert done.exit_code == 0, done.output
    assert ":p%40ss" in asked[0].place
    assert asked[0].database == "postgres://q:secret@127.0.0.1/q"
    assert "Attention" not in done.output

    typed = CliRunner().invoke(main, [*words, "--database-url", "postgres://q:secret@127.0.0.1/q"])
    assert "un mot de passe est dans cette ligne" in typed.output
    missing = [*words, "--database-url-file", str(tmp_path / "missing")]
    assert CliRunner().invoke(main, missing).exit_code == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["backup", "init", "--to", PLACE], 1),
        (["vault", "agree", PLACE, "cancel"], 2),
        (["vault", "witness", PLACE, "--memory", "x"], 2),
    ],
)
def test_commands_refuse_a_password_that_cannot_be_read(
    words: list[str], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("quenotte.config.backups.readiness.check", lambda: None)
    done = CliRunner().invoke(main, [*words, "--password-file", "missing"])
    assert done.exit_code == code, done.output
    assert "ne se lit pas" in done.output
