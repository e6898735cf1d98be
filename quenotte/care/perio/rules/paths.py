"""The way a probe goes round the mouth: each person has hers."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final

from quenotte.care.perio.rules.mouths import ENTRANCES, FACES, LOWER, UPPER, Face, on_screen

Step = tuple[int, str]


class Order(StrEnum):
    """How the sites of an arch follow one another. Values are stored."""

    #: Vestibular from 18 to 28, then palatal back from 28 to 18.
    LOOP = "loop"
    #: Palatal or lingual first, then vestibular back.
    LINGUAL_LOOP = "lingual_loop"
    #: Both faces in the same direction.
    SAME_WAY = "same_way"
    #: The six sites of a tooth, then the next tooth.
    BY_TOOTH = "by_tooth"


USUAL: Final = Order.LOOP


def path(order: Order, *, lower_first: bool, teeth: Iterable[int]) -> list[Step]:
    """Return every site of these teeth once, as (tooth, site), in the order of the probe."""
    wanted = frozenset(teeth)
    return [step for row in _rows(lower_first=lower_first) for step in _round(order, row, wanted)]


def entrances(*, lower_first: bool, teeth: Iterable[int]) -> list[Step]:
    """Return every furcation entrance of these teeth once, as (tooth, entrance)."""
    wanted = frozenset(teeth)
    return [
        (tooth, entrance)
        for row in _rows(lower_first=lower_first)
        for tooth in row
        if tooth in wanted
        for entrance in ENTRANCES.get(tooth, ())
    ]


def _rows(*, lower_first: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return (LOWER, UPPER) if lower_first else (UPPER, LOWER)


def _round(order: Order, row: tuple[int, ...], wanted: frozenset[int]) -> Iterator[Step]:
    present = [tooth for tooth in row if tooth in wanted]
    if order is Order.BY_TOOTH:
        for tooth in present:
            yield from _legs(order, [tooth])
    else:
        yield from _legs(order, present)


def _legs(order: Order, teeth: list[int]) -> Iterator[Step]:
    faces = FACES[::-1] if order is Order.LINGUAL_LOOP else FACES
    yield from _leg(teeth, faces[0])
    there = list(_leg(teeth, faces[1]))
    yield from there if order in {Order.SAME_WAY, Order.BY_TOOTH} else reversed(there)


def _leg(teeth: list[int], face: Face) -> Iterator[Step]:
    return ((tooth, site) for tooth in teeth for site in on_screen(tooth, face))
