"""What was done to a patient: a room above, where acts are done, says it."""

from collections.abc import Callable
from uuid import UUID

from quenotte.office.catalogue.rules import Done

_sources: list[Callable[[UUID], list[Done]]] = []


def know_acts_done_from(source: Callable[[UUID], list[Done]]) -> None:
    """Name who knows the acts done to a patient, those of a plan and the others."""
    _sources[:] = [source]


def recent_acts(patient_id: UUID) -> list[Done]:
    """Return the acts that were done to a patient, whenever, planned or not."""
    return [act for source in _sources for act in source(patient_id)]
