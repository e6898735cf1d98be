"""One practice: what is open there, its copies, its machines, its licences."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, F, Max, Q

from quenotte.base.copies import LIGHTS, REASONS
from quenotte.kernel.posture.rules import OF_PAPERS
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet.models import Finding, Pulsed
from quenotte.provider.fleet.queries.findings import OWN_RULES, Shown, by_source, gravity_of, opened
from quenotte.provider.licences.rules import ENDING

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine


@dataclass(frozen=True)
class Row:
    """A machine in the list of its practice."""

    machine: "Machine"
    seen_at: datetime | None
    is_silent: bool
    bad: int
    unknown: int


def findings_of_practice(customer_id: UUID) -> list[Shown]:
    """Return what is open at a practice, the gravest first, then the oldest."""
    found = Finding.objects.filter(customer_id=customer_id, is_open=True).select_related("machine")
    return _all_shown(_gravest_first(found), _speaker_of(customer_id))


@dataclass(frozen=True)
class Overview:
    """A practice as its page shows it.

    ``findings``: what is open there, the gravest first, then the oldest. ``copies``: what the rules
    say of its copies beside. ``machines``: those with the most to do first.
    """

    findings: list[Shown]
    copies: list[Shown]
    machines: list[Row]


def overview(customer_id: UUID) -> Overview:
    """Return a practice as its page shows it: who speaks for it, and each fact, is read once."""
    rows = Finding.objects.filter(Q(is_open=True) | Q(machine=None), customer_id=customer_id)
    found = list(rows.select_related("machine").order_by("rule"))
    findings = _gravest_first(one for one in found if one.is_open)
    copies = [one for one in found if not one.is_open and one.rule not in OWN_RULES]
    speaker = _speaker_of(customer_id)
    shown = _all_shown([*findings, *copies], speaker)
    told = sum(one.machine_id is None and one.rule not in OF_PAPERS for one in findings)
    machines = _rows(customer_id, {speaker: told} if speaker else {})
    return Overview(shown[: len(findings)], shown[len(findings) :], machines)


def _gravest_first(found: Iterable[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (*gravity_of(one), opened(one)))


def _speaker_of(customer_id: UUID) -> UUID | None:
    return kept.speakers_of([customer_id]).get(customer_id)


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


def _all_shown(found: Sequence[Finding], speaker: UUID | None) -> list[Shown]:
    """Return findings of one practice beside what is known now."""
    pairs = [(one, one.machine_id or speaker) for one in found]
    known = kept.of_machines({machine_id for _one, machine_id in pairs if machine_id})
    return [
        Shown(one, by_source(known.get(machine_id, []) if machine_id else []))
        for one, machine_id in pairs
    ]


def _rows(customer_id: UUID, told: Mapping[UUID, int]) -> list[Row]:
    """Return the machines of a practice, those with the most to do first.

    ``told``: by the machine that speaks for it, how much is open of the practice itself.
    """
    machines = enrolment.accepted(customer_id).annotate(
        seen_at=Max("states__seen_at"),
        bad=Count("findings", filter=Q(findings__is_open=True), distinct=True),
        unknown=Count("findings", filter=Q(findings__state="unknown"), distinct=True),
        silent_since=F("posture__silent_since"),
    )
    rows = [
        Row(
            one, one.seen_at, one.silent_since is not None,
            one.bad + told.get(one.id, 0), one.unknown,
        )
        for one in machines
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.bad, row.machine.name))


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
