"""The file of state: whole or not at all, for its owner alone, and clear words when it is not."""

import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from quenotte.station import places
from quenotte.station.commands import main
from quenotte.station.refusals import AlreadyRuns, Closed, Damaged, NotEnrolled, Unwritable
from quenotte.station.state import Standing, State, StateFile

pytestmark = pytest.mark.one_engine

STATE = State("https://agents.example.org", "ab" * 32, facts={"os.family": {"value": "linux"}})


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "etat" / "station.json")


def test_what_is_written_is_read(file: StateFile) -> None:
    file.write(STATE)
    assert file.read() == STATE
    file.write(replace(STATE, standing=Standing.REVOKED))
    assert file.read().standing is Standing.REVOKED


def test_only_its_owner_reads_it_and_nothing_lies_beside(file: StateFile) -> None:
    file.write(STATE)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert [one.name for one in file.path.parent.iterdir()] == ["station.json"]


def test_file_of_the_first_release_has_no_certificate(file: StateFile) -> None:
    file.write(replace(STATE, client_certificate="/etc/poste.crt"))
    said = json.loads(file.path.read_text())
    old = {name: one for name, one in said.items() if not name.startswith("client_")}
    file.path.write_text(json.dumps(old))
    assert file.read() == STATE


def test_no_file_is_not_enrolled(file: StateFile) -> None:
    with pytest.raises(NotEnrolled):
        file.read()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version":1}',
        "\x00" * 4096,
        "{" * 100_000,
        " " * 600_000,
        '{"version":9,"server":"https://x","key":"k"}',
    ],
)
def test_damaged_file_says_so_and_what_to_do(
    file: StateFile, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(STATE)
    file.path.write_text(text)
    with pytest.raises(Damaged):
        file.read()
    assert main(["--state", str(file.path), "status"]) == 78
    said = capsys.readouterr().err
    assert "est abîmé" in said
    assert "demandez un nouveau jeton" in said
    assert str(file.path) in said


@pytest.mark.parametrize(
    "change",
    [
        {"key": ""},
        {"key": 7},
        {"standing": "perhaps"},
        {"facts": []},
        {"is_plain": "no"},
        {"server": None},
    ],
)
def test_foreign_value_is_damage(file: StateFile, change: dict[str, Any]) -> None:
    file.write(STATE)
    said = json.loads(file.path.read_text())
    file.path.write_text(json.dumps({**said, **change}))
    with pytest.raises(Damaged):
        file.read()


def test_bytes_that_are_no_text_are_damage(file: StateFile) -> None:
    file.write(STATE)
    file.path.write_bytes(b"\xff\xfe")
    with pytest.raises(Damaged):
        file.read()


def test_folder_in_its_place_is_damage(file: StateFile) -> None:
    file.path.mkdir(parents=True)
    with pytest.raises(Damaged):
        file.read()


_FULL = """
import sys
from quenotte.station.state import State, StateFile
from quenotte.station.refusals import Unwritable
from pathlib import Path
file = StateFile(Path(sys.argv[1]))
for act in (lambda: file.write(State("https://x.org", "k" * 64, facts={"a": {"b": "c" * 90000}})),
            file.try_out):
    try:
        act()
    except Unwritable as error:
        print(error.message)
"""


def test_full_disk_keeps_the_old_file(file: StateFile) -> None:
    """The size of files is limited as a full disk would: the draft goes, what was there stays."""
    file.write(STATE)
    before = file.path.read_bytes()
    words = ["prlimit", "--fsize=20000", sys.executable, "-c", _FULL, str(file.path)]
    done = subprocess.run(
        words,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.count("disque plein ou protégé") == 2
    assert file.path.read_bytes() == before
    assert [one.name for one in file.path.parent.iterdir()] == ["station.json"]


def test_rights_that_lack_are_told(file: StateFile, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_words: object, **_others: object) -> int:
        raise PermissionError

    file.write(STATE)
    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(Closed):
        file.write(STATE)
    with pytest.raises(Closed):
        file.try_out()


def test_folder_that_cannot_be_made_is_unwritable(tmp_path: Path) -> None:
    (tmp_path / "etat").write_text("")
    file = StateFile(tmp_path / "etat" / "station.json")
    with pytest.raises(Unwritable):
        file.write(STATE)
    with pytest.raises(Unwritable), file.held():
        pass


def test_two_do_not_hold_it(file: StateFile) -> None:
    with file.held(), pytest.raises(AlreadyRuns), file.held():
        pass
    with file.held():
        pass


def test_it_lies_where_services_keep_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROGRAMDATA", "/data")
    assert places.state_path(None, "win32") == Path("/data/Quenotte/Station/station.json")
    assert places.state_path(None, "linux") == Path("/var/lib/quenotte-station/station.json")
    assert places.state_path("a.json", "linux").is_absolute()
