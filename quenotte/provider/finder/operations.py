"""Writing down the words of machines: what is the same as before costs one comparison."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction

from quenotte.provider.finder.models import Indexed, Mention, Phrase
from quenotte.provider.finder.rules import Told, compared, digest

_BATCH: Final = 500
#: SQLite takes no more values in one question than some thousands.
_ASKED: Final = 900
#: What a phrase is compared by is cut there, as its column is.
_LONGEST_COMPARED: Final = 400


def index(told: Mapping[UUID, Sequence[Told]]) -> int:
    """Let machines be found by these phrases and no others; return how many of them changed."""
    digests = {machine_id: digest(phrases) for machine_id, phrases in told.items()}
    rows = Indexed.objects.filter(pk__in=told).values_list("machine_id", "digest")
    known = {machine_id: bytes(before) for machine_id, before in rows}
    changed = {one: told[one] for one, now in digests.items() if known.get(one) != now}
    if not changed:
        return 0
    with transaction.atomic():
        _replace(changed)
        Indexed.objects.bulk_create(
            [Indexed(machine_id=one, digest=digests[one]) for one in changed],
            update_conflicts=True,
            unique_fields=["machine"],
            update_fields=["digest"],
        )
    return len(changed)


def forget(machine_ids: Collection[UUID]) -> None:
    """Let machines be found no more."""
    if not machine_ids:
        return
    Mention.objects.filter(machine_id__in=machine_ids).delete()
    Indexed.objects.filter(pk__in=machine_ids).delete()


def forget_unsaid() -> int:
    """Forget the phrases that no machine says any more; return how many."""
    return Phrase.objects.filter(mentions=None).delete()[0]


def respell() -> int:
    """Compare phrases that an older release wrote down as this one does; return how many."""
    moved = []
    for one in Phrase.objects.only("shown", "compared").iterator(chunk_size=_BATCH):
        spelt = _compared(one.shown)
        if spelt != one.compared:
            one.compared = spelt
            moved.append(one)
    Phrase.objects.bulk_update(moved, ["compared"], batch_size=_BATCH)
    return len(moved)


def _compared(shown: str) -> str:
    return compared(shown)[:_LONGEST_COMPARED]


def _replace(changed: Mapping[UUID, Sequence[Told]]) -> None:
    ids = _phrases({(one.key, one.shown) for phrases in changed.values() for one in phrases})
    wanted = {
        (ids[one.key, one.shown], machine_id, one.source)
        for machine_id, phrases in changed.items()
        for one in phrases
    }
    rows = Mention.objects.filter(machine_id__in=changed)
    there = {
        (phrase_id, machine_id, source): pk
        for pk, phrase_id, machine_id, source in rows.values_list(
            "pk", "phrase_id", "machine_id", "source"
        )
    }
    for some in _some([pk for key, pk in there.items() if key not in wanted]):
        Mention.objects.filter(pk__in=some).delete()
    Mention.objects.bulk_create(
        (
            Mention(phrase_id=phrase_id, machine_id=machine_id, source=source)
            for phrase_id, machine_id, source in sorted(wanted - there.keys())
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )


def _phrases(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the ids of phrases; those that nobody said before are made."""
    pairs = sorted(pairs)
    found = _known(pairs)
    Phrase.objects.bulk_create(
        (
            Phrase(key=key, shown=shown, compared=_compared(shown))
            for key, shown in pairs
            if (key, shown) not in found
        ),
        batch_size=_BATCH,
        ignore_conflicts=True,
    )
    # Somebody else may have made them at once: what is there counts.
    return {**found, **_known([pair for pair in pairs if pair not in found])}


def _known(pairs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    by_key: dict[str, list[str]] = defaultdict(list)
    for key, shown in pairs:
        by_key[key].append(shown)
    found: dict[tuple[str, str], int] = {}
    for key, texts in by_key.items():
        for some in _some(texts):
            rows = Phrase.objects.filter(key=key, shown__in=some).values_list("shown", "pk")
            found |= {(key, shown): pk for shown, pk in rows}
    return found


def _some(values: Sequence[int] | Sequence[str]) -> Iterable[Sequence[int] | Sequence[str]]:
    for first in range(0, len(values), _ASKED):
        yield values[first : first + _ASKED]
