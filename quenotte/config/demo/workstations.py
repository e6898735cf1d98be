"""The five machines of the demo practice: they do not exist, and say of themselves that they don't.

What they tell is drawn from the same simulator as the machines of the demo provider.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final, NamedTuple

from django.utils import timezone

from quenotte.base.practice.models import Practice
from quenotte.config.fleet_demo import machines
from quenotte.config.fleet_demo.machines import Machine as Simulated
from quenotte.kernel.enrolment import digest, new_key
from quenotte.kernel.posture.contacts import stored
from quenotte.kernel.posture.facts import Source
from quenotte.kernel.posture.quarters import slot_of
from quenotte.upkeep.workstations import operations
from quenotte.upkeep.workstations.models import Machine, MachineChange, MachineDay, MachineState
from quenotte.wire.fingerprints import fingerprint_of
from quenotte.wire.reports import Report

_DAYS: Final = 9
_OPENS, _CLOSES = time(7, 45), time(19, 15)


class _Desk(NamedTuple):
    """A machine of the demo, and what is wrong with it."""

    name: str
    faults: frozenset[str] = frozenset()
    is_server: bool = False


_DESKS: Final = (
    _Desk("RADIO-SERVEUR", frozenset({"unreadable_firewall"}), is_server=True),
    _Desk("ACCUEIL", frozenset({"windows10", "whatsapp"})),
    _Desk("FAUTEUIL-1"),
    _Desk("FAUTEUIL-2", frozenset({"never_locks", "antivirus_old"})),
    _Desk("BUREAU", frozenset({"left_on", "plain_disk"})),
)


def fill(practice: Practice, now: datetime) -> None:
    """Enter the machines, what they told, when they were on, and let the rules look."""
    for number, desk in enumerate(_DESKS):
        _enter(practice, number, desk, now)
    operations.judge_due(now=now)


def _enter(practice: Practice, number: int, desk: _Desk, now: datetime) -> None:
    simulated = Simulated(
        name=desk.name,
        uuid=f"de300000-0000-1000-8000-{number:012x}",
        serial=f"DEMO{number:04}",
        is_server=desk.is_server,
        faults=desk.faults,
        values={"model": "ThinkCentre M70q", "free_mib": 180_000},
    )
    made = Machine.objects.create(
        practice=practice,
        name=desk.name,
        agent=Machine.Agent.STATION,
        agent_name=desk.name,
        hardware_uuid=simulated.uuid,
        serial=simulated.serial,
        # Nobody knows this key.
        key_digest=digest(new_key()),
        standing=Machine.Standing.ACCEPTED,
        is_simulated=True,
        enrolled_at=now - timedelta(days=120),
        decided_at=now - timedelta(days=120),
    )
    told = machines.facts(simulated, now)
    MachineState.objects.create(
        machine=made,
        source=Source.STATION,
        seen_at=now,
        reported_at=now - timedelta(days=3),
        facts=stored(Report(now, told).observed(Source.STATION, now)),
        fingerprint=bytes.fromhex(fingerprint_of(told).digest),
    )
    MachineDay.objects.bulk_create(_days(made, desk, now))
    _remember(made, desk, now)


def _days(machine: Machine, desk: _Desk, now: datetime) -> Iterator[MachineDay]:
    """Yield when it was heard: in working hours, a server and who was left on at night too."""
    first = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for back in range(_DAYS, -1, -1):
        begins_at = first - timedelta(days=back)
        early = late = 0
        for quarter in range(96):
            at = begins_at + timedelta(minutes=15 * quarter)
            if at <= now and _is_on(desk, at):
                one, other = slot_of(at)
                early, late = early | one, late | other
        yield MachineDay(machine=machine, day=begins_at.date(), early=early, late=late)


def _is_on(desk: _Desk, at: datetime) -> bool:
    local = timezone.localtime(at)
    is_worked = local.weekday() < 5 and _OPENS <= local.time() < _CLOSES
    return desk.is_server or "left_on" in desk.faults or is_worked


def _remember(machine: Machine, desk: _Desk, now: datetime) -> None:
    """Write a history that such a machine would have."""
    if "never_locks" in desk.faults:
        MachineChange.objects.create(
            machine=machine,
            at=now - timedelta(days=12),
            key="lock.after_s",
            source=Source.STATION,
            before=300,
            after=0,
        )
