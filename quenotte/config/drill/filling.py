"""Makes the practice of the drill in the data folder that the environment names: invented people.

Run as a program; prints one JSON object: the stations, each with her login, and the patients.
"""

import hashlib
import json
import secrets
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

#: Stations that write at once.
STATIONS: Final = 5
_PASSWORD: Final = "un long mot de passe d’exercice"  # noqa: S105 - of an invented person
_NAMES: Final = ("Alice Kermarec", "Hugo Delaroche", "Nadia Ferrand", "Yann Quéré", "Inès Vasseur")


def fill(patients: int) -> dict[str, Any]:
    """Fill an empty database; return what the stations need."""
    from django.db import transaction
    from django.utils import timezone

    from quenotte.base.practice.models import Practice
    from quenotte.care.patients.models import Patient, SearchKey
    from quenotte.care.patients.operations import search_keys_of
    from quenotte.config.demo.patients import draw_patients

    with transaction.atomic():
        practice = Practice.objects.create(name="Cabinet de l’exercice", dicom_issuer="EXERCICE")
        drawn = draw_patients(Random(7), practice, patients, timezone.localdate())  # noqa: S311
        living = [one for one, _relatives, _alerts in drawn if one.died_on is None]
        Patient.objects.bulk_create(living)
        SearchKey.objects.bulk_create(key for one in living for key in search_keys_of(one, []))
        practice.last_file_number = patients
        practice.save(update_fields=["last_file_number"])
        stations = [_station(practice, number) for number in range(STATIONS)]
    return {
        "stations": stations,
        "issuer": practice.dicom_issuer,
        "patients": [
            {
                "id": str(one.id),
                "file_number": str(one.file_number),
                "birth_name": one.birth_name,
                "first_names": one.first_birth_first_name,
                "born_on": one.born_on.isoformat(),
                "sex": one.sex,
            }
            for one in living
        ],
    }


def _station(practice: Any, number: int) -> dict[str, str]:
    """Return a person, her chair, and the cookies with which her browser works."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from quenotte.base.keyboard.access import SITTING
    from quenotte.base.keyboard.operations import open_sitting, seat
    from quenotte.base.people.models import Person
    from quenotte.base.practice.models import Chair, Room, Workstation

    first, last = _NAMES[number].split()
    person = Person.objects.create_user(
        f"poste{number}", _PASSWORD, practice=practice, title="Dr", first_name=first,
        last_name=last, role="praticien", is_manager=number == 0,
    )  # fmt: skip
    room = Room.objects.create(practice=practice, name=f"Salle {number + 1}", position=number)
    chair = Chair.objects.create(room=room, name=f"Fauteuil {number + 1}", position=number)
    key = secrets.token_urlsafe(32)
    place = Workstation.objects.create(
        practice=practice,
        name=f"Poste {number + 1}",
        key_digest=hashlib.sha256(key.encode()).hexdigest(),
    )
    sitting = open_sitting(
        person_id=person.pk, practice_id=practice.pk, role=person.role, needs_factor=False
    )
    seat(sitting_id=sitting.id, workstation_id=place.id)
    session = SessionStore()
    session[SITTING] = str(sitting.id)
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "quenotte.base.people.backends.Backend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return {
        "person": str(person.pk),
        "chair": str(chair.pk),
        "cookie": f"quenotte_session={session.session_key}; quenotte_poste={key}",
    }


def copy(key_file: Path, places: Sequence[str]) -> None:
    """Prepare places and make the first copy to each."""
    from quenotte.upkeep.backups import operations

    for place in places:
        operations.init(place, key_file.read_text())
        operations.run(place)


def main() -> None:
    """Fill the database, copy it, and print what was made."""
    import django

    django.setup()
    patients, key_file, *places = sys.argv[1:]
    sample = fill(int(patients))
    copy(Path(key_file), places)
    print(json.dumps(sample))


if __name__ == "__main__":
    main()
