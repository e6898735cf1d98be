"""Finding a patient while her name is typed: ranges of keys, the rarest term first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.utils import timezone
from rapidfuzz import fuzz, process

from quenotte.care.patients import lookups
from quenotte.care.patients.lookups import Lookup, Range, Term
from quenotte.care.patients.queries import Found, found_from, found_rows_of

#: Candidates read for one range: enough to sort a page of them by how well they fit.
_CANDIDATES = 80
#: Fewer hits than this, and misspelled surnames are looked for.
_ENOUGH = 5
#: Distinct surnames compared with a misspelled one.
_SURNAMES_COMPARED = 4000
#: Likeness, from 0 to 100, under which a surname is another surname.
_LIKE = 76

#: Built of constants; every value is a parameter.
_CANDIDATES_QUERY = (
    "SELECT p.id, p.birth_name, p.used_name, p.first_birth_first_name, p.used_first_name, "
    "p.died_on IS NOT NULL FROM (SELECT k.patient_id, k.key FROM care_searchkey k "
    "WHERE k.practice_id = %s AND {} ORDER BY k.key LIMIT %s) c "
    "JOIN care_patient p ON p.id = c.patient_id ORDER BY c.key"
)
_ANSWERS_TOO = (
    "k.patient_id IN (SELECT o.patient_id FROM care_searchkey o WHERE o.practice_id = %s AND {})"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search found: ``found`` in the order shown, ``kind`` for the journal."""

    found: list[Found]
    kind: str


class Candidate(NamedTuple):
    """A patient who may be meant: what sorting needs to know. ``id`` as the engine writes it."""

    id: Any
    birth_name: str
    used_name: str
    first_name: str
    used_first_name: str
    is_dead: bool


def search(practice_id: UUID, text: str, limit: int = 20) -> Answer:
    """Find patients by what is typed: exact and beginning words first, like spellings after.

    Words may be beginnings, in any order; accents, case and hyphens do not matter.
    """
    today = timezone.localdate()
    asked = lookups.lookup(text, today)
    if not asked.terms:
        return Answer([], asked.kind)
    known = _matching(practice_id, asked.terms, limit)
    exact = _sorted(asked, known)[:limit]
    close: list[Any] = []
    if len(exact) < _ENOUGH and asked.words:
        close = _like(practice_id, asked, set(known))[: limit - len(exact)]
    wanted = [_uuid(key) for key in exact + close]
    rows = {row[0]: row for row in found_rows_of(wanted)}
    found = [
        found_from(rows[key], today, is_close=place >= len(exact))
        for place, key in enumerate(wanted)
        if key in rows
    ]
    return Answer(found, asked.kind)


def _matching(
    practice_id: UUID, terms: tuple[Term, ...], limit: int
) -> dict[Any, tuple[str, Candidate]]:
    """Return patient -> (kind, names): the kind of key that answers the rarest term."""
    known: dict[Any, tuple[str, Candidate]] = {}
    for one, others in _attempts(terms):
        for candidate in _candidates(practice_id, [one], others):
            known.setdefault(candidate.id, (one.kind, candidate))
        if len(known) >= max(limit, _CANDIDATES):
            break
    return known


def _attempts(terms: tuple[Term, ...]) -> Iterator[tuple[Range, tuple[Term, ...]]]:
    """Yield the ways to read the words, the likeliest first: one a surname, the others not.

    « mart ma » means MARTIN Marie before it means any MARTEL, whose name starts with both.
    """
    first, others = terms[0], terms[1:]
    if first.word and any(term.word for term in others):
        for one in first.ranges:
            yield one, tuple(_other_kind(term, one.kind) for term in others)
    for one in first.ranges:
        yield one, others


def _other_kind(term: Term, kind: str) -> Term:
    if not term.word:
        return term
    return replace(term, ranges=tuple(one for one in term.ranges if one.kind != kind))


def _like(practice_id: UUID, asked: Lookup, known: set[Any]) -> list[Any]:
    """Return the ids of others whose surname is spelled nearly like one of the words."""
    found: dict[Any, None] = {}
    for word in sorted(asked.words, key=len, reverse=True)[:2]:
        if len(word) < 3:
            continue
        others = tuple(term for term in asked.terms if term.word != word)
        sounds = [
            lookups.exactly(lookups.PHONETIC, key) for key in sorted(lookups.phonetic_keys(word))
        ]
        spelled = [
            lookups.exactly(lookups.SURNAME, key) for key in _like_surnames(practice_id, word)
        ]
        for ranges in (spelled, sounds):
            for candidate in _candidates(practice_id, ranges, others) if ranges else ():
                if candidate.id not in known:
                    found.setdefault(candidate.id)
    return list(found)


def _like_surnames(practice_id: UUID, word: str) -> list[str]:
    """Return the surnames of the practice that look like ``word``, best first."""
    same_letter = lookups.starting(lookups.SURNAME, word[0])
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT key FROM care_searchkey WHERE practice_id = %s AND kind = %s "
            "AND key BETWEEN %s AND %s LIMIT %s",
            [_param(practice_id), *_bounds(same_letter), _SURNAMES_COMPARED],
        )
        surnames = [row[0] for row in cursor.fetchall()]
    best = process.extract(word, surnames, scorer=fuzz.ratio, score_cutoff=_LIKE, limit=8)
    return [surname for surname, _, _ in best]


def _candidates(practice_id: UUID, ranges: list[Range], others: Iterable[Term]) -> list[Candidate]:
    """Return who has a key in the ranges, among those who answer the other terms too.

    Plain SQL: the ORM takes longer to write this than the database to answer.
    """
    params: list[Any] = [_param(practice_id)]
    where = [_either("k", ranges, params)]
    for term in others:
        params.append(_param(practice_id))
        where.append(_ANSWERS_TOO.format(_either("o", term.ranges, params)))
    query = _CANDIDATES_QUERY.format(" AND ".join(where))
    with connection.cursor() as cursor:
        cursor.execute(query, [*params, _CANDIDATES])
        return [Candidate(*row) for row in cursor.fetchall()]


def _either(table: str, ranges: Iterable[Range], params: list[Any]) -> str:
    parts = []
    for one in ranges:
        params.extend(_bounds(one))
        parts.append(f"({table}.kind = %s AND {table}.key BETWEEN %s AND %s)")
    return f"({' OR '.join(parts)})"


def _bounds(one: Range) -> tuple[str, str, str]:
    return one.kind, one.low, one.high


def _param(value: UUID) -> Any:
    return value if connection.features.has_native_uuid_field else value.hex


def _uuid(value: Any) -> UUID:
    return value if isinstance(value, UUID) else UUID(hex=value)


def _sorted(asked: Lookup, known: dict[Any, tuple[str, Candidate]]) -> list[Any]:
    """Return the ids of these patients, those that fit best first."""
    words = set(asked.words)

    def fit(answer: tuple[str, Candidate]) -> tuple[Any, ...]:
        kind, one = answer
        shown = _folded(one.used_name or one.birth_name)
        surnames = _folded(one.birth_name) | _folded(one.used_name)
        first_names = _folded(one.first_name) | _folded(one.used_first_name)
        return (
            kind != lookups.FILE,
            -_as_a_name(words, surnames, first_names),
            -len(words & shown),
            -len(words & surnames),
            -_starting(words, shown),
            -_starting(words, surnames),
            -len(words & first_names),
            one.is_dead,
            one.used_name or one.birth_name,
            one.used_first_name or one.first_name,
        )

    return [one.id for _, one in sorted(known.values(), key=fit)]


@lru_cache(maxsize=4096)
def _folded(name: str) -> frozenset[str]:
    # Most names are borne by many: folding them again would be half the cost of sorting.
    return frozenset(lookups.words_of(name))


def _as_a_name(words: set[str], surnames: frozenset[str], first_names: frozenset[str]) -> int:
    """Return how many words are used when one names the family and the others the person."""
    if len(words) < 2:
        return 0
    return min(1, _starting(words, surnames)) + _starting(words, first_names)


def _starting(words: set[str], names: frozenset[str]) -> int:
    """Return how many words start one of the names; plain loops, as it is asked by the hundred."""
    found = 0
    for word in words:
        for name in names:
            if name.startswith(word):
                found += 1
                break
    return found
