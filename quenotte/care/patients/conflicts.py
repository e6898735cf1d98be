"""What two people changed at once: refused, told with both values, and noted in the journal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Action, Actor
from quenotte.care.patients.models import MedicalAlert, Patient
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True)
class Difference:
    """A field that two people filled differently."""

    field: str
    theirs: Any
    mine: Any


class Conflict(Refusal):
    """Somebody changed what this person was changing; nothing was overwritten."""

    differences: tuple[Difference, ...] = ()


class ChangedMeanwhile(Conflict):
    """Somebody saved this patient after the form was opened; nothing was overwritten."""

    def __init__(
        self, *, version: int, who: str, at: datetime, differences: tuple[Difference, ...]
    ) -> None:
        super().__init__(
            _(
                "%(who)s a modifié cette fiche à %(time)s, pendant votre saisie. Rien n’a été "
                "écrasé et votre saisie est gardée : relisez, puis enregistrez à nouveau."
            )
            % {"who": who, "time": clock(timezone.localtime(at))}
        )
        self.version = version
        self.who = who
        self.at = at
        self.differences = differences


class PhotoChanged(Conflict):
    """Another photo took the place of the one that the page showed."""

    message = _(
        "La photo de cette fiche a été changée depuis que vous avez ouvert la page. Rien n’a été "
        "écrasé : regardez celle qui est enregistrée, puis recommencez s’il le faut."
    )


class AlertNotedOtherwise(Conflict):
    """This alert is already in the banner, with other words; ``alert_id`` is its row."""

    message = _(
        "Cette alerte est déjà notée autrement. Rien n’a été écrasé. Complétez votre saisie avec "
        "ce qui est noté, puis ajoutez-la à nouveau : elle prendra la place de l’ancienne."
    )

    def __init__(self, alert_id: UUID, differences: tuple[Difference, ...]) -> None:
        super().__init__()
        self.alert_id = alert_id
        self.differences = differences


def conflicts_noted(operation: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in one transaction; a conflict undoes it and leaves its line.

    The operation is called with ``actor`` and ``patient_id``. The line says that something was
    refused, not what: it is written once the transaction is undone, else it would go with it.
    """

    @wraps(operation)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            with transaction.atomic():
                return operation(*args, **kwargs)
        except Conflict:
            patient_id = cast("UUID", kwargs["patient_id"])
            audit.record(
                action=Action.CHANGE,
                actor=cast("Actor", kwargs["actor"]),
                patient_id=patient_id,
                object_kind="patient",
                object_id=str(patient_id),
                result="refused",
                detail={"reason": "conflict"},
            )
            raise

    return run


def changed_meanwhile(
    patient: Patient, values: Mapping[str, Any], seen: Mapping[str, Any] | None = None
) -> ChangedMeanwhile:
    """Return who saved this patient meanwhile, and where ``values`` differ from the record.

    ``seen`` holds what the form was opened with: what only one of the two changed is no
    difference.
    """
    known = seen or {}
    who, at = journal.last_change(patient.id) or ("", patient.updated_at)
    return ChangedMeanwhile(
        version=patient.version,
        who=who or str(_("Quelqu’un")),
        at=at,
        differences=tuple(
            Difference(name, getattr(patient, name), mine)
            for name, mine in values.items()
            if getattr(patient, name) != mine
            and not (name in known and known[name] == getattr(patient, name))
        ),
    )


def alert_differences(
    noted: MedicalAlert, *, kind: str, severity: str, details: str
) -> tuple[Difference, ...]:
    """Return where what is typed differs from a noted alert; empty details say nothing.

    Nature and severity of an alert of the list are those of the list: nobody types them.
    """
    typed = {"details": details or noted.details}
    if not noted.code:
        typed |= {"kind": kind, "severity": severity}
    return tuple(
        Difference(name, getattr(noted, name), mine)
        for name, mine in typed.items()
        if getattr(noted, name) != mine
    )
