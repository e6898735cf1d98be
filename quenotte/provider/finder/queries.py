"""Finding machines by what they say: the phrases first, of which there are few, then who says."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from quenotte.provider.finder.models import Mention, Phrase

#: Lines shown beside one machine.
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase of one machine and which source says it."""

    key: str
    shown: str
    source: str


def phrases_with(words: Sequence[str], key: str = "") -> QuerySet[Phrase]:
    """Return the phrases in which words begin with each of these, in any order.

    ``key``: of this fact alone; "" for any.
    """
    found = Phrase.objects.filter(key=key) if key else Phrase.objects.all()
    for word in words:
        found = found.filter(compared__contains=f" {word}")
    return found


def machines_saying(phrases: QuerySet[Phrase]) -> QuerySet[Mention, UUID]:
    """Return the ids of the machines that say any of these phrases."""
    found = Mention.objects.filter(phrase__in=phrases.values("pk"))
    return found.values_list("machine_id", flat=True)


def said_by(machine_ids: Collection[UUID], phrases: QuerySet[Phrase]) -> dict[UUID, list[Said]]:
    """Return which of these phrases machines say, a few of each."""
    rows = Mention.objects.filter(machine_id__in=machine_ids, phrase__in=phrases.values("pk"))
    found: dict[UUID, list[Said]] = defaultdict(list)
    told = rows.order_by("phrase__key", "phrase__shown", "source").values_list(
        "machine_id", "phrase__key", "phrase__shown", "source"
    )
    for machine_id, key, shown, source in told:
        if len(found[machine_id]) < _MOST_SHOWN:
            found[machine_id].append(Said(key, shown, source))
    return found


def counted(
    key: str, *, customer_id: UUID | None = None, words: Sequence[str] = ()
) -> "QuerySet[Mention, Any]":
    """Return the phrases of one fact with the number of believed machines that say them.

    ``customer_id``: of one practice; None: of all under contract. ``words``: begin the words of the
    phrase. Rows of ``phrase__shown`` and ``machines``, the most frequent first.
    """
    found = Mention.objects.filter(
        phrase__in=phrases_with(words, key).values("pk"),
        machine__standing="accepted",
        machine__customer__is_active=True,
    )
    if customer_id is not None:
        found = found.filter(machine__customer_id=customer_id)
    rows = found.values("phrase__shown").annotate(machines=Count("machine", distinct=True))
    return rows.order_by("-machines", "phrase__shown")


def says(machine_id: UUID, key: str, words: Sequence[str]) -> bool:
    """Tell whether a machine says a phrase of one fact that has words beginning with each."""
    phrases = phrases_with(words, key)
    return Mention.objects.filter(machine_id=machine_id, phrase__in=phrases.values("pk")).exists()


def saying_by_practice(
    key: str, words: Sequence[str], customer_ids: Collection[UUID]
) -> dict[UUID, int]:
    """Return the same of several practices; one that no machine speaks for is left out."""
    found = Mention.objects.filter(
        phrase__in=phrases_with(words, key).values("pk"),
        machine__standing="accepted",
        machine__customer_id__in=customer_ids,
    )
    rows = found.order_by().values("machine__customer_id")
    counted = rows.annotate(machines=Count("machine", distinct=True))
    return dict(counted.values_list("machine__customer_id", "machines"))
