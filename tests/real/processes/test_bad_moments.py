"""Requests and pictures that come at the wrong moment: nothing is lost or half-written."""

import http.client
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.real.processes.people import Login, children_of, kill
from tests.real.processes.served import Served, counts, killed_while
from tests.support.installations import Installation, wait_until

pytestmark = pytest.mark.real_clock

_PICTURE = """
import sys
from pathlib import Path
from django.utils import timezone
from quenotte.base.practice.models import Practice
from quenotte.care.patients.models import Patient
from quenotte.devices.dicom import synthetic
patient = Patient.objects.get(pk=sys.argv[1])
synthetic.write_radiograph(
    Path(sys.argv[2]), pixels=synthetic.intraoral(7, teeth=(11,), rows=300, columns=200), bits=12,
    patient=synthetic.SyntheticPatient(
        file_number=str(patient.file_number), issuer=patient.practice.dicom_issuer,
        birth_name=patient.birth_name, first_names=patient.first_birth_first_name,
        born_on=patient.born_on, sex=patient.sex),
    taken_at=timezone.localtime(), teeth=(11,), seed=7, modality="IO")
"""


def test_locked_database_answers_503_and_nothing_is_written(login: Login, patient_id: str):
    before = counts(login.installation)["notes"]
    address = f"/patients/{patient_id}/notes/nouvelle/"
    with login.installation.locked("base_line"):
        status, headers, page = login.post(address, text="Contrôle.")
    assert status == 503
    assert {key.lower(): value for key, value in headers.items()}["retry-after"] == "5"
    assert "Rien n’a été perdu" in page
    assert counts(login.installation)["notes"] == before
    assert login.post(address, text="Contrôle.")[0] in {200, 302}
    assert counts(login.installation)["notes"] == before + 1


def test_web_killed_in_the_middle_of_a_save(served: Served, login: Login, patient_id: str):
    installation, _server = served
    before = counts(installation)["notes"]
    address = f"/patients/{patient_id}/notes/nouvelle/"

    def save() -> int:
        return login.post(address, text="Note en cours.")[0]

    def has_come_to_the_lock() -> bool:
        time.sleep(0.5)
        return True

    killed_while(served, save, has_come_to_the_lock)

    found = counts(installation)
    assert found["notes"] == before
    assert found["journal"]
    assert save() in {200, 302}
    assert counts(installation)["notes"] == before + 1


def send(installation: Installation, path: Path) -> "subprocess.Popen[bytes]":
    words = ["dicom", "send", str(path), "--port", str(installation.dicom_port)]
    return subprocess.Popen(
        [sys.executable, "-m", "quenotte", *words],
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def test_dicom_killed_in_the_middle_of_a_store(
    served: Served, login: Login, patient_id: str, tmp_path: Path
):
    installation, server = served
    path = tmp_path / "picture.dcm"
    installation.script(_PICTURE, patient_id, str(path))
    before = counts(installation)["pictures"]
    wait_until(
        lambda: (
            installation.command("dicom", "echo", "--port", str(installation.dicom_port)).returncode
            == 0
        )
    )
    pending = installation.folder / "incoming"
    with installation.locked("base_line"):
        sender = send(installation, path)
        # The bytes have arrived; their row waits for the lock.
        wait_until(lambda: any(one.is_file() for one in pending.rglob("*")))
        time.sleep(0.5)
        dicom = children_of(server.pid)["dicom"]
        kill(dicom)
        time.sleep(1)
        # No success was answered; the device would wait for an answer much longer.
        assert sender.poll() != 0
        sender.kill()
        sender.wait()
    found = counts(installation)
    # Whole or not at all: the next listener may already have taken in what was left whole.
    assert found["pictures"] - before in {0, 1}
    assert (found["files"], found["journal"]) == (True, True)
    wait_until(lambda: children_of(server.pid).get("dicom", dicom) != dicom)
    wait_until(lambda: send(installation, path).wait(timeout=120) == 0)
    found = counts(installation)
    assert (found["pictures"], found["files"], found["journal"]) == (before + 1, True, True)


@pytest.mark.parametrize(
    ("is_announced", "status", "words"),
    # Nobody is logged in: what grows unannounced is cut long before the limit.
    [(True, 413, "trop volumineux"), (False, 403, "Rien n’a été modifié")],
)
def test_body_above_the_limit_is_refused(
    served: Served, is_announced: bool, status: int, words: str
):
    installation, _server = served
    line = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=60)
    try:
        line.putrequest("POST", "/connexion/")
        if is_announced:
            line.putheader("Content-Length", str(2 * 2**30))
            line.endheaders()
            line.send(b"x" * 100_000)
        else:
            line.putheader("Transfer-Encoding", "chunked")
            line.endheaders()
            _send_chunks(line, 30)
        answer = line.getresponse()
        assert answer.status == status
        assert words in answer.read().decode()
    finally:
        line.close()


def _send_chunks(line: http.client.HTTPConnection, count: int) -> None:
    """Send megabytes until the server has had enough."""
    piece = b"f4240\r\n" + b"x" * 1_000_000 + b"\r\n"
    try:
        for _ in range(count):
            line.send(piece)
        line.send(b"0\r\n\r\n")
    except OSError:
        pass
