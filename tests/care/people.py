"""Who acts in the tests of care."""

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person


def actor(person: Person) -> Actor:
    """Return this person at the reception's workstation."""
    return Actor(
        person_id=person.id,
        person_label=person.full_name,
        practice_id=person.practice_id,
        workstation="Accueil",
        source="web",
        roles=person.roles,
    )
