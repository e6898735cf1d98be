"""The worker is killed in the middle of an import: nothing is half there, and it goes on."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import pytest

from tests.real.processes.people import Login, kill
from tests.support.installations import Installation, connected, wait_until

pytestmark = pytest.mark.real_clock

ROWS = 1_500

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


#: Brings patients and, checked and waiting for the worker, their past appointments.
_BRING = """
import sys
from datetime import date, timedelta
from django.core.files.uploadedfile import SimpleUploadedFile
from quenotte.base.people.models import Person
from quenotte.care.takeover import jobs, operations, rules
from quenotte.base.audit.rules import Actor
person = Person.objects.get(pk=sys.argv[1])
actor = Actor(person.pk, "Alice", person.practice_id, "", "web", person.roles)
options = rules.Options(practitioner_id=str(person.pk))
def name(number):
    return "".join("abcdefghij"[int(digit)] for digit in f"{number:05}")
def bring(kind, lines, is_left=False):
    upload = SimpleUploadedFile(f"{kind}.csv", "\\n".join(lines).encode())
    source = operations.receive(actor=actor, kind=kind, upload=upload)
    operations.start_check(actor=actor, import_id=source.id, chosen=source.columns,
                           options=options)
    jobs.check(import_id=str(source.id), person_id=str(person.pk))
    operations.start_writing(actor=actor, import_id=source.id)
    if not is_left:
        jobs.write(import_id=str(source.id), person_id=str(person.pk))
    return source
people = ["Dossier;Nom;Prénom;Date de naissance"]
visits = ["N° dossier;Date RDV;Heure;Durée"]
for number in range(int(sys.argv[2])):
    day = date(2020, 1, 1) + timedelta(days=number)
    people.append(f"{number};NOM{name(number)};Anne{name(number)};03/04/1985")
    visits.append(f"{number};{day:%d/%m/%Y};09:00;30")
bring("patients", people)
bring("appointments", visits, is_left=True)
"""

_UNDO = """
import sys
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.care.takeover import operations
from quenotte.care.takeover.models import Import
person = Person.objects.get(pk=sys.argv[1])
actor = Actor(person.pk, "Alice", person.practice_id, "", "web", person.roles)
operations.start_undo(actor=actor, import_id=Import.objects.get(kind=sys.argv[2]).id)
"""

_STANDS = """
import json
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient, SearchKey
from quenotte.care.takeover.models import Import, ImportedAppointment, ImportedPatient
states = dict(Import.objects.values_list("kind", "state"))
print(json.dumps([states["patients"], states["appointments"], Patient.objects.count(),
    ImportedPatient.objects.count(), Appointment.objects.count(),
    ImportedAppointment.objects.count(), SearchKey.objects.exists()]))
"""

#: The last statement of each piece of work takes long: whoever is killed then is not done.
_SLOW = {
    "sqlite": """
CREATE VIEW long_count AS WITH RECURSIVE number(n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 30000000) SELECT count(*) FROM number;
CREATE TRIGGER long_end AFTER UPDATE OF state ON care_import
    WHEN NEW.state IN ('done', 'undone') BEGIN SELECT * FROM long_count; END;
""",
    "postgresql": """
CREATE FUNCTION long_end() RETURNS trigger AS $$ BEGIN PERFORM pg_sleep(3); RETURN NEW; END $$
    LANGUAGE plpgsql;
CREATE TRIGGER long_end AFTER UPDATE OF state ON care_import FOR EACH ROW
    WHEN (NEW.state IN ('done', 'undone')) EXECUTE FUNCTION long_end();
""",
}
_QUICK = {
    "sqlite": "DROP TRIGGER long_end; DROP VIEW long_count;",
    "postgresql": "DROP TRIGGER long_end ON care_import; DROP FUNCTION long_end();",
}


def alter(installation: Installation, statements: dict[str, str]) -> None:
    if installation.database_url:
        with connected(installation.database_url) as connection:
            connection.execute(statements["postgresql"])
        return
    with closing(sqlite3.connect(installation.folder / "db.sqlite3", timeout=60)) as connection:
        connection.executescript(statements["sqlite"])


def is_at_its_end(installation: Installation) -> bool:
    """Tell whether the worker is in the middle of its transaction."""
    if not installation.database_url:
        return is_under_way(installation)
    with connected(installation.database_url) as connection:
        asleep = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
        row = connection.execute(asleep).fetchone()
        return bool(row and row[0])


def stands(installation: Installation) -> list[object]:
    found: list[object] = json.loads(installation.script(_STANDS).splitlines()[-1])
    return found


def states(installation: Installation) -> list[object]:
    """Return how far the patients and the appointments have come, as the database says."""
    asked = "SELECT state FROM care_import ORDER BY kind DESC"
    if installation.database_url:
        with connected(installation.database_url) as connection:
            return [row[0] for row in connection.execute(asked)]
    with closing(sqlite3.connect(installation.folder / "db.sqlite3", timeout=60)) as connection:
        return [row[0] for row in connection.execute(asked)]


def wait_for(installation: Installation, ended: list[object]) -> None:
    wait_until(lambda: states(installation) == ended, timeout_s=120)


@pytest.mark.any_engine
def test_worker_killed_in_an_import_of_appointments_and_in_each_undo_goes_on(
    installation: Installation,
):
    count = 200
    alice = Login(installation)
    installation.script(_BRING, alice.person_id, str(count))
    patients, visits = [count, count], [count, count]
    steps = [
        (
            ["done", "writing", *patients, 0, 0, True],
            ["done", "done", *patients, *visits, True],
            "appointments",
        ),
        (
            ["done", "undoing", *patients, *visits, True],
            ["done", "undone", *patients, 0, 0, True],
            "patients",
        ),
        (
            ["undoing", "undone", *patients, 0, 0, True],
            ["undone", "undone", 0, 0, 0, 0, False],
            "",
        ),
    ]
    with ExitStack() as started:
        alter(installation, _SLOW)
        at_work = started.enter_context(worker(installation))
        for half_way, ended, undone in steps:
            wait_until(lambda: is_at_its_end(installation), timeout_s=120)
            kill(at_work.pid)
            at_work.wait(timeout=60)
            alter(installation, _QUICK)
            assert stands(installation) == half_way
            at_work = started.enter_context(worker(installation))
            wait_for(installation, ended[:2])
            assert stands(installation) == ended
            if undone:
                # The worker that went on takes the next piece of work, and is killed in it.
                alter(installation, _SLOW)
                installation.script(_UNDO, alice.person_id, undone)
