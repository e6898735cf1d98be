"""What may be looked at as it was, and what of it may be brought back: said by the rooms.

`upkeep` compares rows of a copy with those of today without knowing what they are; a door tells it
where to begin, which rows belong to that, and how each of them comes back, or why it does not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from quenotte.base.audit.rules import Actor

#: A row as the database holds it: its columns by name (``patient_id``).
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Selection:
    """Rows of a model (``app.Model``) by a filter; ``title`` as it is shown."""

    model: str
    filters: Mapping[str, Any]
    title: str
    patient_id: UUID | None = None


@dataclass(frozen=True)
class Suggestion:
    """One thing that may be meant: how it is shown, what finds it. ``is_sure``: as it was typed."""

    label: str
    typed: str
    is_sure: bool = True


def _may(*_rows: Row) -> object:
    return ""


@dataclass(frozen=True)
class Rule:
    """How rows of one model are followed, shown, and how they come back.

    ``path`` leads from the model to the door's first one (its first foreign key to it unless
    given); ``fields`` are the names of columns that the model leaves without one for the screen.

    What is gone comes back whole, unless ``lost`` says why not. What changed comes back field by
    field, or by ``change``, the room's own operation, with the rows of before and of now; unless
    ``changed`` says why not. What is new stays, unless it is a withdrawal that ``revert``, another
    operation, takes back; ``added`` says why not. ``check`` looks at a row that is back, in the
    same transaction, and raises a Refusal when it is in somebody's way.

    ``is_part``: of the row to which ``path`` leads first. When that one is gone too, it is shown
    alone, and its parts come back with it, before it: a room may seal what it is whole.
    """

    model: str
    label: object
    path: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    lost: Callable[[Row], object] = _may
    changed: Callable[[Row, Row], object] = _may
    change: Callable[[Actor, Row, Row], None] | None = None
    added: Callable[[Row], object] = _may
    revert: Callable[[Actor, Row], None] | None = None
    check: Callable[[Actor, Row], None] | None = None
    is_part: bool = False


@dataclass(frozen=True)
class Door:
    """One thing that people look for in the past.

    ``find`` reads what somebody typed, None when it means nothing to her; ``suggest`` then says
    what she may mean (the search is in the journal). ``rules`` say what is shown, the first one of
    the door's own model; ``after`` is called once rows came back.

    A door with ``every``, the filter of the rows of somebody's practice, is searched through too;
    ``called`` then names a row of the first model and says what to type to find it again.
    """

    key: str
    label: object
    hint: object
    find: Callable[[Actor, str], Selection | None]
    rules: tuple[Rule, ...]
    after: Callable[[Actor, Selection], None] = lambda _actor, _selection: None
    every: Callable[[Actor], Mapping[str, Any]] | None = None
    called: Callable[[Row], tuple[str, str]] = lambda _row: ("", "")
    suggest: Callable[[Actor, str], list[Suggestion]] = lambda _actor, _typed: []


_doors: dict[str, Door] = {}
_more: dict[str, dict[str, Rule]] = {}
_left: dict[str, dict[str, object]] = {}


def register(door: Door) -> None:
    """Offer a door; one of the same key gives way."""
    _doors[door.key] = door


def follow(key: str, *rules: Rule) -> None:
    """Let rows of a room above be shown behind a door too."""
    _more.setdefault(key, {}).update({rule.model: rule for rule in rules})


def leave(key: str, *models: tuple[str, object]) -> None:
    """Say which models belong behind a door and are not compared, and the words for people."""
    _left.setdefault(key, {}).update(models)


def left_of(door: Door) -> dict[str, object]:
    """Return what belongs behind a door and is not compared: words by model, "" untold."""
    return dict(_left.get(door.key, {}))


def rules_of(door: Door) -> list[Rule]:
    """Return what is shown behind a door, those of the rooms above last."""
    return [*door.rules, *_more.get(door.key, {}).values()]


def doors() -> list[Door]:
    """Return the doors in the order in which they were offered."""
    return list(_doors.values())


def door(key: str) -> Door | None:
    """Return a door by its key."""
    return _doors.get(key)
