"""This server looks at itself: no agent, and what it sees goes through no door."""

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from quenotte.base.practice import queries as practices
from quenotte.kernel import enrolment
from quenotte.kernel.posture.contacts import Contact, fingerprint, stored
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.upkeep.workstations.models import SELF, Machine
from quenotte.upkeep.workstations.operations.taking import hear

#: What this server sees of itself at a moment.
Look = Callable[[datetime], Sequence[Fact]]
_looks: list[Look] = []


def look_by(look: Look) -> None:
    """Name who looks at this server: the collectors of the companion, which no room imports."""
    _looks[:] = [look]


def know_self(*, now: datetime) -> int:
    """Look at this server, and keep what was seen for each of its practices.

    Returns for how many; 0 when nobody can look.
    """
    facts = [fact for look in _looks for fact in look(now)]
    ids = practices.practice_ids() if facts else []
    for practice_id in ids:
        with transaction.atomic():
            machine = _self_of(practice_id, _name(facts), now)
            contact = Contact(b"", Source.STATION, fingerprint(facts), stored(facts))
            hear(machine, contact, now)
    return len(ids)


def _self_of(practice_id: UUID, name: str, now: datetime) -> Machine:
    found = Machine.objects.filter(practice_id=practice_id, agent=SELF).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return Machine.objects.create(
                id=uuid4(),
                practice_id=practice_id,
                name=name,
                agent=SELF,
                # Nobody knows this key: nothing comes for it through the door.
                key_digest=enrolment.digest(enrolment.new_key()),
                standing=Machine.Standing.ACCEPTED,
                enrolled_at=now,
                decided_at=now,
            )
    except IntegrityError:
        return Machine.objects.get(practice_id=practice_id, agent=SELF)


def _name(facts: Sequence[Fact]) -> str:
    told = next((fact.value for fact in facts if fact.key == "machine.name" and fact.value), "")
    return str(told)[:63] or "serveur"
