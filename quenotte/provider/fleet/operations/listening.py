"""A dead-man's switch for each machine, and for what is told of copies, by opening hours."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from quenotte.kernel.posture.facts import Source, Unknown
from quenotte.kernel.posture.hysteresis import Event
from quenotte.kernel.posture.silence import Silence, Watch, silence
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.kernel.posture.terms import State as Judged
from quenotte.kernel.posture.voices import Around, Listened, Voice, blind_for, listen
from quenotte.provider.customers import operations as contracts
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import hearing
from quenotte.provider.fleet.models import Finding, Posture, State
from quenotte.provider.fleet.operations.agents import Noted, Silent, note_agents, spoke_again
from quenotte.provider.fleet.operations.excusing import (
    are_still_silent,
    excused,
    is_still_silent,
)
from quenotte.provider.fleet.operations.judging import (
    AGENT_LEFT,
    AGENT_SILENCE,
    COPIES_UNKNOWN,
    SILENCE,
    Told,
)
from quenotte.provider.fleet.operations.papers import judge_papers
from quenotte.provider.fleet.operations.removed import note_removed, removed_among
from quenotte.provider.fleet.operations.speakers import back_at, known_silent, note_untold
from quenotte.provider.fleet.operations.stumbling import (
    Part,
    apart,
    nothing_left,
    stumbled,
    went_well,
)
from quenotte.provider.fleet.operations.touching import touch

if TYPE_CHECKING:
    from quenotte.kernel.posture.hours import Hours
    from quenotte.provider.enrolment.models import Machine
    from quenotte.provider.enrolment.queries import Believed

#: The rule of a finding that no facts tell.
COPIES_SILENT: Final = "backup_silence"
#: How often a practice's server tells of its copies, and how much opening time of silence is borne.
_COPIES: Final = (timedelta(hours=1), timedelta(hours=4))
#: A practice of whose copies no server tells is given so long to install one.
_UNKNOWN_AFTER: Final = timedelta(days=7)
_BATCH: Final = 2_000
_KEPT_HERE: Final = (SILENCE, AGENT_SILENCE, AGENT_LEFT)
#: A machine on whose silence a rule fails is listened to again after so long.
_AGAIN: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Seen:
    """A machine and when it was heard last, by whichever source and by each."""

    machine: "Machine"
    at: datetime
    is_server: bool
    voices: Sequence[Voice]
    heard_at: Mapping[str, datetime]


def sweep(*, now: datetime, limit: int = _BATCH) -> list[Told]:
    """Look at the silences whose time has come, and at the machines and agents that were silent."""
    _listen_to_new(now)
    due = Posture.objects.filter(alert_after__lte=now, silent_since=None)
    ids = list(due.order_by("alert_after").values_list("machine_id", flat=True)[:limit])
    back = Posture.objects.filter(machine__states__seen_at__gt=F("silent_since"))
    heard = back.values_list("machine_id", flat=True)[:limit]
    return _look_apart({*ids, *heard, *spoke_again(limit)}, now)


def _look_apart(machine_ids: Collection[UUID], now: datetime) -> list[Told]:
    """Look at the silences of machines; go around those at which it fails."""

    def look(some: Collection[UUID]) -> list[Told]:
        told = _look(some, now)
        went_well(Part.SILENCE, subjects=some)
        return told

    return apart(machine_ids, look, lambda one, error: _later(one, error, now))


def _later(machine_id: UUID, error: Exception, now: datetime) -> None:
    """Listen again in a while to a machine on whose silence a rule fails."""
    Posture.objects.filter(pk=machine_id).update(alert_after=now + _AGAIN)
    for one in enrolment.accepted_among([machine_id]):
        stumbled(Part.SILENCE, one.customer_id, error, now=now, subject=machine_id)


@transaction.atomic
def heed_changes(*, now: datetime) -> list[Told]:
    """Look anew at practices whose hours, licences, or what was agreed with them, changed.

    Silences are told by the new hours at once; rules look with the next batch.
    """
    changed = contracts.claim_changed()
    if not changed:
        return []
    states = State.objects.filter(
        machine__customer_id__in=changed, machine__customer__is_active=True
    )
    # In the order of whoever judges: two that meet do not wait for each other.
    ids = list(states.select_for_update(of=("self",)).order_by("id").values_list("id", flat=True))
    State.objects.filter(pk__in=ids).update(is_due=True)
    heard = Posture.objects.filter(machine__customer_id__in=changed)
    told = _look_apart(set(heard.values_list("machine_id", flat=True)), now)
    return [*told, *judge_papers(now=now, customer_ids=changed)]


def _listen_to_new(now: datetime) -> None:
    """Listen to who was accepted and never spoke: that may last, and is a silence as well."""
    new = enrolment.believed().filter(posture=None).order_by("id")
    ids = list(new.values_list("id", flat=True)[:_BATCH])
    Posture.objects.bulk_create(
        [Posture(machine_id=one, judged_at=now, alert_after=now, counts_from=now) for one in ids],
        batch_size=500,
        ignore_conflicts=True,
    )


def _look(machine_ids: Collection[UUID], now: datetime) -> list[Told]:
    seen = _seen(machine_ids)
    hours = customers.hours_of({one.machine.customer_id for one in seen})
    postures = {one.machine_id: one for one in Posture.objects.filter(pk__in=machine_ids)}
    rows = Finding.objects.filter(machine_id__in=machine_ids, rule__in=_KEPT_HERE)
    known = {(one.machine_id, one.rule): one for one in rows}
    told: list[Told] = []
    moved, touched, gaps = [], set(), hearing.gaps(now)
    for one in seen:
        posture, silent = postures[one.machine.id], known.get((one.machine.id, SILENCE))
        around = _around(one, posture, silent, hours.get(one.machine.customer_id))
        mute, left = (known.get((one.machine.id, rule)) for rule in (AGENT_SILENCE, AGENT_LEFT))
        if not is_still_silent(posture, one.at):
            around = excused(around, gaps, (mute, left), one.heard_at)
        heard = listen(one.voices, around, now)
        blind = blind_for(one.voices, heard.silent) if one.is_server else None
        removed = removed_among(
            one.machine.id, one.voices, heard.silent, told=mute, known=left, now=now,
            is_missed=blind is None,
        )  # fmt: skip
        if not heard.machine.is_silent:
            note_removed(left, one.machine, removed, one.heard_at, now)
        alone = Silent(heard.silent - removed, one.heard_at, blind)
        agents = note_agents(mute, one.machine, alone, now)
        _set(posture, heard, agents)
        moved.append(posture)
        # By what is told, and not by the posture: what stands open by itself nobody would close.
        is_told = silent is not None and silent.state == Judged.BAD
        if heard.machine.is_silent != is_told:
            told.append(_tell(silent, one, heard.machine, now))
        if agents is not None and agents.event is not None:
            told.append(Told(agents.finding, agents.event))
        if agents is not None and agents.is_news:
            touched.add(one.machine.customer_id)
    Posture.objects.bulk_update(moved, ["alert_after", "silent_since", "is_sudden"], batch_size=200)
    touched |= note_untold({one.machine.customer_id for one in seen})
    touch({one.finding.customer_id for one in told} | touched, now=now)
    return told


def _seen(machine_ids: Collection[UUID]) -> list[_Seen]:
    heard: dict[UUID, dict[str, datetime]] = defaultdict(dict)
    rows = State.objects.filter(machine_id__in=machine_ids)
    for machine_id, source, at in rows.values_list("machine_id", "source", "seen_at"):
        heard[machine_id][source] = at
    servers, voices = kept.servers_among(machine_ids), enrolment.voices_of(machine_ids)
    return [
        _of_machine(one, heard[one.id], voices.get(one.id, []), is_server=one.id in servers)
        for one in enrolment.accepted_among(machine_ids)
    ]


def _of_machine(
    machine: "Machine",
    heard: Mapping[str, datetime],
    believed: Sequence["Believed"],
    *,
    is_server: bool,
) -> _Seen:
    at = _since(machine, max(heard.values(), default=None))
    last = {
        one.agent: max(moments)
        for one in believed
        if (moments := [heard[source] for source in one.sources if source in heard])
    }
    # Who was never heard could have been since it was accepted, or the contract was taken up again.
    begun = machine.customer.resumed_at or machine.enrolled_at
    voices = [
        Voice(one.agent, max(last.get(one.agent, one.since), one.since, begun)) for one in believed
    ]
    return _Seen(machine, at, is_server, voices or [Voice(machine.agent, at)], last)


def _around(seen: _Seen, posture: Posture, silent: Finding | None, hours: "Hours | None") -> Around:
    return Around(
        seen.at,
        hours=None if seen.is_server else hours,
        counts_from=posture.counts_from,
        back_at=_back_at(seen, posture, silent),
    )


def _back_at(seen: _Seen, posture: Posture, silent: Finding | None) -> datetime | None:
    """Return when a machine was heard again after its last silence; None: it never was silent."""
    if posture.silent_since is not None:
        return seen.at if seen.at > posture.silent_since else None
    return silent.since if silent is not None and silent.state == Judged.OK else None


def _since(machine: "Machine", heard_at: datetime | None) -> datetime:
    """Return from when on a silence counts: a contract that was taken up again begins anew."""
    told, resumed_at = heard_at or machine.decided_at, machine.customer.resumed_at
    return max(told or machine.enrolled_at, resumed_at or machine.enrolled_at)


def _set(posture: Posture, heard: Listened, agents: Noted | None) -> None:
    machine = heard.machine
    again = agents.look_at if agents is not None else None
    posture.alert_after = min(heard.look_at, again or heard.look_at)
    posture.silent_since = machine.since if machine.is_silent else None
    posture.is_sudden = machine.is_silent and machine.is_sudden


def _tell(finding: Finding | None, seen: _Seen, heard: Silence, now: datetime) -> Told:
    finding = finding or Finding(
        machine=seen.machine, customer_id=seen.machine.customer_id, rule=SILENCE
    )
    finding.cause = Cause.SILENCE
    finding.severity = Severity.CRITICAL if seen.is_server else Severity.IMPORTANT
    return _told(finding, seen.at, heard, now)


def _told(finding: Finding, last_seen_at: datetime, heard: Silence, now: datetime) -> Told:
    finding.state = Judged.BAD if heard.is_silent else Judged.OK
    finding.reason = "silent" if heard.is_silent else "ok"
    finding.values = {"last_seen_at": last_seen_at.isoformat()}
    finding.since = heard.since if heard.is_silent else last_seen_at
    finding.is_open = heard.is_silent
    finding.opened_at = now if heard.is_silent else None
    finding.save()
    return Told(finding, Event.OPENED if heard.is_silent else Event.CLOSED)


@transaction.atomic
def hear_copies(*, now: datetime) -> list[Told]:
    """Look at what is told of copies: by a server that fell silent or never began, by nobody.

    A server that is on and whose copies are told by nobody is no silent machine.
    """
    last = _last_told()
    told = [*_silent_copies(last, now), *_unknown_copies(last, now)]
    touch({one.finding.customer_id for one in told}, now=now)
    return told


def _last_told() -> dict[UUID, datetime]:
    """Return when each practice told of its copies last; before it ever did: since it should."""
    speakers = enrolment.believed().filter(speaks_for_practice=True)
    at = Max("states__seen_at", filter=Q(states__source=Source.PRACTICE))
    rows = speakers.order_by().annotate(told_at=at).values_list(
        "customer_id", "told_at", "decided_at", "enrolled_at", "posture__counts_from",
        "customer__resumed_at",
    )  # fmt: skip
    last: dict[UUID, datetime] = {}
    for customer_id, told_at, decided_at, enrolled_at, *later in rows:
        moments = [told_at or decided_at or enrolled_at, *later, last.get(customer_id)]
        last[customer_id] = max(one for one in moments if one)
    return last


def _silent_copies(last: Mapping[UUID, datetime], now: datetime) -> list[Told]:
    """Look at the practices whose server should tell of the copies.

    Where that server itself is told to be silent, its copies are no second piece of news; heard
    again, it has its patience anew.
    """
    cadence, patience = _COPIES
    known = _of_practices(COPIES_SILENT)
    due = {
        one: at
        for one, at in last.items()
        if at < now - cadence or (one in known and known[one].is_open)
    }

    nothing_left(Part.COPIES, but=due)

    def hear(customer_ids: Collection[UUID]) -> list[Told]:
        # Read again: what a part that failed changed of these was undone.
        before = _of_practices(COPIES_SILENT, customer_ids)
        hours, found = customers.hours_of(customer_ids), []
        explained, gaps = known_silent(customer_ids), hearing.gaps(now)
        back = back_at(customer_ids)
        for customer_id in sorted(customer_ids):
            at = due[customer_id]
            finding = before.get(customer_id) or _new(customer_id, COPIES_SILENT)
            watch = Watch(cadence, patience, hours.get(customer_id))
            # What stands is ended by news of the copies alone.
            since = at if finding.is_open else max(at, back.get(customer_id, at))
            heard = silence(since, watch, now, () if are_still_silent(finding, at) else gaps)
            if customer_id in explained:
                heard = replace(heard, is_silent=False)
            if heard.is_silent != finding.is_open:
                found.append(_tell_copies(finding, at, heard, now))
        went_well(Part.COPIES, customer_ids=customer_ids)
        return found

    return apart(due, hear, lambda one, error: stumbled(Part.COPIES, one, error, now=now))


def _tell_copies(finding: Finding, at: datetime, heard: Silence, now: datetime) -> Told:
    finding.cause, finding.severity = Cause.BACKUP, Severity.IMPORTANT
    return _told(finding, at, heard, now)


def _unknown_copies(last: Mapping[UUID, datetime], now: datetime) -> list[Told]:
    """Look at the practices of whose copies no machine tells: nobody knows whether there are any.

    That is no proof that there are none, and it is not well either: it stands as unknown.
    """
    known = _of_practices(COPIES_UNKNOWN)
    begun = customers.customers().annotate(since=Coalesce("resumed_at", "created_at"))
    rows = begun.filter(since__lte=now - _UNKNOWN_AFTER).exclude(pk__in=last).order_by("id")
    silent = dict(rows.values_list("id", "since"))
    due = {one for one in silent if one not in known or not known[one].is_open}
    due |= {one for one, finding in known.items() if finding.is_open and one not in silent}
    nothing_left(Part.UNTOLD, but=due)

    def hear(customer_ids: Collection[UUID]) -> list[Told]:
        before = _of_practices(COPIES_UNKNOWN, customer_ids)
        found = [
            _tell_unknown(before.get(one) or _new(one, COPIES_UNKNOWN), silent.get(one), now)
            for one in sorted(customer_ids)
        ]
        went_well(Part.UNTOLD, customer_ids=customer_ids)
        return found

    return apart(due, hear, lambda one, error: stumbled(Part.UNTOLD, one, error, now=now))


def _tell_unknown(finding: Finding, since: datetime | None, now: datetime) -> Told:
    """Open it since an instant, or close it (None): a server tells, or the contract ended."""
    finding.cause, finding.severity = Cause.BACKUP, Severity.IMPORTANT
    finding.state = Judged.UNKNOWN if since else Judged.OK
    finding.reason = Unknown.NOT_REPORTED if since else "ok"
    finding.since, finding.is_open = since or now, since is not None
    finding.opened_at = now if since else None
    finding.save()
    return Told(finding, Event.OPENED if since else Event.CLOSED)


def _of_practices(rule: str, among: Collection[UUID] | None = None) -> dict[UUID, Finding]:
    found = Finding.objects.filter(machine=None, rule=rule)
    found = found if among is None else found.filter(customer_id__in=among)
    return {one.customer_id: one for one in found}


def _new(customer_id: UUID, rule: str) -> Finding:
    return Finding(customer_id=customer_id, rule=rule, is_open=False)
