"""What every fact of every agent keeps to, whatever the agent sent."""

from collections.abc import Iterable
from typing import Any

from quenotte.kernel.posture.facts import FIELDS, KEYS, Fact, Kind
from quenotte.kernel.posture.values import fault

#: What no fact may hold: it stands wherever agents find names of people, files and commands.
CANARIES = ("canari", "lerouge")


def checked(facts: Iterable[Fact]) -> dict[str, Fact]:
    """Return facts by key, each of them once, in its kind, and without a name."""
    by_key: dict[str, Fact] = {}
    for fact in facts:
        assert fact.key not in by_key
        by_key[fact.key] = fact
        _check(fact)
    return by_key


def values(facts: Iterable[Fact]) -> dict[str, Any]:
    """Return by key the value, or the reason why there is none."""
    return {key: fact.unknown or fact.value for key, fact in checked(facts).items()}


def _check(fact: Fact) -> None:
    assert (fact.value is None) == (fact.unknown is not None)
    assert fact.observed_at.tzinfo is not None
    assert not any(word in str(fact.value).lower() for word in CANARIES), fact
    if fact.value is None:
        return
    assert fault(fact.key, fact.value) is None, fact
    kind = KEYS[fact.key]
    for row in fact.value if kind is Kind.ROWS else ():
        assert tuple(row) == FIELDS[fact.key]
        assert any(value is not None for value in row.values())
