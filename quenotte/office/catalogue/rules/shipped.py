"""The catalogue that Quenotte ships: everyday acts, rules and rates, read from our own files."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from quenotte.kernel.money import parse_euros
from quenotte.office.catalogue.rules.spans import Span

#: Grows with each change of the files: practices that hold an older one load it again.
EDITION: Final = "81.2"
#: From when its tariffs count. Source: Assurance Maladie, CCAM version 81.
EFFECTIVE_ON: Final = date(2026, 1, 1)

_TEXTS: Final = (
    "code", "system", "activity", "phase", "label", "family", "area", "teeth", "charts_as",
    "material", "words", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Worth:
    """What an act is worth from a day on; amounts in cents."""

    tariff_cents: int | None
    coverage: str
    group: str = ""
    modifiers: str = ""
    is_ended: bool = False


@dataclass(frozen=True, slots=True)
class ShippedAct:
    """A line of our file: what the act is (fields of the table) and what it is worth."""

    fields: dict[str, Any]
    worth: Worth

    @property
    def code(self) -> str:
        """Its code."""
        return str(self.fields["code"])


def acts(text: str) -> Iterator[ShippedAct]:
    """Yield the acts of our file."""
    for row in _rows(text):
        ages = _half_open(row["ages"])
        fields: dict[str, Any] = {name: row[name] for name in _TEXTS}
        fields["minutes"] = int(row["minutes"]) if row["minutes"] else None
        fields |= _bounds("count", Span.of(row["count"]))
        fields |= _bounds("faces", Span.of(row["faces"])) | _bounds("age", ages)
        yield ShippedAct(
            fields,
            Worth(
                tariff_cents=parse_euros(row["tariff"]) if row["tariff"] else None,
                coverage=row["coverage"],
                group=row["group"],
                modifiers=row["modifiers"],
            ),
        )


def checks(text: str) -> Iterator[dict[str, Any]]:
    """Yield the rules of our file, as fields of the table."""
    for row in _rows(text):
        numbers = {name: int(row[name]) for name in ("times", "months")}
        words = {name: row[name] for name in ("key", "kind", "codes", "others", "reason", "source")}
        yield {**words, **numbers, "is_by_tooth": row["tooth"] == "oui"}


def rates(text: str) -> Iterator[dict[str, Any]]:
    """Yield the rates of our file, as fields of the table."""
    for row in _rows(text):
        yield {
            "key": row["key"],
            "label": row["label"],
            "from_on": date.fromisoformat(row["from"]),
            "permille": int(row["permille"]) if row["permille"] else None,
            "amount_cents": parse_euros(row["amount"]) if row["amount"] else None,
            "age_most": int(row["age_most"]) if row["age_most"] else None,
            "is_verified": row["verified"] == "oui",
        }


def _rows(text: str) -> Iterator[dict[str, str]]:
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return csv.DictReader(lines, delimiter=";")


def _half_open(text: str) -> Span | None:
    """Ages are written « from-before »: « 3-25 » is up to 24 years."""
    if not text:
        return None
    first, _dash, last = text.partition("-")
    return Span(int(first) if first else None, int(last) - 1 if last else None)


def _bounds(name: str, span: Span | None) -> dict[str, int | None]:
    least, most = (span.least, span.most) if span else (None, None)
    return {f"{name}_least": least, f"{name}_most": most}
