"""The whole catalogue of a practice in the memory of the process, read again when it changed."""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from quenotte.base.prepared import prepared
from quenotte.office.catalogue.models import Act, ActVersion, Catalogue, Check, Fee, Macro, Rate
from quenotte.office.catalogue.rules import FAMILIES, ActFacts, Rule, Span, basket_of
from quenotte.office.catalogue.rules.searching import Entry, Index, entry

#: Practices kept in one process: a group has a few, a provider's test bench many.
_MOST_KEPT: Final = 16
_SPANS: Final = ("count", "faces", "age")


@dataclass(frozen=True, slots=True)
class Held:
    """An act with all that it was worth: versions and own fees, the latest first."""

    id: UUID
    base: ActFacts
    versions: tuple[dict[str, Any], ...]
    fees: tuple[tuple[date, int | None], ...]
    origin: str

    def on(self, day: date) -> ActFacts | None:
        """Return the act as it is on a day, None before it began and after it ended."""
        found = next((one for one in self.versions if one["from_on"] <= day), None)
        if found is None or found["is_ended"]:
            return None
        own = next((cents for since, cents in self.fees if since <= day), None)
        return replace(
            self.base,
            tariff_cents=found["tariff_cents"],
            ceiling_cents=found["ceiling_cents"],
            coverage=found["coverage"],
            group=found["group"],
            modifiers=found["modifiers"],
            basket=basket_of(self.base.code, found["group"], found["coverage"]),
            own_fee_cents=own,
            since=found["from_on"],
        )


@dataclass(frozen=True, slots=True)
class Share:
    """A rate on a day: thousandths or cents, up to which age."""

    key: str
    label: str
    from_on: date
    permille: int | None
    amount_cents: int | None
    age_most: int | None
    is_verified: bool


@dataclass(slots=True)
class Shelf:
    """The catalogue of a practice at one revision."""

    revision: UUID | None
    held: dict[str, Held]
    index: Index
    rules: tuple[Rule, ...]
    rates: tuple[Share, ...]
    macros: tuple[tuple[str, tuple[str, ...]], ...]
    _on: dict[tuple[str, date], ActFacts | None] = field(default_factory=dict)

    def act(self, code: str, day: date) -> ActFacts | None:
        """Return an act on a day; the answer is kept."""
        key = (code, day)
        if key not in self._on:
            held = self.held.get(code)
            # Days are few: today, and those of the plans that are open.
            if len(self._on) > 20_000:
                self._on.clear()
            self._on[key] = held.on(day) if held else None
        return self._on[key]

    def acts(self, day: date) -> Iterator[ActFacts]:
        """Yield the acts that may be done on a day, in the order of the screens."""
        for code in self.held:
            if (found := self.act(code, day)) is not None:
                yield found

    def permille(self, key: str, day: date) -> int:
        """Return a rate in thousandths on a day, 0 when none is known."""
        found = (one for one in self.rates if one.key == key and one.from_on <= day)
        return next((one.permille or 0 for one in found), 0)


_shelves: OrderedDict[UUID, Shelf] = OrderedDict()
_lock = threading.Lock()


@prepared
def _revision(practice_id: UUID) -> QuerySet[Catalogue, UUID]:
    return Catalogue.objects.filter(practice_id=practice_id).values_list("revision", flat=True)


def shelf(practice_id: UUID) -> Shelf:
    """Return the catalogue of a practice; one small question tells whether it changed."""
    # The revision is read before the rows: what changes in between is read again next time.
    revision = next(iter(_revision(practice_id)), None)
    kept = _shelves.get(practice_id)
    if kept is not None and revision is not None and kept.revision == revision:
        return kept
    read = _read(practice_id, revision)
    with _lock:
        _shelves[practice_id] = read
        _shelves.move_to_end(practice_id)
        while len(_shelves) > _MOST_KEPT:
            _shelves.popitem(last=False)
    return read


def _read(practice_id: UUID, revision: UUID | None) -> Shelf:
    acts: list[Any] = list(Act.objects.filter(practice_id=practice_id).values())
    versions = _grouped(
        ActVersion.objects.filter(act__practice_id=practice_id).order_by("-from_on").values()
    )
    fees = _grouped(Fee.objects.filter(act__practice_id=practice_id).order_by("-from_on").values())
    order = {name: place for place, name in enumerate(FAMILIES)}
    acts.sort(key=lambda row: (order.get(row["family"], len(order)), row["code"]))
    held = {row["code"]: _held(row, versions, fees) for row in acts}
    macros = Macro.objects.filter(practice_id=practice_id).values_list("name", "lines")
    return Shelf(
        revision=revision,
        held=held,
        index=Index(_entries(held)),
        rules=tuple(_rules(practice_id)),
        rates=tuple(_rates(practice_id)),
        macros=tuple((name, tuple(lines)) for name, lines in macros),
    )


def _grouped(rows: Any) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["act_id"], []).append(row)
    return found


def _held(
    row: dict[str, Any],
    versions: dict[UUID, list[dict[str, Any]]],
    fees: dict[UUID, list[dict[str, Any]]],
) -> Held:
    return Held(
        id=row["id"],
        base=_base(row),
        versions=tuple(versions.get(row["id"], ())),
        fees=tuple((fee["from_on"], fee["fee_cents"]) for fee in fees.get(row["id"], ())),
        origin=row["origin"],
    )


def _base(row: dict[str, Any]) -> ActFacts:
    count, faces, ages = (_span(row[f"{name}_least"], row[f"{name}_most"]) for name in _SPANS)
    return ActFacts(
        code=row["code"],
        label=row["own_label"] or row["label"],
        tariff_cents=None,
        basket="",
        family=row["family"],
        system=row["system"],
        activity=row["activity"],
        phase=row["phase"],
        area=row["area"],
        teeth=row["teeth"],
        count=count,
        faces=faces,
        ages=ages,
        charts_as=row["charts_as"],
        material=row["material"],
        minutes=row["minutes"] if row["own_minutes"] is None else row["own_minutes"],
        words=row["words"],
        note=row["note"],
        official_label=row["official_label"],
        is_hidden=row["is_hidden"],
    )


def _span(least: int | None, most: int | None) -> Span | None:
    return None if least is None and most is None else Span(least, most)


def _entries(held: dict[str, Held]) -> Iterator[Entry]:
    for rank, one in enumerate(held.values()):
        act = one.base
        if not act.is_hidden:
            family = FAMILIES.get(act.family, "")
            yield entry(act.code, act.label, (act.words, act.official_label, family), rank)


def _rules(practice_id: UUID) -> Iterator[Rule]:
    for row in Check.objects.filter(practice_id=practice_id, is_active=True):
        yield Rule(
            kind=row.kind,
            codes=tuple(row.codes.split()),
            others=tuple(row.others.split()),
            times=row.times,
            months=row.months,
            is_by_tooth=row.is_by_tooth,
            reason=row.reason,
            source=row.source,
        )


def _rates(practice_id: UUID) -> Sequence[Share]:
    rows = Rate.objects.filter(practice_id=practice_id).order_by("key", "-from_on")
    return [
        Share(
            row.key, row.label, row.from_on, row.permille, row.amount_cents, row.age_most,
            row.is_verified,
        )
        for row in rows
    ]  # fmt: skip
