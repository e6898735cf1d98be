"""Requests and pictures that come at the wrong moment: nothing is lost or half-written."""

import http.client
import re
import select
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from tests.real.processes.people import Login, children_of, kill
from tests.real.processes.served import Served, counts, killed_after
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


_REFUSED = """
from quenotte.base.audit.models import Line
lines = Line.objects.filter(action="failure", object_kind="upload", result="refused")
print(sum(line.detail["count"] for line in lines if line.detail["reason"] == "too_big"))
"""
#: The worker tells within a minute; here it is told at once.
_NOT_SAVED = """
import sys
from django.conf import settings
from quenotte.base.audit.models import Line
from quenotte.config import falls
falls.tell(settings.DATA_DIR)
print(Line.objects.filter(action="failure", object_kind="page", result="failed",
    person_id=sys.argv[1], detail__reason="busy").count())
"""
_VERSION = re.compile(r'name="version" value="(\d+)" data-note-version')
_TWO_GB = 2 * 2**30


def test_locked_database_answers_503_and_nothing_is_written(login: Login, patient_id: str):
    before = counts(login.installation)["notes"]
    address = f"/patients/{patient_id}/notes/nouvelle/"
    with login.installation.locked("base_line"):
        status, headers, page = login.post(address, text="Contrôle.")
    assert status == 503
    assert {key.lower(): value for key, value in headers.items()}["retry-after"] == "5"
    assert "Rien n’a été perdu" in page
    assert counts(login.installation)["notes"] == before
    # The journal was locked as well: its line follows.
    assert int(login.installation.script(_NOT_SAVED, login.person_id)) > 0
    assert login.post(address, text="Contrôle.")[0] in {200, 302}
    assert counts(login.installation)["notes"] == before + 1


def test_web_killed_in_the_middle_of_a_save(served: Served, login: Login, patient_id: str):
    installation, _server = served
    before = counts(installation)["notes"]
    address = f"/patients/{patient_id}/notes/nouvelle/"

    def save() -> int:
        return login.post(address, text="Note en cours.")[0]

    killed_after(served, "care_note", save)

    found = counts(installation)
    assert found["notes"] == before
    assert found["journal"]
    assert save() in {200, 302}
    assert counts(installation)["notes"] == before + 1


def test_web_killed_while_the_note_of_a_visit_is_signed(
    served: Served, login: Login, patient_id: str
):
    installation, _server = served
    opened = login.post(f"/patients/{patient_id}/seances/ouvrir/")[1]
    visit = next(value for key, value in opened.items() if key.lower() == "location")
    assert login.post(f"{visit}note/", text="Détartrage.", version="1")[0] == 204
    before = counts(installation)["notes"]

    def end() -> int:
        return login.post(f"{visit}fin/", text="Détartrage, contrôle.", version="2")[0]

    killed_after(served, "care_note", end)

    found = counts(installation)
    assert (found["notes"], found["journal"]) == (before, True)
    page = login.get(visit)[2]
    # Still open, with the words that were kept before and none of those that were not.
    assert ">Détartrage.</textarea>" in page
    assert end() == 302
    assert "Détartrage, contrôle." in login.get(visit)[2]
    assert counts(installation)["notes"] == before + 1


def test_web_killed_while_the_note_of_a_visit_is_kept(
    served: Served, login: Login, patient_id: str
):
    opened = login.post(f"/patients/{patient_id}/seances/ouvrir/")[1]
    visit = next(value for key, value in opened.items() if key.lower() == "location")
    version = _VERSION.search(login.get(visit)[2])
    assert version

    def keep(text: str, seen: int) -> int:
        return login.post(f"{visit}note/", text=text, version=str(seen))[0]

    seen = int(version[1])
    assert keep("Détartrage.", seen) == 204
    killed_after(
        served,
        "base_event",
        lambda: keep("Détartrage, polissage.", seen + 1),
        when="NEW.name = 'patient.changed'",
    )

    # The last words that were confirmed, whole; and the page that typed goes on from them.
    assert ">Détartrage.</textarea>" in login.get(visit)[2]
    assert keep("Détartrage, polissage, contrôle.", seen + 1) == 204
    assert ">Détartrage, polissage, contrôle.</textarea>" in login.get(visit)[2]
    # The next one finds no visit that goes on.
    end = {"text": "Détartrage, polissage, contrôle.", "version": str(seen + 2)}
    assert login.post(f"{visit}fin/", **end)[0] == 302


def send(installation: Installation, path: Path) -> "subprocess.Popen[bytes]":
    words = ["dicom", "send", str(path), "--port", str(installation.dicom_port)]
    return subprocess.Popen(
        [sys.executable, "-m", "quenotte", *words],
        env=installation.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _is_whole(path: Path) -> bool:
    return path.is_file() and path.suffix != ".part" and path.stat().st_size > 0


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
        wait_until(lambda: any(_is_whole(one) for one in pending.rglob("*")))
        dicom = children_of(server.pid)["dicom"]
        kill(dicom)
        # No success was answered: the device knows that it must send again.
        assert sender.wait(timeout=60) != 0
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
            assert not _send_chunks(line, 200)
        answer = line.getresponse()
        assert answer.status == status
        assert words in answer.read().decode()
    finally:
        line.close()


def test_endless_upload_is_cut_and_leaves_nothing(served: Served, login: Login, patient_id: str):
    installation, server = served
    wait_until(lambda: "web" in children_of(server.pid))
    assert login.get(f"/patients/{patient_id}/")[0] == 200
    incoming = installation.folder / "incoming"
    # A web process that was killed left what it was receiving.
    before, refused, old = counts(installation), _refused(installation), set(incoming.iterdir())
    web = psutil.Process(children_of(server.pid)["web"])
    rest_bytes = web.memory_info().rss
    grown_bytes = 0
    line = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=60)
    try:
        line.putrequest("POST", f"/patients/{patient_id}/images/ajouter")
        for name, value in (*login.headers.items(), ("Transfer-Encoding", "chunked")):
            line.putheader(name, value)
        line.endheaders()
        for _ in range(_TWO_GB // 2**26):
            if not _send_chunks(line, 2**6):
                break
            grown_bytes = max(grown_bytes, web.memory_info().rss - rest_bytes)
        answer = line.getresponse()
        assert answer.status == 413
        assert "trop volumineux" in answer.read().decode()
    finally:
        line.close()
    # Whatever its length, a body in flight holds little more than a piece of it.
    assert 0 < grown_bytes < 64 * 2**20
    # Refusals close to one another share a line.
    wait_until(lambda: _refused(installation) > refused)
    wait_until(lambda: set(incoming.iterdir()) <= old)
    assert counts(installation) == before


def _refused(installation: Installation) -> int:
    return int(installation.script(_REFUSED))


def _send_chunks(line: http.client.HTTPConnection, count: int) -> bool:
    """Send megabytes; tell whether the server still wants more."""
    piece = b"100000\r\n" + bytes(2**20) + b"\r\n"
    try:
        for _ in range(count):
            if select.select([line.sock], [], [], 0)[0]:
                return False
            line.send(piece)
    except OSError:
        return False
    return True
