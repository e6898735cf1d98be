"""What became better or worse between two dossiers, item by item, from their JSON alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from quenotte.kernel.posture.terms import State

_RANK: Final = {State.BAD.value: 0, State.UNKNOWN.value: 1, State.OK.value: 2}


class Turn(StrEnum):
    """How an item moved."""

    WORSE = "worse"
    BETTER = "better"
    SAME = "same"
    #: The release that made the earlier one did not ask about it, or this one no longer does.
    NEW = "new"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Change:
    """An item in two dossiers: its states ("" where it was not asked), and the bad measures."""

    item: str
    turn: Turn
    before: str
    after: str
    bad_before: int = 0
    bad_after: int = 0


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Return each item of both: the worse first, then the better, then what stayed.

    The same state is better or worse by the number of machines that are bad.
    """
    old, new = _items(before), _items(after)
    found = [_change(key, old.get(key), new.get(key)) for key in {**new, **old}]
    order = list(Turn)
    return sorted(found, key=lambda one: order.index(one.turn))


def _items(told: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {item["key"]: item for theme in told["themes"] for item in theme["items"]}


def _change(key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> Change:
    if old is None or new is None:
        turn = Turn.NEW if old is None else Turn.GONE
        return Change(key, turn, old["state"] if old else "", new["state"] if new else "")
    bad_before, bad_after = _bad(old), _bad(new)
    then, now = (_RANK[old["state"]], -bad_before), (_RANK[new["state"]], -bad_after)
    turn = Turn.SAME if now == then else Turn.BETTER if now > then else Turn.WORSE
    return Change(key, turn, old["state"], new["state"], bad_before, bad_after)


def _bad(item: Mapping[str, Any]) -> int:
    return sum(rule["counts"][State.BAD.value] for rule in item["measured"])
