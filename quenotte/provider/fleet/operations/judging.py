"""Letting the rules look at machines: what they find, since when, and whether it is told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction

from quenotte.kernel.posture.agreeing import Agreed
from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.kernel.posture.hysteresis import Event
from quenotte.kernel.posture.judging import Verdict, subject_of, verdicts
from quenotte.kernel.posture.noting import look_at, note
from quenotte.kernel.posture.questions.asked import Circumstances
from quenotte.kernel.posture.rules import OF_PAPERS
from quenotte.kernel.posture.rules import UNSEEN as UNSEEN_DAMPING
from quenotte.kernel.posture.terms import UNHEARD, Cause, Severity, Subject
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.finder import operations as finder
from quenotte.provider.finder.rules import LONGEST, PRACTICE, phrases
from quenotte.provider.finder.rules import Told as Said
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import hearing
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.fleet.operations.stumbling import (
    Part,
    apart,
    forget_stumbles,
    stumbled,
    went_well,
)
from quenotte.provider.fleet.operations.touching import touch

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from quenotte.provider.enrolment.models import Machine

#: What time alone changes (an age, a closure) is looked at this often.
AGAIN: Final = timedelta(hours=1)
#: The rule of what is unknown for long.
UNSEEN: Final = "unseen"
#: Rules of a machine, and of the copies of a practice, that no facts tell: who listens keeps them.
SILENCE: Final = "silence"
AGENT_SILENCE: Final = "agent_silence"
AGENT_LEFT: Final = "agent_left"
COPIES_UNKNOWN: Final = "backup_unknown"
_NO_VERDICTS: Final = frozenset({UNSEEN, SILENCE, AGENT_SILENCE, AGENT_LEFT})
#: Nobody there can do anything about what does not exist, is in no table of ours, or was not heard.
_NOTHING_TO_MEND: Final = frozenset({Unknown.NO_SUCH_THING, Unknown.NOT_LISTED, UNHEARD})
#: In one transaction.
_BATCH: Final = 200
_CHANGED: Final = [
    "severity", "cause", "state", "reason", "values", "evidence", "dissent", "since", "memory",
    "is_open", "opened_at",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What there is to tell of a finding."""

    finding: Finding
    event: Event


@dataclass(frozen=True, slots=True)
class _Looked:
    finding: Finding
    event: Event | None
    is_new: bool


def judge_due(*, now: datetime, rounds: int = 1, within_s: float | None = None) -> list[Told]:
    """Look at machines whose facts changed, whose moment came, or unseen by rules for an hour.

    ``rounds``: how many batches at most; it ends sooner when nobody is left. ``within_s``: no batch
    begins later than that, in seconds: whoever is left is looked at next time.
    """
    told: list[Told] = []
    begun = monotonic()
    for number in range(rounds):
        is_late = within_s is not None and monotonic() - begun >= within_s
        if (number and is_late) or not (machine_ids := _next(now)):
            break
        told += _judged(machine_ids, now)
    return told


def _next(now: datetime) -> set[UUID]:
    """Return whom to look at next: thousands whose hour came keep nobody whose facts changed.

    Where thousands changed (the worker was away), half of a batch are those who spoke last: a disk
    that fails now does not wait behind what happened in the night.
    """
    gone = enrolment.unbelieved().filter(posture__isnull=False).values_list("id", flat=True)
    due = State.objects.filter(is_due=True).values_list("machine_id", flat=True)
    last = _each_once(due.order_by("-seen_at", "-id"), _BATCH // 2)
    first = _each_once(due.order_by("seen_at", "id"), _BATCH)
    ripe = Posture.objects.filter(look_at__lte=now).values_list("machine_id", flat=True)
    old = Posture.objects.filter(judged_at__lt=now - AGAIN).values_list("machine_id", flat=True)
    found: set[UUID] = set()
    for some in (gone, last, first, ripe, old):
        # A machine may stand in several: whoever is there already takes no second place.
        fresh = [one for one in some[:_BATCH] if one not in found]
        found.update(fresh[: _BATCH - len(found)])
        if len(found) == _BATCH:
            break
    return found


def _each_once(rows: "QuerySet[State, UUID]", most: int) -> list[UUID]:
    """Return machines in their order, each once: there is a row of each of its sources."""
    return list(dict.fromkeys(rows[: most * len(Source)]))[:most]


def _judged(machine_ids: Collection[UUID], now: datetime) -> list[Told]:
    """Look at machines together; one on which a rule fails does not keep the others."""
    return apart(
        machine_ids,
        lambda some: judge(some, now=now),
        lambda one, error: _put_off(one, error, now),
    )


@transaction.atomic
def _put_off(machine_id: UUID, error: Exception, now: datetime) -> None:
    """Look again when its facts change, or in an hour; say meanwhile that the rules fail."""
    State.objects.filter(machine_id=machine_id).update(is_due=False)
    machines = enrolment.accepted_among([machine_id])
    _write_postures(machines, {}, now)
    for one in machines:
        stumbled(Part.RULES, one.customer_id, error, now=now, subject=one.id)


def judge(machine_ids: Collection[UUID], *, now: datetime) -> list[Told]:
    """Let the rules look at machines; return what there is to tell."""
    with transaction.atomic():
        # Before the facts are read: what comes meanwhile is looked at next time.
        due = State.objects.select_for_update().filter(machine_id__in=machine_ids, is_due=True)
        ids = list(due.order_by("id").values_list("id", flat=True))
        State.objects.filter(pk__in=ids).update(is_due=False)
        machines = enrolment.accepted_among(machine_ids)
        gone = _forget(set(machine_ids) - {one.id for one in machines})
        looked, left = _of_machines(machines, now)
        looked += _of_practices(_spoken_for(machines), now)
        told = _saved(looked)
        gone |= _let_go(left) | _hush({one.customer_id for one in machines})
        # All at once, in one order: two who judge at the same time do not wait for each other.
        touch({*gone, *_changed(looked)}, now=now)
        _write_postures(machines, _moments(looked), now)
        went_well(Part.RULES, subjects=machine_ids)
    return told


def _write_postures(
    machines: Iterable["Machine"], moments: Mapping[UUID, datetime], now: datetime
) -> None:
    Posture.objects.bulk_create(
        [
            Posture(
                machine_id=one.id, judged_at=now, look_at=moments.get(one.id),
                alert_after=one.enrolled_at, counts_from=now,
            )
            for one in machines
        ],
        update_conflicts=True,
        unique_fields=["machine"],
        update_fields=["judged_at", "look_at"],
    )  # fmt: skip


def _moments(looked: Iterable[_Looked]) -> dict[UUID, datetime]:
    """Return when each machine has to be looked at though it tells nothing new."""
    found: dict[UUID, datetime] = {}
    for one in looked:
        machine_id, rule = one.finding.machine_id, one.finding.rule
        if machine_id is None or rule in _NO_VERDICTS:
            continue
        if at := look_at(one.finding, rule):
            found[machine_id] = min(at, found.get(machine_id, at))
    return found


def _let_go(left: Collection[Finding]) -> set[UUID]:
    """Delete what rules found that are not for a machine any more; return where any stood open.

    It became a server, or has another system, or a rule is no more.
    """
    Finding.objects.filter(pk__in=[one.pk for one in left]).delete()
    return {one.customer_id for one in left if one.is_open}


def _forget(machine_ids: Collection[UUID]) -> set[UUID]:
    """Let go of what was found at machines that are believed no more, and of what they told.

    Returns the practices in which they stood.
    """
    if not machine_ids:
        return set()
    practices = set(
        Finding.objects.filter(machine_id__in=machine_ids).values_list("customer_id", flat=True)
    )
    Finding.objects.filter(machine_id__in=machine_ids).delete()
    whose = Posture.objects.filter(pk__in=machine_ids).values_list("machine__customer_id")
    practices |= _hush({one for (one,) in whose})
    Posture.objects.filter(pk__in=machine_ids).delete()
    finder.forget(machine_ids)
    forget_stumbles(machine_ids)
    return practices


def _hush(customer_ids: set[UUID]) -> set[UUID]:
    """Let go of what was found of copies where nobody tells of them any more; return where."""
    left = customer_ids - enrolment.practices_that_speak()
    told = Finding.objects.filter(machine=None, customer_id__in=left)
    told = told.exclude(rule__in=(COPIES_UNKNOWN, *OF_PAPERS))
    practices = set(told.values_list("customer_id", flat=True))
    told.delete()
    return practices


def _of_machines(
    machines: Sequence["Machine"], now: datetime
) -> tuple[list[_Looked], list[Finding]]:
    """Return what the rules find of machines, and what is left of rules not for them any more."""
    ids = [one.id for one in machines]
    facts, heard = kept.of_machines(ids), kept.heard_at(ids, now)
    known: dict[UUID | None, dict[str, Finding]] = defaultdict(dict)
    for finding in Finding.objects.filter(machine_id__in=ids):
        known[finding.machine_id][finding.rule] = finding
    practices = {one.customer_id for one in machines}
    hours, agreed = customers.hours_of(practices), customers.agreed_of(practices)
    gaps = hearing.gaps(now)
    looked: list[_Looked] = []
    left: list[Finding] = []
    for machine in machines:
        before = known.get(machine.id, {})
        what = agreed.get(machine.customer_id, Agreed())
        around = Circumstances(
            now, hours.get(machine.customer_id), what.remote_tools, what.all_ports,
            heard.get(machine.id), gaps,
        )  # fmt: skip
        told = facts.get(machine.id, [])
        own = []
        for verdict in verdicts(told, around, subject_of(told)):
            finding = before.get(verdict.rule) or Finding(rule=verdict.rule)
            finding.machine_id, finding.customer_id = machine.id, machine.customer_id
            own.append(_note(finding, verdict, now))
        looked += _with_unseen(own, before.get(UNSEEN), now)
        kept_rules = {one.finding.rule for one in own} | _NO_VERDICTS
        left += [one for rule, one in before.items() if rule not in kept_rules]
    finder.index({one.id: _words(one, facts.get(one.id, [])) for one in machines})
    return looked, left


def _words(machine: "Machine", facts: Iterable[Fact]) -> list[Said]:
    """Return what a machine is found by: what it says, its practice, its own name and number."""
    customer = machine.customer
    own = [
        Said(PRACTICE, f"{customer.name} {customer.town}".strip()[:LONGEST]),
        Said("machine.name", machine.name),
        *([Said("machine.serial", machine.serial)] if machine.serial else []),
    ]
    return sorted({*own, *phrases(facts)})


def _of_practices(customer_ids: Collection[UUID], now: datetime) -> list[_Looked]:
    """Judge what the servers of practices say of their copies: of two, the one heard last.

    Copies age while our own door does not listen, and nobody could tell of newer ones: what was
    found stands until the server tells again, or should have.
    """
    by_customer = kept.speakers_of(customer_ids)
    facts = kept.of_machines(list(by_customer.values()))
    found = Finding.objects.filter(customer_id__in=by_customer, machine=None)
    known = {(one.customer_id, one.rule): one for one in found}
    looked: list[_Looked] = []
    deaf = hearing.lately_deaf(now)
    for customer_id, server_id in by_customer.items():
        own = [one for one in facts.get(server_id, []) if one.source is Source.PRACTICE]
        if hearing.is_untold(own, deaf):
            continue
        found_here = []
        for verdict in verdicts(own, Circumstances(now), Subject.PRACTICE):
            finding = known.get((customer_id, verdict.rule)) or Finding(rule=verdict.rule)
            finding.customer_id = customer_id
            found_here.append(_note(finding, verdict, now))
        looked += _with_unseen(found_here, known.get((customer_id, UNSEEN)), now)
    return looked


def _spoken_for(machines: Collection["Machine"]) -> set[UUID]:
    """Return the practices for which one of the machines speaks."""
    return {one.customer_id for one in machines if one.speaks_for_practice}


def _note(finding: Finding, verdict: Verdict, now: datetime) -> _Looked:
    """Take a verdict in; return what there is to tell of it, and whether anything is new."""
    event, is_new = note(finding, verdict, now)
    return _Looked(finding, event, is_new)


def _with_unseen(own: list[_Looked], finding: Finding | None, now: datetime) -> list[_Looked]:
    """Return what was looked at of one subject, and what has been unknown of it for too long."""
    patience = UNSEEN_DAMPING.opens_within
    assert patience is not None
    rules = sorted(
        one.finding.rule
        for one in own
        if one.finding.state == Judged.UNKNOWN
        and one.finding.reason not in _NOTHING_TO_MEND
        and now - one.finding.since >= patience
    )
    if not own or not (rules or (finding and finding.is_open)):
        return own
    first = own[0].finding
    finding = finding or Finding(
        rule=UNSEEN, customer_id=first.customer_id, machine_id=first.machine_id
    )
    return [*own, _note_unseen(finding, rules, now)]


def _note_unseen(finding: Finding, rules: Sequence[str], now: datetime) -> _Looked:
    before, was_open = (finding.state, finding.values), finding.is_open
    finding.cause, finding.severity = Cause.UNSEEN, Severity.NOTICE
    finding.state = Judged.BAD if rules else Judged.OK
    finding.reason = "long" if rules else "ok"
    finding.values = {"rules": list(rules)} if rules else {}
    finding.is_open = bool(rules)
    if finding.is_open == was_open:
        return _Looked(finding, None, (finding.state, finding.values) != before)
    finding.since, finding.opened_at = now, now if rules else None
    return _Looked(finding, Event.OPENED if rules else Event.CLOSED, is_new=True)


def _changed(looked: Iterable[_Looked]) -> set[UUID]:
    """Return the practices whose incidents may be others now."""
    return {
        one.finding.customer_id
        for one in looked
        if one.event or (one.is_new and one.finding.is_open)
    }


def _saved(looked: Sequence[_Looked]) -> list[Told]:
    """Write down what is new alone: of a fleet at rest, nothing."""
    Finding.objects.bulk_create(
        [one.finding for one in looked if one.is_new],
        batch_size=500,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=_CHANGED,
    )
    return [Told(one.finding, one.event) for one in looked if one.event is not None]
