"""The practice as a copy holds it, beside today's: row by row, and brought back one by one."""

import contextlib
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connections, models, transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.pasts import Door, Selection
from quenotte.base.sealing import SealedTextField
from quenotte.devices.phoenix import databases, opening
from quenotte.devices.phoenix.choosing import Wish
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.backups import queries as backups
from quenotte.upkeep.restores.aliases import of_file
from quenotte.upkeep.restores.beside import chosen

#: Databases of the past that stay for the next look; each is as large as today's.
_KEPT: Final = 2
#: What says itself when it was written, or counts writings: no difference that people made.
_NOT_COMPARED: Final = frozenset({"version", "updated_at"})


class CannotComeBack(Refusal):
    """A row refers to another one that is not there, or is in somebody's way."""

    message = _("Ces lignes ne peuvent pas revenir ainsi : elles dépendent d’une autre.")
    next_step = _("Rien n’a été modifié. Ramenez d’abord ce dont elles dépendent.")


class OtherForm(Refusal):
    """The copy was made by a version whose tables were others."""

    message = _("Cette copie vient d’une version trop ancienne pour être comparée ici.")
    next_step = _("Rendez-la dans un dossier à part : « quenotte restore to ».")


class Kind(StrEnum):
    """What became of a row since the copy."""

    LOST = "lost"
    CHANGED = "changed"
    NEW = "new"


@dataclass(frozen=True)
class Look:
    """What is looked at: where, as of when, through which door."""

    place: str
    wish: Wish
    door: Door
    selection: Selection


@dataclass(frozen=True)
class Value:
    """A field that differs, as it is shown."""

    label: str
    before: str
    now: str


@dataclass(frozen=True)
class Change:
    """One row that is not as it was. ``key`` names it: ``app.Model:pk``."""

    key: str
    label: str
    kind: Kind
    values: tuple[Value, ...]
    may_come_back: bool


def database_of(place: str, wish: Wish) -> Path:
    """Return the database of a copy, restored into the cache unless it is there; never written.

    Raises: NoCopy, NoCopyThen, UnknownCopy, NoDatabase, BadDatabase, NotThere, Damaged, Missing,
        CannotRestore, Unreachable.
    """
    repository, _secret = opening.opened(place, settings.BACKUP_KEY, **backups.trust_of(place))
    snapshot = chosen(repository, wish)
    cache = Path(settings.DATA_DIR) / "cache" / "past"
    folder = cache / snapshot.id
    path = folder / databases.DATABASE
    if not path.is_file():
        workshop = cache / "new"
        databases.make(repository, snapshot, workshop, until=None, with_journal=False)
        shutil.rmtree(folder, ignore_errors=True)
        workshop.replace(folder)
    folder.touch()
    _forget_older(cache)
    return path


def look(one: Look, *, actor: Actor) -> list[Change]:
    """Return what differs between a copy and today; the look is in the journal.

    Raises: OtherForm, and what `database_of` raises.
    """
    path = database_of(one.place, one.wish)
    changes = compare(path, one.door, one.selection)
    with transaction.atomic():
        record(
            action=Action.READ, actor=actor, patient_id=one.selection.patient_id,
            object_kind="backup", object_id=path.parent.name[:8],
            detail={"purpose": one.door.key, "count": len(changes)},
        )  # fmt: skip
    return changes


def compare(path: Path, door: Door, selection: Selection) -> list[Change]:
    """Return what differs between a database of the past and today's, the lost first.

    Raises: OtherForm.
    """
    try:
        with of_file(path) as alias:
            found = [*_changes(door, selection, alias)]
    except DatabaseError as error:
        raise OtherForm from error
    return sorted(found, key=lambda change: [*Kind].index(change.kind))


def bring_back(one: Look, keys: Iterable[str], *, actor: Actor) -> int:
    """Bring chosen rows back as they were: lost ones whole, changed ones field by field.

    Everything or nothing; a line in the journal for each row. Returns how many.

    Raises: CannotComeBack, OtherForm.
    """
    wanted, path = set(keys), database_of(one.place, one.wish)
    found = compare(path, one.door, one.selection)
    coming = [change for change in found if change.key in wanted and change.may_come_back]
    try:
        with of_file(path) as alias, transaction.atomic():
            for change in coming:
                _bring(change, alias)
            if coming:
                one.door.after(actor, one.selection)
            for change in coming:
                _note(change, one.selection, actor)
    except IntegrityError as error:
        raise CannotComeBack from error
    return len(coming)


def _changes(door: Door, selection: Selection, alias: str) -> Iterator[Change]:
    root = apps.get_model(selection.model)
    before, now = (_rows(root, dict(selection.filters), one) for one in (alias, "default"))
    yield from _differing(root, before, now, door)
    keys = {*before, *now}
    for name in door.followed:
        model = apps.get_model(name)
        for column in _references(model, root):
            filters = {f"{column}__in": keys}
            before, now = (_rows(model, filters, one) for one in (alias, "default"))
            yield from _differing(model, before, now, door)


def _references(model: type[models.Model], root: type[models.Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.attname for field in fields if field.related_model is root][:1]


def _rows(
    model: type[models.Model], filters: dict[str, Any], alias: str
) -> dict[Any, dict[str, Any]]:
    """Return rows by their keys, with the columns that this database has."""
    with connections[alias].cursor() as cursor:
        described = connections[alias].introspection.get_table_description(
            cursor, model._meta.db_table
        )
    there = {column.name for column in described}
    columns = [field.attname for field in model._meta.concrete_fields if field.column in there]
    rows = model._base_manager.using(alias).filter(**filters).values(*columns)
    return {row[model._meta.pk.attname]: row for row in rows}


def _differing(
    model: type[models.Model], before: dict[Any, Any], now: dict[Any, Any], door: Door
) -> Iterator[Change]:
    may_come_back = model._meta.label in door.given_back
    for key in {**before, **now}:
        old, new = before.get(key), now.get(key)
        values = tuple(_values(model, old or {}, new or {}))
        if not values:
            continue
        kind = Kind.LOST if new is None else Kind.NEW if old is None else Kind.CHANGED
        yield Change(
            f"{model._meta.label}:{key}",
            str(model._meta.verbose_name),
            kind,
            values,
            may_come_back and kind is not Kind.NEW,
        )


def _values(model: type[models.Model], old: dict[str, Any], new: dict[str, Any]) -> Iterator[Value]:
    for field in model._meta.concrete_fields:
        name = field.attname
        if name in _NOT_COMPARED or isinstance(field, SealedTextField):
            continue
        if old.get(name) != new.get(name) and not (old and new and (name not in old)):
            yield Value(str(field.verbose_name), _shown(old.get(name)), _shown(new.get(name)))


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(_("oui") if value else _("non"))
    if hasattr(value, "strftime"):
        return f"{value:%d/%m/%Y %H:%M}" if hasattr(value, "hour") else f"{value:%d/%m/%Y}"
    return str(value)[:400]


def _bring(change: Change, alias: str) -> None:
    """Write one row as it was; what refers to it later is checked by the database."""
    name, _colon, key = change.key.partition(":")
    model = apps.get_model(name)
    (old,) = _rows(model, {"pk": key}, alias).values()
    if change.kind is Kind.LOST:
        model(**old).save_base(raw=True, force_insert=True, using="default")
        return
    fields = {field.attname for field in model._meta.concrete_fields}
    given = {name: value for name, value in old.items() if name not in _NOT_COMPARED}
    del given[model._meta.pk.attname]
    if "version" in fields:
        # Whoever has the form of before open is told that somebody changed it meanwhile.
        given["version"] = models.F("version") + 1
    model._base_manager.filter(pk=key).update(**given)


def _note(change: Change, selection: Selection, actor: Actor) -> None:
    name, _colon, key = change.key.partition(":")
    record(
        action=Action.CHANGE if change.kind is Kind.CHANGED else Action.CREATE,
        actor=actor, patient_id=selection.patient_id, object_kind="brought_back",
        object_id=key[:36], detail={"from": name.lower(), "fields": len(change.values)},
    )  # fmt: skip


def _forget_older(cache: Path) -> None:
    folders = sorted(cache.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    for folder in folders[_KEPT:]:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
