"""The services: what is written is what systemd and PowerShell would read."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from quenotte.station import installing
from quenotte.station.installing import systemd, windows
from quenotte.station.refusals import NotHere
from quenotte.station.running import End
from tests.support.programs import program

pytestmark = [pytest.mark.one_engine, pytest.mark.real_clock]

PYTHON = Path("/opt/quenotte-station/bin/python")
STATE = Path("/var/lib/quenotte-station/station.json")


def test_systemd_finds_nothing_to_say_about_the_unit(tmp_path: Path) -> None:
    path = tmp_path / systemd.NAME
    path.write_text(systemd.unit(Path(sys.executable), STATE), "utf-8")
    words = [program("systemd-analyze"), "verify", "--man=no", str(path)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    ours = [line for line in done.stderr.splitlines() if systemd.NAME in line]
    assert (done.returncode, ours) == (0, [])


def test_unit_may_read_much_and_change_nothing() -> None:
    lines = systemd.unit(PYTHON, STATE).splitlines()
    for line in (
        "ProtectSystem=strict",
        "ProtectHome=read-only",
        "NoNewPrivileges=yes",
        "UMask=0077",
        "StateDirectory=quenotte-station",
        "SystemCallFilter=@system-service",
        "MemoryDenyWriteExecute=yes",
    ):
        assert line in lines
    may = " ".join(line for line in lines if line.startswith("CapabilityBoundingSet="))
    assert "CAP_DAC_OVERRIDE" not in may
    assert not any(line.startswith(("User=", "DynamicUser=", "ListenStream=")) for line in lines)


def test_service_that_only_a_person_can_help_is_not_begun_again() -> None:
    text = systemd.unit(PYTHON, STATE)
    assert f"RestartPreventExitStatus={int(End.REFUSED)}\n" in text
    assert f"ExecStart={PYTHON} -I -m quenotte.station --state {STATE} run\n" in text


@pytest.mark.parametrize("path", ["/opt/a b/python", "/opt/%h/python", "/opt/a\nUser=x", "/opt/'"])
def test_path_that_would_change_a_unit_is_refused(path: str) -> None:
    with pytest.raises(NotHere):
        systemd.unit(Path(path), STATE)


@pytest.fixture
def systemctl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """A machine on which systemd runs, its folder apart; what it is asked."""
    asked: list[tuple[str, ...]] = []

    def run(words: list[str], **_others: Any) -> "subprocess.CompletedProcess[str]":
        asked.append(tuple(words))
        return subprocess.CompletedProcess(words, 1 if "fails" in words else 0)

    monkeypatch.setattr(systemd, "_FOLDER", tmp_path)
    monkeypatch.setattr(systemd, "_HERE", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", lambda _name: "/usr/bin/systemctl")
    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(installing, "_system", lambda: "linux")
    return asked


def test_linux_service_comes_and_goes(systemctl: list[tuple[str, ...]], tmp_path: Path) -> None:
    state = tmp_path / "quenotte-station" / "station.json"
    state.parent.mkdir()
    state.write_text("{}")
    said = installing.install(state)
    assert "installé et démarré" in said[0]
    assert (tmp_path / systemd.NAME).read_text("utf-8").count(str(state)) == 1
    assert systemctl[-1] == ("systemctl", "enable", "--now", systemd.NAME)
    installing.uninstall(state)
    assert not state.exists()
    assert not (tmp_path / systemd.NAME).exists()
    assert ("systemctl", "disable", "--now", systemd.NAME) in systemctl
    installing.uninstall(state)


def test_systemd_that_fails_is_told(systemctl: list[tuple[str, ...]]) -> None:
    with pytest.raises(NotHere, match="systemctl fails"):
        systemd._systemctl("fails")


def test_service_wants_an_administrator(
    systemctl: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(NotHere):
        installing.install(STATE)
    assert systemctl == []


def test_other_systems_have_no_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installing, "_system", lambda: "darwin")
    with pytest.raises(NotHere):
        installing.install(STATE)
    with pytest.raises(NotHere):
        installing.uninstall(STATE)


def test_files_may_be_written_and_nothing_turned_on(tmp_path: Path) -> None:
    said = installing.install(STATE, tmp_path / "fichiers")
    names = {path.name for path in (tmp_path / "fichiers").iterdir()}
    assert names == {systemd.NAME, windows.INSTALL, windows.UNINSTALL}
    assert len(said) == 3


def _script(tmp_path: Path, name: str) -> str:
    windows.write(tmp_path)
    raw = (tmp_path / name).read_bytes()
    # Without its mark PowerShell 5 reads UTF-8 as the code page of the machine.
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    return raw.decode("utf-8-sig")


def test_task_of_windows_is_the_systems_and_lasts(tmp_path: Path) -> None:
    text = _script(tmp_path, windows.INSTALL)
    for words in (
        "#Requires -RunAsAdministrator",
        "New-ScheduledTaskTrigger -AtStartup",
        "-UserId 'S-1-5-18'",
        "-ExecutionTimeLimit ([TimeSpan]::Zero)",
        "-AllowStartIfOnBatteries -DontStopIfGoingOnBatteries",
        "-MultipleInstances IgnoreNew",
        '-I -m quenotte.station --state `"$State`" run" -WorkingDirectory $bin',
        "/inheritance:r",
        "'*S-1-5-18:(OI)(CI)F'",
        "'*S-1-5-32-544:(OI)(CI)F'",
    ):
        assert words in text
    # Names of accounts differ with the language of Windows.
    assert "Administrators" not in text
    assert "SYSTEM'" not in text


def test_task_of_windows_runs_what_ordinary_accounts_cannot_change(tmp_path: Path) -> None:
    text = _script(tmp_path, windows.INSTALL)
    steps = [
        "foreach ($place in $places) {",
        "Assert-Owner $folder",
        "/inheritance:r",
        "/setowner '*S-1-5-32-544' /T /L",
        "/reset /T /L",
        "New-ScheduledTaskAction",
    ]
    found = [text.index(words) for words in steps]
    assert found == sorted(found)


def test_module_of_the_working_directory_is_not_taken(tmp_path: Path) -> None:
    (tmp_path / "psutil.py").write_text("raise SystemExit('taken over')")
    flags = systemd.unit(Path(sys.executable), STATE).split("ExecStart=")[1].split()[1:4]
    assert flags == ["-I", "-m", "quenotte.station"]
    done = subprocess.run(
        [sys.executable, "-I", "-c", "import psutil"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", [windows.INSTALL, windows.UNINSTALL])
def test_typographic_apostrophe_ends_no_text_of_powershell(tmp_path: Path, name: str) -> None:
    # PowerShell takes ’ for ': outside of double quotes it would end, or begin, a text.
    lines = [
        one for one in _script(tmp_path, name).splitlines() if not one.lstrip().startswith("#")
    ]
    bare = re.sub(r'"(?:`.|[^`"])*"', "", "\n".join(lines))
    assert not set(bare) & set("‘’‚‛“”„")


@pytest.mark.parametrize("name", [windows.INSTALL, windows.UNINSTALL])
def test_scripts_of_windows_close_what_they_open(tmp_path: Path, name: str) -> None:
    text = _script(tmp_path, name)
    code = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for opening, closing in ("()", "{}", "[]"):
        assert code.count(opening) == code.count(closing)
    assert code.count('"') % 2 == 0
    # A blank after a mark of continuation ends the line all the same.
    assert "` \r\n" not in text
    assert "-Confirm:$false" in text or name == windows.INSTALL


def test_scripts_of_windows_are_run_by_its_own_powershell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(words: list[str], **_others: Any) -> "subprocess.CompletedProcess[str]":
        asked.append(words)
        return subprocess.CompletedProcess(words, len(asked) // 3)

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(installing, "_system", lambda: "win32")
    python = tmp_path / "python" / "python.exe"
    python.parent.mkdir()
    monkeypatch.setattr(sys, "executable", str(python))
    state = tmp_path / "state" / "station.json"
    installing.install(state)
    installing.uninstall(state)
    # Beside the file of state anybody might have put one first.
    assert {Path(word).parent for words in asked for word in words if word.endswith(".ps1")} == {
        python.parent
    }
    assert not list(python.parent.iterdir())
    assert [words[0] for words in asked] == [windows.POWERSHELL] * 2
    assert asked[0][-4:] == ["-Python", sys.executable, "-State", str(state)]
    assert asked[1][-3].endswith(windows.UNINSTALL)
    with pytest.raises(NotHere):
        installing.install(state)
