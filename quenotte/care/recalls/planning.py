"""The look at who is due, every night: new recalls, and those that a visit has ended."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.practice import operations as practices
from quenotte.care.agenda import queries as agenda
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth
from quenotte.care.recalls import rules, sources
from quenotte.care.recalls.models import Recall, RecallChoice, RecallRule

#: When the last visit of each patient that took place began.
Visits = Mapping[UUID, datetime]


@transaction.atomic
def plan_practice(practice_id: UUID, today: date) -> int:
    """Put who is due on the list, take off who came; return how many are new.

    It may run twice, or be killed half way: what is there is not added again.
    """
    # One look at a time: what two of them found missing would be added twice.
    practices.hold(practice_id)
    ensure_rules(practice_id)
    visits = agenda.last_treated(practice_id)
    by_hand = Recall.objects.filter(practice_id=practice_id, rule=None)
    _close_seen(by_hand, {}, visits)
    new = len(Recall.objects.bulk_create(_asked_again(practice_id, by_hand, today)))
    active = list(RecallRule.objects.filter(practice_id=practice_id, is_active=True))
    ageless = _for_unknown_age(active)
    for rule in active:
        last = sources.last_days(rule.trigger, practice_id, rules.codes_of(rule.matches))
        _close_seen(Recall.objects.filter(rule=rule), last, visits)
        due = _due(rule, last, visits, today, is_ageless=rule.id in ageless)
        new += len(Recall.objects.bulk_create(due))
    return new


def _for_unknown_age(active: Iterable[RecallRule]) -> set[UUID]:
    """Return the rules for those whose birth nobody gave: of several by age, the shortest.

    A child without a birth date is then not asked back as late as an adult, and nobody twice.
    """
    shortest: dict[tuple[str, str], RecallRule] = {}
    for rule in active:
        key = ("", str(rule.id)) if rule.terms.is_for_all else (rule.trigger, rule.matches)
        known = shortest.get(key)
        if known is None or rule.months < known.months:
            shortest[key] = rule
    return {rule.id for rule in shortest.values()}


def ensure_rules(practice_id: UUID) -> None:
    """Give a practice that has no rule those of the product."""
    if RecallRule.objects.filter(practice_id=practice_id).exists():
        return
    RecallRule.objects.bulk_create(
        RecallRule(
            practice_id=practice_id,
            name=first.name,
            trigger=first.trigger.value,
            matches=" ".join(first.matches),
            months=first.terms.months,
            min_age=first.terms.min_age,
            max_age=first.terms.max_age,
        )
        for first in rules.FIRST_RULES
    )


def _close_seen(recalls: QuerySet[Recall], last: Mapping[UUID, date], visits: Visits) -> None:
    """End the recalls of those who came, or were looked at, after they were put on the list."""
    for recall in recalls.filter(closed_at=None):
        day = last.get(recall.patient_id)
        was_done = day is not None and day >= timezone.localdate(recall.listed_at)
        if was_done or _came(recall, visits):
            recall.closed_at, recall.closed_as = timezone.now(), Recall.Closed.SEEN
            recall.version += 1
            recall.save(update_fields=["closed_at", "closed_as", "version"])


def _came(recall: Recall, visits: Visits) -> bool:
    """Tell whether the patient came since, no longer before the day than the list is early."""
    visit = visits.get(recall.patient_id)
    if visit is None or visit <= recall.listed_at:
        return False
    lead = rules.LEAD
    if recall.rule_id is None:
        lead = rules.lead_by_hand(timezone.localdate(recall.created_at), recall.due_on)
    return timezone.localdate(visit) >= recall.due_on - lead


@dataclass(frozen=True, slots=True)
class _Ended:
    """How and when the last recall of a patient ended.

    ``kept_at`` is the visit by which she kept her word: the first since, when she said that
    she would come. The later ones were for something else.
    """

    patient_id: UUID
    closed_as: str
    closed_at: datetime
    kept_at: datetime | None = None

    @property
    def day(self) -> date:
        """The day from which the next interval is counted."""
        return timezone.localdate(self.kept_at or self.closed_at)

    @property
    def is_awaited(self) -> bool:
        """Whether she said that she would come, and has not come since."""
        return self.closed_as == Recall.Closed.BOOKED and self.kept_at is None


def _ends(recalls: QuerySet[Recall]) -> Iterator[tuple[Recall, _Ended]]:
    """Give the recalls that ended, oldest first, each with its end."""
    rows = list(recalls.filter(closed_at__isnull=False).order_by("closed_at"))
    booked = {one.patient_id for one in rows if one.closed_as == Recall.Closed.BOOKED}
    treated = agenda.treatments_of_each(booked)
    for one in rows:
        if one.closed_at is None:
            continue
        is_booked = one.closed_as == Recall.Closed.BOOKED
        since = treated.get(one.patient_id, []) if is_booked else []
        kept_at = next((at for at in since if at > one.closed_at), None)
        yield one, _Ended(one.patient_id, one.closed_as, one.closed_at, kept_at)


def _stood_up(ended: Mapping[Any, _Ended]) -> set[Any]:
    """Return what was ended by an appointment that did not take place, and none is to come.

    What was missed or cancelled counts at once; what nobody ended yet, after ``UNENDED``.
    """
    awaited = {key: end.patient_id for key, end in ended.items() if end.is_awaited}
    coming = agenda.next_of_each(set(awaited.values()), timezone.now() - rules.UNENDED)
    return {key for key, patient_id in awaited.items() if patient_id not in coming}


def _asked_again(practice_id: UUID, by_hand: QuerySet[Recall], today: date) -> Iterator[Recall]:
    """Put back who was asked back by hand, said that she would come, and did not."""
    listed = set(by_hand.filter(closed_at=None).values_list("patient_id", "reason"))
    last = {(one.patient_id, one.reason): (one, end) for one, end in _ends(by_hand)}
    ended = {key: end for key, (_one, end) in last.items() if key not in listed}
    reachable = {one for one, _born_on in patients.born_and_reachable(practice_id)}
    for key in _stood_up(ended):
        recall, end = last[key]
        if key[0] in reachable and not rules.has_left(end.day, rules.FORGET_AFTER, today):
            yield Recall(
                practice_id=practice_id, patient_id=key[0], reason=key[1], due_on=recall.due_on
            )


def _due(
    rule: RecallRule,
    last: Mapping[UUID, date],
    visits: Visits,
    today: date,
    *,
    is_ageless: bool,
) -> Iterator[Recall]:
    """Give who is due; ``is_ageless``: those of unknown age too."""
    terms = rule.terms
    listed = set(
        Recall.objects.filter(rule=rule, closed_at=None).values_list("patient_id", flat=True)
    )
    ended = {one.patient_id: end for one, end in _ends(Recall.objects.filter(rule=rule))}
    for patient_id in _stood_up(ended):
        del ended[patient_id]
    agreed = dict(RecallChoice.objects.filter(rule=rule).values_list("patient_id", "months"))
    for patient_id, born_on in patients.born_and_reachable(rule.practice_id):
        born = known_birth(born_on)
        if patient_id not in last or patient_id in listed or not (born or is_ageless):
            continue
        visit = visits.get(patient_id)
        known = rules.Situation(
            last_on=last[patient_id],
            born_on=born,
            months=agreed.get(patient_id),
            closed_on=ended[patient_id].day if patient_id in ended else None,
            seen_on=timezone.localdate(visit) if visit else None,
        )
        if day := rules.due_on(terms, known, today):
            yield Recall(practice_id=rule.practice_id, patient_id=patient_id, rule=rule, due_on=day)
