"""Where lines and sessions stand, and what moves when one of them does."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

Layout = Sequence[Sequence[T]]


def stepped(layout: Layout[T], item: T, step: int) -> list[list[T]]:
    """Return the lines of each session with one moved up (-1) or down (+1).

    From the first place of a session it goes to the end of the one before, from the last to
    the beginning of the next; at both ends of the plan it stays.
    """
    groups = [list(group) for group in layout]
    where = next(number for number, group in enumerate(groups) if item in group)
    place = groups[where].index(item)
    if 0 <= place + step < len(groups[where]):
        return put(groups, item, where, place + step)
    if not 0 <= where + step < len(groups):
        return groups
    return put(groups, item, where + step, 0 if step > 0 else len(groups[where + step]))


def put(layout: Layout[T], item: T, where: int, place: int) -> list[list[T]]:
    """Return the lines of each session with one put at a place of a session, from 0."""
    groups = [[one for one in group if one != item] for group in layout]
    groups[where].insert(max(0, place), item)
    return groups
