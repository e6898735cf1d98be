"""Rows of the past brought back: what is gone as it was, the rest as its room allows."""

from collections.abc import Iterable

from django.apps import apps
from django.db import DatabaseError, OperationalError, transaction
from django.db.models import F, ForeignKey
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.pasts import Selection
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.restores import reaching
from quenotte.upkeep.restores.past import (
    Change,
    Kind,
    Look,
    Name,
    compare,
    lost_by_name,
    name_of,
    whole_of,
)
from quenotte.upkeep.restores.showing import NOT_COMPARED


class CannotComeBack(Refusal):
    """A row refers to another one that is not there, or is in somebody's way."""

    message = _("Ces lignes ne peuvent pas revenir ainsi : elles dépendent d’une autre.")
    next_step = _("Rien n’a été modifié. Ramenez d’abord ce dont elles dépendent.")


class NoLongerAsSeen(Refusal):
    """Somebody wrote meanwhile in what was looked at, or brought it back herself."""

    message = _("Ces lignes ont changé depuis que vous les avez vues.")
    next_step = _("Rien n’a été modifié. Relisez la comparaison, puis choisissez de nouveau.")


def bring_back(one: Look, keys: Iterable[str], *, actor: Actor) -> int:
    """Bring chosen rows back, with those gone as well that they refer to, and with their parts.

    Everything or nothing; a line in the journal for each row. Returns how many.

    Raises: NotReady, OtherForm, Erased, CannotComeBack, NoLongerAsSeen, and what the operations of
        the rooms refuse.
    """
    wanted = set(keys)
    found = compare(reaching.path_of(one.moment), one.door, one.selection)
    chosen = [change for change in found if change.key in wanted and change.may_come_back]
    if len(chosen) < len(wanted):
        raise NoLongerAsSeen
    coming = _with_what_they_need(chosen, found)
    try:
        with transaction.atomic():
            for change in coming:
                _bring(change, actor)
            for change in coming:
                if change.rule.check is not None and change.before is not None:
                    change.rule.check(actor, change.before)
            if coming:
                one.door.after(actor, one.selection)
            for change in coming:
                _note(change, one.selection, actor)
    except OperationalError:
        raise
    except DatabaseError as error:
        raise CannotComeBack from error
    return len(coming)


def _with_what_they_need(chosen: list[Change], found: list[Change]) -> list[Change]:
    """Add the rows that are gone too and that the chosen ones refer to, however far; their parts.

    Parts stand before what they are parts of, which may be sealed when it is there.
    """
    lost = lost_by_name(change for change in found if change.may_come_back)
    parts: dict[Name | None, list[Name]] = {}
    for name, change in lost.items():
        parts.setdefault(whole_of(change), []).append(name)
    coming, left = {name_of(one): one for one in chosen}, list(chosen)
    while left:
        change = left.pop()
        for name in (*_referred(change), *parts.get(name_of(change), ())):
            if name in lost and name not in coming:
                coming[name] = lost[name]
                left.append(lost[name])
    return sorted(coming.values(), key=lambda change: not change.rule.is_part)


def _referred(change: Change) -> Iterable[Name]:
    if change.kind is not Kind.LOST or change.before is None:
        return
    for one in apps.get_model(change.rule.model)._meta.concrete_fields:
        if isinstance(one, ForeignKey) and (key := change.before.get(one.attname)) is not None:
            yield one.related_model._meta.label, key


def _bring(change: Change, actor: Actor) -> None:
    """Write one row as it was, or let its room do it; the database checks what it refers to."""
    if change.kind is Kind.LOST:
        assert change.before is not None
        model = apps.get_model(change.rule.model)
        model(**change.before).save_base(raw=True, force_insert=True, using="default")
    elif change.kind is Kind.NEW:
        assert change.rule.revert is not None
        assert change.now is not None
        change.rule.revert(actor, change.now)
    elif change.rule.change is not None:
        assert change.before is not None
        assert change.now is not None
        change.rule.change(actor, change.before, change.now)
    else:
        _overwrite(change)


def _overwrite(change: Change) -> None:
    """Write the fields of before. Raises: NoLongerAsSeen when somebody was faster."""
    model = apps.get_model(change.rule.model)
    assert change.before is not None
    assert change.now is not None
    given = {name: value for name, value in change.before.items() if name not in NOT_COMPARED}
    key = given.pop(model._meta.pk.attname)
    row = model._base_manager.filter(pk=key)
    if "version" in change.now:
        # Whoever has the form of before open is told that somebody changed it meanwhile.
        row, given["version"] = row.filter(version=change.now["version"]), F("version") + 1
    if not row.update(**given):
        raise NoLongerAsSeen


def _note(change: Change, selection: Selection, actor: Actor) -> None:
    record(
        action=Action.CHANGE if change.kind is Kind.CHANGED else Action.CREATE,
        actor=actor, patient_id=selection.patient_id, object_kind="brought_back",
        object_id=str(name_of(change)[1])[:36],
        detail={"from": change.rule.model.lower(), "fields": len(change.values)},
    )  # fmt: skip
