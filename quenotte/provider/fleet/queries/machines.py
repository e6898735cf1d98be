"""One machine: what is known of it, what changed, when it was heard."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils import timezone

from quenotte.kernel.posture.facts import KEYS, Fact
from quenotte.kernel.posture.judging import subject_of
from quenotte.kernel.posture.rules import OF_PAPERS
from quenotte.kernel.posture.terms import Subject
from quenotte.provider.customers import queries as customers
from quenotte.provider.fleet import facts as kept
from quenotte.provider.fleet import showing
from quenotte.provider.fleet.models import Change, Finding
from quenotte.provider.fleet.nights import Night, nights_of
from quenotte.provider.fleet.queries.findings import OWN_RULES, Shown, by_source, gravity_of
from quenotte.provider.licences import queries as licences

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine


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

    @property
    def has_gaps(self) -> bool:
        """Tell whether our own door did not listen on some of these days."""
        return any(one.gaps for one in self.nights)

    @property
    def was_on_outside(self) -> bool:
        """Tell whether it was heard while its practice was closed, and should not have been."""
        return any(one.outside for one in self.nights)


def sheet(
    machine: "Machine",
    heard: Mapping[tuple[UUID, str], datetime],
    believed: Mapping[UUID, Collection[str]],
) -> Sheet:
    """Return one machine with its evidence.

    ``heard``: when each of its sources was, as `heard`; ``believed``: `enrolment.sources_of`.
    """
    found = _found_at(machine)
    order = {"bad": 0, "unknown": 1, "ok": 2}
    findings = sorted(found, key=lambda one: (order[one.state], *gravity_of(one), one.rule))
    # Of a machine that is believed no more, its page says so and shows what it told before.
    if machine.standing == machine.Standing.ACCEPTED:
        known = kept.of_machines([machine.id], heard, believed)
    else:
        known = kept.ever_told([machine.id], heard)
    now = known.get(machine.id, [])
    shown = [Shown(one, by_source(now)) for one in findings]
    zone = ZoneInfo(machine.customer.time_zone)
    return Sheet(
        machine,
        [one for one in shown if not one.is_ok],
        [one for one in shown if one.is_ok],
        [
            (showing.source(source), at)
            for (machine_id, source), at in sorted(heard.items())
            if machine_id == machine.id
        ],
        _newest(now),
        [_shown(one) for one in _changes(machine.id)[:_FEW_CHANGES]],
        nights_of(
            machine.id,
            customers.hours_at(machine.customer),
            zone,
            timezone.now(),
            is_server=machine.speaks_for_practice or subject_of(now) is Subject.SERVER,
        ),
    )


def _found_at(machine: "Machine") -> list[Finding]:
    """Return what is found of a machine; what it tells of its practice is mended here as well.

    And what is found of the licences of the programs that it has.
    """
    whose = Q(machine=machine) | Q(customer_id=machine.customer_id, machine=None)
    found = list(Finding.objects.filter(whose).exclude(rule__in=OWN_RULES, is_open=False))
    speaks = kept.speakers_of([machine.customer_id]).get(machine.customer_id) == machine.id
    is_paper = any(one.rule in OF_PAPERS for one in found)
    here = licences.names_on(machine.id, machine.customer_id) if is_paper else set()
    return [
        one
        for one in found
        if one.machine_id is not None
        or (here.intersection(one.values.get("names", ())) if one.rule in OF_PAPERS else speaks)
    ]


def _newest(found: Iterable[Fact]) -> list[showing.Told]:
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


def heard(machine_ids: Collection[UUID]) -> dict[tuple[UUID, str], datetime]:
    """Return when each source of machines was last heard."""
    return kept.last_heard(machine_ids)
