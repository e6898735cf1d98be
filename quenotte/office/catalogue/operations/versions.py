"""Versions of acts: what counts on a day, and a new one where something changed."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Final
from uuid import UUID

from quenotte.office.catalogue.models import Act, ActVersion
from quenotte.office.catalogue.rules.comparing import same_worth
from quenotte.office.catalogue.rules.shipped import Worth

_BATCH: Final = 200
_FIELDS: Final = ["tariff_cents", "coverage", "group", "modifiers", "is_ended", "origin"]


def in_force(practice_id: UUID, day: date) -> dict[UUID, ActVersion]:
    """Return the version of each act that counts on a day."""
    rows = ActVersion.objects.filter(act__practice_id=practice_id, from_on__lte=day)
    return {row.act_id: row for row in rows.order_by("from_on")}


def worth_of(version: ActVersion) -> Worth:
    """Return what a version says, to be compared."""
    return Worth(
        tariff_cents=version.tariff_cents,
        coverage=version.coverage,
        group=version.group,
        modifiers=version.modifiers,
        is_ended=version.is_ended,
    )


def add(practice_id: UUID, worths: Iterable[tuple[Act, Worth]], day: date, origin: str) -> None:
    """Add a version from a day on where what an act is worth has changed.

    One that already begins that day is mended, unless it weighs more: what the practice wrote
    stays, and what Quenotte ships never goes over an official file.
    """
    current = in_force(practice_id, day)
    new, mended = [], []
    for act, worth in worths:
        last = current.get(act.id)
        if last is not None and same_worth(worth_of(last), worth):
            continue
        if last is None or last.from_on < day:
            ceiling = last.ceiling_cents if last else None
            version = ActVersion(act=act, from_on=day, ceiling_cents=ceiling)
            new.append(_write(version, worth, origin))
        elif _WEIGHTS[origin] >= _WEIGHTS[last.origin]:
            mended.append(_write(last, worth, origin))
    ActVersion.objects.bulk_create(new, batch_size=_BATCH)
    ActVersion.objects.bulk_update(mended, _FIELDS, batch_size=_BATCH)


_WEIGHTS: Final[dict[str, int]] = {Act.Origin.SHIPPED: 0, Act.Origin.OFFICIAL: 1, Act.Origin.OWN: 2}


def _write(version: ActVersion, worth: Worth, origin: str) -> ActVersion:
    for name, value in asdict(worth).items():
        setattr(version, name, value)
    version.origin = origin
    return version
