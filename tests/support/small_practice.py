"""Makes a small demo practice in the data folder named by the environment.

Run as a program: ``QUENOTTE_DATA=… python -m tests.support.small_practice 200``. Prints one JSON
object: the password, and the first living patients with what a device would write of them.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def make(data: Path, *, patients: int = 200, **extra: str) -> dict[str, Any]:
    """Make the practice in another process and return what it printed."""
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "quenotte.config.settings.practice",
        "QUENOTTE_DATA": str(data),
        **extra,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.small_practice", str(patients)],
        env=env,
        check=True,
        stdout=subprocess.PIPE,
    )
    sample: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return sample


def _fill(patients: int) -> dict[str, Any]:
    from django.core.management import call_command

    from quenotte.care.patients.models import Patient
    from quenotte.config.demo import practice, staff

    call_command("migrate", verbosity=0)
    practice.prepare(
        lambda _what, _share: None,
        size=practice.Size(patients=patients, years=1, days_ahead=30, is_always_busy=True),
    )
    living = Patient.objects.filter(died_on__isnull=True).order_by("file_number")[:60]
    return {
        "password": staff.PASSWORD,
        "issuer": staff.ISSUER,
        "patients": [
            {
                "id": str(patient.id),
                "file_number": str(patient.file_number),
                "birth_name": patient.birth_name,
                "used_name": patient.used_name,
                "first_name": patient.first_birth_first_name,
                "born_on": patient.born_on.isoformat(),
                "sex": patient.sex,
            }
            for patient in living
        ],
    }


def main() -> None:
    """Fill the database and print the sample."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    print(json.dumps(_fill(int(sys.argv[1]))))


if __name__ == "__main__":
    main()
