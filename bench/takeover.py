"""Twenty thousand patients of another program: ``python -m bench.takeover --json``.

On an empty practice in SQLite, with the real file, the real operations and the worker's own
functions, from the bytes of the CSV to the last row: reading, checking every line, the one
transaction, and taking everything back. ``blocked_s`` is how long the transaction held off
everybody else who writes; ``memory_mb`` the most memory that the process had.
"""

import argparse
import csv
import io
import json
import os
import resource
import tempfile
import time
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from types import ModuleType

GOALS = {"rows_20k_s": 60.0}
ROWS = 20_000


def patients_csv(rows: int = ROWS, seed: int = 7) -> bytes:
    """Return the file of a predecessor: invented people, one line in fifty wrong."""
    from quenotte.config.demo import words

    random = Random(seed)
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(
        "N° dossier;Nom;Prénom;Date de naissance;Civilité;Portable;Email;Adresse;CP;Ville".split(
            ";"
        )
    )
    for number in range(1, rows + 1):
        born_on = date(1930, 1, 1) + timedelta(days=random.randrange(33_000))
        born = f"{born_on:%d/%m/%Y}" if number % 50 else "31/02/1990"
        is_woman = random.random() < 0.52
        first = random.choice(words.WOMEN if is_woman else words.MEN)
        surname = random.choice(words.SURNAMES)
        if number % 3 == 0:
            surname += f"-{random.choice(words.SURNAMES)}"
        writer.writerow(
            [
                number, surname.upper(), first, born, "Mme" if is_woman else "M.",
                f"06 39 98 {number // 100 % 100:02} {number % 100:02}",
                f"patient{number}@courriel.example",
                f"{number % 90 + 1} rue des Lilas", "44000", "Nantes",
            ]
        )  # fmt: skip
    return out.getvalue().encode("cp1252", errors="replace")


def measure(rows: int = ROWS) -> dict[str, float]:
    """Return the seconds of each step and of all that a person waits for."""
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.management import call_command

    from quenotte.base.audit.rules import Actor
    from quenotte.base.people.models import Person
    from quenotte.base.practice.models import Practice
    from quenotte.care.patients.models import Patient
    from quenotte.care.takeover import jobs, operations, rules
    from quenotte.care.takeover.operations import undoing, writing

    call_command("migrate", verbosity=0)
    practice = Practice.objects.create(name="Banc", dicom_issuer="BANC")
    person = Person.objects.create_user(
        "alice", "un-mot-de-passe-long", practice=practice, role="gestionnaire"
    )
    actor = Actor(person.id, "Alice", practice.id, "", "bench", frozenset({"gestionnaire"}))
    content = patients_csv(rows)
    blocked: list[float] = []
    _timed(writing, "_write_all", blocked)
    _timed(undoing, "_take_back_all", blocked)
    times = [time.perf_counter()]
    upload = SimpleUploadedFile("patients.csv", content)
    source = operations.receive(actor=actor, kind="patients", upload=upload)
    times.append(time.perf_counter())
    operations.start_check(
        actor=actor, import_id=source.id, chosen=source.columns, options=rules.Options()
    )
    ids = {"import_id": str(source.id), "person_id": str(person.id)}
    jobs.check(**ids)
    times.append(time.perf_counter())
    operations.decide(actor=actor, import_id=source.id, decision="create")
    operations.start_writing(actor=actor, import_id=source.id)
    jobs.write(**ids)
    times.append(time.perf_counter())
    written = Patient.objects.count()
    operations.start_undo(actor=actor, import_id=source.id)
    jobs.undo(**ids)
    times.append(time.perf_counter())
    assert written > rows * 0.9, written
    assert not Patient.objects.exists()
    read_s, check_s, write_s, undo_s = (later - earlier for earlier, later in pairwise(times))
    return {
        "rows_20k_s": round(read_s + check_s + write_s, 1),
        "check_s": round(check_s, 1),
        "write_s": round(write_s, 1),
        "blocked_s": round(blocked[0], 1),
        "undo_s": round(undo_s, 1),
        "undo_blocked_s": round(blocked[1], 1),
        "memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _timed(module: ModuleType, name: str, times: list[float]) -> None:
    """Note how long each call of a function takes: that of the one transaction."""
    function = getattr(module, name)

    def timed(*arguments: object) -> None:
        began = time.perf_counter()
        function(*arguments)
        times.append(time.perf_counter() - began)

    setattr(module, name, timed)


def main() -> None:
    """Measure and print one JSON object last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    parser.add_argument("--rows", type=int, default=ROWS)
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory(prefix="quenotte-takeover-") as folder:
        os.environ["QUENOTTE_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
        import django

        django.setup()
        figures = measure(rows)
    print(json.dumps({"bench": "takeover", "goals": GOALS, **figures}))


if __name__ == "__main__":
    main()
