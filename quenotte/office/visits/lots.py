"""Lots that were typed in visits, outside the stock: whom they reached, whether they are barred."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.care.stock import queries as stock
from quenotte.care.stock import rules as shelves
from quenotte.kernel import udis
from quenotte.office.visits import rules
from quenotte.office.visits.models import Anaesthesia, VisitSupply

if TYPE_CHECKING:
    from quenotte.care.stock.models import Lot


@dataclass(frozen=True, slots=True)
class Typed:
    """A product with its lot as it was typed; ``barred``: what the stock knows against that lot."""

    name: str
    lot: str
    words: str
    at: datetime
    visit_id: UUID
    barred: str = ""


def given_of_lot(lot: "Lot") -> list[stock.Given]:
    """Return who received a lot whose number was typed in a visit; taken back, it is left out."""
    same = stock.siblings(lot)
    numbers = {shelves.folded(text) for one in same for text in (one.number, one.serial)} - {""}
    if not numbers:
        return []
    where = {"visit__practice_id": lot.article.practice_id, "plain__in": numbers}
    given = _anaesthetics().alias(plain=stock.folded("lot")).filter(**where)
    used = _supplies().alias(plain=stock.folded("lot")).filter(**where)
    return [
        stock.Given(
            one.visit.patient,
            timezone.localdate(one.at),
            _("%(what)s, lot écrit dans la séance") % {"what": _words(one)},
            one.visit.practitioner.full_name,
        )
        for rows in (given, used)
        for one in rows.select_related("visit__patient", "visit__practitioner")
    ]


def typed_for(practice_id: UUID, patient_id: UUID) -> list[Typed]:
    """Return what a patient received by a typed lot, the latest first."""
    rows: list[Anaesthesia | VisitSupply] = [
        *_anaesthetics().filter(visit__patient_id=patient_id),
        *_supplies().filter(visit__patient_id=patient_id),
    ]
    known = stock.lots_numbered(practice_id, [one.lot for one in rows])
    found = [
        Typed(
            one.name,
            one.lot,
            _words(one),
            one.at,
            one.visit_id,
            _barred(known, one.lot, timezone.localdate(one.at)),
        )
        for one in rows
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


def meant(practice_id: UUID, typed: str, name: str) -> "Lot | None":
    """Return the lot of the stock that was typed or scanned; None for a doubt or a device.

    What stays in the mouth leaves the shelf by the form of its device alone.
    """
    number, product = _read(typed)
    known = [
        lot
        for lot in stock.lots_numbered(practice_id, [number])
        if lot.article.category not in shelves.STAYS and product in {"", lot.article.gtin}
    ]
    found = rules.lot_meant(number, name, [(lot.id, lot.article.name) for lot in known])
    return next((lot for lot in known if lot.id == found), None)


def _read(typed: str) -> tuple[str, str]:
    """Return the number of a lot and its product; « » for the product of a plain number."""
    if not udis.looks_like_udi(typed):
        return typed, ""
    try:
        found = udis.parse(typed, today=timezone.localdate())
    except udis.InvalidUdi:
        return typed, ""
    return found.lot, found.gtin


def lot_of(practice_id: UUID, supply: VisitSupply) -> UUID | None:
    """Return the lot of the stock that a material took something of; None for words."""
    if supply.movement_id is None:
        return None
    rows = stock.movements(practice_id).filter(id=supply.movement_id)
    return rows.values_list("lot_id", flat=True).first()


def barred_of(practice_id: UUID, numbers: Iterable[str], on: date) -> list[str]:
    """Return a sentence for each typed number that the stock knows as recalled or expired."""
    typed = [one for one in dict.fromkeys(numbers) if one]
    known = stock.lots_numbered(practice_id, typed)
    return [words for number in typed if (words := _barred(known, number, on))]


def _anaesthetics() -> QuerySet[Anaesthesia]:
    return Anaesthesia.objects.filter(removed_at=None).exclude(lot="")


def _supplies() -> QuerySet[VisitSupply]:
    """Return the materials that no line of the stock tells of."""
    return VisitSupply.objects.filter(removed_at=None, movement_id=None).exclude(lot="")


def _words(one: Anaesthesia | VisitSupply) -> str:
    if isinstance(one, Anaesthesia):
        return f"{one.product}, {rules.shown_cartridges(one.quarters)}"
    return f"{one.name} × {one.quantity}" if one.quantity > 1 else one.name


def _barred(known: Iterable["Lot"], number: str, on: date) -> str:
    plain = shelves.folded(number)
    same = [lot for lot in known if plain and shelves.folded(lot.number) == plain]
    for lot in same:
        said = {"lot": lot.number, "name": lot.article.name, "why": lot.recall_reason}
        if lot.recalled_at is not None:
            return _("Le lot %(lot)s est rappelé au stock (%(name)s) : %(why)s.") % said
        if shelves.is_expired(lot.expires_on, on):
            return _("Le lot %(lot)s est périmé d’après le stock (%(name)s).") % said
    return ""
