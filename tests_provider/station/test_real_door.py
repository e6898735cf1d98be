"""The companion at the real door, over real TLS: enrolled, accepted, believed, revoked."""

import contextlib
import json
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.installations import wait_until
from tests_provider.real.sites import Site
from tests_provider.station.conftest import TOKEN, Desk
from tests_provider.station.fronts import Front

pytestmark = pytest.mark.real_clock

_WHO = """
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment.models import Machine
tom = Person.objects.get()
actor = Actor(tom.id, "Tom Lescure", tom.practice_id, "", "web", tom.roles)
machine = Machine.objects.latest("enrolled_at")
"""
_ACCEPT = (
    _WHO
    + """
print(machine.standing, machine.agent)
enrolment.accept(machine_id=machine.id, actor=actor)
"""
)
_REVOKE = (
    _WHO
    + """
enrolment.revoke(machine_id=machine.id, actor=actor)
print("ok")
"""
)
_KEPT = (
    _WHO
    + """
import json
from django.utils import timezone
from quenotte.provider.fleet import operations
from quenotte.provider.fleet.models import Change, Finding, Inventory
operations.judge_due(now=timezone.now())
found = Inventory.objects.filter(machine=machine).first()
print(json.dumps({
    "facts": found.facts if found else {},
    "changes": Change.objects.filter(machine_id=machine.id).count(),
    "rules": list(Finding.objects.filter(machine=machine).values_list("rule", "state")),
}))
"""
)


@contextlib.contextmanager
def _listener(name: str) -> Iterator[int]:
    """Something that listens, under a command line and in a folder that name a patient."""
    # Below those that systems give out by chance, which nobody is told of.
    port = next(one for one in range(21_000, 32_000) if not _is_open(one))
    code = "import socket,time,sys\ns=socket.create_server(('', int(sys.argv[1])))\ntime.sleep(300)"
    child = subprocess.Popen([sys.executable, "-c", code, str(port), f"--dossier={name}"])
    try:
        wait_until(lambda: _is_open(port))
        yield port
    finally:
        child.kill()
        child.wait()


def _is_open(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _holds(pid: int, folder: Path) -> bool:
    """Tell whether a process has opened a folder, which is how it keeps others from its file."""
    with contextlib.suppress(OSError):
        return any(one.readlink() == folder for one in Path(f"/proc/{pid}/fd").iterdir())
    return False


def test_companion_enrols_waits_is_believed_and_is_revoked(
    site: Site, front: Front, desk: Desk, token: str
) -> None:
    code, said = desk.enrol(token)
    assert (code, "il attend d’être reconnu" in said) == (0, True), said
    assert stat.S_IMODE(desk.state.stat().st_mode) == 0o600
    assert desk.run("once")[0] == 0
    assert json.loads(site.script(_KEPT))["facts"] == {}
    assert site.script(_ACCEPT) == "quarantine station"

    with _listener("canari-lerouge") as port:
        code, said = desk.run("once")
        assert (code, "Inscrit et reconnu." in said) == (0, True), said
        kept = json.loads(site.script(_KEPT))
        assert port in [row["port"] for row in kept["facts"]["ports.open"]["value"]]
    assert kept["facts"]["os.family"]["value"] == "linux"
    assert kept["facts"]["updates.missing"]["value"] >= 0
    assert abs(kept["facts"]["clock.offset_s"]["value"]) < 60
    rules = dict(kept["rules"])
    assert rules["disk_space"] in {"ok", "bad"}
    assert rules["updates_security"] in {"ok", "bad"}
    assert rules["firewall_on"] in {"unknown", "bad", "ok"}
    assert b"canari" not in front.bodies()

    assert site.script(_REVOKE) == "ok"
    code, said = desk.run("once")
    assert (code, "Révoqué : plus rien" in said) == (77, True), said
    before = front.heard.count(b"POST ")
    with desk.begin("run") as running:
        # Its service knocks, and leaves the file to whoever enrols the machine anew.
        wait_until(lambda: front.heard.count(b"POST ") > before, timeout_s=90)
        wait_until(lambda: not _holds(running.pid, desk.state.parent))
        # Whoever was revoked may come again, with a token of its own.
        assert desk.enrol(site.script(TOKEN))[0] == 0
        running.terminate()
        running.communicate(timeout=60)
    assert running.returncode == 0
    assert "n’a pas encore été reconnu" in desk.run("status")[1]


def test_only_what_tls_vouches_for_is_spoken_to(front: Front, desk: Desk, token: str) -> None:
    code, said = desk.run("enrol", "--server", front.url, "--token", token)
    assert (code, "certificat" in said) == (78, True), said
    code, said = desk.enrol(token, f"https://localhost.localdomain:{front.port}")
    assert code == 78
    code, said = desk.enrol(token, f"http://127.0.0.1:{front.port}")
    assert (code, "https" in said) == (78, True)
    assert b"POST" not in front.heard
    assert not desk.state.exists()


def test_wrong_token_is_told(desk: Desk) -> None:
    code, said = desk.enrol("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA")
    assert (code, "refuse ce jeton" in said) == (78, True)
    assert not desk.state.exists()


def test_killed_between_report_and_answer_nothing_is_lost_or_doubled(
    site: Site, front: Front, desk: Desk, token: str
) -> None:
    assert desk.enrol(token)[0] == 0
    site.script(_ACCEPT)
    # The first contact asks for all of it; the answer to the whole is what does not come.
    desk.run("once")
    first = json.loads(site.script(_KEPT))
    text = json.loads(desk.state.read_text())
    desk.state.write_text(json.dumps({**text, "fingerprint": "0" * 32}))
    front.answers_may_go.clear()
    before = front.heard.count(b"POST ")
    with desk.begin("once") as child:
        wait_until(lambda: front.heard.count(b"POST ") > before)
        # The door has it on its disk, and the machine does not know.
        time.sleep(2)
        child.kill()
    front.answers_may_go.set()

    code, said = desk.run("once")
    assert code == 0, said
    again = json.loads(site.script(_KEPT))
    changed = {key for key, one in again["facts"].items() if one != first["facts"].get(key)}
    assert changed <= {"disks", "ports.open", "clock.offset_s", "use.idle_s"}
    assert again["changes"] - first["changes"] <= 2 * len(changed)
    assert json.loads(desk.state.read_text())["unsent_since"] == ""


def test_server_that_is_away_is_told_later(site: Site, tmp_path: Path, token: str) -> None:
    front = Front(tmp_path, site.port)
    desk = Desk(tmp_path / "poste" / "station.json", front)
    with front.open():
        assert desk.enrol(token)[0] == 0
        site.script(_ACCEPT)
    code, said = desk.run("once")
    assert (code, "ne se laisse pas joindre" in said) == (1, True), said
    assert "Du nouveau attend d’être envoyé depuis" in desk.run("status")[1]
    with front.open():
        assert desk.run("once")[0] == 0
    assert json.loads(site.script(_KEPT))["facts"]["os.family"]["value"] == "linux"
    assert "Du nouveau" not in desk.run("status")[1]


def test_second_companion_on_one_file_is_refused(desk: Desk, token: str) -> None:
    assert desk.enrol(token)[0] == 0
    with desk.begin("run") as running:
        wait_until(lambda: _holds(running.pid, desk.state.parent))
        assert desk.run("once")[0] == 78
        assert "tourne déjà" in desk.enrol(token)[1]
        assert desk.run("status")[0] == 0
        running.terminate()
        running.wait(timeout=60)
    assert running.returncode == 0
