"""SIGKILL in the middle of work: whole or not at all, and it can be done again."""

import json
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.real.processes.people import Login, children_of, kill
from tests.real.processes.served import Served, counts, killed_after, killed_while
from tests.support.installations import wait_until

pytestmark = pytest.mark.real_clock

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

_SITES = """
from quenotte.care.perio.models import PerioSite
print(sorted(PerioSite.objects.values_list("site", "depth")))
"""


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

    before = counts(installation)["pictures"]
    # The record is open: nothing has to be written before the file is read.
    assert login.get(f"/patients/{patient_id}/")[0] == 200

    def upload() -> int:
        return login.upload(address, "file", "radio.png", picture.getvalue())[0]

    killed_while(served, upload, lambda: any(path.is_file() for path in incoming.rglob("*")))

    found = counts(installation)
    assert (found["pictures"], found["files"], found["journal"]) == (before, True, True)
    left = [path.name for path in incoming.iterdir() if path.is_file()]
    assert all(name.endswith(".part") or ".upload" in name for name in left), left
    assert upload() in {200, 302}
    assert counts(installation)["pictures"] == before + 1


def test_web_killed_in_the_middle_of_a_new_patient(served: Served, login: Login):
    installation, _server = served
    fields = {
        "birth_name": "Vasseur",
        "birth_first_names": "Ines",
        "first_birth_first_name": "Ines",
        "born_on": "04/03/1985",
        "sex": "F",
    }

    def create() -> int:
        return login.post("/patients/nouveau/", **fields)[0]

    killed_after(served, "care_patient", create)

    assert installation.script(_PEOPLE).strip() == "0"
    assert counts(installation)["journal"]
    assert create() == 302
    assert installation.script(_PEOPLE).strip() == "1"


def test_web_killed_in_the_middle_of_a_periodontal_value(
    served: Served, login: Login, patient_id: str
):
    """What was confirmed is there; what was not is sent again, and then it is there once."""
    installation, _server = served
    page = f"/patients/{patient_id}/parodonte/"
    begun = login.post(f"{page}nouveau/", examined_on="12/03/2026", examiner=login.person_id)
    exam = begun[1]["location"]

    def key(site: str, depth: int) -> int:
        value = {"tooth": 16, "site": site, "field": "depth", "value": depth}
        return login.post(f"{exam}valeurs/", changes=json.dumps([value]))[0]

    assert key("MV", 3) == 200
    killed_after(served, "care_periosite", lambda: key("V", 5))

    assert installation.script(_SITES).strip() == "[('MV', 3)]"
    assert key("V", 5) == 200
    assert installation.script(_SITES).strip() == "[('MV', 3), ('V', 5)]"
    assert counts(installation)["journal"]
