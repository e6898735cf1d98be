"""The practice of the past beside today's, row by row."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import DatabaseError, transaction
from django.db.models import ForeignKey
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base import erasures
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.pasts import Door, Row, Rule, Selection, rules_of
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.restores import reaching, rows
from quenotte.upkeep.restores.aliases import of_file
from quenotte.upkeep.restores.reaching import Moment
from quenotte.upkeep.restores.showing import Value, values_of


class OtherForm(Refusal):
    """The copy was made by a version whose tables were others."""

    message = gettext_lazy("Cette copie vient d’une version trop ancienne pour être comparée ici.")
    next_step = gettext_lazy("Rendez-la dans un dossier à part : « quenotte restore to ».")


class Erased(Refusal):
    """What is looked for was erased at the person's demand; copies still hold it."""

    message = gettext_lazy(
        "Ces données ont été effacées à la demande de la personne : elles ne se regardent plus, "
        "et ne reviennent pas."
    )


#: What names a row: its model and its key.
Name = tuple[str, Any]


class Kind(StrEnum):
    """What became of a row since the copy."""

    LOST = "lost"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True)
class Look:
    """What is looked at: as of when, through which door."""

    moment: Moment
    door: Door
    selection: Selection


@dataclass(frozen=True)
class Change:
    """One row that is not as it was. ``key`` names it and what of it was seen.

    ``why`` it does not come back, "" when it may; ``before`` and ``now`` are the rows themselves.
    """

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...]
    why: str
    rule: Rule = field(repr=False, compare=False)
    before: Row | None = field(repr=False, compare=False)
    now: Row | None = field(repr=False, compare=False)

    @property
    def may_come_back(self) -> bool:
        """Tell whether it can be chosen."""
        return not self.why and (self.kind is not Kind.NEW or self.rule.revert is not None)


def look(one: Look, *, actor: Actor) -> list[Change]:
    """Return what differs between a moment and today; the look is in the journal.

    Raises: NotReady, OtherForm, Erased.
    """
    path = reaching.path_of(one.moment)
    changes = _without_parts(compare(path, one.door, one.selection))
    with transaction.atomic():
        record(
            action=Action.READ, actor=actor, patient_id=one.selection.patient_id,
            object_kind="backup", object_id=one.moment.key[:8],
            detail={"purpose": one.door.key, "count": len(changes)},
        )  # fmt: skip
    return changes


def lost_by_name(found: Iterable[Change]) -> dict[Name, Change]:
    """Return what is gone by the names of its rows."""
    return {name_of(change): change for change in found if change.kind is Kind.LOST}


def name_of(change: Change) -> Name:
    """Return what names a row: its model and its key."""
    row = change.before or change.now or {}
    return change.rule.model, row[apps.get_model(change.rule.model)._meta.pk.attname]


def whole_of(change: Change) -> Name | None:
    """Return the name of the row of which a row that is gone is a part, None when of none."""
    if not change.rule.is_part or change.before is None:
        return None
    first = change.rule.path.partition("__")[0]
    link = apps.get_model(change.rule.model)._meta.get_field(first)
    assert isinstance(link, ForeignKey)
    return link.related_model._meta.label, change.before[link.attname]


def _without_parts(changes: list[Change]) -> list[Change]:
    """Leave out the parts of what is gone itself: it stands for them."""
    lost = lost_by_name(changes)
    return [
        change for change in changes
        if change.kind is not Kind.LOST or whole_of(change) not in lost
    ]  # fmt: skip


def compare(path: Path, door: Door, selection: Selection) -> list[Change]:
    """Return what differs between a database of the past and today's, the lost first.

    Raises: OtherForm, Erased.
    """
    try:
        with of_file(path) as alias:
            found = [*_changes(door, selection, alias)]
    except DatabaseError as error:
        raise OtherForm from error
    return sorted(found, key=lambda change: [*Kind].index(change.kind))


def _changes(door: Door, selection: Selection, alias: str) -> Iterator[Change]:
    first, *others = rules_of(door)
    root = apps.get_model(first.model)
    filters = dict(selection.filters)
    before, now = (rows.selected(root, filters, one) for one in (alias, "default"))
    _refuse_erased(before)
    keys = {*before, *now}
    yield from _differing(first, *_both(root, before, now, alias), alias)
    for one_rule in others:
        model = apps.get_model(one_rule.model)
        rule = replace(one_rule, path=one_rule.path or rows.reference(model, root))
        before, now = (rows.among(model, rule.path, keys, one) for one in (alias, "default"))
        if not rows.columns(model, alias):
            # The version of then had no such thing: nothing of it can have been lost.
            continue
        yield from _differing(rule, *_both(model, before, now, alias), alias)


def _both(
    model: rows.Model, before: dict[Any, Row], now: dict[Any, Row], alias: str
) -> tuple[dict[Any, Row], dict[Any, Row]]:
    """Return both sides with what is elsewhere now, or was: on another day, in another record."""
    here = rows.among(model, "pk", before.keys() - now.keys(), "default")
    there = rows.among(model, "pk", now.keys() - before.keys(), alias)
    return before | there, now | here


def _refuse_erased(before: dict[Any, Row]) -> None:
    gone = {one.object_id for one in erasures.noted()}
    left = {key for key in before if str(key) not in gone}
    if before and not left:
        raise Erased
    for key in before.keys() - left:
        del before[key]


def _differing(
    rule: Rule, before: dict[Any, Row], now: dict[Any, Row], alias: str
) -> Iterator[Change]:
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        if found := change_of(rule, old, new, alias):
            yield found


def change_of(rule: Rule, old: Row | None, new: Row | None, alias: str) -> Change | None:
    """Return how a row differs, None when it does not in what people write."""
    model = apps.get_model(rule.model)
    values = tuple(values_of(model, rule.fields, old, new, alias))
    if not values:
        return None
    kind = Kind.LOST if new is None else Kind.NEW if old is None else Kind.CHANGED
    key = (old or new or {})[model._meta.pk.attname]
    seen = hashlib.sha256(repr((old, new)).encode()).hexdigest()[:12]
    return Change(
        f"{rule.model}:{key}:{seen}", str(rule.label), kind, values,
        str(_why(rule, model, old, new)), rule, old, new,
    )  # fmt: skip


def _why(rule: Rule, model: rows.Model, old: Row | None, new: Row | None) -> object:
    """Return why a row does not come back, "" when it may."""
    if old is None:
        assert new is not None
        return rule.added(new)
    if new is None:
        return rule.lost(old)
    if owner := _owner(rule, model, old, new):
        return _("Aujourd’hui dans un autre dossier : {owner}.").format(owner=owner)
    return rule.changed(old, new)


def _owner(rule: Rule, model: rows.Model, old: Row, new: Row) -> str:
    """Return whose a row is now when it was somebody else's: it was moved, or records united."""
    if not rule.path or "__" in rule.path:
        return ""
    link = model._meta.get_field(rule.path)
    assert isinstance(link, ForeignKey)
    then, today = old.get(link.attname), new[link.attname]
    if then == today or today is None:
        return ""
    return str(link.related_model._base_manager.filter(pk=today).first() or "—")
