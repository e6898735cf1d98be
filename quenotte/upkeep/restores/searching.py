"""What is in the past and not now, through all records: found by the worker, kept beside it.

Only names of rows are kept, in the folder of the moment; what they say is read when it is shown.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.apps import apps
from django.db import DatabaseError, transaction

from quenotte.base import erasures, pasts
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.pasts import Door, Row, Rule
from quenotte.devices.repository.progress import Listener, Progress
from quenotte.upkeep.restores import reaching, rows
from quenotte.upkeep.restores.aliases import of_file
from quenotte.upkeep.restores.past import Kind, OtherForm
from quenotte.upkeep.restores.reaching import Moment, NotReady
from quenotte.upkeep.restores.showing import NOT_COMPARED

#: Rows of one kind that are listed; the others are counted.
_MOST: Final = 300


@dataclass(frozen=True)
class Hit:
    """A row that is gone, or is not as it was: whose it is, and what to type to see it."""

    kind: Kind
    label: str
    title: str
    door: str
    typed: str


@dataclass(frozen=True)
class Found:
    """What a search came to: the listed rows, and how many there are in all."""

    hits: tuple[Hit, ...]
    lost: int
    changed: int


def search(moment: Moment, actor: Actor, listener: Listener | None = None) -> None:
    """Compare every record of a practice with a moment that is ready, and keep what differs.

    Raises: NotReady, OtherForm.
    """
    assert moment.search is not None
    path = reaching.path_of(Moment(moment.destination_id, moment.as_of))
    try:
        with of_file(path) as alias:
            found = _found(actor, alias, listener)
    except DatabaseError as error:
        raise OtherForm from error
    reaching.write(reaching.search_of(moment), asdict(found))


def found_at(moment: Moment, *, actor: Actor) -> Found:
    """Return what a search came to; the look is in the journal. Raises: NotReady."""
    reaching.path_of(moment)
    try:
        told = json.loads(reaching.search_of(moment).read_text("utf-8"))
    except (OSError, ValueError):
        raise NotReady from None
    hits = tuple(Hit(**{**one, "kind": Kind(one["kind"])}) for one in told.pop("hits"))
    with transaction.atomic():
        record(
            action=Action.READ, actor=actor, object_kind="backup", object_id=moment.key[:8],
            detail={"purpose": "search", "count": len(hits)},
        )  # fmt: skip
    return Found(hits, **told)


def _found(actor: Actor, alias: str, listener: Listener | None) -> Found:
    hits: list[Hit] = []
    counts: Counter[Kind] = Counter()
    for door, rule, place, total in _searched():
        if listener is not None:
            listener(Progress(place, total, str(rule.label)))
        mine: list[tuple[Kind, Any]] = []
        for one in _told(rule, _differing(door, rule, actor, alias)):
            counts[one[0]] += 1
            if counts[one[0]] <= _MOST:
                mine.append(one)
        hits += _named(door, rule, mine, alias)
    hits.sort(key=lambda hit: [*Kind].index(hit.kind))
    return Found(tuple(hits), counts[Kind.LOST], counts[Kind.CHANGED])


def _told(rule: Rule, found: Iterator[tuple[Kind, Any]]) -> Iterator[tuple[Kind, Any]]:
    """Yield what is told of a rule: of parts, once for each record that lacks some."""
    seen: set[tuple[Kind, Any]] = set()
    for one in found:
        if not rule.is_part or one not in seen:
            yield one
        seen.add(one)


def _searched() -> list[tuple[Door, Rule, int, int]]:
    every = [
        (door, rule) for door in pasts.doors() if door.every for rule in pasts.rules_of(door)
    ]  # fmt: skip
    return [(door, rule, place, len(every)) for place, (door, rule) in enumerate(every, start=1)]


def _differing(door: Door, rule: Rule, actor: Actor, alias: str) -> Iterator[tuple[Kind, Any]]:
    """Yield what is gone or changed with the key of its owner; what is new is no loss."""
    model, root = apps.get_model(rule.model), apps.get_model(door.rules[0].model)
    names = rows.columns(model, alias)
    if not names:
        return
    path = "" if model is root else rule.path or rows.reference(model, root)
    assert door.every is not None
    told = door.every(actor)
    filters = {f"{path}__{name}" if path else name: value for name, value in told.items()}
    gone = {one.object_id for one in erasures.noted()}
    owner = f"{path}_id" if path and "__" not in path else ""
    for kind, row in _walked(model, filters, names, alias):
        key = row[model._meta.pk.attname] if not path else _owner(model, path, owner, row, alias)
        if str(key) not in gone:
            yield kind, key


def _owner(model: rows.Model, path: str, column: str, row: Row, alias: str) -> Any:
    if column:
        return row[column]
    found = model._base_manager.using(alias).filter(pk=row[model._meta.pk.attname])
    return found.values_list(path, flat=True).first()


def _walked(
    model: rows.Model, filters: dict[str, Any], names: list[str], alias: str
) -> Iterator[tuple[Kind, Row]]:
    """Walk through both sides in the order of their keys, and yield the rows of before."""
    pk = model._meta.pk.attname
    seen = [name for name in names if name not in NOT_COMPARED]
    then = rows.in_order(model, filters, names, alias)
    today = rows.in_order(model, filters, names, "default")
    lost: list[Row] = []
    old, new = next(then, None), next(today, None)
    while old is not None:
        if new is None or old[pk] < new[pk]:
            lost.append(old)
            old = next(then, None)
        elif old[pk] > new[pk]:
            new = next(today, None)
        else:
            if any(old[name] != new[name] for name in seen):
                yield Kind.CHANGED, old
            old, new = next(then, None), next(today, None)
    yield from _settled(model, lost)


def _settled(model: rows.Model, lost: list[Row]) -> Iterator[tuple[Kind, Row]]:
    """Tell what is gone from what only belongs to another practice or record now."""
    pk = model._meta.pk.attname
    here = rows.among(model, "pk", [row[pk] for row in lost], "default")
    for row in lost:
        yield (Kind.CHANGED if row[pk] in here else Kind.LOST), row


def _named(door: Door, rule: Rule, mine: list[tuple[Kind, Any]], alias: str) -> Iterator[Hit]:
    root = apps.get_model(door.rules[0].model)
    keys = {key for _kind, key in mine}
    called = rows.among(root, "pk", keys, alias) | rows.among(root, "pk", keys, "default")
    for kind, key in mine:
        title, typed = door.called(called[key])
        yield Hit(kind, str(rule.label), title, door.key, typed)
