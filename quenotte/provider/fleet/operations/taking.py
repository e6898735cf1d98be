"""Taking reports in: many contacts, one transaction, and an answer only after it is kept.

The same code on both engines. What did not change moves a time and a bit, nothing else.
"""

import logging
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from quenotte.kernel.posture.contacts import Answer, Contact, Facts, changed
from quenotte.kernel.posture.facts import Source
from quenotte.kernel.posture.quarters import slot_of
from quenotte.provider.enrolment import operations as enrolment
from quenotte.provider.enrolment import rules as doubts
from quenotte.provider.enrolment.queries import Known, holders
from quenotte.provider.enrolment.rules import Standing
from quenotte.provider.fleet.models import Change, Inventory, PastDay, Pulsed, State
from quenotte.provider.lookups import Keys

logger = logging.getLogger(__name__)

#: A machine by the number of its id, and a source: a UUID takes five times as long to look up.
Key = tuple[int, str]
#: Who is told one of these is one of ours, and was there.
_BELIEVED = frozenset({Answer.TAKEN, Answer.SEND_ALL})


class _State(NamedTuple):
    id: int
    fingerprint: bytes
    day: date
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class _Fresh:
    facts: Facts
    fingerprint: bytes


def take(contacts: Sequence[Contact], *, at: datetime) -> list[Answer]:
    """Keep a batch of contacts; return an answer for each, in their order.

    ``at``: an aware instant by this server's clock. Of two contacts of one machine in a batch the
    later one stands. When this returns, what was taken is committed.
    """
    with transaction.atomic():
        machines = holders({one.key_digest for one in contacts})
        states = _states(machines.values(), contacts)
        answers = [_answer(one, machines.get(one.key_digest), states) for one in contacts]
        reached: dict[Key, Contact] = {}
        for one, answer in zip(contacts, answers, strict=True):
            if answer in _BELIEVED:
                key = (machines[one.key_digest].id.int, one.source)
                if not _is_past(one, reached.get(key), states.get(key), at):
                    reached[key] = _both(reached.get(key), one)
        _touch(reached, states, at)
        _hear_lights(reached, at)
        _date(reached, at)
        _keep(
            {
                key: one
                for key, one in reached.items()
                if one.facts is not None and (one.is_dated or not _is_known(states.get(key), one))
            },
            at,
        )
    return answers


def _is_past(one: Contact, held: Contact | None, state: _State | None, at: datetime) -> bool:
    """Tell whether something newer was kept already; it is written down, and not kept."""
    kept = state.newest if state else None
    newest = (held.newest_of(at) if held else None) or kept
    if not one.is_past(newest):
        return False
    logger.warning("a report of %s came again, or late, and was not kept", one.source)
    return True


def _both(first: Contact | None, second: Contact) -> Contact:
    """Return what two contacts of one source come to: nothing that was told of it is lost."""
    if first is None or first.facts is None:
        return second
    if second.facts is None:
        return first
    if not second.is_partial:
        return second
    return replace(
        second, facts={**first.facts, **second.facts}, is_partial=first.is_partial, fingerprint=b""
    )


def _states(machines: Iterable[Known], contacts: Iterable[Contact]) -> dict[Key, _State]:
    found = State.objects.filter(
        machine__id__among=Keys([one.id for one in machines]),
        source__in={one.source for one in contacts},
    )
    # In one order: two doors that take the same machines wait for one another, and go on.
    locked = found.select_for_update().order_by("id")
    rows = locked.values_list("machine_id", "source", "id", "fingerprint", "day", "sent_at")
    return {
        (machine_id.int, source): _State(state_id, bytes(fingerprint), day, sent_at)
        for machine_id, source, state_id, fingerprint, day, sent_at in rows
    }


def _answer(contact: Contact, machine: Known | None, states: dict[Key, _State]) -> Answer:
    if machine is None or machine.standing == Standing.REVOKED or not _may(machine, contact):
        return Answer.UNKNOWN
    if machine.standing == Standing.QUARANTINE:
        return Answer.QUARANTINED
    if contact.hardware and doubts.has_jumped(machine.hardware, contact.hardware):
        enrolment.doubt(machine_id=machine.row, why=doubts.Doubt.JUMPED, told=contact.hardware)
        return Answer.QUARANTINED
    is_known = _is_known(states.get((machine.id.int, contact.source)), contact)
    return Answer.TAKEN if contact.facts is not None or is_known else Answer.SEND_ALL


def _may(machine: Known, contact: Contact) -> bool:
    """Tell whether a machine may speak so: as its own agent, of the copies when it was told to."""
    if contact.source == Source.PRACTICE:
        return machine.speaks_for_practice
    return contact.source == machine.agent


def _is_known(state: _State | None, contact: Contact) -> bool:
    return state is not None and state.fingerprint == contact.fingerprint


def _touch(reached: Collection[Key], states: dict[Key, _State], at: datetime) -> None:
    """Note that machines were there; a new day puts the last one away."""
    today = at.astimezone(UTC).date()
    known = [states[key] for key in reached if key in states]
    if stale := [one.id for one in known if one.day != today]:
        _put_away(stale, today)
    early, late = slot_of(at)
    State.objects.filter(pk__among=Keys([one.id for one in known])).update(
        seen_at=at, early=F("early").bitor(early), late=F("late").bitor(late)
    )
    fresh = [key for key in reached if key not in states]
    State.objects.bulk_create(
        [
            State(
                machine_id=UUID(int=number),
                source=source,
                seen_at=at,
                day=today,
                early=early,
                late=late,
            )
            for number, source in fresh
        ],
        ignore_conflicts=True,
    )


def _hear_lights(reached: dict[Key, Contact], at: datetime) -> None:
    """Keep what the servers of practices say of their copies themselves, the last of each."""
    told = [(number, one) for (number, _source), one in reached.items() if one.light]
    Pulsed.objects.bulk_create(
        [
            Pulsed(machine_id=UUID(int=number), at=at, light=one.light, reasons=list(one.reasons))
            for number, one in sorted(told, key=itemgetter(0))
        ],
        update_conflicts=True,
        unique_fields=["machine"],
        update_fields=["at", "light", "reasons"],
    )


def _date(reached: dict[Key, Contact], at: datetime) -> None:
    """Note when what was read whole was sent: nothing older is kept after it."""
    newest = {key: sent for key, one in reached.items() if (sent := one.newest_of(at)) is not None}
    if not newest:
        return
    machine_ids = {UUID(int=number) for number, _source in newest}
    rows = list(State.objects.filter(machine_id__in=machine_ids))
    dated = [one for one in rows if (one.machine_id.int, one.source) in newest]
    for one in dated:
        one.sent_at = newest[one.machine_id.int, one.source]
    State.objects.bulk_update(dated, ["sent_at"], batch_size=200)


def _put_away(state_ids: Sequence[int], today: date) -> None:
    """Keep the finished days of machines, and begin a new one."""
    rows = State.objects.filter(pk__in=state_ids).exclude(day=today)
    PastDay.objects.bulk_create(
        [
            PastDay(
                machine_id=one.machine_id,
                source=one.source,
                day=one.day,
                early=one.early,
                late=one.late,
            )
            for one in rows
        ],
        ignore_conflicts=True,
    )
    rows.update(day=today, early=0, late=0)


def _keep(changing: dict[Key, Contact], at: datetime) -> None:
    """Replace the facts of machines, and write down what became of which."""
    if not changing:
        return
    known = {
        (one.machine_id.int, one.source): one
        for one in Inventory.objects.filter(
            machine_id__in={UUID(int=number) for number, _source in changing}
        )
    }
    changes: list[Change] = []
    fresh: dict[Key, _Fresh] = {}
    for key, contact in changing.items():
        before = known[key].facts if key in known else None
        after = _after(before, contact, at)
        if after.facts != before:
            fresh[key] = after
            changes += _changes(key, before, after.facts, at)
    _replace(fresh, at)
    Change.objects.bulk_create(changes)


def _after(before: Facts | None, contact: Contact, at: datetime) -> _Fresh:
    """Return the facts that stand now; those of a part say on which day they were told."""
    told = contact.facts or {}
    if not contact.is_partial:
        return _Fresh(told, contact.fingerprint)
    day = at.astimezone(UTC).date().isoformat()
    return _Fresh({**(before or {}), **{key: {**one, "on": day} for key, one in told.items()}}, b"")


def _changes(key: Key, before: Facts | None, after: Facts, at: datetime) -> Iterator[Change]:
    number, source = key
    for name, old, new in changed(before, after):
        yield Change(
            machine_id=UUID(int=number), source=source, at=at, key=name, before=old, after=new
        )


def _replace(fresh: dict[Key, _Fresh], at: datetime) -> None:
    rows = [
        Inventory(machine_id=UUID(int=number), source=source, reported_at=at, facts=one.facts)
        for (number, source), one in fresh.items()
    ]
    Inventory.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["machine", "source"],
        update_fields=["reported_at", "facts"],
    )
    State.objects.bulk_create(
        [
            State(
                machine_id=UUID(int=number),
                source=source,
                seen_at=at,
                day=at.astimezone(UTC).date(),
                fingerprint=one.fingerprint,
                is_due=True,
            )
            for (number, source), one in fresh.items()
        ],
        update_conflicts=True,
        unique_fields=["machine", "source"],
        update_fields=["fingerprint", "is_due"],
    )
