"""Reads of implants and of the work of laboratories."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.prepared import prepared
from quenotte.care.prosthetics import rules
from quenotte.care.prosthetics.models import (
    Laboratory,
    LaboratorySettings,
    LabOrder,
    LabStep,
    PlacedDevice,
)
from quenotte.care.prosthetics.rules import Alarm
from quenotte.care.stock import queries as stock
from quenotte.care.stock.queries import Given
from quenotte.care.stock.rules import folded, is_expired
from quenotte.kernel.money import format_euros

if TYPE_CHECKING:
    from quenotte.care.stock.models import Lot

#: Works that are over in a list: those written last.
_MOST: Final = 300

#: A visit to come: id, beginning, words.
Visit = tuple[UUID, datetime, str]
#: Finds the visits to come of a patient; wired by ``care.apps``.
Coming = Callable[[UUID], list[Visit]]
_coming: list[Coming] = []


def use_visits(find: Coming) -> None:
    """Name the function that knows the visits to come: the agenda is no room of ours."""
    _coming[:] = [find]


def coming_visits(patient_id: UUID) -> list[Visit]:
    """Return the visits to come of a patient, soonest first; none without an agenda."""
    return [visit for find in _coming for visit in find(patient_id)]


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work with what it makes one worry about."""

    order: LabOrder
    alarm: Alarm | None

    @property
    def price(self) -> str:
        """« 182,50 € », or nothing."""
        cents = self.order.price_cents
        return "" if cents is None else format_euros(cents)

    @property
    def tone(self) -> str:
        """The colour of its status."""
        return rules.TONES[self.order.status]


def settings_of(practice_id: UUID) -> LaboratorySettings:
    """Return the settings of a practice; the usual ones until somebody saves hers."""
    found = LaboratorySettings.objects.filter(practice_id=practice_id).first()
    return found or LaboratorySettings(practice_id=practice_id)


def laboratories(practice_id: UUID) -> QuerySet[Laboratory]:
    """Return the laboratories of a practice."""
    return Laboratory.objects.filter(practice_id=practice_id)


def _orders() -> QuerySet[Any]:
    """Return orders with ``is_remade``: whether another one, still standing, replaces it."""
    rows = LabOrder.objects.select_related(
        "laboratory", "appointment", "patient", "practitioner", "remakes"
    )
    return rows.annotate(is_remade=Exists(remakes_of(OuterRef("pk"))))


def remakes_of(order_id: Any) -> QuerySet[LabOrder]:
    """Return the order, still standing, that replaces one."""
    return LabOrder.objects.filter(remakes_id=order_id).exclude(status="cancelled")


def works(practice_id: UUID, *, status: str = "") -> list[Work]:
    """Return the work that is not over, or all that stands at ``status``; the most urgent first."""
    rows = _orders().filter(practice_id=practice_id)
    if status:
        rows = rows.filter(status=status)
    else:
        rows = rows.exclude(status__in=[one.value for one in rules.OVER])
        rows = rows.exclude(status="redo", is_remade=True)
    # Work that is over keeps piling up and has no urgency; of the other, nothing falls off.
    if status in rules.OVER:
        rows = rows[:_MOST]
    return sorted(_with_alarms(practice_id, rows), key=_urgency)


def late_works(practice_id: UUID) -> list[Work]:
    """Return the work that should be back."""
    return [work for work in works(practice_id) if work.alarm]


def works_of(practice_id: UUID, patient_id: UUID) -> list[Work]:
    """Return the work made for a patient, the latest first."""
    return _with_alarms(practice_id, _orders().filter(patient_id=patient_id))


def works_of_visit(practice_id: UUID, appointment_id: UUID) -> list[Work]:
    """Return the work that is fitted in a visit."""
    return _with_alarms(practice_id, _orders().filter(appointment_id=appointment_id))


def order_of(patient_id: UUID, order_id: UUID) -> Any:
    """Return one order of a patient, None when there is no such order."""
    return _orders().filter(patient_id=patient_id, id=order_id).first()


def work_of(order: Any) -> Work:
    """Return an order with its alarm."""
    return _with_alarms(order.practice_id, [order])[0]


def steps_of(order: LabOrder) -> list[LabStep]:
    """Return what happened to an order, oldest first."""
    return list(LabStep.objects.filter(order_id=order.id))


def has_work_away(patient_id: UUID) -> bool:
    """Return whether work for a patient is not here yet; a prepared read, for each record."""
    return bool(_away(patient_id))


@prepared
def _away(patient_id: UUID) -> QuerySet[LabOrder, UUID]:
    away = sorted(one.value for one in rules.AWAY)
    rows = LabOrder.objects.filter(patient_id=patient_id, status__in=away)
    return rows.order_by("-created_at").values_list("id", flat=True)[:1]


def placed_in(patient_id: UUID) -> list[PlacedDevice]:
    """Return what was placed in a mouth, mistakes left out, the latest first."""
    return list(PlacedDevice.objects.filter(patient_id=patient_id, voided_at=None))


def placed_of(patient_id: UUID, placed_id: UUID) -> PlacedDevice | None:
    """Return one device of a patient."""
    return PlacedDevice.objects.filter(patient_id=patient_id, id=placed_id).first()


def placed_of_lot(lot: "Lot") -> list[Given]:
    """Return in whose mouth pieces of a lot are, or were, that no line of the stock tells of.

    The number decides, however it was typed; a code excludes only when both have one. A device
    whose record shows this lot is told whatever it was taken from.
    """
    same, article = stock.siblings(lot), lot.article
    numbers = {folded(one.number) for one in same} - {""}
    serials = {folded(one.serial) for one in same} - {""}
    rows = PlacedDevice.objects.filter(practice_id=article.practice_id, voided_at=None)
    rows = rows.alias(plain=stock.folded("lot_number"), piece=stock.folded("serial"))
    if article.gtin:
        rows = rows.filter(gtin__in=["", article.gtin])
    rows = rows.filter(_bears(numbers, serials))
    told = stock.standing_uses(article.practice_id).filter(lot__in=same).values("id")
    found = rows.exclude(movement_id__in=told).select_related("patient")
    return [
        Given(one.patient, one.placed_on, _words(one, article.gtin), one.placed_by) for one in found
    ]


def _bears(numbers: set[str], serials: set[str]) -> Q:
    """Return what a device that may be one of a lot has written on it."""
    if not numbers:
        return Q(piece__in=serials)
    return Q(plain__in=numbers) | Q(plain="", piece__in=serials)


def _words(one: PlacedDevice, gtin: str) -> str:
    """Say what a device is; one that no code proves to be of the lot, with its name."""
    kind = str(one.get_kind_display())
    if gtin and one.gtin == gtin:
        return kind
    name = ", ".join(filter(None, (one.name, one.maker)))
    return _("%(kind)s : %(name)s, lot écrit sur la fiche") % {"kind": kind, "name": name}


def barred(
    practice_id: UUID,
    *,
    on: date,
    number: str,
    serial: str,
    gtin: str = "",
    expires_on: date | None = None,
    lot_id: UUID | None = None,
) -> str:
    """Return what is known against a device on a day (``rules.BARRED``), "" for nothing.

    ``lot_id`` is the lot of the stock that it is taken from, whatever number was typed.
    """
    lot = stock.lot(practice_id, lot_id) if lot_id else None
    lots = [
        *recalled(practice_id, number=number, serial=serial, gtin=gtin),
        *([lot] if lot else []),
    ]
    if any(stock.is_recalled(one, on) for one in lots):
        return rules.RECALLED
    last = [expires_on, lot.expires_on if lot else None]
    return rules.EXPIRED if any(is_expired(day, on) for day in last) else ""


def recalled(practice_id: UUID, *, number: str, serial: str, gtin: str = "") -> list["Lot"]:
    """Return the recalled lots that what is written on a device may be."""
    found = stock.named(practice_id, number=number, serial=serial, gtin=gtin)
    return [lot for lot in found if lot.recalled_at is not None]


def on_passport(patient_id: UUID) -> list[PlacedDevice]:
    """Return what the implant passport of a patient names, oldest first."""
    rows = PlacedDevice.objects.filter(patient_id=patient_id, voided_at=None, removed_on=None)
    return list(rows.filter(kind__in=sorted(rules.ON_PASSPORT)).order_by("placed_on", "tooth"))


def order_key(patient_id: UUID) -> str:
    """Return the name under which the order being typed for a patient is kept."""
    return f"lab-order:{patient_id}"


def changed_order_key(order_id: UUID) -> str:
    """Return the name under which the changes being typed in an order are kept."""
    return f"lab-order-changes:{order_id}"


def placed_key(patient_id: UUID) -> str:
    """Return the name under which the device being typed for a patient is kept."""
    return f"placed:{patient_id}"


def _with_alarms(practice_id: UUID, rows: Any) -> list[Work]:
    today, days = timezone.localdate(), settings_of(practice_id).days_before
    return [Work(order, _alarm(order, today, days)) for order in rows]


def _alarm(order: Any, today: date, days_before: int) -> Alarm | None:
    """Return the alarm of an order; nobody waits for what was ordered again."""
    if order.is_remade:
        return None
    return rules.alarm(order.status, order.due_on, order.fitting_on, today, days_before=days_before)


def _urgency(work: Work) -> tuple[bool, str, int]:
    day = work.order.fitting_on or work.order.due_on
    return (work.alarm is None, day.isoformat() if day else "9999", work.order.number)
