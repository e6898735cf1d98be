"""Forty people of a big practice, each with a login, a week on screen and free slots in it.

Run as a program: fills the database named by the environment and prints what ``bench.load`` asks
for. Logins are made by hand because the demo practice has five people.
"""

from __future__ import annotations

import json
import os
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from bench import agenda_week

if TYPE_CHECKING:
    from quenotte.base.people.models import Person

PEOPLE = 40
#: Weeks on the screens; each is shown by ten people, who book in it.
WEEKS = 4
#: Notes say nothing of the agenda: enough of them that search and journal are not alone.
_NOTES = 50_000


def fill() -> dict[str, Any]:
    """Create the practice and its people; return logins, words to look for and free slots."""
    from bench import dataset

    dataset.NOTES = _NOTES
    dataset.PICTURES = 0
    sample = dataset.fill()
    names = _people()
    return {
        "password": sample["password"],
        "people": names,
        "words": sample["words"],
        "weeks": _weeks(sample["patients"]),
    }


def _people() -> list[str]:
    from quenotte.base.people.models import Person
    from quenotte.base.people.rules import Role

    model = Person.objects.get(username="sarah")
    names = [f"accueil{number:02}" for number in range(1, PEOPLE + 1)]
    Person.objects.bulk_create(
        Person(
            practice_id=model.practice_id,
            username=name,
            # Everybody has the same one: making forty digests takes ten seconds.
            password=model.password,
            first_name=name.capitalize(),
            last_name="Essai",
            role=Role.SECRETARY.value,
        )
        for name in names
    )
    return names


def _weeks(patients: Any) -> list[dict[str, Any]]:
    """Return each week with the forms that book its free quarters of an hour."""
    from django.utils import timezone

    from quenotte.base.people.models import Person
    from quenotte.base.practice.models import Chair

    dentists = list(Person.objects.filter(role="praticien").order_by("username"))
    chairs = list(Chair.objects.filter(room__practice_id=dentists[0].practice_id))
    today = timezone.localdate()
    first = agenda_week.monday(today) + timedelta(weeks=2)
    end = first + timedelta(weeks=WEEKS)
    slots = takewhile(lambda at: at.date() < end, agenda_week.free(today))
    forms: dict[date, list[dict[str, str]]] = {}
    for number, starts_at in enumerate(slots):
        monday = starts_at.date() - timedelta(days=starts_at.weekday())
        forms.setdefault(monday, []).extend(
            {
                "patient": patients[(2 * number + place) % len(patients)],
                "practitioner": str(dentist.id),
                "chair": str(chair.id),
                "minutes": str(agenda_week.MINUTES),
                "panel": "1",
                "day": f"{starts_at:%d/%m/%Y}",
                "time": f"{starts_at:%H:%M}",
            }
            for place, (dentist, chair) in enumerate(_seats(dentists, chairs))
            if _works(dentist, starts_at)
        )
    return [{"monday": day.isoformat(), "forms": found} for day, found in forms.items()]


def _works(dentist: Person, starts_at: datetime) -> bool:
    """Tell whether she receives then: each has hours of her own beside the practice's."""
    from django.utils import timezone

    from quenotte.care.agenda import queries, rules

    period = rules.Period(starts_at, starts_at + timedelta(minutes=agenda_week.MINUTES))
    now = timezone.now()
    return not queries.obstacles(dentist.practice_id, dentist.id, period, now=now)


def _seats(dentists: list[Person], chairs: list[Any]) -> list[tuple[Person, Any]]:
    return list(zip(dentists, chairs, strict=False))


def main() -> None:
    """Fill the database named by the environment and print the sample as JSON."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.practice")
    import django

    django.setup()
    print(json.dumps(fill()))


if __name__ == "__main__":
    main()
