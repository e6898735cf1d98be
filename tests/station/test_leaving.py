"""Nothing of people leaves: names wherever there may be some, and each byte sent is read."""

import gzip
import json
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quenotte.kernel.posture import facts as posture
from quenotte.station.collectors.choosing import OTHERS, collectors
from quenotte.station.collectors.linux import COLLECTORS
from quenotte.station.collectors.machines import Said
from quenotte.station.collectors.windows import COLLECTORS as OF_WINDOWS
from quenotte.station.collectors.windows import powershell
from quenotte.station.knowing import report_of
from quenotte.station.labels import FIELDS, LABELS
from quenotte.station.lines import Why, _packed
from quenotte.station.talking import TROUBLES
from quenotte.wire.messages import write
from tests.station.fakes import NOW, FakeMachine, FakeWindows, counts, facts

pytestmark = pytest.mark.one_engine

_ROOT = Path(__file__).resolve().parents[2]
#: A patient, a person, a file, a command line: whatever comes out of them is a leak.
CANARY = "lerouge"
_UPS = f"device.mfr: EATON\ndevice.serial: {CANARY}\nups.status: OL\nups.id: {CANARY}\n"
_SESSION = f"User=1000\nName={CANARY}\nType=x11\nClass=user\nIdleHint=no\nLockedHint=no\n"


def _mount(device: str, place: str) -> Any:
    return SimpleNamespace(device=device, mountpoint=place, fstype="ext4")


def _crowded() -> Any:
    """Return counts of a machine on which everything bears a name."""
    process = SimpleNamespace(
        info={"name": f"{CANARY}-radio", "uids": SimpleNamespace(real=1000)},
    )
    mounts = [
        _mount(f"/dev/mapper/{CANARY}", f"/home/{CANARY}"),
        _mount("/dev/sdb1", f"/media/{CANARY}/{CANARY}"),
    ]
    line = SimpleNamespace(
        laddr=SimpleNamespace(ip="0.0.0.0", port=4000),
        raddr=None,
        status="LISTEN",
        type=socket.SOCK_STREAM,
        pid=7,
    )
    return counts(
        process_iter=lambda _names: [process],
        disk_partitions=lambda all: mounts,  # noqa: A006
        net_connections=lambda _kind: [line],
        Process=lambda _pid: SimpleNamespace(exe=lambda: f"/home/{CANARY}/{CANARY}.sh"),
    )


@pytest.fixture
def linux(tmp_path: Path) -> FakeMachine:
    machine = FakeMachine(tmp_path, _crowded())
    for disk in ("dm-3", "sdb1"):
        machine.write(f"/dev/{disk}", "")
    (machine.place("/dev/mapper")).mkdir()
    machine.place(f"/dev/mapper/{CANARY}").symlink_to("../dm-3")
    machine.place("/sys/class/block/dm-3/slaves/sda").mkdir(parents=True)
    machine.write("/sys/class/block/dm-3/dm/uuid", f"CRYPT-LUKS2-{CANARY}")
    machine.write("/sys/class/block/dm-3/dm/name", CANARY)
    for disk, removable in (("sda", "0"), ("sdb", "1")):
        machine.write(f"/sys/block/{disk}/size", "1000")
        machine.write(f"/sys/block/{disk}/removable", removable)
        machine.write(f"/sys/block/{disk}/device/model", "ST1000DM010")
    machine.write("/run/udev/data/b8:16", f"E:ID_FS_LABEL={CANARY}\nI:5\n")
    machine.write(f"/media/{CANARY}/{CANARY}/QUENOTTE/disque.json", f'{{"practice":"{CANARY}"}}')
    machine.write(f"/home/{CANARY}/.local/share/applications/{CANARY}.desktop", CANARY)
    machine.write("/etc/passwd", f"{CANARY}:x:1000:1000:{CANARY}:/home/{CANARY}:/bin/sh\n")
    machine.write("/var/lib/dpkg/status", "")
    machine.answers |= {
        "loginctl list-sessions": Said(0, f"2 1000 {CANARY} seat0 tty2\n"),
        "loginctl show-session": Said(0, _SESSION),
        "id -nG": Said(0, f"{CANARY} sudo\n"),
        "getent": Said(0, f"{CANARY}:x:1000:1000:{CANARY}:/home/{CANARY}:/bin/sh\n"),
        "gsettings": Said(0, f"'{CANARY}'\n"),
        "upsc -l": Said(0, f"{CANARY}\n"),
        f"upsc {CANARY}": Said(0, _UPS),
        "smartctl": Said(0, json.dumps({"model_name": CANARY, "smart_status": {"passed": True}})),
        "nft": Said(0, json.dumps({"nftables": [{"table": {"name": CANARY, "comment": CANARY}}]})),
        "apt-get": Said(0, f"Inst {CANARY} [1] (2 {CANARY}:12 [amd64])\n"),
        "apt-config": Said(0, f'APT::Periodic::Unattended-Upgrade "{CANARY}";'),
        "systemctl": Said(1, CANARY),
    }
    return machine


def _sent(collectors: Any, machine: Any) -> bytes:
    """Return what would leave, packed and unpacked."""
    body = write(report_of(facts(collectors, machine), NOW))
    packed, headers = _packed(body, {})
    is_packed = "Content-Encoding" in headers
    return body + (gzip.decompress(packed) if is_packed else packed) + str(headers).encode()


def test_no_name_leaves_a_linux_machine(linux: FakeMachine) -> None:
    sent = _sent(COLLECTORS, linux)
    assert b"ST1000DM010" in sent
    assert b'"port":4000' in sent
    assert CANARY.encode() not in sent.lower()


def test_no_name_leaves_a_windows_machine(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    for script in powershell.SCRIPTS.glob("*.ps1"):
        answers.joinpath(f"{script.stem}.txt").write_text(
            json.dumps({"failed": f"C:\\Users\\{CANARY}\\{CANARY}.jpg", "message": CANARY})
        )
    sent = _sent(OF_WINDOWS, FakeWindows(tmp_path, answers, _crowded()))
    assert b"os.family" in sent
    assert CANARY.encode() not in sent.lower()


def test_what_a_windows_script_adds_by_mistake_is_not_passed_on(tmp_path: Path) -> None:
    """Fields that nobody asked for stay behind: each fact is built by its own names."""
    source = Path(__file__).parent / "windows" / "answers" / "windows-11-fr"
    answers = tmp_path / "answers"
    answers.mkdir()
    for path in source.iterdir():
        told = json.loads(path.read_text("utf-8-sig"))
        answers.joinpath(path.name).write_text(json.dumps(_with_names(told)), "utf-8")
    sent = _sent(OF_WINDOWS, FakeWindows(tmp_path, answers, _crowded()))
    assert b"OptiPlex" in sent
    assert CANARY.encode() not in sent.lower()


def _with_names(told: Any) -> Any:
    if isinstance(told, list):
        return [_with_names(one) for one in told]
    if isinstance(told, dict):
        return {"user": CANARY, "path": CANARY, **{k: _with_names(v) for k, v in told.items()}}
    return told


def test_other_systems_tell_that_they_do_not_know() -> None:
    told = {one.key: one.unknown for one in facts(OTHERS, SimpleNamespace(counts=counts()))}
    assert told["disks"] == posture.Unknown.NOT_READABLE
    assert told["machine.memory_mib"] is None
    assert collectors("darwin") is OTHERS
    assert collectors("win32") is OF_WINDOWS
    assert collectors("linux") is COLLECTORS


@pytest.mark.parametrize("of", [COLLECTORS, OF_WINDOWS, OTHERS])
def test_collectors_know_only_keys_of_the_list_each_once(of: Any) -> None:
    keys = [key for one in of for key in one.keys]
    assert set(keys) <= set(posture.KEYS) - {"clock.offset_s"}
    assert len(keys) == len(set(keys))
    assert len({one.name for one in of}) == len(of)
    assert set(keys) <= set(LABELS)


def test_each_field_has_a_label_of_its_own() -> None:
    told = {name for key in LABELS for name in posture.FIELDS.get(key, ())}
    assert told == set(FIELDS)
    assert set(TROUBLES) == set(Why)


def test_it_stands_on_nothing_but_psutil() -> None:
    """So that `pip install --no-deps quenotte psutil` is enough on a workstation."""
    code = (
        f"import sys; sys.path.insert(0, {str(_ROOT)!r})\n"
        "from quenotte.station import commands, showing, installing\n"
        "from quenotte.station.collectors import choosing\n"
        "[choosing.collectors(one) for one in ('linux', 'win32', 'darwin')]\n"
        "print(sorted({name.split('.')[0] for name, one in sys.modules.items()"
        " if 'site-packages' in (getattr(one, '__file__', None) or '')}))"
    )
    words = [sys.executable, "-I", "-c", code]
    done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=60)
    assert set(json.loads(done.stdout.replace("'", '"'))) <= {"psutil", "_distutils_hack"}
