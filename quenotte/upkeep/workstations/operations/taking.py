"""Taking in what machines tell: a practice has tens of them, so that each is a few statements."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import transaction

from quenotte.kernel.enrolment import Hardware, has_jumped
from quenotte.kernel.posture.contacts import Answer, Contact, Facts, changed
from quenotte.kernel.posture.quarters import slot_of
from quenotte.upkeep.workstations.models import Machine, MachineChange, MachineDay, MachineState
from quenotte.upkeep.workstations.operations.letting_in import doubt

logger = logging.getLogger(__name__)


def take(contacts: Sequence[Contact], *, at: datetime) -> list[Answer]:
    """Keep contacts in their order; return an answer for each.

    ``at``: an aware instant by this server's clock. When this returns, what was taken is committed.
    """
    with transaction.atomic():
        return [_taken(one, at) for one in contacts]


def hear(machine: Machine, contact: Contact, at: datetime) -> Answer:
    """Keep what a machine tells that is believed; within a transaction."""
    state = MachineState.objects.filter(machine=machine, source=contact.source).first()
    state = state or MachineState(machine=machine, source=contact.source)
    is_known = bool(state.fingerprint) and bytes(state.fingerprint) == contact.fingerprint
    if contact.is_past(state.sent_at):
        logger.warning("a report of %s came again, or late, and was not kept", contact.source)
        return Answer.TAKEN
    state.seen_at, state.sent_at = at, contact.newest_of(at) or state.sent_at
    if contact.facts is not None and (contact.is_dated or not is_known):
        _keep(machine, state, contact.facts, contact, at)
    state.save()
    _note_quarter(machine, at)
    return Answer.TAKEN if contact.facts is not None or is_known else Answer.SEND_ALL


def _taken(contact: Contact, at: datetime) -> Answer:
    found = Machine.objects.select_for_update().filter(key_digest=contact.key_digest)
    machine = found.first()
    # A key is good for its own agent; of the copies nobody but this server tells here.
    if machine is None or contact.source != machine.agent:
        return Answer.UNKNOWN
    if machine.standing != Machine.Standing.ACCEPTED:
        is_new = machine.standing == Machine.Standing.QUARANTINE
        return Answer.QUARANTINED if is_new else Answer.UNKNOWN
    before = Hardware(machine.hardware_uuid, machine.serial)
    if contact.hardware and has_jumped(before, contact.hardware):
        doubt(machine=machine, told=contact.hardware)
        return Answer.QUARANTINED
    return hear(machine, contact, at)


def _keep(
    machine: Machine, state: MachineState, facts: Facts, contact: Contact, at: datetime
) -> None:
    """Replace the facts of a source, and write down what became of which."""
    before = state.facts if state.reported_at else None
    after = _after(before, facts, contact, at)
    if after.facts == before:
        return
    MachineChange.objects.bulk_create(
        MachineChange(machine=machine, at=at, key=key, source=state.source, before=old, after=new)
        for key, old, new in changed(before, after.facts)
    )
    state.facts, state.fingerprint, state.reported_at = after.facts, after.fingerprint, at
    Machine.objects.filter(pk=machine.pk).update(judged_at=None)


@dataclass(frozen=True, slots=True)
class _Fresh:
    facts: Facts
    fingerprint: bytes


def _after(before: Facts | None, told: Facts, contact: Contact, at: datetime) -> _Fresh:
    """Return the facts that stand now; those of a part say on which day they were told."""
    if not contact.is_partial:
        return _Fresh(told, contact.fingerprint)
    day = at.astimezone(UTC).date().isoformat()
    return _Fresh({**(before or {}), **{key: {**one, "on": day} for key, one in told.items()}}, b"")


def _note_quarter(machine: Machine, at: datetime) -> None:
    early, late = slot_of(at)
    day, _is_new = MachineDay.objects.get_or_create(machine=machine, day=at.astimezone(UTC).date())
    if (day.early | early, day.late | late) != (day.early, day.late):
        day.early, day.late = day.early | early, day.late | late
        day.save(update_fields=["early", "late"])
