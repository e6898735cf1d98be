"""What the fleet is and what stands in it: one practice, one machine with its evidence."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst

from quenotte.base import mending
from quenotte.base.copies import LIGHTS, REASONS
from quenotte.kernel.posture.facts import KEYS, Fact
from quenotte.kernel.posture.gravity import gravity
from quenotte.kernel.posture.storms import Quiet
from quenotte.kernel.posture.terms import Severity
from quenotte.kernel.posture.terms import State as Judged
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import clock, hearing, looking, showing, wording
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet.models import (
    Change,
    Finding,
    Inventory,
    Posture,
    Pulsed,
    State,
    Stumble,
)
from quenotte.provider.fleet.nights import Night, nights_of
from quenotte.provider.licences.rules import ENDING

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine


@dataclass(frozen=True)
class Numbers:
    """How big the fleet is, and what waits in it."""

    customers: int
    machines: int
    waiting: int
    silent: int


def numbers() -> Numbers:
    """Return how many practices and machines there are, by counts of the database alone."""
    return Numbers(
        customers=customers.customers().count(),
        machines=enrolment.believed().count(),
        waiting=enrolment.waiting().count(),
        silent=Posture.objects.filter(
            silent_since__isnull=False, machine__in=enrolment.believed()
        ).count(),
    )


def is_forgetting_refused(now: datetime) -> bool:
    """Tell whether nothing is forgotten any more, because this server's clock is doubted."""
    return clock.is_forgetting_refused(now)


#: So many practices of those where the look fails are named; the log names all.
_NAMED: Final = 12


@dataclass(frozen=True)
class Stumbles:
    """The practices at which a part of the look fails, each once, the longest first."""

    found: tuple[Stumble, ...]

    def __bool__(self) -> bool:
        """Tell whether the look fails anywhere."""
        return bool(self.found)

    @property
    def named(self) -> tuple[Stumble, ...]:
        """Return those that are named on a page."""
        return self.found[:_NAMED]

    @property
    def more(self) -> int:
        """Return how many practices fail beside those that are named."""
        return len(self.found) - len(self.named)

    @property
    def customer_ids(self) -> list[UUID]:
        """Return the ids of the practices."""
        return [one.customer_id for one in self.found]


def stumbles() -> Stumbles:
    """Return the practices at which a part of the look fails, each once, the longest first."""
    found = Stumble.objects.filter(customer__is_active=True).select_related("customer")
    first: dict[UUID, Stumble] = {}
    for one in found.order_by("since", "id"):
        first.setdefault(one.customer_id, one)
    return Stumbles(tuple(first.values()))


def open_findings(customer_ids: Collection[UUID]) -> list[Finding]:
    """Return what stands at practices, without its evidence."""
    found = Finding.objects.filter(customer_id__in=customer_ids, is_open=True)
    return list(found.defer("evidence", "dissent").order_by("customer_id", "id"))


def finding(finding_id: UUID) -> Finding:
    """Return one finding with its machine. Raises: Finding.DoesNotExist."""
    return Finding.objects.select_related("machine", "customer").get(pk=finding_id)


def sudden(customer_ids: Collection[UUID] | None = None) -> list[Quiet]:
    """Return the machines that fell silent while they were expected, as storms are told from."""
    found = Posture.objects.filter(silent_since__isnull=False, is_sudden=True)
    found = found.filter(machine__in=enrolment.believed())
    if customer_ids is not None:
        found = found.filter(machine__customer_id__in=customer_ids)
    rows = found.values_list(
        "machine_id", "machine__customer_id", "machine__customer__internet_provider", "silent_since"
    )
    return [Quiet(str(one), str(whose), network, at) for one, whose, network, at in rows if at]


def quiet() -> list[Quiet]:
    """Return all machines that are silent, as storms are told from."""
    found = Posture.objects.filter(silent_since__isnull=False, machine__in=enrolment.believed())
    rows = list(
        found.values_list(
            "machine_id", "machine__customer_id", "machine__customer__internet_provider",
            "silent_since", "is_sudden",
        )
    )  # fmt: skip
    late = found.filter(is_sudden=False).values("machine__customer_id")
    heard = State.objects.filter(machine__in=enrolment.believed(), machine__customer__in=late)
    last = dict(heard.order_by().values_list("machine__customer_id").annotate(Max("seen_at")))
    return [
        Quiet(
            str(one), str(whose), network, at, is_sudden,
            is_line_heard=whose in last and last[whose] >= at,
        )
        for one, whose, network, at, is_sudden in rows
        if at
    ]  # fmt: skip


def count_silent(most: int, *, since: datetime) -> int:
    """Return how many fell silent since an instant; beyond ``most`` nobody counts."""
    found = Posture.objects.filter(silent_since__gt=since, machine__in=enrolment.believed())
    return len(found.values_list("pk", flat=True)[:most])


def expected(machine_ids: Collection[UUID], moments: Collection[datetime]) -> dict[UUID, UUID]:
    """Return which machines are expected at each of some moments, with their practices."""
    return hearing.expected(machine_ids, moments)


def unheard_since(
    now: datetime, *, resting: QuerySet[Any, Any], resting_machines: QuerySet[Any, Any]
) -> datetime | None:
    """Return since when the door hears nobody though somebody is expected; None: all is well."""
    return hearing.unheard_since(now, resting=resting, resting_machines=resting_machines)


def sentence(
    rule: str, state: str, reason: str, values: Mapping[str, Any], *, is_beside: bool = False
) -> str:
    """Return what a verdict says, in the words of a technician; fewer beside another one."""
    return wording.sentence(rule, state, reason, values, is_beside=is_beside)


def title_of(rule: str) -> str:
    """Return what a rule is called."""
    return str(wording.RULES.get(rule, rule))


def cause_name(cause: str) -> str:
    """Return what a cause is called."""
    return str(wording.CAUSES.get(cause, cause))


def severity_name(severity: str) -> str:
    """Return how grave something is, in words."""
    return str(wording.SEVERITIES[severity])


def opened(finding: Finding) -> datetime:
    """Return since when a finding stands."""
    return finding.opened_at or finding.since


@dataclass(frozen=True)
class Shown:
    """A finding with its words. ``facts``: what its sources say now, by key and source."""

    finding: Finding
    facts: Mapping[tuple[str, str], Fact] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """Return what its rule is called."""
        return str(wording.RULES.get(self.finding.rule, self.finding.rule))

    @property
    def words(self) -> str:
        """Return what it says."""
        one = self.finding
        return wording.sentence(one.rule, one.state, one.reason, one.values)

    @property
    def headline(self) -> str:
        """Return it in one line: what is wrong says itself, the rest names its rule."""
        if self.finding.state == Judged.BAD:
            return capfirst(self.words)
        if self.is_ok and wording.is_nothing(self.words):
            return self.title
        return f"{self.title} : {self.words}"

    @property
    def to_do(self) -> str:
        """Return what a technician does about it now; "" when nothing is wrong."""
        one = self.finding
        return "" if self.is_ok else mending.for_technician(f"{one.rule}.{one.reason}")

    @property
    def evidence(self) -> list[showing.Told]:
        """Return the facts it rests on as they are now, with their sources and times."""
        return [
            showing.of_fact(now)
            if (now := self.facts.get((one["key"], one["source"])))
            else showing.of_evidence(one)
            for one in self.finding.evidence
        ]

    @property
    def dissent(self) -> list[dict[str, Any]]:
        """Return the sources that say otherwise."""
        one = self.finding
        return [
            {
                "source": showing.source(other["source"]),
                "words": wording.sentence(one.rule, other["state"], other["reason"], one.values),
                "at": datetime.fromisoformat(other["at"]),
            }
            for other in one.dissent
        ]

    @property
    def is_ok(self) -> bool:
        """Tell whether nothing is wrong and nothing is unknown."""
        return self.finding.state == "ok"

    @property
    def severity_words(self) -> str:
        """Return how grave it is, in words."""
        return str(wording.SEVERITIES[self.finding.severity])


@dataclass(frozen=True)
class Row:
    """A machine in the list of its practice."""

    machine: "Machine"
    seen_at: datetime | None
    is_silent: bool
    bad: int
    unknown: int


#: They say something only while they are broken.
_OWN_RULES: Final = ("unseen", "silence", "agent_silence", "backup_silence", "backup_unknown")


def findings_of_practice(customer_id: UUID) -> list[Shown]:
    """Return what is open at a practice, the gravest first, then the oldest."""
    found = Finding.objects.filter(customer_id=customer_id, is_open=True).select_related("machine")
    ordered = sorted(found, key=lambda one: (*_gravity(one), opened(one)))
    return _all_shown(ordered, customer_id)


def _gravity(one: Finding) -> tuple[int, int]:
    """Return what a finding is sorted by: how soon somebody must know, and its rule."""
    return Severity(one.severity).weight, gravity(one.rule)


def shown_finding(finding_id: UUID) -> Shown | None:
    """Return one finding with its words; None when there is none."""
    found = Finding.objects.filter(pk=finding_id).select_related("machine").first()
    return Shown(found) if found else None


def copies_of_practice(customer_id: UUID) -> list[Shown]:
    """Return what the rules say of the copies of a practice, beside what is open there already."""
    found = Finding.objects.filter(customer_id=customer_id, machine=None, is_open=False)
    found = found.exclude(rule__in=_OWN_RULES)
    return _all_shown(found.order_by("rule"), customer_id)


@dataclass(frozen=True)
class OwnWord:
    """What a practice's own server says of its copies, in its words: a light, why, when."""

    light: str
    words: str
    reasons: tuple[str, ...]
    machine: str
    at: datetime


def own_word(customer_id: UUID) -> OwnWord | None:
    """Return what the server of a practice said last of its copies; None: it said nothing."""
    speakers = enrolment.accepted(customer_id).filter(speaks_for_practice=True)
    found = Pulsed.objects.filter(machine__in=speakers).select_related("machine")
    one = found.order_by("-at").first()
    if one is None:
        return None
    reasons = tuple(str(REASONS.get(code, code)) for code in one.reasons)
    words = str(LIGHTS.get(one.light, one.light))
    return OwnWord(one.light, words, reasons, one.machine.name, one.at)


def _all_shown(found: Iterable[Finding], customer_id: UUID) -> list[Shown]:
    """Return findings of one practice beside what is known now."""
    speaker = kept.speakers_of([customer_id]).get(customer_id)
    pairs = [(one, one.machine_id or speaker) for one in found]
    known = kept.of_machines({machine_id for _one, machine_id in pairs if machine_id})
    return [
        Shown(one, _by_source(known.get(machine_id, []) if machine_id else []))
        for one, machine_id in pairs
    ]


def _by_source(facts: Iterable[Fact]) -> dict[tuple[str, str], Fact]:
    return {(one.key, one.source.value): one for one in facts}


def _told_by_speaker(customer_id: UUID) -> tuple[UUID | None, int]:
    """Return which machine speaks for a practice, and how much is open of the practice."""
    speaker = kept.speakers_of([customer_id]).get(customer_id)
    found = Finding.objects.filter(customer_id=customer_id, machine=None, is_open=True)
    return speaker, found.count() if speaker else 0


def machines_of(customer_id: UUID) -> list[Row]:
    """Return the machines of a practice, those with the most to do first."""
    machines = enrolment.accepted(customer_id).annotate(
        seen_at=Max("states__seen_at"),
        bad=Count("findings", filter=Q(findings__is_open=True), distinct=True),
        unknown=Count("findings", filter=Q(findings__state="unknown"), distinct=True),
    )
    silent = set(
        Posture.objects.filter(machine__in=machines, silent_since__isnull=False).values_list(
            "machine_id", flat=True
        )
    )
    speaker, told = _told_by_speaker(customer_id)
    rows = [
        Row(
            one, one.seen_at, one.id in silent,
            one.bad + (told if one.id == speaker else 0), one.unknown,
        )
        for one in machines
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.bad, row.machine.name))


#: On the page of the machine; the others have a page of their own.
_FEW_CHANGES: Final = 10


@dataclass(frozen=True)
class Sheet:
    """All that is known of one machine."""

    machine: "Machine"
    findings: list[Shown]
    well: list[Shown]
    #: The words of its sources, and when each was heard last.
    heard: list[tuple[str, datetime]]
    inventory: list[showing.Told]
    changes: list[dict[str, Any]]
    nights: list[Night]


def sheet(machine_id: UUID) -> Sheet:
    """Return one machine with its evidence. Raises: Machine.DoesNotExist."""
    machine = enrolment.machine(machine_id)
    whose = Q(machine=machine)
    if kept.speakers_of([machine.customer_id]).get(machine.customer_id) == machine_id:
        # What it tells of the practice is mended here as well.
        whose |= Q(customer_id=machine.customer_id, machine=None)
    found = Finding.objects.filter(whose).exclude(rule__in=_OWN_RULES, is_open=False)
    order = {"bad": 0, "unknown": 1, "ok": 2}
    findings = sorted(found, key=lambda one: (order[one.state], *_gravity(one), one.rule))
    now = kept.of_machines([machine_id]).get(machine_id, [])
    shown = [Shown(one, _by_source(now)) for one in findings]
    hours = customers.hours_of([machine.customer_id])
    zone = ZoneInfo(machine.customer.time_zone)
    return Sheet(
        machine,
        [one for one in shown if not one.is_ok],
        [one for one in shown if one.is_ok],
        [(showing.source(one.source), one.seen_at) for one in machine.states.order_by("source")],
        _facts(machine_id),
        [_shown(one) for one in _changes(machine_id)[:_FEW_CHANGES]],
        nights_of(machine_id, hours.get(machine.customer_id), zone, timezone.now()),
    )


def _facts(machine_id: UUID) -> list[showing.Told]:
    found = kept.of_machines([machine_id]).get(machine_id, [])
    newest = {}
    # What is known stands before what is not, then the newest.
    for fact in sorted(found, key=lambda one: (one.unknown is None, one.observed_at)):
        newest[fact.key] = fact
    return [showing.of_fact(newest[key]) for key in KEYS if key in newest]


def _shown(change: Change) -> dict[str, Any]:
    return {
        "at": change.at,
        "label": showing.label(change.key),
        "source": showing.source(change.source),
        "before": showing.value(change.key, change.before),
        "after": showing.value(change.key, change.after),
    }


def _changes(machine_id: UUID) -> QuerySet[Change]:
    return Change.objects.filter(machine_id=machine_id).order_by("-at", "key")


def changes_of(machine_id: UUID, key: str = "") -> QuerySet[Change]:
    """Return what changed on a machine, the newest first. ``key``: of this fact alone."""
    found = _changes(machine_id)
    return found.filter(key=key) if key else found


def changed_keys(machine_id: UUID) -> list[tuple[str, str]]:
    """Return the facts of a machine that ever changed, as keys and labels."""
    keys = Change.objects.filter(machine_id=machine_id).order_by().values_list("key", flat=True)
    return sorted(((key, showing.label(key)) for key in keys.distinct()), key=lambda one: one[1])


def shown_changes(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return changes as they are shown."""
    return [_shown(one) for one in changes]


def sources_of(machine_id: UUID) -> list[Inventory]:
    """Return what each source keeps of a machine."""
    return list(Inventory.objects.filter(machine_id=machine_id))


def look_at(customer_id: UUID, *, now: datetime) -> looking.Look:
    """Return what the rules say of a practice now, read from the facts and not written down."""
    return looking.look_at(customer_id, now=now)


def names() -> dict[str, str]:
    """Return what rules, facts, sources and reasons are called: « rule.firewall_on », …"""
    return looking.names()


def told(evidence: Mapping[str, Any]) -> showing.Told:
    """Return a fact that was kept as evidence as people read it."""
    return showing.of_evidence(evidence)


def machines_judged(
    rules: Collection[str], states: Collection[str]
) -> QuerySet[Finding, UUID | None]:
    """Return the ids of the machines of which one of the rules says one of these states."""
    found = Finding.objects.filter(rule__in=rules, state__in=states, machine__isnull=False)
    return found.values_list("machine_id", flat=True)


def judged(machine_ids: Collection[UUID], rules: Collection[str]) -> dict[UUID, list[Shown]]:
    """Return what rules say of machines, with the words and the evidence of each."""
    found: dict[UUID, list[Shown]] = defaultdict(list)
    for one in Finding.objects.filter(machine_id__in=machine_ids, rule__in=rules).order_by("rule"):
        if one.machine_id is not None:
            found[one.machine_id].append(Shown(one))
    return found


def heard(machine_ids: Collection[UUID]) -> dict[tuple[UUID, str], datetime]:
    """Return when each source of machines was last heard."""
    rows = State.objects.filter(machine_id__in=machine_ids)
    return {
        (machine_id, source): at
        for machine_id, source, at in rows.values_list("machine_id", "source", "seen_at")
    }


def label_words(key: str) -> str:
    """Return what a fact is called."""
    return showing.label(key)


def source_words(name: str) -> str:
    """Return what a source is called."""
    return showing.source(name)


def told_fact(fact: Fact) -> showing.Told:
    """Return a fact as people read it."""
    return showing.of_fact(fact)


@dataclass(frozen=True)
class Licence:
    """A licence that a machine tells of; ``ends_on`` is None when no fact says when it ends."""

    machine: "Machine"
    name: str
    count: int | None
    ends_on: date | None
    is_ending: bool


def licences_of(customer_id: UUID, today: date) -> list[Licence]:
    """Return the licences of a practice as its machines tell them, those that end first."""
    machines = {one.id: one for one in enrolment.accepted(customer_id)}
    found = [
        _licence(machines[machine_id], row, today)
        for machine_id, facts in kept.of_machines(machines).items()
        for fact in facts
        if fact.key == "licences" and fact.unknown is None
        for row in fact.value
    ]
    return sorted(found, key=lambda one: (one.ends_on or date.max, one.name, one.machine.name))


def _licence(machine: "Machine", row: Mapping[str, Any], today: date) -> Licence:
    ends_on = date.fromisoformat(row["ends_on"]) if row.get("ends_on") else None
    is_ending = ends_on is not None and ends_on <= today + ENDING
    return Licence(machine, str(row.get("name") or "—"), row.get("count"), ends_on, is_ending)
