"""Reading incidents: who needs somebody now and why, one incident, what is quiet and why."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.utils import timezone
from django.utils.text import capfirst

from quenotte.base.jobs import queries as jobs
from quenotte.base.practice import queries as practices
from quenotte.kernel.posture.gravity import GRAVITY, LAST
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import Cause, Severity, State
from quenotte.provider.customers import queries as customers
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import rules, wording
from quenotte.provider.incidents.models import (
    Channel,
    Digest,
    Duty,
    Exemption,
    Incident,
    Outgoing,
    Reply,
    Sending,
    Subject,
    Subscription,
    Window,
)
from quenotte.provider.incidents.rules import Answer, Sent, Standing, Way

if TYPE_CHECKING:
    from quenotte.provider.customers.models import Customer
    from quenotte.provider.fleet.models import Finding

#: The job that looks, by the name under which its runs are written down.
_LOOK: Final = "quenotte.provider.incidents.jobs.look"


@dataclass(frozen=True)
class Need:
    """A practice and what it needs, the gravest first."""

    customer: "Customer"
    incidents: tuple[Incident, ...]

    @property
    def severity(self) -> str:
        """Return how grave the gravest is."""
        return self.incidents[0].severity

    @property
    def since(self) -> datetime:
        """Return since when the gravest lasts."""
        return self.incidents[0].since

    @property
    def sentence(self) -> str:
        """Return all of it in one line."""
        return ", ".join(wording.sentence_of(one) for one in self.incidents)

    @property
    def takers(self) -> list[str]:
        """Return who took any of it up."""
        return sorted({one.taken_by.full_name for one in self.incidents if one.taken_by})


@dataclass(frozen=True)
class Morning:
    """What stands above the rows of the first page of a day."""

    numbers: fleet.Numbers
    storms: Sequence["Told"]
    calls: Sequence[Reply]
    #: Practices by the gravest that they have, and how many need somebody at all.
    counts: Mapping[str, int] = field(default_factory=dict)
    needing: int = 0
    #: Practices that need nobody as far as is known, and at which the look fails.
    unsure: int = 0

    @property
    def quiet(self) -> int:
        """Return how many practices need nobody; of one at which the look fails nobody knows."""
        return max(self.numbers.customers - self.needing - self.unsure, 0)


@dataclass(frozen=True)
class Told:
    """An incident with its words."""

    incident: Incident

    @property
    def label(self) -> str:
        """Return what its cause is called."""
        return fleet.cause_name(self.incident.cause)

    @property
    def words(self) -> str:
        """Return what it says."""
        return wording.sentence_of(self.incident)

    @property
    def line(self) -> str:
        """Return it in one line; a storm says of whom it speaks, the rest says itself."""
        is_storm = self.incident.cause == Cause.STORM
        return f"{self.label} : {self.words}" if is_storm else capfirst(self.words)

    @property
    def standing(self) -> str:
        """Return whether it asks for somebody, in words."""
        return str(wording.STANDINGS[self.incident.standing])

    @property
    def steps(self) -> list[dict[str, Any]]:
        """Return what happened to it, in words, oldest first."""
        return [
            {
                "at": one.at,
                "words": str(wording.KINDS.get(one.kind, one.kind)),
                "person": one.person.full_name if one.person else "",
                "note": one.note,
            }
            for one in self.incident.steps.all()
        ]


def needing() -> QuerySet[Incident]:
    """Return the incidents of practices that ask for somebody now."""
    return Incident.objects.filter(closed_at=None, standing=Standing.TOLD, customer__is_active=True)


def needs(*, cause: str = "", severity: str = "") -> QuerySet[Incident, Any]:
    """Return the practices that need somebody, in order: one row each, counted by the database."""
    found = _narrowed(needing(), cause, severity).order_by()
    return (
        found.values("customer_id").annotate(first=Min(_place())).order_by("first", "customer_id")
    )


def gravest_first(found: QuerySet[Incident]) -> QuerySet[Incident]:
    """Return incidents in order: by severity, by the gravity of their rule, the oldest first."""
    return found.order_by(_place(), "id")


def _place() -> Combinable:
    """Return where an incident stands, for the database: a new order needs no migration."""
    gaps = [
        When(rule__in=alike, then=Value(level * rules.LEVEL)) for level, alike in enumerate(GRAVITY)
    ]
    level = Case(*gaps, default=Value(LAST * rules.LEVEL), output_field=BigIntegerField())
    # The sum of two big numbers is a small one to Django, and a rank is beyond those of PostgreSQL.
    return ExpressionWrapper(F("rank") + level, output_field=BigIntegerField())


def rows_of(
    page: Iterable[Mapping[str, Any]], *, cause: str = "", severity: str = ""
) -> list[Need]:
    """Return the rows of one page of needs with their incidents."""
    ids = [one["customer_id"] for one in page]
    grouped: dict[UUID, list[Incident]] = defaultdict(list)
    found = _narrowed(needing(), cause, severity).filter(customer_id__in=ids)
    for one in gravest_first(found.select_related("taken_by")):
        if one.customer_id is not None:
            grouped[one.customer_id].append(one)
    named = customers.customers().in_bulk(ids)
    return [Need(named[one], tuple(grouped[one])) for one in ids if one in named and grouped[one]]


def _narrowed(found: QuerySet[Incident], cause: str, severity: str) -> QuerySet[Incident]:
    if cause:
        found = found.filter(cause=cause)
    return found.filter(severity=severity) if severity else found


def morning() -> Morning:
    """Return what stands above the needs: the size of the fleet, storms, calls that are due."""
    by_severity = {
        one.value: Count("customer_id", filter=Q(first__gte=first, first__lt=last))
        for one, (first, last) in ((one, rules.ranks_of(one)) for one in Severity)
    }
    # One pass over one index, whatever the number of practices.
    counts = needs().order_by().aggregate(all=Count("customer_id"), **by_severity)
    return Morning(fleet.numbers(), storms(), calls(), counts, counts["all"], _unsure())


def _unsure() -> int:
    """Return at how many practices that need nobody as far as is known the look fails."""
    failing = fleet.stumbles().customer_ids
    known = needs().filter(customer_id__in=failing) if failing else ()
    return len(failing) - len(known)


def storms() -> list[Told]:
    """Return the storms that stand."""
    return [Told(one) for one in Incident.objects.filter(customer=None, closed_at=None)]


def calls() -> list[Reply]:
    """Return the practices that asked to be called and were not, the longest waiting first."""
    found = Reply.objects.filter(
        answer=Answer.CALL, done_at=None, subject__digest__customer__is_active=True
    )
    return list(found.select_related("subject__digest__customer").order_by("at"))


def of_practice(customer_id: UUID) -> list[Told]:
    """Return the open incidents of a practice, those that ask for somebody first."""
    found = Incident.objects.filter(customer_id=customer_id, closed_at=None)
    found = found.select_related("taken_by").prefetch_related("steps__person")
    order = list(Standing)
    # The sort is stable: within a standing the gravest stays first.
    return [
        Told(one) for one in sorted(gravest_first(found), key=lambda it: order.index(_standing(it)))
    ]


def closed_of_practice(customer_id: UUID, *, count: int = 10) -> list[Told]:
    """Return the incidents of a practice that closed last, the newest first."""
    found = Incident.objects.filter(customer_id=customer_id, closed_at__isnull=False)
    found = found.prefetch_related("steps__person")
    return [Told(one) for one in found.order_by("-closed_at")[:count]]


def _standing(one: Incident) -> Standing:
    return Standing(one.standing)


#: Storms are of no practice; a practice whose contract ended is shown to nobody.
_UNDER_CONTRACT: Final = Q(customer=None) | Q(customer__is_active=True)


def opened_now(*, mine: UUID | None = None) -> QuerySet[Incident]:
    """Return the open incidents that ask for somebody, storms with them; ``mine``: whose."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at=None, standing=Standing.TOLD)
    if mine is not None:
        found = found.filter(taken_by_id=mine)
    return gravest_first(found.select_related("customer", "taken_by"))


def quiet_now() -> QuerySet[Incident]:
    """Return the open incidents that ask for nobody: held, muted, borne, or too young to tell."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at=None).exclude(standing=Standing.TOLD)
    return gravest_first(found.select_related("customer", "taken_by"))


def closed_lately(now: datetime) -> QuerySet[Incident]:
    """Return the incidents of a week that are over, the newest first."""
    found = Incident.objects.filter(_UNDER_CONTRACT, closed_at__gt=now - timedelta(days=7))
    return found.select_related("customer").order_by("-closed_at")


@dataclass(frozen=True)
class Budget:
    """How many new incidents a technician is given a day, over a week."""

    told: int
    technicians: int
    days: int = 7

    @property
    def each(self) -> float:
        """Return incidents per technician per day."""
        return self.told / self.days / max(self.technicians, 1)

    @property
    def is_kept(self) -> bool:
        """Tell whether it is few enough to be read."""
        return self.each <= rules.BUDGET

    @property
    def most(self) -> int:
        """Return how many are borne."""
        return rules.BUDGET


def budget(now: datetime) -> Budget:
    """Return the load of the last seven days."""
    told = Incident.objects.filter(told_at__gt=now - timedelta(days=7)).count()
    return Budget(told, technicians())


def technicians() -> int:
    """Return how many people are told of incidents."""
    return max(len(duties()), 1)


def standing_exemptions(now: datetime) -> QuerySet[Exemption]:
    """Return what is borne at a moment."""
    return Exemption.objects.filter(ended_at=None, granted_at__lte=now, ends_at__gt=now)


def exemptions_of(customer_id: UUID, now: datetime) -> QuerySet[Exemption]:
    """Return what is borne at a practice, what ends first first."""
    found = standing_exemptions(now).filter(customer_id=customer_id)
    return found.select_related("machine", "granted_by")


def windows_of(customer_id: UUID, now: datetime) -> QuerySet[Window]:
    """Return the windows of a practice: those to come, those of now, those of the last month."""
    found = Window.objects.filter(customer_id=customer_id, ends_at__gt=now - timedelta(days=30))
    return found.select_related("machine", "planned_by").prefetch_related("muted__machine")


@dataclass(frozen=True)
class Resting:
    """A practice in maintenance now: all of it or some machines, until the last window ends."""

    customer: "Customer"
    windows: tuple[Window, ...]
    now: datetime

    @property
    def ends_at(self) -> datetime:
        """Return when nothing of it is in maintenance any more."""
        return max(one.ends_at for one in self.windows)

    @property
    def is_over_today(self) -> bool:
        """Tell whether the hour alone says when it ends."""
        return timezone.localdate(self.ends_at) == timezone.localdate(self.now)

    @property
    def machines(self) -> list[str]:
        """Return the machines that it is about; none: the whole practice."""
        if any(one.machine_id is None for one in self.windows):
            return []
        return sorted({one.machine.name for one in self.windows if one.machine})


def resting(now: datetime) -> list[Resting]:
    """Return the practices in maintenance at a moment: the one that ends first is first."""
    found = Window.objects.filter(starts_at__lte=now, ends_at__gt=now, customer__is_active=True)
    grouped: dict[UUID, list[Window]] = defaultdict(list)
    for one in found.select_related("customer", "machine"):
        grouped[one.customer_id].append(one)
    rows = [Resting(each[0].customer, tuple(each), now) for each in grouped.values()]
    return sorted(rows, key=lambda row: (row.ends_at, row.customer.name))


@dataclass(frozen=True)
class Quiet:
    """What is quiet at a practice, with its words: windows, exemptions, answers."""

    windows: Sequence[tuple[Window, Sequence[tuple[Any, str]]]]
    exemptions: Sequence[tuple[Exemption, str]]
    replies: Sequence[tuple[Reply, str, str]]


def quiet_of(customer_id: UUID, now: datetime) -> Quiet:
    """Return what is quiet at a practice, and what it answered to its digests last."""
    replies = Reply.objects.filter(subject__digest__customer_id=customer_id)
    return Quiet(
        [
            (one, [(each, fleet.title_of(each.rule)) for each in one.muted.all()])
            for one in windows_of(customer_id, now)
        ],
        [(one, fleet.title_of(one.rule)) for one in exemptions_of(customer_id, now)],
        [
            (one, str(wording.ANSWERS[one.answer]), fleet.cause_name(one.subject.cause))
            for one in replies.select_related("subject", "done_by")[:10]
        ],
    )


def duties() -> list[Duty]:
    """Return how people want to be told: those whose account is open, and who have any way."""
    is_carried = is_sms_carried()
    return [one for one in _duties() if _is_reachable(one, is_carried=is_carried)]


def nobody_told() -> str:
    """Return why nobody is told of what is urgent, in words; "" when somebody is."""
    if duties():
        return ""
    chosen = {way for duty in _duties() for way in duty.ways}
    if Way.PUSH in chosen:
        return str(wording.NO_BROWSER)
    return str(wording.NO_OPERATOR if Way.SMS in chosen else wording.NO_WAY)


def unreachable() -> list[tuple[str, str]]:
    """Return whom nothing reaches of the ways she chose: her name, and why, in words."""
    is_carried = is_sms_carried()
    left = [one for one in _duties() if not _is_reachable(one, is_carried=is_carried)]
    return [(one.person.full_name, wording.hindrance(one.ways)) for one in left]


def is_sms_carried() -> bool:
    """Tell whether somebody carries short messages: the simulator does so for a demo alone."""
    return practices.is_demo()


def is_unheard(person_id: UUID) -> bool:
    """Tell whether somebody chose notifications and has no browser that takes them."""
    chose = Duty.objects.filter(person_id=person_id, by_push=True).exists()
    return chose and not browsers_of(person_id).exists()


def _duties() -> QuerySet[Duty]:
    found = Duty.objects.filter(person__is_active=True).select_related("person")
    return found.prefetch_related("person__subscriptions").order_by("person_id")


def _is_reachable(duty: Duty, *, is_carried: bool) -> bool:
    """Tell whether one of the ways somebody chose leads to her; ``is_carried``: texts as well."""
    leads: dict[str, bool] = {
        Way.PUSH: bool(duty.person.subscriptions.all()),
        Way.MAIL: bool(duty.email),
        Way.SMS: is_carried and bool(duty.phone),
    }
    return any(leads[way] for way in duty.ways)


def unreached() -> list[Told]:
    """Return the open incidents of which an urgent message was given up for everybody."""
    alarms = Outgoing.objects.filter(is_alarm=True, incident__closed_at=None)
    lost = alarms.filter(state=Sent.FAILED).values_list("key", "incident_id")
    news = {key.rsplit(":", 2)[0]: incident_id for key, incident_id in lost}
    told = alarms.filter(incident_id__in=news.values()).exclude(state=Sent.FAILED)
    reached = {key.rsplit(":", 2)[0] for key in told.values_list("key", flat=True)}
    left = {incident_id for one, incident_id in news.items() if one not in reached}
    return [Told(one) for one in gravest_first(Incident.objects.filter(pk__in=left))]


def looked_at() -> datetime | None:
    """Return when the rules had last looked at the whole fleet; None: they never did."""
    return jobs.last_done(_LOOK)


def is_look_late(now: datetime) -> bool:
    """Tell whether the rules stopped looking: what the pages show is older than it seems."""
    at = looked_at()
    return at is None or now - at > rules.LOOK_PATIENCE


def delayed(now: datetime) -> QuerySet[Outgoing]:
    """Return the messages that should have left and did not; what a way in trouble keeps too."""
    troubled = Channel.objects.exclude(trouble="").values("name")
    is_waiting = Q(state=Sent.DUE) & (
        Q(due_at__lt=now - rules.SEND_PATIENCE) | Q(channel__in=troubled, reason__gt="")
    )
    is_lost = Q(state=Sent.SENDING, leased_until__lt=now - rules.SEND_PATIENCE)
    return Outgoing.objects.filter(is_waiting | is_lost)


def unheard_since(now: datetime) -> datetime | None:
    """Return since when the door hears nobody though somebody is expected; None: all is well."""
    windows = Window.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return fleet.unheard_since(
        now,
        resting=windows.filter(machine=None).values("customer_id"),
        resting_machines=windows.filter(machine__isnull=False).values("machine_id"),
    )


def stopped(now: datetime) -> list[str]:
    """Return what does not work of the provider itself, in words; of nobody's data."""
    found = []
    if unheard_since(now) is not None:
        found.append(str(wording.NOBODY_HEARD))
    if is_look_late(now):
        found.append(str(wording.LOOK_IS_LATE))
    if delayed(now).exists():
        found.append(str(wording.SENDING_IS_LATE))
    return found


def shift_of(duty: Duty) -> rules.Shift:
    """Return when somebody is on duty."""
    days = frozenset(int(one) for one in duty.weekdays)
    return rules.Shift(days, duty.from_hour, duty.to_hour % 24)


def customers_of(found: Iterable[Incident]) -> dict[object, str]:
    """Return the names of the practices of incidents, by their ids."""
    ids = {one.customer_id for one in found if one.customer_id}
    return {one.id: str(one) for one in customers.customers().filter(pk__in=ids)}


@dataclass(frozen=True)
class Stands:
    """A finding that stands, and what a person decided to bear of it."""

    shown: fleet.Shown
    exemption: Exemption | None


def findings_of(customer_id: UUID, now: datetime, *, cause: str = "") -> list[Stands]:
    """Return what stands at a practice: what counts first, then what is borne."""
    known = {(one.machine_id, one.rule): one for one in exemptions_of(customer_id, now)}
    found = [
        Stands(one, _bearing(known, one.finding, now))
        for one in fleet.findings_of_practice(customer_id)
        if cause in {"", one.finding.cause}
    ]
    return sorted(found, key=lambda one: one.exemption is not None)


@dataclass(frozen=True)
class Needs:
    """What there is to do at a practice, each fact once: by incident, then what is in none."""

    incidents: Sequence[tuple[Told, Sequence[Stands]]]
    others: Sequence[Stands]

    @property
    def count(self) -> int:
        """Return how many lines that is; an incident of which nothing is found now is one."""
        return sum(len(rows) or 1 for _told, rows in self.incidents) + len(self.others)


def needs_of(customer_id: UUID, now: datetime) -> Needs:
    """Return what there is to do at a practice, the gravest first."""
    by_cause: dict[str, list[Stands]] = defaultdict(list)
    for one in findings_of(customer_id, now):
        by_cause[one.shown.finding.cause].append(one)
    incidents = [(told, by_cause.pop(told.incident.cause, [])) for told in of_practice(customer_id)]
    return Needs(incidents, [one for rows in by_cause.values() for one in rows])


def _bearing(
    known: Mapping[tuple[UUID | None, str], Exemption], finding: "Finding", now: datetime
) -> Exemption | None:
    one = known.get((finding.machine_id, finding.rule))
    verdict = Verdict(finding.rule, State(finding.state), finding.reason, finding.values)
    return one if one and one.bears(verdict, now) else None


def practices_of_storm(storm: Incident) -> list[tuple["Customer", int]]:
    """Return the practices of a storm and how many of their machines it explains."""
    rows = storm.machines_blown.values_list("machine__customer_id").annotate(count=Count("id"))
    counts = dict(rows)
    named = customers.customers().filter(pk__in=counts)
    return [(one, counts[one.id]) for one in named]


def duty_of(person_id: UUID) -> Duty | None:
    """Return how somebody wants to be told; None before she said so."""
    return Duty.objects.filter(pk=person_id).first()


def browsers_of(person_id: UUID) -> QuerySet[Subscription]:
    """Return the browsers of somebody that are told."""
    return Subscription.objects.filter(person_id=person_id)


def digests_of(
    customer_id: UUID, *, count: int = 8
) -> list[tuple[Digest, list[Subject], list[Outgoing]]]:
    """Return the digests of a practice, the newest first, with their subjects and letters."""
    found = Digest.objects.filter(customer_id=customer_id)
    return [
        (one, list(one.subjects.all()), list(one.outgoing.all()))
        for one in found.prefetch_related("subjects", "outgoing")[:count]
    ]


def subject(subject_id: UUID) -> Subject:
    """Return one subject of a digest, with its practice. Raises: LookupError."""
    rows = Subject.objects.select_related("digest__customer", "incident")
    found = rows.filter(pk=subject_id).first()
    if found is None:
        raise LookupError("no such subject")
    return found


def reply_of(subject_id: UUID, answer: Answer) -> Reply | None:
    """Return an answer that was given; None before."""
    return Reply.objects.filter(subject_id=subject_id, answer=answer).first()


def sending() -> Sending | None:
    """Return how the provider sends; None before anybody set it."""
    return Sending.objects.first()


def channels() -> dict[str, Channel]:
    """Return what is known of each way to send."""
    return {one.name: one for one in Channel.objects.all()}


def outgoing_of(person_id: UUID, *, count: int = 20) -> QuerySet[Outgoing]:
    """Return the newest messages to somebody."""
    return Outgoing.objects.filter(person_id=person_id).select_related("subscription")[:count]
