"""Reading the machines of a practice, what they told and what the rules found."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from quenotte.kernel.posture import exemptions as borne
from quenotte.kernel.posture.agreeing import Agreed, agreed
from quenotte.kernel.posture.contacts import restored
from quenotte.kernel.posture.facts import Fact
from quenotte.kernel.posture.hearing import AFTER, gaps_between
from quenotte.kernel.posture.hours import Period
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.quarters import QUARTER, moments
from quenotte.kernel.posture.terms import Severity, State
from quenotte.upkeep.workstations.models import (
    SELF,
    Agreement,
    Exemption,
    Machine,
    MachineChange,
    MachineDay,
    MachineFinding,
    MachineState,
    MachineToken,
)

#: So far back it is looked whether a machine was on.
BACK: Final = timedelta(days=10)
_ACCEPTED: Final = Machine.Standing.ACCEPTED
_NEWEST_CHANGES: Final = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding and what bears it, if somebody decided so."""

    finding: MachineFinding
    exemption: Exemption | None = None

    @property
    def counts(self) -> bool:
        """Tell whether somebody has to do something: it is bad, told, and not borne."""
        is_told = self.finding.is_open and self.finding.state == State.BAD
        return is_told and self.exemption is None


@dataclass(frozen=True, slots=True)
class Seen:
    """A machine on the page of all: when it was heard, and what the rules found."""

    machine: Machine
    seen_at: datetime | None
    shown: tuple[Shown, ...] = ()

    @property
    def to_do(self) -> list[Shown]:
        """Return what somebody has to do, the gravest first."""
        found = [one for one in self.shown if one.counts]
        return sorted(
            found, key=lambda one: (Severity(one.finding.severity).weight, one.finding.rule)
        )

    @property
    def worst(self) -> Severity | None:
        """Return how grave the gravest of it is, None when there is nothing to do."""
        return Severity(self.to_do[0].finding.severity) if self.to_do else None

    def of_state(self, state: State) -> list[Shown]:
        """Return the findings in one state."""
        return [one for one in self.shown if one.finding.state == state]

    @property
    def unknown(self) -> list[Shown]:
        """Return what cannot be told."""
        return self.of_state(State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the machines of a practice stand."""

    seen: tuple[Seen, ...]
    waiting: int

    @property
    def worst(self) -> Severity | None:
        """Return how grave the gravest thing to do is."""
        found = [one.worst for one in self.seen if one.worst]
        return min(found, key=lambda one: one.weight, default=None)

    @property
    def to_do(self) -> int:
        """Return how many machines need somebody."""
        return sum(one.worst is not None for one in self.seen)


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is known of one machine."""

    seen: Seen
    states: tuple[MachineState, ...]
    facts: tuple[Fact, ...]
    changes: tuple[MachineChange, ...]
    #: The quarters of an hour of the last days in which it was heard.
    heard_at: tuple[datetime, ...]
    ended: tuple[Exemption, ...] = field(default=())
    #: When this server was off, and could not hear it.
    gaps: tuple[Period, ...] = field(default=())


def machine(practice_id: UUID, machine_id: UUID) -> Machine | None:
    """Return a machine of a practice, None when it is of another one or of none."""
    found = Machine.objects.select_related("decided_by", "token")
    return found.filter(practice_id=practice_id, pk=machine_id).first()


def accepted(practice_id: UUID) -> QuerySet[Machine]:
    """Return the machines of a practice that are believed."""
    return Machine.objects.filter(practice_id=practice_id, standing=_ACCEPTED)


def waiting(practice_id: UUID) -> QuerySet[Machine]:
    """Return the machines that wait for a person, the oldest first."""
    found = Machine.objects.filter(practice_id=practice_id, standing=Machine.Standing.QUARANTINE)
    return found.order_by("enrolled_at")


def revoked(practice_id: UUID) -> QuerySet[Machine]:
    """Return the machines that are believed no more, the last decided first."""
    found = Machine.objects.filter(practice_id=practice_id, standing=Machine.Standing.REVOKED)
    return found.select_related("decided_by").order_by("-decided_at")


def tokens(practice_id: UUID) -> QuerySet[MachineToken]:
    """Return the tokens of a practice, the newest first."""
    return MachineToken.objects.filter(practice_id=practice_id).select_related("created_by")


def is_made(token_digest: bytes) -> bool:
    """Tell whether a token was ever made, whatever it is worth now."""
    return MachineToken.objects.filter(digest=token_digest).exists()


def held(digests: Collection[bytes]) -> frozenset[bytes]:
    """Return those of some digests that are of keys that open; a machine that waits has one."""
    found = Machine.objects.filter(key_digest__in=list(digests))
    found = found.exclude(standing=Machine.Standing.REVOKED)
    return frozenset(map(bytes, found.values_list("key_digest", flat=True)))


def may_return(key_digest: bytes) -> bool:
    """Tell whether a key is of a machine that is not followed: that can be undone."""
    gone = Machine.objects.filter(key_digest=key_digest, standing=Machine.Standing.REVOKED)
    return gone.exists()


def standing(practice_id: UUID) -> Standing:
    """Return how the machines of a practice stand: those that need somebody first."""
    machines = list(accepted(practice_id))
    ids = [one.id for one in machines]
    heard = last_heard(ids)
    findings = _findings(ids)
    seen = [Seen(one, heard.get(one.id), findings.get(one.id, ())) for one in machines]
    seen.sort(key=lambda one: (_weight(one), one.machine.agent != SELF, one.machine.name))
    return Standing(tuple(seen), waiting(practice_id).count())


def sheet(found: Machine) -> Sheet:
    """Return all that is known of one machine."""
    now = timezone.now()
    states = tuple(MachineState.objects.filter(machine=found).order_by("source"))
    seen = Seen(
        found, last_heard([found.id]).get(found.id), _findings([found.id]).get(found.id, ())
    )
    return Sheet(
        seen,
        states,
        tuple(sorted(_facts(states), key=lambda fact: fact.key)),
        tuple(found.changes.all()[:_NEWEST_CHANGES]),
        heard_at([found.id], now).get(found.id, ()),
        tuple(
            found.exemptions.filter(Q(ended_at__isnull=False) | Q(ends_at__lte=now)).select_related(
                "granted_by"
            )
        ),
        () if found.is_simulated or found.agent == SELF else gaps(found.practice_id, now),
    )


def last_heard(machine_ids: Iterable[UUID]) -> dict[UUID, datetime]:
    """Return when machines were heard last, by any of their sources."""
    rows = MachineState.objects.filter(machine_id__in=machine_ids).values("machine_id")
    return dict(rows.annotate(at=Max("seen_at")).values_list("machine_id", "at"))


def facts_of(machine_ids: Iterable[UUID]) -> dict[UUID, list[Fact]]:
    """Return what is known of machines, from all their sources."""
    found: dict[UUID, list[Fact]] = defaultdict(list)
    for state in MachineState.objects.filter(machine_id__in=machine_ids):
        found[state.machine_id] += restored(state.source, state.facts, state.seen_at)
    return found


def heard_at(machine_ids: Iterable[UUID], now: datetime) -> dict[UUID, tuple[datetime, ...]]:
    """Return the quarters of an hour in which machines were heard lately."""
    rows = MachineDay.objects.filter(machine_id__in=machine_ids, day__gte=(now - BACK).date())
    found: dict[UUID, list[datetime]] = defaultdict(list)
    for one in rows.order_by("day"):
        found[one.machine_id] += moments(one.day, one.early, one.late)
    return {machine_id: tuple(at) for machine_id, at in found.items()}


def gaps(practice_id: UUID, now: datetime) -> tuple[Period, ...]:
    """Return when this server was off lately, in order; one that still lasts ends now.

    It looks at itself every few minutes: what lies between is nobody's silence. Where it never did,
    nobody knows of a gap.
    """
    agents = dict(accepted(practice_id).values_list("id", "agent"))
    heard = heard_at(agents, now)
    own = [at for one, agent in agents.items() if agent == SELF for at in heard.get(one, ())]
    stretches = [Period(at, min(at + QUARTER, now)) for at in own if at <= now]
    last = max((one.ends_at for one in stretches), default=now)
    # Whoever was heard since then proves that it is on, and merely does not look at itself.
    if any(last + AFTER <= at <= now - AFTER for one in heard.values() for at in one):
        stretches.append(Period(last, now))
    return gaps_between(stretches, now)


def finding(practice_id: UUID, machine_id: UUID, rule: str) -> MachineFinding | None:
    """Return what a rule says of a machine of a practice."""
    found = MachineFinding.objects.filter(machine__practice_id=practice_id)
    return found.filter(machine_id=machine_id, rule=rule).select_related("machine").first()


def exemption(practice_id: UUID, exemption_id: UUID) -> Exemption | None:
    """Return an exemption of a practice."""
    found = Exemption.objects.select_related("machine")
    return found.filter(machine__practice_id=practice_id, pk=exemption_id).first()


def agreement(practice_id: UUID) -> Agreement | None:
    """Return what a practice agreed to, with who decided it; None when nobody ever did."""
    return Agreement.objects.select_related("decided_by").filter(pk=practice_id).first()


def agreed_of(practice_id: UUID) -> Agreed:
    """Return by what machines may be driven from elsewhere, and which ports may be open."""
    found = Agreement.objects.filter(pk=practice_id).first()
    return agreed(found.remote_tools, found.ports) if found else Agreed()


def _facts(states: Iterable[MachineState]) -> Iterable[Fact]:
    for state in states:
        yield from restored(state.source, state.facts, state.seen_at)


def _findings(machine_ids: Iterable[UUID]) -> dict[UUID, tuple[Shown, ...]]:
    now = timezone.now()
    in_force = Exemption.objects.filter(
        machine_id__in=machine_ids, ended_at=None, granted_at__lte=now, ends_at__gt=now
    ).select_related("granted_by")
    by_place: dict[tuple[UUID, str], list[Exemption]] = defaultdict(list)
    for one in in_force:
        by_place[one.machine_id, one.rule].append(one)
    found: dict[UUID, list[Shown]] = defaultdict(list)
    for row in MachineFinding.objects.filter(machine_id__in=machine_ids).order_by("rule"):
        found[row.machine_id].append(_shown(row, by_place[row.machine_id, row.rule], now))
    return {machine_id: tuple(shown) for machine_id, shown in found.items()}


def _shown(row: MachineFinding, known: Iterable[Exemption], now: datetime) -> Shown:
    """Return a finding with what bears it, the one that lasts longest."""
    verdict = Verdict(row.rule, State(row.state), row.reason, row.values)
    bearing = [one for one in known if _as_rule(one).bears(verdict, str(row.machine_id), now)]
    is_bad = verdict.state is State.BAD
    return Shown(row, max(bearing, key=lambda one: one.ends_at, default=None) if is_bad else None)


def _as_rule(one: Exemption) -> borne.Exemption:
    return borne.Exemption(
        one.rule,
        one.why,
        one.granted_at,
        one.ends_at,
        subject=str(one.machine_id),
        reasons=frozenset({one.reason}),
        things=frozenset(one.things),
    )


def _weight(seen: Seen) -> int:
    return seen.worst.weight if seen.worst else len(Severity)
