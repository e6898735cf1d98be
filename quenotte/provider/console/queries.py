"""Searching the whole fleet: which machines, and the fact that matched with its source and time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from quenotte.provider.console.models import SavedSearch
from quenotte.provider.console.rules import ByRule, ByWords, Condition
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.finder import queries as finder
from quenotte.provider.finder.rules import PRACTICE
from quenotte.provider.fleet import queries as fleet

if TYPE_CHECKING:
    from quenotte.provider.enrolment.models import Machine

#: Machines whose facts are read at once for a file.
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Match:
    """The fact that matched: a label, its words, who says so and when (None: nobody said when)."""

    label: str
    words: str
    source: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    """A machine that a search found, and why."""

    machine: "Machine"
    matches: tuple[Match, ...]


def search(conditions: Sequence[Condition]) -> QuerySet["Machine"]:
    """Return the believed machines under contract for which all conditions hold, by practice."""
    found = enrolment.believed().filter(customer__is_active=True)
    for one in conditions:
        found = found.filter(pk__in=_ids(one))
    if not conditions:
        found = found.none()
    return found.select_related("customer").order_by(
        "customer__name", "customer__town", "name", "id"
    )


def shown(machines: QuerySet["Machine"], page: Sequence[UUID]) -> list["Machine"]:
    """Return the machines of a page of ids, in its order: whole rows are read of these alone."""
    found = machines.in_bulk(page)
    return [found[one] for one in page if one in found]


def by_practice(machines: QuerySet["Machine"]) -> dict[UUID, int]:
    """Return how many of these machines each practice has."""
    counted = machines.order_by().values("customer_id").annotate(count=Count("id"))
    return dict(counted.values_list("customer_id", "count"))


def explained(machines: Sequence["Machine"], conditions: Sequence[Condition]) -> list[Found]:
    """Return machines with the facts that matched each condition."""
    ids = [one.id for one in machines]
    seen = fleet.heard(ids)
    meant = {
        (rule, state)
        for one in conditions
        if isinstance(one, ByRule)
        for rule in one.rules
        for state in one.states
    }
    judged = fleet.judged(ids, {rule for rule, _state in meant}) if meant else {}
    said = [
        finder.said_by(ids, finder.phrases_with(one.words, one.key))
        for one in conditions
        if isinstance(one, ByWords)
    ]
    return [
        Found(
            one,
            (
                *(
                    _of_rule(shown)
                    for shown in judged.get(one.id, ())
                    if (shown.finding.rule, shown.finding.state) in meant
                ),
                *(_of_phrase(one.id, told, seen) for each in said for told in each.get(one.id, ())),
            ),
        )
        for one in machines
    ]


def all_explained(
    machines: QuerySet["Machine"], conditions: Sequence[Condition]
) -> Iterator[Found]:
    """Yield all the machines of a search with their facts, in constant memory."""
    rows = machines.iterator(chunk_size=_CHUNK)
    while some := list(islice(rows, _CHUNK)):
        yield from explained(some, conditions)


def views_of(person_id: UUID) -> QuerySet[SavedSearch]:
    """Return the searches that a person sees: her own, and those that are for all.

    ``in_hand``: whether she may take it away.
    """
    found = SavedSearch.objects.filter(removed_at=None).select_related("owner")
    found = found.annotate(in_hand=is_in_hand(person_id))
    return found.filter(Q(owner_id=person_id) | Q(is_shared=True))


def removed_view(person_id: UUID, view_id: UUID | None) -> SavedSearch | None:
    """Return a search that was taken away and that a person may put back; None when it is none."""
    if view_id is None:
        return None
    found = SavedSearch.objects.filter(pk=view_id, removed_at__isnull=False)
    return found.filter(is_in_hand(person_id)).first()


def is_in_hand(person_id: UUID | None) -> Q:
    """Say which searches a person may take away: her own, and those for all whose owner left."""
    return Q(owner_id=person_id) | Q(is_shared=True, owner__is_active=False)


def _ids(condition: Condition) -> "QuerySet[Any, Any]":
    if isinstance(condition, ByRule):
        return fleet.machines_judged(condition.rules, condition.states)
    return finder.machines_saying(finder.phrases_with(condition.words, condition.key))


def _of_rule(shown: fleet.Shown) -> Match:
    for told in shown.evidence:
        words = f"{shown.words} ({told.words})" if not told.rows else shown.words
        return Match(shown.title, words, told.source, told.at)
    return Match(shown.title, shown.words, "", shown.finding.since)


def _of_phrase(
    machine_id: UUID, told: finder.Said, seen: dict[tuple[UUID, str], datetime]
) -> Match:
    if told.key == PRACTICE:
        return Match(_("Cabinet"), told.shown, "", None)
    source = fleet.source_words(told.source) if told.source else _("inscription")
    return Match(
        fleet.label_words(told.key), told.shown, source, seen.get((machine_id, told.source))
    )
