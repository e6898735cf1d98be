"""What the pages that correct a closed visit show: the acts that may be meant, their remarks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.kernel.errors import Refusal
from quenotte.office.plans import queries as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import queries
from quenotte.office.visits.models import Visit, VisitAct

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


class NotUnderstood(Refusal):
    """Neither teeth nor surfaces."""

    def __init__(self, words: str) -> None:
        super().__init__(
            _(
                "« %(words)s » n’a pas été compris : écrivez les dents « 16 » ou « 14-16 », les "
                "faces « MOD ». Rien n’a été enregistré."
            )
            % {"words": words}
        )


@dataclass(frozen=True, slots=True)
class Meant:
    """Acts that may be meant, and what is to be looked at before they are written."""

    choice: plans.Choice
    remarks: tuple[str, ...]


def late(patient: "Patient", visit: Visit, text: str) -> list[Meant]:
    """Return the acts that a line may mean, as they were on the day of care.

    Raises: as ``plans.choices``.
    """
    return _looked_at(patient, visit, plans.choices(patient.practice_id, text, _day(visit)))


def instead(
    patient: "Patient", visit: Visit, act: VisitAct, *, teeth: str, surfaces: str, words: str
) -> list[Meant]:
    """Return what may take the place of an act: itself elsewhere, or what the words mean.

    Raises: NotUnderstood; as ``plans.choices``.
    """
    where = f"{teeth} {surfaces}".strip()
    if words.strip():
        found = plans.choices(patient.practice_id, f"{where} {words}", _day(visit))
    else:
        plan_rules.clauses(where)
        found = [plans.Choice(act.label, "", (_elsewhere(act, where),))]
    return _looked_at(patient, visit, found, act)


def lines_of(
    patient: "Patient", visit: Visit, keys: str, act: VisitAct | None = None
) -> list[plan_rules.ActLine]:
    """Return the acts that were chosen; the one that is corrected need not be in the catalogue."""
    code, _sep, where = keys.partition(";")
    if act is not None and code == act.code and "," not in keys:
        return [_elsewhere(act, where.replace(";", " "))]
    return plans.lines_of_keys(patient.practice_id, keys, _day(visit))


def _elsewhere(act: VisitAct, where: str) -> plan_rules.ActLine:
    meant = plan_rules.typed(where)
    if meant.words:
        raise NotUnderstood(meant.words)
    teeth = plan_rules.stored_teeth(meant.teeth)
    return replace(line_of(act), teeth=teeth, surfaces=meant.surfaces)


def line_of(act: VisitAct) -> plan_rules.ActLine:
    """Return an act as plans know one."""
    return plan_rules.ActLine(
        act.code,
        act.label,
        act.teeth,
        act.surfaces,
        quantity=act.quantity,
        fee_cents=act.fee_cents,
        charts_as=act.charts_as,
        material=act.material,
    )


def planned(patient: "Patient", visit: Visit) -> list[tuple[queries.Planned, tuple[str, ...]]]:
    """Return the planned acts that may be added late, with what is to be looked at on that day."""
    look = _looker(patient, visit)
    return [(one, look(one.line.act)) for one in queries.planned_of(visit)]


def remarks_of(patient: "Patient", visit: Visit, line_id: UUID) -> tuple[str, ...]:
    """Return what is to be looked at before a planned act is added late; nothing when it is gone.

    Asked again as it is written: another act of the same day may have come meanwhile.
    """
    found = [why for one, why in planned(patient, visit) if one.line.id == line_id]
    return found[0] if found else ()


def _looked_at(
    patient: "Patient", visit: Visit, found: list[plans.Choice], act: VisitAct | None = None
) -> list[Meant]:
    """Return choices with their remarks, the act that is corrected aside."""
    look = _looker(patient, visit, act)
    return [
        Meant(one, tuple(dict.fromkeys(text for line in one.lines for text in look(line))))
        for one in found
    ]


def _looker(
    patient: "Patient", visit: Visit, act: VisitAct | None = None
) -> Callable[[plan_rules.ActLine], tuple[str, ...]]:
    """Return what tells the remarks on an act of that day: the rules of billing, then the mouth."""
    day, recent = _day(visit), queries.recent_acts(patient.id)
    if act is not None and (mine := queries.done_of(act)) in recent:
        recent.remove(mine)
    watch = plans.watcher(patient.practice_id, born_on=patient.born_on, on=day)
    object_to = plans.objector(patient, day)
    own = act.teeth if act is not None and act.charts_as else None

    def look(line: plan_rules.ActLine) -> tuple[str, ...]:
        found = [warning.text for warning in watch(line, recent)]
        # What the mouth says of that tooth, it says because of the act itself.
        if line.teeth != own:
            found += object_to(line)
        return tuple(dict.fromkeys(found))

    return look


def _day(visit: Visit) -> date:
    return timezone.localdate(visit.opened_at)
