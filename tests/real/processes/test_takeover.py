"""The worker is killed in the middle of an import: nothing is half there, and it goes on."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.real.processes.people import Login, kill
from tests.support.installations import Installation, connected, wait_until

pytestmark = pytest.mark.real_clock

ROWS = 3_000

#: Takes a file as far as the worker's next piece of work, and leaves it in the queue.
_PREPARE = """
import sys
from django.core.files.uploadedfile import SimpleUploadedFile
from quenotte.base.people.models import Person
from quenotte.care.takeover import jobs, operations, rules
from quenotte.care.takeover.operations.steps import actor_at_work
from quenotte.base.audit.rules import Actor
person = Person.objects.get(pk=sys.argv[1])
actor = Actor(person.pk, "Alice", person.practice_id, "", "web", person.roles)
lines = ["Dossier;Nom;Prénom;Date de naissance;Portable"]
letters = "abcdefghij"
for number in range(int(sys.argv[3])):
    name = "".join(letters[int(digit)] for digit in f"{number:05}")
    lines.append(f"{number};NOM{name};Anne{name};{number % 28 + 1:02}/0{number % 9 + 1}/"
                 f"{1930 + number % 90};06 39 98 {number // 100 % 100:02} {number % 100:02}")
upload = SimpleUploadedFile("patients.csv", "\\n".join(lines).encode())
source = operations.receive(actor=actor, kind="patients", upload=upload)
operations.start_check(actor=actor, import_id=source.id, chosen=source.columns,
                       options=rules.Options())
if sys.argv[2] == "write":
    jobs.check(import_id=str(source.id), person_id=str(person.pk))
    operations.start_writing(actor=actor, import_id=source.id)
print(source.id)
"""

_LOOK = """
import json
from quenotte.care.patients.models import Patient, SearchKey
from quenotte.care.takeover.models import Import, ImportedPatient, StagedRow
source = Import.objects.get()
print(json.dumps({
    "state": source.state,
    "patients": Patient.objects.count(),
    "keys": SearchKey.objects.count(),
    "brought": ImportedPatient.objects.count(),
    "lines": StagedRow.objects.count(),
    "numbers": Patient.objects.values("file_number").distinct().count(),
}))
"""


def look(installation: Installation) -> dict[str, object]:
    found: dict[str, object] = json.loads(installation.script(_LOOK).splitlines()[-1])
    return found


@contextmanager
def worker(installation: Installation) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "-m", "quenotte.config.processes.worker"],
        env=installation.environment,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=60)


def is_under_way(installation: Installation) -> bool:
    """Tell whether somebody outside of the transaction sees it advance."""
    if not installation.database_url:
        return any((installation.folder / "run").glob("takeover-*.json"))
    with connected(installation.database_url) as connection:
        row = connection.execute("SELECT max(total) FROM care_progress").fetchone()
        return bool(row and row[0])


@pytest.mark.parametrize("step", ["check", "write"])
def test_worker_killed_in_the_middle_leaves_nothing_half_done(
    installation: Installation, step: str
):
    alice = Login(installation)
    installation.script(_PREPARE, alice.person_id, step, str(ROWS))

    with worker(installation) as first:
        wait_until(lambda: is_under_way(installation), timeout_s=120)
        kill(first.pid)
        first.wait(timeout=60)

    after = look(installation)
    assert (after["patients"], after["keys"], after["brought"]) == (0, 0, 0)
    assert after["state"] == ("checking" if step == "check" else "writing")

    with worker(installation):
        ended = "checked" if step == "check" else "done"
        wait_until(lambda: look(installation)["state"] == ended, timeout_s=300)

    after = look(installation)
    assert after["lines"] == ROWS
    expected = ROWS if step == "write" else 0
    assert (after["patients"], after["brought"], after["numbers"]) == (expected,) * 3
