"""``quenotte provider verify-evidence``: for a stranger who holds the files alone."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quenotte.config import cli
from tests.kernel.memento.samples import chain


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Three dossiers that follow one another."""
    paths = []
    for number, content in enumerate(chain(3), start=1):
        paths.append(tmp_path / f"n{number}.json")
        paths[-1].write_bytes(content)
    return paths


def run(*files: Path) -> Result:
    return CliRunner().invoke(cli.main, ["provider", "verify-evidence", *map(str, files)])


def test_whole_chain(files: list[Path]) -> None:
    done = run(*reversed(files))
    assert done.exit_code == 0
    assert done.output.count("intact") == 3
    assert "Tout ce qui a été remis tient" in done.output


def test_later_part_is_whole_and_says_so(files: list[Path]) -> None:
    done = run(files[2])
    assert done.exit_code == 0
    assert "ce qui précède le n° 3 n’a pas été remis" in done.output


def test_file_that_was_changed_is_named(files: list[Path]) -> None:
    files[1].write_bytes(files[1].read_bytes().replace(b"Nantes", b"Rennes"))
    done = run(*files)
    assert done.exit_code == 1
    assert "n2.json : son contenu a été modifié" in done.output
    assert "EN DÉFAUT" in done.output


def test_what_is_missing_is_named(files: list[Path]) -> None:
    done = run(files[0], files[2])
    assert done.exit_code == 1
    assert "il manque avant lui le dossier n° 2" in done.output


def test_what_is_no_dossier_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{}")
    done = run(tmp_path / "x.json")
    assert done.exit_code == 1
    assert "ce n’est pas un dossier de preuves" in done.output


def test_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert run(tmp_path / "no.json").exit_code == 2
