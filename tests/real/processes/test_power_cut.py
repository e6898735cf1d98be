"""The power goes in the middle of a visit: every process dies at once, and the visit goes on.

SIGKILL stands for the cut: nobody tidies up. What the disk itself had not kept is the database's
own promise (its log is synced before a page is answered) and not looked at here.
"""

import http.client
import json
import re
import subprocess
import threading
from typing import Any
from uuid import uuid4

import psutil
import pytest

from tests.real.processes.conftest import _PATIENT
from tests.real.processes.people import Login, children_of
from tests.support.installations import Installation, wait_until

pytestmark = pytest.mark.real_clock

_KEPT = """
import json, sys
from quenotte.base.audit.operations import verify as verify_journal
from quenotte.base.files.operations import verify
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.office.visits.models import Anaesthesia, OpenVisit, VisitAct
print(json.dumps({
    "acts": sorted(
        VisitAct.objects.filter(undone_at=None).values_list("code", "teeth", "surfaces")),
    "doses": list(Anaesthesia.objects.values_list("lot", "quarters", "dose_mg")),
    "marks": list(ChartEvent.objects.order_by("number").values_list("finding__kind", flat=True)),
    "open": OpenVisit.objects.count(),
    "notes": list(Note.objects.values_list("text", flat=True)),
    "files": verify().is_sound,
    "journal": verify_journal().is_sound,
}))
"""
_VERSION = re.compile(r'name="version" value="(\d+)" data-note-version')
_FILLING, _CROWN = ["HBMD038", "36", "MOD"], "16 couronne"
_DRAFT = "Carie 36 MOD, composite. Occlusion réglée."


def _kept(installation: Installation) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(installation.script(_KEPT))
    return found


def _cut(server: "subprocess.Popen[str]") -> None:
    """Kill the supervisor and all that it started, before any of them can see another go."""
    supervisor = psutil.Process(server.pid)
    found = [supervisor, *supervisor.children(recursive=True)]
    for one in found:
        one.suspend()
    for one in found:
        one.kill()
    server.wait(timeout=60)
    psutil.wait_procs(found[1:], timeout=60)
    assert not any(one.is_running() for one in found[1:])


def _seen(login: Login, visit: str) -> str:
    status, _headers, page = login.get(visit)
    assert status == 200
    return page


def _cut_while(installation: Installation, server: "subprocess.Popen[str]", login: Login,
               address: str, **fields: str) -> None:  # fmt: skip
    """Cut the power when an act was written and not committed: nobody was told that it was."""
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(login.post(address, **fields)[0])
        except (OSError, http.client.HTTPException):
            answers.append(0)

    sending = threading.Thread(target=send)
    with installation.held_after("office_visitact") as is_held:
        sending.start()
        wait_until(is_held)
        _cut(server)
    sending.join(60)
    assert answers == [0]


def test_power_cut_in_the_middle_of_a_visit(installation: Installation):
    login = Login(installation)
    patient_id = installation.script(_PATIENT, login.practice_id).strip()
    again = {"q": _CROWN, "key": str(uuid4())}
    with installation.serving() as server:
        wait_until(lambda: len(children_of(server.pid)) == 4)
        opened = login.post(f"/patients/{patient_id}/seances/ouvrir/")[1]
        visit = next(value for key, value in opened.items() if key.lower() == "location")
        dose = {"product": "articaine_200", "cartridges": "1", "lot": "A12", "confirmed": "on"}
        assert login.post(f"{visit}actes/", q="36 MOD composite", key=str(uuid4()))[0] == 302
        assert login.post(f"{visit}anesthesie/", **dose, key=str(uuid4()))[0] == 302
        version = _VERSION.search(_seen(login, visit))
        assert version
        assert login.post(f"{visit}note/", text=_DRAFT, version=version[1])[0] == 204
        before = _kept(installation)
        assert (before["acts"], before["open"], before["notes"]) == ([_FILLING], 1, [])
        assert [one[:2] for one in before["doses"]] == [["A12", 4]]
        _cut_while(installation, server, login, f"{visit}actes/", **again)

    with installation.serving() as server:
        assert _kept(installation) == before
        page = _seen(login, visit)
        assert f">{_DRAFT}</textarea>" in page
        assert all(words in page for words in ("HBMD038", "A12"))
        # What was not confirmed is sent again as it was, twice: it is there once.
        assert [login.post(f"{visit}actes/", **again)[0] for _turn in range(2)] == [302, 302]
        version = _VERSION.search(_seen(login, visit))
        assert version
        end = {"text": f"{_DRAFT} Couronne 16.", "version": version[1]}
        assert login.post(f"{visit}fin/", **end)[0] == 302

    after = _kept(installation)
    assert [one[1] for one in after["acts"]] == ["16", "36"]
    assert (after["doses"], after["open"]) == (before["doses"], 0)
    assert after["marks"] == ["filling", "crown"]
    assert after["notes"] == [f"{_DRAFT} Couronne 16."]
    assert (after["files"], after["journal"]) == (True, True)
