"""Real devices' software sends; processes are killed at each stage of an arrival."""

import hashlib
import json
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast

import pytest

from tests.real.conftest import Orthanc
from tests.support.installations import Installation, wait_until
from tests.support.programs import program

pytestmark = pytest.mark.real_clock

#: Creates a practice with a recognised device and a patient, and writes her radiograph.
_PREPARE = """
import json, sys
from datetime import datetime
from pathlib import Path
import numpy as np
from quenotte.care.patients.models import Patient
from quenotte.base.practice.models import Practice
from quenotte.care.imaging.models import Device
from quenotte.devices.dicom.synthetic import SyntheticPatient, write_radiograph
practice = Practice.objects.create(name="Cabinet", dicom_issuer="CABINET")
patient = Patient.objects.create(practice=practice, file_number=42, birth_name="Martin",
    birth_first_names="Léa", first_birth_first_name="Léa", born_on="1985-04-03", sex="F")
patient.refresh_from_db()
Device.objects.create(practice=practice, ae_title="STORESCU", name="Capteur", is_recognised=True)
person = SyntheticPatient("42", "CABINET", "Martin", "Léa", patient.born_on, "F")
rows = int(sys.argv[2])
pixels = np.random.default_rng(7).integers(0, 4096, (rows, 1000), dtype=np.uint16)
write_radiograph(Path(sys.argv[1]), pixels=pixels, bits=12, patient=person,
    taken_at=datetime(2026, 3, 17, 9, 12), teeth=(36,), seed=7)
print(patient.id)
"""

_LOOK = """
import json
from quenotte.base.files import operations as files
from quenotte.base.audit.models import Line
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations import pending
print(json.dumps({
    "pictures": [
        [p.state, str(p.patient_id), p.reasons, p.blob_id, bool(p.thumbnail_id),
         files.local_path(p.blob).stat().st_size]
        for p in Picture.objects.select_related("blob")
    ],
    "lines": list(Line.objects.filter(action="receive").values_list("result", flat=True)),
    "pending": len(list(pending.folder().iterdir())),
}))
"""


def look(installation: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(installation.script(_LOOK).splitlines()[-1])
    return found


def store(installation: Installation, path: Path, *options: str) -> int:
    done = subprocess.run(
        [program("storescu"), *options, "127.0.0.1", str(installation.dicom_port), str(path)],
        capture_output=True,
        timeout=180,
        check=False,
    )
    return done.returncode


def digest_as_received(installation: Installation, blob: str) -> str:
    path = installation.folder / "blobs" / blob[:2] / blob[2:4] / blob
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def listening(installation: Installation) -> Iterator["subprocess.Popen[bytes]"]:
    """The DICOM process of an installation, alone."""
    process = _listen(installation)
    yield process
    _end(process)


def _listen(installation: Installation) -> "subprocess.Popen[bytes]":
    port = str(installation.dicom_port)
    process = subprocess.Popen(
        [sys.executable, "-m", "quenotte.config.processes.dicom", "127.0.0.1", port],
        env=installation.environment,
        stdin=subprocess.DEVNULL,
    )
    echo = [program("echoscu"), "-aet", "STORESCU", "127.0.0.1", port]
    try:
        wait_until(
            lambda: subprocess.run(echo, capture_output=True, check=False).returncode == 0,
            timeout_s=120,
        )
    except BaseException:
        _end(process)
        raise
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
    process.wait(timeout=60)


def test_storescu_puts_the_picture_in_the_record(
    installation: Installation, listening: "subprocess.Popen[bytes]", tmp_path: Path
):
    path = tmp_path / "a.dcm"
    patient_id = installation.script(_PREPARE, str(path), "1500").split()[-1]

    assert store(installation, path) == 0
    wait_until(lambda: look(installation)["pictures"][0][4])

    (picture,) = look(installation)["pictures"]
    assert picture[:3] == ["filed", patient_id, []]
    assert digest_as_received(installation, picture[3]) == picture[3]

    assert store(installation, path) == 0
    after = look(installation)
    assert len(after["pictures"]) == 1
    assert after["lines"] == ["duplicate", "filed"]


def test_storescu_under_an_unknown_name_is_answered_success_and_waits(
    installation: Installation, listening: "subprocess.Popen[bytes]", tmp_path: Path
):
    path = tmp_path / "a.dcm"
    installation.script(_PREPARE, str(path), "60")

    assert store(installation, path, "-aet", "INTRUS") == 0

    (picture,) = look(installation)["pictures"]
    assert picture[:3] == ["tray", "None", ["device_unknown"]]


@contextmanager
def _narrow(port: int, *, passes_bytes: int) -> Iterator[int]:
    """Stand before a port and fall silent after so many bytes; give the port to send to."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def carry() -> None:
            with door.accept()[0] as device, socket.create_connection(("127.0.0.1", port)) as us:
                threading.Thread(target=_pour, args=(us, device), daemon=True).start()
                _pour(device, us, at_most=passes_bytes)
                done.wait(timeout=180)

        done = threading.Event()
        carrier = threading.Thread(target=carry)
        carrier.start()
        try:
            yield int(door.getsockname()[1])
        finally:
            done.set()
            carrier.join(timeout=60)


def _pour(source: socket.socket, target: socket.socket, *, at_most: int = 2**40) -> None:
    with suppress(OSError):
        while at_most > 0 and (chunk := source.recv(min(65_536, at_most))):
            target.sendall(chunk)
            at_most -= len(chunk)


def test_listener_killed_while_receiving_loses_and_keeps_nothing(
    installation: Installation, tmp_path: Path
):
    path = tmp_path / "a.dcm"
    installation.script(_PREPARE, str(path), "1500")
    incoming = installation.folder / "incoming"
    process = _listen(installation)
    with _narrow(installation.dicom_port, passes_bytes=2_000_000) as port:
        sender = subprocess.Popen(
            [program("storescu"), "127.0.0.1", str(port), str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(lambda: any(each.stat().st_size > 1000 for each in incoming.rglob("*.part")))
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=60)
    assert sender.wait(timeout=180) != 0
    assert look(installation)["pictures"] == []

    again = _listen(installation)
    try:
        assert store(installation, path) == 0
    finally:
        _end(again)

    (picture,) = look(installation)["pictures"]
    assert picture[0] == "filed"
    assert digest_as_received(installation, picture[3]) == picture[3]


#: Receives one object in a process killed at each stage, then what the next start does.
_KILLED = """
import json, os, shutil, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from django.conf import settings
from django.db import connection, transaction
from quenotte.base.audit import operations as audit
from quenotte.base.files import operations as files
from quenotte.care.imaging.models import Picture
from quenotte.care.imaging.operations import arrivals, pending

SOURCE = Path(sys.argv[1])

def die(*_a, **_k):
    os.kill(os.getpid(), signal.SIGKILL)

def after(function):
    def run(*a, **k):
        function(*a, **k)
        die()
    return run

def before_hold(): pending.hold = die
def after_hold(): pending.hold = after(pending.hold)
def before_keep(): files.keep = die
def after_keep(): files.keep = after(files.keep)
def before_row(): arrivals.register = die
def after_row(): arrivals.register = after(arrivals.register)
def before_commit(): audit.record = after(audit.record)
def after_commit(): pending.release = die
def after_release(): pending.release = after(pending.release)

STAGES = (before_hold, after_hold, before_keep, after_keep, before_row, after_row,
          before_commit, after_commit, after_release)

def receive():
    path = settings.DATA_DIR / "incoming" / "x.part"
    shutil.copy(SOURCE, path)
    return arrivals.receive(arrivals.Incoming(path=path, calling_ae="STORESCU", address="",
        sop_class_uid="1.2", sop_instance_uid="1.2.3", received_at=datetime.now(UTC)))

result = {}
for stage in STAGES:
    connection.close()
    pid = os.fork()
    if pid == 0:
        stage()
        receive()
        os._exit(0)
    _pid, status = os.waitpid(pid, 0)
    found = Picture.objects.count()
    whole = all(files.local_path(p.blob).stat().st_size == SOURCE.stat().st_size
                for p in Picture.objects.select_related("blob"))
    arrivals.sweep_pending()
    swept = Picture.objects.count()
    again = receive()
    result[stage.__name__] = [os.WTERMSIG(status), found, whole, swept, Picture.objects.count(),
                              Picture.objects.get().state, len(list(pending.folder().iterdir()))]
    Picture.objects.all().delete()
print(json.dumps(result))
"""


def test_killed_at_each_stage_keeps_no_row_without_bytes_and_loses_no_picture(
    installation: Installation, tmp_path: Path
):
    path = tmp_path / "a.dcm"
    installation.script(_PREPARE, str(path), "60")

    ends = json.loads(installation.script(_KILLED, str(path)).splitlines()[-1])

    killed = int(signal.SIGKILL)
    committed, held = (1, 1), (0, 1)
    expected = {
        "before_hold": (0, 0),
        **dict.fromkeys(("after_hold", "before_keep", "after_keep"), held),
        **dict.fromkeys(("before_row", "after_row", "before_commit"), held),
        **dict.fromkeys(("after_commit", "after_release"), committed),
    }
    assert {
        stage: (found, swept) for stage, (_sig, found, _w, swept, *_rest) in ends.items()
    } == expected
    for signalled, _found, whole, _swept, rows, state, left in ends.values():
        assert (signalled, whole, rows, state, left) == (killed, True, 1, "filed", 0)


def test_orthanc_sends_to_us(
    installation: Installation, listening: "subprocess.Popen[bytes]", tmp_path: Path
):
    path = tmp_path / "a.dcm"
    installation.script(_PREPARE, str(path), "60")
    orthanc = Orthanc(tmp_path, installation.dicom_port)
    try:
        orthanc.wait_until_ready()
        kept = cast("dict[str, str]", orthanc.ask("/instances", path.read_bytes()))
        sent = cast(
            "dict[str, int]", orthanc.ask("/modalities/quenotte/store", kept["ID"].encode())
        )
    finally:
        orthanc.stop()

    assert sent["FailedInstancesCount"] == 0
    (picture,) = look(installation)["pictures"]
    assert (picture[0], picture[2]) == ("tray", ["device_unknown"])
