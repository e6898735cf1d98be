"""Who sits at it, with what rights, and when it locks: never a name."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from quenotte.kernel.posture.facts import Unknown
from quenotte.station.collectors.linux import (
    lock,
    use,
)
from quenotte.station.collectors.machines import Said
from tests.station.fakes import FakeMachine, counts, gathered

pytestmark = pytest.mark.one_engine


def _process(name: str, uid: int = 1000) -> Any:
    return SimpleNamespace(info={"name": name, "uids": SimpleNamespace(real=uid)})


def _running(*names: str) -> Any:
    return counts(process_iter=lambda _names: [_process(one) for one in names])


_SESSION = (
    "User={uid}\nType={type}\nClass=user\nState=active\nActive=yes\nRemote=no\n"
    "IdleHint={idle}\nIdleSinceHintMonotonic={since}\nLockedHint={locked}\n"
)


def _sit(machine: FakeMachine, number: str, **facts: object) -> None:
    told = {"uid": 1000, "type": "x11", "idle": "no", "since": 0, "locked": "no", **facts}
    before = machine.answers.get("loginctl list-sessions", Said(0, ""))
    assert isinstance(before, Said)
    line = f"{number} {told['uid']} jeanne.dupont seat0 tty2\n"
    machine.answers["loginctl list-sessions"] = Said(0, before.out + line)
    machine.answers[f"loginctl show-session {number}"] = Said(0, _SESSION.format(**told))


def test_busy_screen_is_not_idle(machine: FakeMachine) -> None:
    _sit(machine, "2")
    assert gathered(use.look_at_use, machine) == {"use.idle_s": 0, "use.is_locked": False}


def test_idle_screen_is_told_in_steps(machine: FakeMachine) -> None:
    since = int((time.monotonic() - 2000) * 1e6)
    _sit(machine, "2", idle="yes", since=max(since, 1), locked="yes")
    found = gathered(use.look_at_use, machine)
    assert found["use.is_locked"] is True
    assert found["use.idle_s"] in {0, 300, 900}


def test_nobody_at_a_screen_is_no_such_thing(machine: FakeMachine) -> None:
    machine.answers["loginctl list-sessions"] = Said(0, "")
    found = gathered(use.look_at_use, machine)
    assert set(found.values()) == {Unknown.NO_SUCH_THING}
    assert gathered(use.look_at_rights, machine) == {}


def test_machine_without_logind_cannot_tell(machine: FakeMachine) -> None:
    machine.answers["loginctl"] = Said(1, "System has not been booted with systemd")
    assert gathered(use.look_at_use, machine)["use.is_locked"] is Unknown.NOT_READABLE
    assert gathered(use.look_at_rights, machine)["use.is_admin_daily"] is Unknown.NOT_READABLE
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] is Unknown.NOT_READABLE


@pytest.mark.parametrize(
    ("groups", "is_admin"),
    [("jeanne sudo", True), ("jeanne audio", False), (None, Unknown.NOT_READABLE)],
)
def test_rights_are_those_of_the_groups(
    machine: FakeMachine, groups: str | None, is_admin: object
) -> None:
    _sit(machine, "2")
    machine.answers["id -nG 1000"] = Said(0, groups) if groups else Said(1, "")
    assert gathered(use.look_at_rights, machine)["use.is_admin_daily"] == is_admin


def test_root_at_the_screen_is_an_administrator(machine: FakeMachine) -> None:
    _sit(machine, "2", uid=0)
    assert gathered(use.look_at_rights, machine)["use.is_admin_daily"] is True


def test_session_that_is_no_persons_does_not_count(machine: FakeMachine) -> None:
    machine.answers["loginctl list-sessions"] = Said(0, "c1 42 gdm seat0\n../x 7 y\n")
    machine.answers["loginctl show-session c1"] = Said(0, "Class=greeter\nUser=42\nType=x11\n")
    assert use.sessions(machine) == []


def _gnome(machine: FakeMachine, idle: str, is_on: str, delay: str) -> None:
    _sit(machine, "2")
    machine.counts = _running("gnome-shell")
    session, saver = "org.gnome.desktop.session", "org.gnome.desktop.screensaver"
    machine.answers[f"gsettings get {session} idle-delay"] = Said(0, f"uint32 {idle}\n")
    machine.answers[f"gsettings get {saver} lock-enabled"] = Said(0, f"{is_on}\n")
    machine.answers[f"gsettings get {saver} lock-delay"] = Said(0, f"uint32 {delay}\n")


@pytest.mark.parametrize(
    ("idle", "is_on", "delay", "after_s"),
    [
        ("300", "true", "0", 300),
        ("300", "true", "30", 330),
        ("0", "true", "0", 0),
        ("300", "false", "0", 0),
        ("300", "?", "0", Unknown.NOT_READABLE),
    ],
)
def test_gnome_locks(
    machine: FakeMachine, idle: str, is_on: str, delay: str, after_s: object
) -> None:
    _gnome(machine, idle, is_on, delay)
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] == after_s


@pytest.mark.parametrize(
    ("text", "after_s"),
    [
        ("", 300),
        ("[Daemon]\nTimeout=10\n", 600),
        ("[Daemon]\nAutolock=false\n", 0),
        ("[Daemon]\nTimeout=dix\n", Unknown.NOT_READABLE),
        ("pas un fichier", Unknown.NOT_READABLE),
    ],
)
def test_plasma_locks(machine: FakeMachine, text: str, after_s: object) -> None:
    _sit(machine, "2")
    machine.counts = _running("plasmashell")
    machine.answers["getent passwd 1000"] = Said(
        0, "jeanne:x:1000:1000::/people/jeanne:/bin/bash\n"
    )
    machine.write("/people/jeanne/.config/kscreenlockerrc", text)
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] == after_s


@pytest.mark.parametrize(
    ("runs", "after_s"), [("plasmashell", 0), ("xfce4-session", Unknown.NOT_READABLE)]
)
def test_desktop_that_does_not_obey_gnome_is_not_judged_by_its_schemas(
    machine: FakeMachine, runs: str, after_s: object
) -> None:
    _gnome(machine, "300", "true", "0")
    machine.counts = _running(runs)
    machine.answers["getent passwd 1000"] = Said(
        0, "jeanne:x:1000:1000::/people/jeanne:/bin/bash\n"
    )
    machine.write("/people/jeanne/.config/kscreenlockerrc", "[Daemon]\nAutolock=false\n")
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] == after_s


def test_laxest_of_two_people_counts(machine: FakeMachine) -> None:
    _gnome(machine, "300", "true", "0")
    _sit(machine, "3", uid=1001)
    # Of the second nobody knows which desktop it is.
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] is Unknown.NOT_READABLE
    assert lock._laxest([300, 0]).value == 0
    assert lock._laxest([300, 900]).value == 900


def test_server_without_a_desktop_has_no_lock(machine: FakeMachine) -> None:
    machine.answers["loginctl list-sessions"] = Said(0, "")
    assert gathered(lock.look_at_lock, machine)["lock.after_s"] is Unknown.NO_SUCH_THING
    machine.write("/usr/share/xsessions/gnome.desktop", "")
    assert gathered(lock.look_at_lock, machine) == {}
