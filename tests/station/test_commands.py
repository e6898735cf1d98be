"""The commands, as somebody at the machine types them."""

import argparse
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from quenotte.station import commands, showing
from quenotte.station.arguments import french
from quenotte.station.collectors.machines import NoProgram, Real, TooSlow
from quenotte.station.refusals import NotAnswered, NotReached, StationError, TokenRefused
from quenotte.station.state import Standing, State, StateFile
from quenotte.station.talking import Outcome, Word
from quenotte.wire.reports import Report, Told
from tests.station.fakes import NOW, FakeClock
from tests.support.installations import free_port

pytestmark = [pytest.mark.one_engine, pytest.mark.real_clock]

STATE = State("https://agents.example.org", "ab" * 32, standing=Standing.BELIEVED)


@pytest.fixture
def file(tmp_path: Path) -> StateFile:
    return StateFile(tmp_path / "etat" / "station.json")


def _run(file: StateFile, *words: str) -> int:
    return commands.main(["--state", str(file.path), *words])


@pytest.mark.parametrize("command", ["status", "once", "run"])
def test_machine_that_nobody_enrolled_says_how(
    file: StateFile, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    assert _run(file, command) == 78
    assert "quenotte-station enrol --server" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["once", "status"])
def test_machine_that_is_revoked_says_so_and_what_to_do(
    file: StateFile,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    monkeypatch.setattr(commands, "tell", lambda *_told: Outcome(Word.REVOKED))
    file.write(replace(STATE, standing=Standing.REVOKED))
    assert _run(file, command) == 77
    said = capsys.readouterr()
    assert "révoqué" in (said.out + said.err).lower()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """The clock of a service that nobody stops by a signal."""
    made = FakeClock()
    monkeypatch.setattr(commands, "RealClock", lambda: made)
    monkeypatch.setattr(signal, "signal", lambda *_told: None)
    return made


def _knocks(clock: FakeClock, monkeypatch: pytest.MonkeyPatch, **told: Word) -> list[float]:
    """Answer the keys of machines, and return when they were heard."""
    heard: list[float] = []

    def tell(_line: object, key: str, _message: object) -> Outcome:
        heard.append(clock.s)
        return Outcome(told[key[:2]])

    monkeypatch.setattr(commands, "tell", tell)
    return heard


def test_service_of_a_revoked_machine_knocks_four_times_an_hour(
    file: StateFile, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.s
    heard = _knocks(clock, monkeypatch, ab=Word.REVOKED)
    clock.on_wait = lambda _seconds: clock.s >= began + 6 * 3600
    file.write(STATE)
    assert _run(file, "run") == 0
    assert 20 <= len(heard) <= 26
    assert file.read().standing is Standing.REVOKED


def test_machine_that_is_enrolled_anew_is_taken_up_by_its_service(
    file: StateFile, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.s
    heard = _knocks(clock, monkeypatch, ab=Word.REVOKED, cd=Word.WAITING)

    def enrol(_seconds: float) -> bool:
        if len(heard) == 1 and clock.s > began + 600 and file.read().key == STATE.key:
            # Nobody holds the file meanwhile.
            with file.held():
                file.write(replace(STATE, key="cd" * 32, standing=Standing.WAITING))
        return len(heard) > 1

    clock.on_wait = enrol
    file.write(STATE)
    assert _run(file, "run") == 0
    assert heard[1] < began + 900
    assert file.read().key == "cd" * 32


def test_status_says_what_waits_and_why(
    file: StateFile, capsys: pytest.CaptureFixture[str]
) -> None:
    late = "2026-11-18T08:00:00+00:00"
    file.write(replace(STATE, trouble="dates", unsent_since=late, heard_at=late))
    assert _run(file, "status") == 0
    said = capsys.readouterr().out
    assert "Inscrit et reconnu." in said
    assert "n’est pas valable à la date de ce poste" in said
    assert "Du nouveau attend d’être envoyé depuis : 18/11/2026" in said


def test_machine_that_is_enrolled_keeps_its_key(
    file: StateFile, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(STATE)
    assert _run(file, "enrol", "--server", "https://x.org", "--token", "A") == 78
    assert "déjà inscrit" in capsys.readouterr().err
    assert file.read() == STATE
    file.path.write_text("{")
    assert _run(file, "enrol", "--server", "https://x.org", "--token", "A") == 78
    assert "abîmé" in capsys.readouterr().err


class Door:
    """A server that may not answer, and the keys that it was told."""

    def __init__(self, *says: object) -> None:
        self.says, self.keys = [*says], list[str]()

    def __call__(self, _line: object, _token: str, _report: object, key: str) -> str:
        self.keys.append(key)
        said = self.says.pop(0)
        if isinstance(said, StationError):
            raise said
        return str(said or key)


def _enrols(file: StateFile, monkeypatch: pytest.MonkeyPatch, door: Door) -> list[int]:
    monkeypatch.setattr(commands, "enrol", door)
    words = ("enrol", "--server", "https://x.org", "--token", "A")
    return [_run(file, *words) for _time in [*door.says]]


def test_enrolment_without_an_answer_is_begun_again_with_the_same_key(
    file: StateFile, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    door = Door(NotAnswered("Le serveur n’a pas répondu à temps."))
    assert _enrols(file, monkeypatch, door) == [78]
    assert file.read().standing is Standing.ASKED
    assert _run(file, "status") == 78
    assert "avec le même jeton" in capsys.readouterr().out

    again = Door(None)
    assert _enrols(file, monkeypatch, again) == [0]
    assert again.keys == door.keys == [file.read().key]
    assert file.read().standing is Standing.WAITING


@pytest.mark.parametrize("error", [TokenRefused(), NotReached("Pas de nom.")])
def test_enrolment_that_came_to_nothing_leaves_what_was_there(
    file: StateFile, monkeypatch: pytest.MonkeyPatch, error: StationError
) -> None:
    assert _enrols(file, monkeypatch, Door(error)) == [78]
    assert not file.path.exists()
    revoked = replace(STATE, standing=Standing.REVOKED)
    file.write(revoked)
    assert _enrols(file, monkeypatch, Door(error)) == [78]
    assert file.read() == revoked


def test_key_that_the_server_refuses_gives_way_to_a_new_one_with_the_same_token(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was revoked, or waits in another practice: the token is good all the same."""
    assert _enrols(file, monkeypatch, Door(NotAnswered("?"), NotReached("?"))) == [78, 78]
    before = file.read()
    door = Door(TokenRefused(), None)
    monkeypatch.setattr(commands, "enrol", door)
    assert _run(file, "enrol", "--server", "https://x.org", "--token", "B") == 0
    first, second = door.keys
    assert first == before.key != second
    assert (file.read().key, file.read().standing) == (second, Standing.WAITING)


def test_token_that_is_refused_with_both_keys_leaves_what_was_there(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _enrols(file, monkeypatch, Door(NotAnswered("?"))) == [78]
    before = file.read()
    door = Door(TokenRefused(), TokenRefused())
    monkeypatch.setattr(commands, "enrol", door)
    assert _run(file, "enrol", "--server", "https://x.org", "--token", "B") == 78
    # Its service goes on asking with it, and takes up what comes of the next try.
    assert file.read() == before
    assert not door.says


def test_new_key_that_hears_no_answer_is_the_one_that_is_kept(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _enrols(file, monkeypatch, Door(NotAnswered("?"))) == [78]
    door = Door(TokenRefused(), NotAnswered("?"))
    monkeypatch.setattr(commands, "enrol", door)
    assert _run(file, "enrol", "--server", "https://x.org", "--token", "B") == 78
    assert (file.read().key, file.read().standing) == (door.keys[1], Standing.ASKED)


def test_server_of_before_gives_another_key(
    file: StateFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _enrols(file, monkeypatch, Door("ef" * 32)) == [0]
    assert file.read().key == "ef" * 32


def test_service_finds_out_that_its_enrolment_had_come(
    file: StateFile, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = _knocks(clock, monkeypatch, ab=Word.WAITING)
    clock.on_wait = lambda _seconds: bool(heard)
    file.write(replace(STATE, standing=Standing.ASKED))
    assert _run(file, "run") == 0
    assert file.read().standing is Standing.WAITING


def test_service_whose_enrolment_had_not_come_goes_on_asking(
    file: StateFile, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = _knocks(clock, monkeypatch, ab=Word.REVOKED)
    clock.on_wait = lambda _seconds: len(heard) > 2
    file.write(replace(STATE, standing=Standing.ASKED))
    assert _run(file, "run") == 0
    assert file.read().standing is Standing.ASKED


def test_moments_are_shown_as_people_write_them() -> None:
    report = Report(NOW, (Told("use.booted_at", "2026-11-18T08:30:00Z"),))
    (line,) = [one for one in showing.page(report, "") if one.startswith("Allumé depuis")]
    assert line.startswith("Allumé depuis : 18/11/2026 ")


@pytest.mark.parametrize("code", ["busy", "strange", "no_name", "autre"])
def test_each_trouble_has_words(code: str) -> None:
    lines = list(showing.standing(replace(STATE, trouble=code, heard_at="hier")))
    assert any(line.startswith("Dernier essai : ") for line in lines)


def test_once_that_reaches_nobody_fails_and_keeps(
    file: StateFile, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(replace(STATE, server=f"http://127.0.0.1:{free_port()}", is_plain=True))
    assert _run(file, "once") == 1
    assert "ne se laisse pas joindre" in capsys.readouterr().out
    assert file.read().unsent_since


def test_show_tells_all_in_french_and_dials_nobody(
    file: StateFile, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write(STATE)
    before = file.path.read_bytes()
    assert _run(file, "show") == 0
    said = capsys.readouterr().out
    assert "Rien n’a été envoyé." in said
    assert "Destinataire : https://agents.example.org" in said
    assert "Système : " in said
    assert "Jamais envoyé : noms de patients" in said
    assert STATE.key not in said
    assert file.path.read_bytes() == before


def test_long_lists_are_shown_in_part() -> None:
    rows = [{"name": f"P{number}", "version": None} for number in range(30)]
    report = Report(NOW, (Told("software", rows), Told("remote.tools", [])))
    lines = list(showing.page(report, ""))
    assert "  … 10" in lines
    assert "Outils de prise en main à distance : rien" in lines


@pytest.mark.parametrize("words", [[], ["dire"], ["enrol"], ["status", "de", "plus"]])
def test_words_that_are_no_command_are_told_in_french(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        commands.main(words)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("emploi : quenotte-station")
    assert "error" not in said
    assert "required" not in said


def test_argparse_still_has_the_words_that_we_put_into_french() -> None:
    """Another release of Python may say it otherwise: then it would be English again."""
    source = Path(argparse.__file__).read_text("utf-8")
    from quenotte.station.arguments import _FRENCH

    for text in ("usage: ", "the following arguments are required: %s", "expected one argument"):
        assert text in source
        assert french(text) == _FRENCH[text]


def test_files_that_are_written_apart(file: StateFile, tmp_path: Path) -> None:
    assert _run(file, "install", "--to", str(tmp_path / "ici")) == 0
    assert len(list((tmp_path / "ici").iterdir())) == 3


def test_authority_that_is_not_there_is_told(
    file: StateFile, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("--server", "https://x.org", "--token", "A", "--ca", "/nowhere.pem")
    assert _run(file, "enrol", *words) == 78
    assert "--ca" in capsys.readouterr().err


def test_run_ends_when_it_is_told_to(file: StateFile) -> None:
    file.write(replace(STATE, server=f"http://127.0.0.1:{free_port()}", is_plain=True))
    words = [sys.executable, "-m", "quenotte.station", "--state", str(file.path), "run"]
    child = subprocess.Popen(words, cwd=Path(__file__).resolve().parents[2])
    try:
        _wait_for_the_lock(child.pid, file.path.parent)
        child.send_signal(signal.SIGTERM)
        assert child.wait(timeout=60) == 0
    finally:
        child.kill()
        child.wait()
    assert json.loads(file.path.read_text())["key"] == STATE.key


def _wait_for_the_lock(pid: int, folder: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end:
        opened = Path(f"/proc/{pid}/fd").iterdir()
        if folder in [one.readlink() for one in opened if one.is_symlink()]:
            # The handler of the signal is set right after.
            time.sleep(0.5)
            return
        time.sleep(0.05)
    raise AssertionError("it did not begin")


def test_programs_speak_english_without_a_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    monkeypatch.setenv("SECRET", "x")
    said = Real().run("env").out
    assert "LC_ALL=C\n" in said
    assert "SECRET" not in said
    assert Real().run("echo", "$HOME; ls").out == "$HOME; ls\n"


def test_program_that_is_not_there_is_no_such_thing(tmp_path: Path) -> None:
    with pytest.raises(NoProgram):
        Real().run("quenotte-nowhere")
    assert Real(tmp_path).text("/nowhere") is None
    assert Real(tmp_path).names("/nowhere") == []


def test_program_that_hangs_ends_with_all_that_it_began() -> None:
    began = time.monotonic()
    with pytest.raises(TooSlow):
        Real().run("sh", "-c", "sleep 61.7 & sleep 61.7", timeout_s=0.3)
    assert time.monotonic() - began < 5
    lines = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 61.7" not in lines
