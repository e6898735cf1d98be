"""The look at who is due, every night: new recalls, and those that a visit has ended."""

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from quenotte.base.practice import operations as practices
from quenotte.care.agenda import queries as agenda
from quenotte.care.patients import queries as patients
from quenotte.care.recalls import rules, sources
from quenotte.care.recalls.models import Recall, RecallChoice, RecallRule


@transaction.atomic
def plan_practice(practice_id: UUID, today: date) -> int:
    """Put who is due on the list, take off who came; return how many are new.

    It may run twice, or be killed half way: what is there is not added again.
    """
    # One look at a time: what two of them found missing would be added twice.
    practices.hold(practice_id)
    ensure_rules(practice_id)
    new = 0
    for rule in RecallRule.objects.filter(practice_id=practice_id, is_active=True):
        last = sources.last_days(rule.trigger, practice_id, rules.codes_of(rule.matches))
        _close_seen(rule, last)
        new += len(Recall.objects.bulk_create(_due(rule, last, today)))
    return new


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


def _close_seen(rule: RecallRule, last: Mapping[UUID, date]) -> None:
    """End the recalls of those who came after they were put on the list."""
    for recall in Recall.objects.filter(rule=rule, closed_at=None):
        day = last.get(recall.patient_id)
        if day and day >= timezone.localdate(recall.created_at):
            recall.closed_at, recall.closed_as = timezone.now(), Recall.Closed.SEEN
            recall.version += 1
            recall.save(update_fields=["closed_at", "closed_as", "version"])


def _stood_up(rule: RecallRule) -> set[UUID]:
    """Return who said that she would come, and has no appointment any more: she is asked again."""
    last: dict[UUID, str] = dict(
        Recall.objects.filter(rule=rule, closed_at__isnull=False)
        .order_by("closed_at")
        .values_list("patient_id", "closed_as")
    )
    booked = {one for one, closed_as in last.items() if closed_as == Recall.Closed.BOOKED}
    return booked - agenda.next_of_each(booked, timezone.now()).keys()


def _due(rule: RecallRule, last: Mapping[UUID, date], today: date) -> Iterator[Recall]:
    terms = rule.terms
    listed = set(
        Recall.objects.filter(rule=rule, closed_at=None).values_list("patient_id", flat=True)
    )
    closed = dict(
        Recall.objects.filter(rule=rule, closed_at__isnull=False)
        .exclude(patient_id__in=_stood_up(rule))
        .order_by()
        .values_list("patient_id")
        .annotate(Max("closed_at"))
    )
    agreed = dict(RecallChoice.objects.filter(rule=rule).values_list("patient_id", "months"))
    for patient_id, born_on in patients.born_and_reachable(rule.practice_id):
        if patient_id not in last or patient_id in listed:
            continue
        ended = closed.get(patient_id)
        known = rules.Situation(
            last[patient_id],
            born_on,
            agreed.get(patient_id),
            timezone.localdate(ended) if ended else None,
        )
        if day := rules.due_on(terms, known, today):
            yield Recall(practice_id=rule.practice_id, patient_id=patient_id, rule=rule, due_on=day)
