"""Who and when a line is about: people alike, people meant, periods taken; read once, in memory."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from quenotte.care.patients import operations as patients
from quenotte.care.patients import queries as patient_reads
from quenotte.care.patients.rules import Level, Traits, likeness, name_key, phone_key
from quenotte.care.takeover.cleaning import Cleaned
from quenotte.care.takeover.models import Import, ImportedPatient
from quenotte.kernel.names import compact


class People:
    """Descriptions found by what they have in common, not by looking at all of them."""

    def __init__(self) -> None:
        self._by_key: dict[str, list[tuple[UUID, Traits]]] = {}

    def add(self, person_id: UUID, traits: Traits) -> None:
        """Know one more person."""
        for key in set(self._keys(traits)):
            self._by_key.setdefault(key, []).append((person_id, traits))

    def nearest(self, traits: Traits) -> tuple[Level | None, UUID | None]:
        """Return how much the likeliest person is alike, and who she is."""
        best: tuple[Level | None, UUID | None] = (None, None)
        seen: set[UUID] = set()
        for key in self._keys(traits):
            for person_id, other in self._by_key.get(key, ()):
                if person_id in seen:
                    continue
                seen.add(person_id)
                alike = likeness(traits, other)
                if alike and (best[0] is None or alike.level > best[0]):
                    best = (alike.level, person_id)
                    if alike.level == Level.SAME:
                        return best
        return best

    @staticmethod
    def _keys(traits: Traits) -> Iterator[str]:
        for surname in traits.surnames:
            for first_name in traits.first_names:
                yield f"n{name_key(surname, first_name)}"
        if traits.born_on:
            yield f"d{traits.born_on:%Y%m%d}"
            # Day and month in either order.
            low, high = sorted((traits.born_on.day, traits.born_on.month))
            yield f"s{traits.born_on.year}-{low}-{high}"
        for phone in traits.phones:
            yield f"t{phone_key(phone)}"


class Whom:
    """Finds the patient of a line: by the old number, else by names and birth date."""

    def __init__(self, source: Import) -> None:
        self._by_old_id: dict[str, set[UUID]] = {}
        brought = ImportedPatient.objects.filter(
            source__practice_id=source.practice_id, source__state=Import.State.DONE
        ).exclude(old_id="")
        for old_id, patient_id in brought.values_list("old_id", "patient_id"):
            self._by_old_id.setdefault(old_id, set()).add(patient_id)
        self._by_name: dict[tuple[str, str], set[UUID]] = {}
        self._names: dict[UUID, set[str]] = {}
        for patient_id, traits in patients.traits_of(source.practice_id):
            self._names[patient_id] = {compact(name) for name in traits.surnames}
            for surname in traits.surnames:
                for first_name in traits.first_names:
                    key = (f"{compact(surname)} {compact(first_name)}", str(traits.born_on))
                    self._by_name.setdefault(key, set()).add(patient_id)
        died = patient_reads.of_practice(source.practice_id).exclude(died_on=None)
        self.dead = set(died.values_list("id", flat=True))

    def find(self, found: Cleaned) -> UUID | None:
        """Return the one patient that a line is about; none, and a refusal, otherwise."""
        values = found.values
        by_number = self._by_old_id.get(values["old_id"], set()) if values["old_id"] else set()
        meant = by_number or self._named(values)
        if len(meant) != 1:
            found.refuse("patient_ambiguous" if meant else "patient_unknown")
            return None
        patient_id = next(iter(meant))
        surname = compact(values["surname"])
        if by_number and surname and surname not in self._names.get(patient_id, {surname}):
            found.refuse("patient_contradicts", "old_id")
            return None
        return patient_id

    def _named(self, values: dict[str, Any]) -> set[UUID]:
        """Two people may have one name: without a birth date nobody is named."""
        if not (values["surname"] and values["first_name"] and values.get("born_on")):
            return set()
        name = f"{compact(values['surname'])} {compact(values['first_name'])}"
        return self._by_name.get((name, values["born_on"]), set())


class Taken:
    """The periods to come in which each practitioner is taken."""

    def __init__(self, periods: Iterable[tuple[UUID, datetime, datetime]]) -> None:
        self._by_day: dict[tuple[str, date], list[tuple[datetime, datetime]]] = {}
        for practitioner, starts, ends in periods:
            self._add(str(practitioner), starts, ends)

    def take(self, practitioner: str, starts: datetime, ends: datetime) -> bool:
        """Take a period; tell whether it was free."""
        there = self._by_day.get((practitioner, timezone.localdate(starts)), [])
        if any(starts < other_ends and other_starts < ends for other_starts, other_ends in there):
            return False
        self._add(practitioner, starts, ends)
        return True

    def _add(self, practitioner: str, starts: datetime, ends: datetime) -> None:
        key = (practitioner, timezone.localdate(starts))
        self._by_day.setdefault(key, []).append((starts, ends))
