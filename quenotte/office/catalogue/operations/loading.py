"""The catalogue that Quenotte ships, laid under what the practice imported and chose."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from importlib.resources import files
from typing import Final
from uuid import UUID

from django.db import transaction

from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.practice import queries as practices
from quenotte.office.catalogue.models import Act, Catalogue, Check, Macro, Rate
from quenotte.office.catalogue.operations import versions, writing
from quenotte.office.catalogue.rules import shipped

_FOLDER: Final = files("quenotte.office.catalogue")
_BATCH: Final = 200
#: Macros with which a practice starts: a name -> codes, or words from which the tooth decides.
_MACROS: Final = (
    ("Couronne complète", ("provisoire", "inlaycore", "couronne", "HBQK061")),
    ("Premier rendez-vous", ("C", "HBQK002", "HBJD001")),
    ("Endodontie complète", ("HBQK303", "endo", "HBMD042")),
)


@transaction.atomic
def load(practice_id: UUID) -> int:
    """Bring a practice to the edition that is shipped; return how many acts that concerns.

    0 when it is there already. The caller writes the journal's line.

    What the practice imported, wrote or chose stays: own labels, minutes, fees, favourites and
    hidden acts, tariffs of an official file, rules and rates that it changed, macros.
    """
    catalogue = writing.hold(practice_id)
    if catalogue.shipped == shipped.EDITION:
        return 0
    is_new = not catalogue.shipped
    count = _load_acts(practice_id)
    _load_checks(practice_id)
    _load_rates(practice_id)
    if is_new:
        _load_macros(practice_id)
    writing.changed(catalogue, shipped=shipped.EDITION)
    writing.declare_import()
    return count


def load_everywhere() -> int:
    """Bring every practice of the database to the edition that is shipped; return how many."""
    done = Catalogue.objects.filter(shipped=shipped.EDITION)
    up_to_date = set(done.values_list("practice_id", flat=True))
    behind = [one for one in practices.practice_ids() if one not in up_to_date]
    for practice_id in behind:
        _upgrade(practice_id)
    return len(behind)


@transaction.atomic
def _upgrade(practice_id: UUID) -> None:
    count = load(practice_id)
    actor = replace(SYSTEM, practice_id=practice_id)
    writing.trace(
        actor, Action.CHANGE, "catalogue", practice_id, count=count, state=shipped.EDITION
    )


def _text(name: str) -> str:
    return _FOLDER.joinpath(name).read_text("utf-8")


def _load_acts(practice_id: UUID) -> int:
    known = {act.code: act for act in Act.objects.filter(practice_id=practice_id)}
    mine = [one for one in shipped.acts(_text("acts.csv")) if _is_ours(known.get(one.code))]
    new = [
        Act(id=uuid.uuid4(), practice_id=practice_id, **one.fields)
        for one in mine
        if one.code not in known
    ]
    Act.objects.bulk_create(new, batch_size=_BATCH)
    _describe(known, mine)
    acts = known | {act.code: act for act in new}
    worths = [(acts[one.code], one.worth) for one in mine]
    versions.add(practice_id, worths, shipped.EFFECTIVE_ON, Act.Origin.SHIPPED)
    return len(mine)


def _is_ours(act: Act | None) -> bool:
    """An act that the practice made itself under the same code stays hers."""
    return act is None or act.origin != Act.Origin.OWN


def _describe(known: dict[str, Act], mine: Iterable[shipped.ShippedAct]) -> None:
    """Write what is known of acts that were there, when it is not the same any more."""
    moved = []
    for one in mine:
        act = known.get(one.code)
        if act is None or all(getattr(act, name) == value for name, value in one.fields.items()):
            continue
        for name, value in one.fields.items():
            setattr(act, name, value)
        moved.append(act)
    names = [name for name in next(iter(mine)).fields if name != "code"] if moved else []
    if moved:
        Act.objects.bulk_update(moved, names, batch_size=_BATCH)


def _load_checks(practice_id: UUID) -> None:
    known = {row.key: row for row in Check.objects.filter(practice_id=practice_id).exclude(key="")}
    fields = list(shipped.checks(_text("checks.csv")))
    for values in fields:
        row = known.get(values["key"])
        if row is not None and not row.is_changed:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()
    Check.objects.bulk_create(
        Check(practice_id=practice_id, **values) for values in fields if values["key"] not in known
    )


def _load_rates(practice_id: UUID) -> None:
    rows = Rate.objects.filter(practice_id=practice_id)
    known = {(row.key, row.from_on): row for row in rows}
    for values in shipped.rates(_text("rates.csv")):
        row = known.get((values["key"], values["from_on"])) or Rate(practice_id=practice_id)
        if not row.is_changed:
            for name, value in values.items():
                setattr(row, name, value)
            row.save()


def _load_macros(practice_id: UUID) -> None:
    Macro.objects.bulk_create(
        Macro(practice_id=practice_id, name=name, lines=list(lines), position=place)
        for place, (name, lines) in enumerate(_MACROS)
    )
