"""Which tables point at a patient: each room says so for its own, and a test misses none.

The rooms stand above this one, which may not import them: ``care.apps`` registers their tables
by name, and whatever concerns all that a patient has (uniting two records, undoing an import)
goes through this list.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps

#: Rows named in one statement: both engines limit its parameters.
_BATCH = 500


@dataclass(frozen=True)
class Holding:
    """A foreign key to a patient: the rows follow her when two records are united.

    ``label``: what the rows are called on screen; without it they are not told. ``one_each``: a
    patient has one such row at most, so that the survivor keeps hers and the other one stays
    where it is; with ``by`` (the name of a field) one at most of each value of it.
    """

    model: str
    field: str = "patient"
    label: object = ""
    one_each: bool = False
    by: str = ""

    @property
    def key(self) -> str:
        """How a merge names it: « care.Appointment.patient »."""
        return f"{self.model}.{self.field}"

    @property
    def rows(self) -> Any:
        """The manager of its table, which hides no row."""
        return apps.get_model(self.model)._base_manager

    def count(self, patient_id: UUID) -> int:
        """Return how many rows belong to this patient."""
        return int(self.rows.filter(**{f"{self.field}_id": patient_id}).count())

    def move(self, *, old_id: UUID, new_id: UUID, ids: Iterable[Any] | None = None) -> list[str]:
        """Give the rows of one patient to another; return the ids of those that moved.

        With ``ids``, only those among them that are still where they were left.
        """
        if self.one_each and self.rows.filter(**{f"{self.field}_id": new_id}).exists():
            return []
        there = self.rows.filter(**{f"{self.field}_id": old_id})
        if self.by:
            hers = self.rows.filter(**{f"{self.field}_id": new_id})
            there = there.exclude(**{f"{self.by}__in": list(hers.values_list(self.by, flat=True))})
        found = list(there.values_list("pk", flat=True))
        if ids is not None:
            wanted = {str(one) for one in ids}
            found = [one for one in found if str(one) in wanted]
        for batch in _batches(found):
            self.rows.filter(pk__in=batch).update(**{f"{self.field}_id": new_id})
        return [str(one) for one in found]

    def owners_among(self, patient_ids: Iterable[UUID]) -> set[UUID]:
        """Return those of these patients who have a row here."""
        name = f"{self.field}_id"
        found: set[UUID] = set()
        for batch in _batches(list(patient_ids)):
            rows = self.rows.filter(**{f"{name}__in": batch}).order_by()
            found.update(rows.values_list(name, flat=True).distinct())
        return found


_holdings: dict[str, Holding] = {}
_staying: dict[str, str] = {}


def register(
    model: str,
    field: str = "patient",
    *,
    label: object = "",
    one_each: bool = False,
    by: str = "",
) -> None:
    """Say that the rows of a table belong to a patient and follow her."""
    holding = Holding(model, field, label, one_each, by)
    _holdings[holding.key] = holding


def stays(model: str, field: str, *, why: str) -> None:
    """Say that a table points at a patient and that its rows never change hands."""
    _staying[f"{model}.{field}"] = why


def registered() -> list[Holding]:
    """Return what belongs to patients, in the order of the names."""
    return [_holdings[key] for key in sorted(_holdings)]


def known() -> set[str]:
    """Return every column that somebody answered for, whatever the answer."""
    return _holdings.keys() | _staying.keys()


def owners_among(patient_ids: list[UUID], *, but: frozenset[str] = frozenset()) -> set[UUID]:
    """Return those of these patients to whom something belongs, ``but`` some columns aside."""
    found: set[UUID] = set()
    for holding in registered():
        if holding.key not in but:
            found |= holding.owners_among(patient_ids)
    return found


def _batches(ids: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
