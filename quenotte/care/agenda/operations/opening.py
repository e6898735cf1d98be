"""The opening hours of the practice and of a practitioner, and how the agenda is drawn."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.people import queries as people
from quenotte.care.agenda import rules
from quenotte.care.agenda.models import AgendaSettings, OpeningPeriod
from quenotte.care.agenda.operations.obstacles import NoSuchColumn
from quenotte.care.agenda.operations.writing import tell
from quenotte.kernel.errors import Refusal


class BadHours(Refusal):
    """Two periods of a day overlap, or one ends before it begins; ``weekday`` says where."""

    def __init__(self, *, weekday: int) -> None:
        super().__init__(
            _(
                "Les horaires de ce jour ne se suivent pas : chaque plage doit finir après son "
                "début et avant la plage suivante. Rien n’a été enregistré."
            )
        )
        self.weekday = weekday


@transaction.atomic
def save_hours(
    *,
    actor: Actor,
    spans: Iterable[tuple[int, int, int]],
    practitioner_id: UUID | None = None,
) -> None:
    """Replace the hours of the practice, or of a practitioner: (weekday, opens, closes).

    Units: weekdays from 0 (Monday), minutes from midnight on the wall clock, half-open, up to
    1440. A practitioner without any follows the practice; a practice without any never closes.

    Raises: BadHours, NoSuchColumn.
    """
    wanted = sorted(spans)
    _check(wanted)
    if practitioner_id and people.account(actor.own_practice_id, practitioner_id) is None:
        raise NoSuchColumn
    OpeningPeriod.objects.filter(
        practice_id=actor.own_practice_id, practitioner_id=practitioner_id
    ).delete()
    OpeningPeriod.objects.bulk_create(
        OpeningPeriod(
            practice_id=actor.own_practice_id,
            practitioner_id=practitioner_id,
            weekday=weekday,
            opens_minute=opens,
            closes_minute=closes,
        )
        for weekday, opens, closes in wanted
    )
    _traced(actor, "hours", str(practitioner_id or actor.own_practice_id), count=len(wanted))


@transaction.atomic
def save_settings(*, actor: Actor, step_minutes: int, works_on_holidays: bool) -> AgendaSettings:
    """Choose the step of the grid and whether public holidays are worked.

    Raises: ValueError for an unknown step.
    """
    settings, _is_new = AgendaSettings.objects.update_or_create(
        practice_id=actor.own_practice_id,
        defaults={
            "step_minutes": AgendaSettings.Step(step_minutes).value,
            "works_on_holidays": works_on_holidays,
        },
    )
    _traced(actor, "agenda_settings", str(actor.own_practice_id), minutes=step_minutes)
    return settings


def _check(spans: list[tuple[int, int, int]]) -> None:
    for weekday, opens, closes in spans:
        if not (0 <= weekday <= 6 and 0 <= opens < closes <= rules.MINUTES_A_DAY):
            raise BadHours(weekday=weekday)
    for weekday, _opens, _closes in rules.overlapping_hours(spans):
        raise BadHours(weekday=weekday)


def _traced(actor: Actor, kind: str, object_id: str, **detail: int) -> None:
    tell(actor, ())
    audit.record(
        action=Action.CHANGE, actor=actor, object_kind=kind, object_id=object_id, detail=detail
    )
