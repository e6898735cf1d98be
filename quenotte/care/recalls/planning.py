"""The look at who is due, every night: new recalls, and those that a visit has ended."""

from collections import defaultdict
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
from quenotte.kernel.dates import age_years

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
    every = list(RecallRule.objects.filter(practice_id=practice_id))
    active = [rule for rule in every if rule.is_active]
    ageless = _for_unknown_age(active)
    for rule in active:
        last = sources.last_days(rule.trigger, practice_id, rules.codes_of(rule.matches))
        _close_seen(Recall.objects.filter(rule=rule), last, visits)
        known = _known_under(rule, every)
        due = _due(known, last, visits, today, is_ageless=rule.id in ageless)
        new += len(Recall.objects.bulk_create(due))
    return new


def _for_unknown_age(active: Iterable[RecallRule]) -> set[UUID]:
    """Return the rules for those whose birth nobody gave: of several by age, the shortest.

    A child without a birth date is then not asked back as late as an adult, and nobody twice.
    """
    shortest: dict[tuple[str, str], RecallRule] = {}
    for rule in active:
        key = _kind_of(rule)
        known = shortest.get(key)
        if known is None or rule.months < known.months:
            shortest[key] = rule
    return {rule.id for rule in shortest.values()}


def _kind_of(rule: RecallRule) -> tuple[str, str]:
    """Return what is the same of the rules that differ by age alone: what they count from."""
    return ("", str(rule.id)) if rule.terms.is_for_all else (rule.trigger, rule.matches)


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


@dataclass(frozen=True, slots=True)
class _Known:
    """What is on the list, ended and agreed under a rule and those that differ by age alone.

    The others count for whom they are not meant (any more): whose birth nobody gave, or was
    written since, who came of age. What she said then holds, and she is on the list once.
    """

    rule: RecallRule
    others: Mapping[UUID, RecallRule]
    listed: Mapping[UUID, set[UUID]]
    ended: Mapping[UUID, Mapping[UUID, _Ended]]
    agreed: Mapping[UUID, Mapping[UUID, int]]

    def rules_of(self, born: date | None, today: date) -> set[UUID]:
        """Return the rules whose past is that of somebody born on a day, or nobody knows when."""
        age = age_years(born, today) if born else None
        past = {
            other.id
            for other in self.others.values()
            if age is None or not other.terms.is_for_age(age)
        }
        return past | {self.rule.id}

    def months_of(self, patient_id: UUID, born: date | None) -> int | None:
        """Return what was agreed; without a birth the shortest under any of the rules, 0 too."""
        agreed = self.agreed.get(patient_id, {})
        if born:
            return agreed.get(self.rule.id)
        return min(agreed.values(), default=None)


def _known_under(rule: RecallRule, every: Iterable[RecallRule]) -> _Known:
    """Return what is known under a rule; ``every`` has the rules that are stopped too."""
    same = {one.id: one for one in every if _kind_of(one) == _kind_of(rule)}
    recalls = Recall.objects.filter(rule__in=list(same))
    listed: dict[UUID, set[UUID]] = defaultdict(set)
    for patient_id, rule_id in recalls.filter(closed_at=None).values_list("patient_id", "rule_id"):
        if rule_id:
            listed[patient_id].add(rule_id)
    last = {(one.patient_id, one.rule_id): end for one, end in _ends(recalls)}
    stood_up = _stood_up(last)
    ended: dict[UUID, dict[UUID, _Ended]] = defaultdict(dict)
    for (patient_id, of), end in last.items():
        if of and (patient_id, of) not in stood_up:
            ended[patient_id][of] = end
    agreed: dict[UUID, dict[UUID, int]] = defaultdict(dict)
    choices = RecallChoice.objects.filter(rule__in=list(same))
    for patient_id, rule_id, months in choices.values_list("patient_id", "rule_id", "months"):
        agreed[patient_id][rule_id] = months
    del same[rule.id]
    return _Known(rule, same, listed, ended, agreed)


def _due(
    known: _Known,
    last: Mapping[UUID, date],
    visits: Visits,
    today: date,
    *,
    is_ageless: bool,
) -> Iterator[Recall]:
    """Give who is due; ``is_ageless``: those of unknown age too."""
    rule = known.rule
    for patient_id, born_on in patients.born_and_reachable(rule.practice_id):
        born = known_birth(born_on)
        if patient_id not in last or not (born or is_ageless):
            continue
        past = known.rules_of(born, today)
        if past & known.listed.get(patient_id, set()):
            continue
        ends = known.ended.get(patient_id, {})
        visit = visits.get(patient_id)
        situation = rules.Situation(
            last_on=last[patient_id],
            born_on=born,
            months=known.months_of(patient_id, born),
            closed_on=max((end.day for one, end in ends.items() if one in past), default=None),
            seen_on=timezone.localdate(visit) if visit else None,
        )
        if day := rules.due_on(rule.terms, situation, today):
            yield Recall(practice_id=rule.practice_id, patient_id=patient_id, rule=rule, due_on=day)
