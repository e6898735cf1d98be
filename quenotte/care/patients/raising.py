"""Alerts that another room raises and ends: what the team noted by hand stays as it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.care.patients import rules
from quenotte.care.patients.models import MedicalAlert, Patient


@dataclass(frozen=True)
class Raised:
    """An alert to be shown: one of the list (``code``), or a free one.

    ``key`` is the caller's own name for it. A ``label`` beside a code says less than the list
    does (« Maladie rénale »): what else follows from the code stays. One that ``is_vague``
    is to be asked again: it takes the place of no other words of its code.
    """

    key: str
    code: str = ""
    kind: str = ""
    severity: str = ""
    label: str = ""
    details: str = ""
    is_vague: bool = False


@transaction.atomic
def raise_alerts(
    *, actor: Actor, patient_id: UUID, wanted: Iterable[Raised], replaces: Collection[UUID]
) -> dict[str, tuple[UUID, bool]]:
    """Show alerts on a record; return, for each key, the alert that says it, and whether it is new.

    One that is shown already is not shown twice. Its details are replaced when the caller
    raised it itself (``replaces``), and left to whoever noted them otherwise.

    Raises: KeyError for an unknown code.
    """
    patient = _locked(actor, patient_id)
    shown = {
        _same(alert): alert for alert in MedicalAlert.objects.filter(patient=patient, ended_at=None)
    }
    found = {one.key: _shown(patient, _named(one), shown, replaces) for one in wanted}
    _tell(actor, patient)
    return found


def hold(*, actor: Actor, patient_id: UUID) -> None:
    """Hold a record until the end of the transaction: whoever else wants it waits."""
    _locked(actor, patient_id)


@transaction.atomic
def end_alerts(*, actor: Actor, patient_id: UUID, alert_ids: Collection[UUID]) -> int:
    """Say that alerts no longer hold; the rows stay. Return how many held until now."""
    patient = _locked(actor, patient_id)
    rows = MedicalAlert.objects.filter(patient=patient, id__in=list(alert_ids), ended_at=None)
    ended = rows.update(ended_at=timezone.now())
    if ended:
        _tell(actor, patient)
    return ended


def _named(one: Raised) -> Raised:
    if not one.code:
        return one
    known = rules.ALERTS[one.code]
    label = one.label or known.label
    return replace(one, kind=known.kind, severity=known.severity, label=label)


def _same(one: MedicalAlert | Raised) -> tuple[str, str]:
    """Return what makes two alerts one: their code, or the words of those that have none."""
    return (one.code, "" if one.code else one.label)


def _shown(
    patient: Patient,
    one: Raised,
    shown: dict[tuple[str, str], MedicalAlert],
    replaces: Collection[UUID],
) -> tuple[UUID, bool]:
    there = shown.get(_same(one))
    if there is not None:
        # « à préciser » takes nothing from what is known already.
        is_vaguer = one.label.startswith(f"{there.label} :") or (
            one.is_vague and one.label != there.label
        )
        is_same = (there.details, there.label) == (one.details, one.label)
        if there.id not in replaces or is_vaguer or is_same:
            return there.id, False
        there.ended_at = timezone.now()
        there.save(update_fields=["ended_at"])
    alert = MedicalAlert.objects.create(
        patient=patient,
        code=one.code,
        kind=one.kind,
        severity=one.severity,
        label=one.label,
        details=one.details,
    )
    shown[_same(one)] = alert
    return alert.id, True


def _locked(actor: Actor, patient_id: UUID) -> Patient:
    rows = Patient.objects.select_for_update()
    return rows.get(id=patient_id, practice_id=actor.own_practice_id)


def _tell(actor: Actor, patient: Patient) -> None:
    publish(
        practice_id=patient.practice_id,
        name="patient.changed",
        data={"patient": str(patient.id)},
        audience="patients.read",
    )
    audit.record(
        action=Action.CHANGE,
        actor=actor,
        patient_id=patient.id,
        object_kind="alert",
        object_id=str(patient.id),
        detail={"fields": "alerts", "count": 1},
    )
