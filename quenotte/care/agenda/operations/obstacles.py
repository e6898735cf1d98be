"""What stands in the way of an appointment: its shape, closed hours, somebody else's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role, may
from quenotte.base.practice import queries as places
from quenotte.base.prepared import prepared
from quenotte.care.agenda import queries, rules
from quenotte.care.agenda.operations.writing import local_day
from quenotte.care.agenda.queries.assistants import assistants
from quenotte.kernel.dates import clock
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.people.models import Person
    from quenotte.base.practice.models import Chair
    from quenotte.care.agenda.models import Appointment

Obstacle = queries.Obstacle

_SHAPES = {
    "short": _("Un rendez-vous dure au moins cinq minutes. Rien n’a été enregistré."),
    "long": _("Un rendez-vous dure au plus douze heures. Rien n’a été enregistré."),
    "night": _("Un rendez-vous se termine le jour où il commence. Rien n’a été enregistré."),
    "far": _("Cette date est à plus de cinq ans : vérifiez l’année. Rien n’a été enregistré."),
}


class BadShape(Refusal):
    """Too short, too long, over midnight or in another age; ``fault`` is the code."""

    def __init__(self, fault: str) -> None:
        super().__init__(_SHAPES[fault])
        self.fault = fault


class NoSuchColumn(Refusal):
    """The practitioner or the chair is not one of this practice any more."""

    message = _(
        "Ce praticien ou ce fauteuil n’est plus proposé dans votre cabinet. "
        "Rien n’a été enregistré : choisissez une autre colonne."
    )


class SlotTaken(Refusal):
    """Somebody else's appointment lies there; ``column`` and the period say which, not whose."""

    def __init__(self, *, column: str, starts_at: datetime, ends_at: datetime) -> None:
        super().__init__(
            _("%(column)s : déjà pris le %(day)s de %(start)s à %(end)s. Rien n’a été enregistré.")
            % {
                "column": column,
                "day": f"{local_day(starts_at):%d/%m/%Y}",
                "start": clock(timezone.localtime(starts_at)),
                "end": clock(timezone.localtime(ends_at)),
            },
            next_step=_("Choisissez un autre moment, une autre colonne ou un autre praticien."),
        )
        self.column, self.starts_at, self.ends_at = column, starts_at, ends_at


class Closed(Refusal):
    """Nobody works then; ``obstacles`` say why, ``can_force`` whether this person may insist."""

    def __init__(self, obstacles: Sequence[Obstacle], *, can_force: bool) -> None:
        words = " ".join(obstacle.words for obstacle in obstacles)
        super().__init__(
            _("%(why)s Rien n’a été enregistré.") % {"why": words},
            next_step=_("Choisissez un autre moment, ou confirmez que vous le voulez quand même.")
            if can_force
            else _("Choisissez un autre moment."),
        )
        self.obstacles, self.can_force = tuple(obstacles), can_force


@dataclass(frozen=True)
class Place:
    """Where and when an appointment shall be, half-open, both instants aware.

    ``assistant_minutes`` from its start on, somebody assists.
    """

    practitioner_id: UUID
    chair_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    assistant_minutes: int = 0

    @property
    def period(self) -> rules.Period:
        """Its period."""
        return rules.Period(self.starts_at, self.ends_at)


@dataclass(frozen=True)
class Around:
    """What goes on at the same time that somebody may want to know before she insists."""

    is_elsewhere: bool = False
    shortage: rules.Shortage | None = None


def place(
    practitioner_id: UUID,
    chair_id: UUID | None,
    starts_at: datetime,
    minutes: int,
    assistant_minutes: int = 0,
) -> Place:
    """Return the place of an appointment of some real minutes, from a whole minute on.

    Raises: BadShape.
    """
    if fault := rules.duration_fault(minutes):
        raise BadShape(fault)
    # In UTC: an appointment in the night when the clock is set lasts its real minutes.
    starts_at = starts_at.astimezone(UTC).replace(second=0, microsecond=0)
    ends_at = starts_at + timedelta(minutes=minutes)
    last = ends_at - timedelta(seconds=1)
    fault = rules.period_fault(
        minutes=minutes,
        starts_on=local_day(starts_at),
        last_day=local_day(last),
        today=timezone.localdate(),
    )
    if fault:
        raise BadShape(fault)
    return Place(practitioner_id, chair_id, starts_at, ends_at, assistant_minutes)


def hold_columns(actor: Actor, wanted: Place) -> "tuple[Person, Chair | None]":
    """Lock the practitioner, then the chair, until the transaction ends; others wait.

    On SQLite the whole database is already held: transactions are IMMEDIATE.

    Raises: NoSuchColumn.
    """
    practice_id = actor.own_practice_id
    practitioner = next(iter(_held_practitioner(practice_id, wanted.practitioner_id)), None)
    chair = None
    if wanted.chair_id is not None:
        chair = next(iter(_held_chair(practice_id, wanted.chair_id)), None)
    if practitioner is None or (wanted.chair_id is not None and chair is None):
        raise NoSuchColumn
    return practitioner, chair


@prepared
def _held_practitioner(practice_id: UUID, practitioner_id: UUID) -> "QuerySet[Person]":
    return (
        people.accounts(practice_id)
        .filter(id=practitioner_id, role=Role.DENTIST.value, is_active=True)
        .only("title", "first_name", "last_name")
        .select_for_update(no_key=True)
    )


@prepared
def _held_chair(practice_id: UUID, chair_id: UUID) -> "QuerySet[Chair]":
    return (
        places.chairs(practice_id)
        .filter(id=chair_id)
        .only("name", "room__name")
        .select_for_update(no_key=True, of=("self",))
    )


def check_free(
    actor: Actor, wanted: Place, *, patient_id: UUID | None = None, but: UUID | None = None
) -> Around:
    """Hold the columns and refuse a place where somebody else is.

    Returns whether the patient is elsewhere then, and whether there are too few assistants.

    Raises: SlotTaken; NoSuchColumn.
    """
    practitioner, chair = hold_columns(actor, wanted)
    others = list(
        queries.occupying(actor.own_practice_id, wanted.period, but=but)
        .filter(_touching(wanted, patient_id))
        .order_by("starts_at")
    )
    for other in others:
        if other.practitioner_id == wanted.practitioner_id:
            raise SlotTaken(
                column=practitioner.full_name, starts_at=other.starts_at, ends_at=other.ends_at
            )
        if chair is not None and other.chair_id == chair.id:
            column = f"{chair.room.name}, {chair.name}"
            raise SlotTaken(column=column, starts_at=other.starts_at, ends_at=other.ends_at)
    is_elsewhere = any(other.patient_id == patient_id for other in others)
    return Around(is_elsewhere, _shortage(actor, wanted, others))


def _shortage(
    actor: Actor, wanted: Place, others: "Sequence[Appointment]"
) -> rules.Shortage | None:
    """Return when more assistants are wanted than the practice has; asks when some are."""
    mine = rules.assisted(wanted.starts_at, wanted.assistant_minutes)
    assisted = [rules.assisted(one.starts_at, one.assistant_minutes) for one in others]
    if not any(one.overlaps(mine) for one in assisted):
        return None
    return rules.shortage(mine, assisted, assistants(actor.own_practice_id))


def _touching(wanted: Place, patient_id: UUID | None) -> Q:
    found = Q(practitioner_id=wanted.practitioner_id)
    if wanted.assistant_minutes:
        found |= Q(assistant_minutes__gt=0)
    if wanted.chair_id is not None:
        found |= Q(chair_id=wanted.chair_id)
    if patient_id is not None:
        found |= Q(patient_id=patient_id)
    return found


def check_open(
    actor: Actor,
    wanted: Place,
    *,
    around: Around,
    anyway: bool,
) -> bool:
    """Refuse a time at which nobody works, the patient is elsewhere or no assistant is free.

    Returns whether ``anyway`` was needed, which is then said in the journal.

    Raises: Closed.
    """
    obstacles = queries.obstacles(
        actor.own_practice_id,
        wanted.practitioner_id,
        wanted.period,
        now=timezone.now(),
        is_elsewhere=around.is_elsewhere,
        shortage=around.shortage,
    )
    can_force = may(actor.roles, "agenda.anyway")
    if obstacles and not (anyway and can_force):
        raise Closed(obstacles, can_force=can_force)
    return bool(obstacles)
