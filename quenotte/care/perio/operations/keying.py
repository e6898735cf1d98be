"""Values as they are keyed in: kept at once, a few at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.live.operations import publish
from quenotte.care.perio import queries
from quenotte.care.perio.models import PerioExam, PerioSite, PerioTooth
from quenotte.care.perio.operations.telling import note, tell
from quenotte.care.perio.rules.readings import (
    SITE_NUMBERS,
    SITE_SIGNS,
    Change,
    Charting,
    apply,
    held,
    is_overtaken,
    refusal,
)
from quenotte.kernel.errors import Refusal

#: The journal has one line for each person who types, each quarter of an hour: hundreds of keys.
TELL_AGAIN: Final = timedelta(minutes=15)

_SITE_COLUMNS: Final = (*SITE_NUMBERS, *SITE_SIGNS)
_TOOTH_COLUMNS: Final = (
    "presence", "mobility", "furcation_v", "furcation_l", "furcation_m", "furcation_d",
)  # fmt: skip


class ExamIsClosed(Refusal):
    """The examination was closed or given up meanwhile."""

    message = _(
        "Cet examen vient d’être clos ou abandonné : ces valeurs n’y entrent plus. "
        "Elles restent à l’écran."
    )
    next_step = _("Notez-les dans un complément, ou corrigez l’examen par un nouveau.")


@dataclass(frozen=True)
class Kept:
    """What became of some values: how many were kept, and which could not be, with the reason.

    ``overtaken`` are those whose place holds something else by now, with what it holds.
    """

    count: int
    refused: tuple[tuple[Change, str], ...]
    overtaken: tuple[tuple[Change, Any], ...] = ()


@transaction.atomic
def key_in(
    *, actor: Actor, patient_id: UUID, exam_id: UUID, changes: Sequence[Change], hand: str = ""
) -> Kept:
    """Keep values in a draft, each in its turn; those that cannot be are given back.

    Two people may type at once: each value touches its own place, the last one there wins, unless
    who typed it could not know what the place holds: a value that waited out of reach of the server
    comes back later than one that was typed after it.
    ``hand`` names the page that typed, which need not draw itself again.

    Raises: ExamIsClosed; PerioExam.DoesNotExist.
    """
    exam = _draft(patient_id, exam_id)
    charting, refused = queries.charting_of(exam.id), []
    kept: list[Change] = []
    overtaken: list[tuple[Change, Any]] = []
    for change in changes:
        if why := refusal(change, charting):
            refused.append((change, why))
            continue
        if is_overtaken(change, charting):
            overtaken.append((change, held(change, charting)))
            continue
        charting = apply(change, charting)
        kept.append(change)
    if kept:
        _write(exam.id, charting, kept)
        _tell_typing(actor, exam, hand)
    return Kept(len(kept), tuple(refused), tuple(overtaken))


@transaction.atomic
def fill_margin(*, actor: Actor, patient_id: UUID, exam_id: UUID) -> int:
    """Note a recession of 0 at each probed site that has none; return how many.

    One gesture that says « the margin is at the junction wherever nothing else was noted ».

    Raises: ExamIsClosed; PerioExam.DoesNotExist.
    """
    exam = _draft(patient_id, exam_id)
    charting = queries.charting_of(exam.id)
    places = {
        (tooth, site): replace(found, recession=0)
        for tooth, site, found in charting.readings(charting.natural)
        if found.depth is not None and found.recession is None
    }
    _write_sites(exam.id, Charting(sites=places), places)
    tell(actor, patient_id, exam.id, Action.CHANGE)
    return len(places)


def _draft(patient_id: UUID, exam_id: UUID) -> PerioExam:
    exam = PerioExam.objects.select_for_update().get(id=exam_id, patient_id=patient_id)
    if exam.status != PerioExam.Status.DRAFT:
        raise ExamIsClosed
    return exam


def _write(exam_id: UUID, charting: Charting, kept: list[Change]) -> None:
    of_sites = {(one.tooth, one.site) for one in kept if one.field in _SITE_COLUMNS}
    _write_sites(exam_id, charting, of_sites)
    of_teeth = sorted({one.tooth for one in kept if one.field not in _SITE_COLUMNS})
    PerioTooth.objects.bulk_create(
        [_tooth_row(exam_id, charting, tooth) for tooth in of_teeth],
        update_conflicts=True,
        unique_fields=["exam", "tooth"],
        update_fields=_TOOTH_COLUMNS,
    )


def _write_sites(exam_id: UUID, charting: Charting, places: Iterable[tuple[int, str]]) -> None:
    rows = [_site_row(exam_id, charting, *place) for place in sorted(places)]
    PerioSite.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["exam", "tooth", "site"],
        update_fields=_SITE_COLUMNS,
    )


def _site_row(exam_id: UUID, charting: Charting, tooth: int, site: str) -> PerioSite:
    found = charting.site(tooth, site)
    values = {name: getattr(found, name) for name in _SITE_COLUMNS}
    return PerioSite(exam_id=exam_id, tooth=tooth, site=site, **values)


def _tooth_row(exam_id: UUID, charting: Charting, tooth: int) -> PerioTooth:
    found = charting.tooth(tooth)
    grades: dict[str, Any] = {
        f"furcation_{name.lower()}": found.furcation.get(name) for name in ("V", "L", "M", "D")
    }
    return PerioTooth(
        exam_id=exam_id,
        tooth=tooth,
        presence=str(found.presence),
        mobility=found.mobility,
        **grades,
    )


def _tell_typing(actor: Actor, exam: PerioExam, hand: str) -> None:
    now = timezone.now()
    is_same = exam.typed_by_id == actor.person_id
    if not is_same or exam.told_at is None or now - exam.told_at >= TELL_AGAIN:
        note(actor, exam.patient_id, exam.id, Action.CHANGE)
        exam.told_at = now
    exam.typed_at, exam.typed_by_id = now, actor.own_person_id
    exam.save(update_fields=["typed_at", "typed_by", "told_at"])
    publish(
        practice_id=actor.practice_id,
        name="perio.typed",
        data={"patient": str(exam.patient_id), "exam": str(exam.id), "hand": hand},
        audience="chart.read",
    )
