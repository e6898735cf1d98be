"""Letting the rules look at the machines: what they find, since when, and whether it is told."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from quenotte.base import openings
from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.hours import Hours, Period
from quenotte.kernel.posture.judging import Verdict, verdicts
from quenotte.kernel.posture.noting import note
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.silence import CADENCES, Silence, Watch, silence
from quenotte.kernel.posture.terms import Cause, Severity, State, Subject
from quenotte.upkeep.workstations import queries
from quenotte.upkeep.workstations.models import (
    SELF,
    Machine,
    MachineChange,
    MachineDay,
    MachineFinding,
)

#: The rule of a finding that no facts tell.
SILENCE: Final = "silence"
#: What time alone changes (an age, a closure, a silence) is looked at this often.
_AGAIN: Final = timedelta(minutes=10)
_DAYS_KEPT: Final = timedelta(days=60)
_CHANGES_KEPT: Final = timedelta(days=396)


def judge_due(*, now: datetime) -> int:
    """Look at the machines whose facts changed, and at those nobody looked at for a while.

    Returns how many were looked at.
    """
    due = Q(judged_at=None) | Q(judged_at__lt=now - _AGAIN) | Q(judged_at__gt=now)
    found = Machine.objects.filter(due, standing=Machine.Standing.ACCEPTED)
    due_at = dict(found.values_list("id", "practice_id"))
    gaps = {one: queries.gaps(one, now) for one in set(due_at.values())}
    for machine_id, practice_id in due_at.items():
        with transaction.atomic():
            machine = Machine.objects.select_for_update().get(pk=machine_id)
            # For those that are made up nobody listens.
            _judge(machine, now, () if machine.is_simulated else gaps[practice_id])
    return len(due_at)


def forget(*, now: datetime) -> None:
    """Remove what is too old of the nights and of the history."""
    MachineDay.objects.filter(day__lt=(now - _DAYS_KEPT).date()).delete()
    MachineChange.objects.filter(at__lt=now - _CHANGES_KEPT).delete()


def _judge(machine: Machine, now: datetime, gaps: Sequence[Period]) -> None:
    facts = queries.facts_of([machine.id]).get(machine.id, [])
    hours = openings.hours_of(machine.practice_id, now)
    heard = queries.heard_at([machine.id], now).get(machine.id)
    agreed = queries.agreed_of(machine.practice_id)
    heard = None if machine.agent == SELF else heard
    around = Circumstances(now, hours, agreed.remote_tools, agreed.all_ports, heard, tuple(gaps))
    subject = _subject(machine, facts)
    found = verdicts(facts, around, subject)
    known = {one.rule: one for one in MachineFinding.objects.filter(machine=machine)}
    for verdict in found:
        _note(known.pop(verdict.rule, None), machine, verdict, now)
    if machine.agent != SELF and not machine.is_simulated:
        _listen(
            known.pop(SILENCE, None),
            machine,
            hours if subject is Subject.WORKSTATION else None,
            gaps,
            now,
        )
    # Rules that are not for it any more: it became a server, or another system.
    MachineFinding.objects.filter(pk__in=[one.pk for one in known.values()]).delete()
    machine.judged_at = now
    machine.save(update_fields=["judged_at"])


def _note(kept: MachineFinding | None, machine: Machine, verdict: Verdict, now: datetime) -> None:
    finding = kept or MachineFinding(machine=machine, rule=verdict.rule)
    before = finding.state
    _event, is_new = note(finding, verdict, now)
    if is_new:
        finding.save()
    if before and before != finding.state:
        _remember(machine, finding.rule, before, finding.state, now)


def _remember(machine: Machine, rule: str, before: str, after: str, now: datetime) -> None:
    MachineChange.objects.create(
        machine=machine, at=now, is_verdict=True, key=rule, before=before, after=after
    )


def _subject(machine: Machine, facts: Iterable[Fact]) -> Subject:
    told = any(one.key == "machine.is_server" and one.value is True for one in facts)
    return Subject.SERVER if told or machine.agent == SELF else Subject.WORKSTATION


def _listen(
    kept: MachineFinding | None,
    machine: Machine,
    hours: Hours | None,
    gaps: Sequence[Period],
    now: datetime,
) -> None:
    """Note whether a machine is silent, by the hours of the practice (a server: always).

    While this server was off nobody was; who was silent before stays so.
    """
    at = queries.last_heard([machine.id]).get(machine.id) or machine.enrolled_at
    cadence, patience = CADENCES[machine.agent]
    is_same = kept is not None and kept.is_open and at <= kept.since
    heard = silence(at, Watch(cadence, patience, hours), now, () if is_same else gaps)
    state = State.BAD if heard.is_silent else State.OK
    finding = kept or MachineFinding(machine=machine, rule=SILENCE)
    before = finding.state
    if before == state:
        return
    _fill(finding, heard, state, at, now)
    finding.severity = Severity.IMPORTANT if hours else Severity.CRITICAL
    finding.save()
    if before:
        _remember(machine, SILENCE, before, state, now)


def _fill(
    finding: MachineFinding, heard: Silence, state: State, at: datetime, now: datetime
) -> None:
    finding.cause, finding.state = Cause.SILENCE, state
    finding.reason = "silent" if heard.is_silent else "ok"
    finding.values = {"last_seen_at": at.isoformat()}
    finding.since = heard.since if heard.is_silent else at
    finding.is_open, finding.opened_at = heard.is_silent, now if heard.is_silent else None
