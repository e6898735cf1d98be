"""SIGKILL in the middle of work: whole or not at all, and it can be done again."""

import http.client
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.real.processes.people import Login, children_of, kill
from tests.real.processes.test_bad_moments import _PATIENT, counts
from tests.support.installations import Installation, Workshop, wait_until

pytestmark = pytest.mark.real_clock

Served = tuple[Installation, "subprocess.Popen[str]"]

_SLOW = """
import sys
from tests.support.slow_jobs import wait_for
print(wait_for.enqueue(path=sys.argv[1]).pk)
"""
_RUN = """
import json, sys
from quenotte.base.jobs.models import Run
run = Run.objects.get(pk=sys.argv[1])
print(json.dumps([run.state, run.attempts]))
"""
_PEOPLE = """
from quenotte.care.patients.models import Patient
print(Patient.objects.filter(birth_name__iexact="Vasseur").count())
"""


@pytest.fixture(scope="module")
def served(workshop: Workshop) -> Iterator[Served]:
    installation = workshop.make()
    with installation.serving() as server:
        wait_until(lambda: len(children_of(server.pid)) == 3)
        yield installation, server


@pytest.fixture(scope="module")
def login(served: Served) -> Login:
    return Login(served[0])


@pytest.fixture(scope="module")
def patient_id(login: Login) -> str:
    return login.installation.script(_PATIENT, login.practice_id).strip()


def killed_while(
    served: Served, work: Callable[[], object], is_under_way: Callable[[], bool]
) -> None:
    """Kill the web process while ``work`` waits for the database; wait for the next one."""
    installation, server = served
    failures: list[Exception] = []

    def try_it() -> None:
        try:
            work()
        except (OSError, http.client.HTTPException) as error:
            failures.append(error)

    with installation.locked("base_line"):
        web = children_of(server.pid)["web"]
        working = threading.Thread(target=try_it)
        working.start()
        wait_until(is_under_way)
        kill(web)
        working.join(60)
    assert failures
    wait_until(lambda: children_of(server.pid).get("web", web) != web)
    wait_until(installation.answers)


def test_worker_killed_in_the_middle_of_a_job_does_it_again(served: Served, tmp_path: Path):
    installation, server = served
    path = tmp_path / "go"
    run_id = installation.script(_SLOW, str(path)).strip()
    begun, over = Path(f"{path}.begun"), Path(f"{path}.over")
    wait_until(begun.exists)
    assert json.loads(installation.script(_RUN, run_id)) == ["running", 1]

    kill(children_of(server.pid)["worker"])
    path.touch()

    wait_until(lambda: json.loads(installation.script(_RUN, run_id))[0] == "done")
    assert begun.read_text() == "xx"
    assert over.read_text() == "x"


def test_web_killed_in_the_middle_of_an_upload(served: Served, login: Login, patient_id: str):
    installation, _server = served
    incoming = installation.folder / "incoming"
    address = f"/patients/{patient_id}/images/ajouter"
    picture = BytesIO()
    # Noise does not compress: large enough for Django to write it to the disk.
    Image.effect_noise((1400, 1200), 90).save(picture, "PNG")

    # The record is open: nothing has to be written before the file is read.
    assert login.get(f"/patients/{patient_id}/")[0] == 200

    def upload() -> int:
        return login.upload(address, "file", "radio.png", picture.getvalue())[0]

    killed_while(served, upload, lambda: any(path.is_file() for path in incoming.rglob("*")))

    found = counts(installation)
    assert (found["pictures"], found["files"], found["journal"]) == (0, True, True)
    left = [path.name for path in incoming.iterdir() if path.is_file()]
    assert all(name.endswith(".part") or ".upload" in name for name in left), left
    assert upload() in {200, 302}
    assert counts(installation)["pictures"] == 1


def test_web_killed_in_the_middle_of_a_new_patient(served: Served, login: Login):
    installation, _server = served
    fields = {
        "birth_name": "Vasseur",
        "birth_first_names": "Ines",
        "first_birth_first_name": "Ines",
        "born_on": "04/03/1985",
        "sex": "F",
    }
    sent = threading.Event()

    def create() -> int:
        sent.set()
        return login.post("/patients/nouveau/", **fields)[0]

    killed_while(served, create, lambda: sent.wait(30))

    assert installation.script(_PEOPLE).strip() == "0"
    assert counts(installation)["journal"]
    assert create() == 302
    assert installation.script(_PEOPLE).strip() == "1"
