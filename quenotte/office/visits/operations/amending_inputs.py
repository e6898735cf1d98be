"""What is corrected of the materials, lots and anaesthetics of a closed visit.

As for its acts: the wrong one stays, struck; the right one stands beside it, of the same day of
care; the shelf of the stock follows.
"""

import contextlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.base.sent import row_id
from quenotte.care.stock import operations as stock
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import dosing, lots, queries, rules
from quenotte.office.visits.models import Anaesthesia, Visit, VisitSupply
from quenotte.office.visits.operations import supplies
from quenotte.office.visits.operations.amending import NoReasonGiven, amended, closed
from quenotte.office.visits.operations.supplies import MOST_QUARTERS, NoSuchAnaesthetic, Used
from quenotte.office.visits.operations.writing import NoSuchVisit

#: What one that is noted again takes from the one that was struck.
_COPIED: Final[Mapping[type, tuple[str, ...]]] = {
    VisitSupply: ("name", "lot", "quantity", "added_at"),
    Anaesthesia: (
        "product", "vasoconstrictor", "quarters", "dose_mg", "most_ug_per_kg", "child_ug_per_kg",
        "most_mg", "from_years", "from_kg", "source", "lot", "given_at", "given_by_id",
    ),
}  # fmt: skip
#: What a product is and what it allows, as it was on the day of care.
_OF_PRODUCT: Final = (
    "product", "vasoconstrictor", "most_ug_per_kg", "child_ug_per_kg", "most_mg", "from_years",
    "from_kg", "source",
)  # fmt: skip


class InputStruck(Refusal):
    """Somebody else struck or corrected it while it was shown."""

    message = _(
        "Cette ligne vient d’être rayée ou corrigée. Rien n’a été enregistré une deuxième fois : "
        "relisez la séance, puis recommencez si besoin."
    )


class InputUnchanged(Refusal):
    """It would be what it is."""

    message = _("C’est déjà noté ainsi. Rien n’a été enregistré.")


@dataclass(frozen=True, slots=True)
class Dose:
    """What was given: the code of a product, "" for the one that was noted; cartridges in quarters.

    ``confirmed``: what was ticked of what the record or the dose says against it.
    """

    code: str
    quarters: int
    lot: str = ""
    confirmed: Collection[str] = ()

    @property
    def said(self) -> tuple[str, int, str]:
        """What was given, whatever was ticked beside it."""
        return self.code, self.quarters, self.lot


@transaction.atomic
def strike_input(
    *, actor: Actor, patient_id: UUID, visit_id: UUID, kind: str, input_id: UUID, reason: str
) -> Anaesthesia | VisitSupply:
    """Strike what was noted in error; a material goes back to its shelf.

    ``kind`` is one of ``queries.INPUTS``. Sent twice by the same person for the same reason, it
    is struck once.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn, NoReasonGiven, InputStruck.
    """
    visit, one = closed(actor, patient_id, visit_id), _noted(visit_id, kind, input_id)
    why = reason.strip()
    mine = (one.struck_by_id, one.struck_reason) == (actor.own_person_id, why)
    if why and mine and not _is_replaced(one):
        return one
    _strike(actor, one, why)
    amended(actor, visit, f"{kind}_struck")
    return one


@transaction.atomic
def restore_input(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    kind: str,
    input_id: UUID,
    confirmed: Collection[str] = (),
) -> Anaesthesia | VisitSupply:
    """Note again what was struck by mistake: it stays struck, and stands beside itself.

    ``confirmed``: what was ticked of what the record or the dose says against it today.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn; InputStruck when it stands, or something
    took its place; NotConfirmed, as when a dose is given.
    """
    visit, old = closed(actor, patient_id, visit_id), _noted(visit_id, kind, input_id)
    again = row_id(old.id, "restored")
    if known := type(old)._default_manager.filter(id=again, removed_at=None).first():
        return known
    if not old.is_struck or _is_replaced(old):
        raise InputStruck
    state = _asked_again(old, confirmed)
    values = {name: getattr(old, name) for name in _COPIED[type(old)]}
    made = type(old)(id=again, visit=visit, replaces_id=old.id, **values, **_now(actor))
    if isinstance(old, VisitSupply) and isinstance(made, VisitSupply):
        _taken_again(actor, old, made)
    made.save(force_insert=True)
    amended(actor, visit, f"{kind}_restored", state)
    return made


@transaction.atomic
def add_late_supply(
    *, actor: Actor, patient_id: UUID, visit_id: UUID, used: Used, key: UUID | None = None
) -> VisitSupply:
    """Add a material that a closed visit forgot, of the day of care; it leaves its shelf.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn; as ``use_supply``.
    """
    visit = closed(actor, patient_id, visit_id)
    made_id = row_id(key, used)
    if known := VisitSupply.objects.filter(id=made_id, visit=visit).first():
        return known
    made = _supply(actor, visit, used, id=made_id, added_at=queries.moment_of_care(visit))
    amended(actor, visit, "supply_added")
    return made


@transaction.atomic
def correct_supply(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    input_id: UUID,
    used: Used,
    reason: str,
    key: UUID | None = None,
) -> VisitSupply:
    """Strike a material and put the right one beside it: one goes back to the shelf, one leaves.

    Raises: as ``strike_input`` and ``use_supply``; InputUnchanged.
    """
    visit = closed(actor, patient_id, visit_id)
    old = _noted(visit_id, "supply", input_id)
    assert isinstance(old, VisitSupply)
    made_id = row_id(key, old.id, used)
    if known := VisitSupply.objects.filter(id=made_id, visit=visit).first():
        return known
    if used == _used(actor, old):
        raise InputUnchanged
    _strike(actor, old, reason.strip())
    made = _supply(actor, visit, used, id=made_id, added_at=old.added_at, replaces_id=old.id)
    amended(actor, visit, "supply_corrected")
    return made


@transaction.atomic
def add_late_anaesthetic(
    *, actor: Actor, patient_id: UUID, visit_id: UUID, dose: Dose, key: UUID | None = None
) -> Anaesthesia:
    """Add an anaesthetic that a closed visit forgot, of the day of care.

    Raises: NotTheCorrector, NoSuchVisit, VisitGoesOn, NoSuchAnaesthetic; NotConfirmed.
    """
    visit = closed(actor, patient_id, visit_id)
    made_id = row_id(key, dose.said)
    if known := Anaesthesia.objects.filter(id=made_id, visit=visit).first():
        return known
    values, state = _values(actor, visit, dose)
    when = {"given_at": queries.moment_of_care(visit), "given_by_id": actor.own_person_id}
    made = Anaesthesia.objects.create(id=made_id, visit=visit, **values, **when, **_now(actor))
    amended(actor, visit, "anaesthetic_added", state)
    return made


@transaction.atomic
def correct_anaesthetic(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    input_id: UUID,
    dose: Dose,
    reason: str,
    key: UUID | None = None,
) -> Anaesthesia:
    """Strike an anaesthetic and put the right one beside it; the same product keeps its figures.

    Raises: as ``strike_input``; InputUnchanged, NoSuchAnaesthetic; NotConfirmed.
    """
    visit = closed(actor, patient_id, visit_id)
    old = _noted(visit_id, "anaesthetic", input_id)
    assert isinstance(old, Anaesthesia)
    made_id = row_id(key, old.id, dose.said)
    if known := Anaesthesia.objects.filter(id=made_id, visit=visit).first():
        return known
    if (dose.code, dose.quarters, dose.lot.strip()) == ("", old.quarters, old.lot):
        raise InputUnchanged
    values, state = _values(actor, visit, dose, old)
    _strike(actor, old, reason.strip())
    when = {"given_at": old.given_at, "given_by_id": old.given_by_id, "replaces_id": old.id}
    made = Anaesthesia.objects.create(id=made_id, visit=visit, **values, **when, **_now(actor))
    amended(actor, visit, "anaesthetic_corrected", state)
    return made


def _noted(visit_id: UUID, kind: str, input_id: UUID) -> Anaesthesia | VisitSupply:
    """Return what a visit tells of, struck or standing. Raises: NoSuchVisit."""
    found = queries.input_of(visit_id, kind, input_id)
    if found is None:
        raise NoSuchVisit
    return found


def _is_replaced(one: Anaesthesia | VisitSupply) -> bool:
    return type(one)._default_manager.filter(replaces_id=one.id).exists()


def _strike(actor: Actor, one: Anaesthesia | VisitSupply, reason: str) -> None:
    if not reason:
        raise NoReasonGiven
    if one.removed_at is not None:
        raise InputStruck
    if isinstance(one, VisitSupply):
        supplies.put_back(actor, one, reason)
    one.removed_at, one.struck_by_id = timezone.now(), actor.own_person_id
    one.struck_reason = reason
    one.save(update_fields=["removed_at", "struck_by", "struck_reason"])


def _now(actor: Actor) -> dict[str, Any]:
    """Return when and by whom something is written after the visit."""
    return {"noted_at": timezone.now(), "noted_by_id": actor.own_person_id}


def _supply(
    actor: Actor, visit: Visit, used: Used, *, added_at: datetime, **more: Any
) -> VisitSupply:
    """Write a material of a closed visit, and take it off its shelf as of that day."""
    made = VisitSupply(
        visit=visit,
        name=used.name,
        lot=used.lot,
        quantity=used.quantity,
        added_at=added_at,
        **more,
        **_now(actor),
    )
    supplies.shelved(actor, made, used, timezone.localdate(added_at))
    made.save(force_insert=True)
    return made


def _used(actor: Actor, old: VisitSupply) -> Used:
    """Return a material as a form would say it."""
    if lot_id := lots.lot_of(actor.own_practice_id, old):
        return Used(lot_id=lot_id, quantity=old.quantity)
    return Used(old.name, old.lot, None, old.quantity)


def _asked_again(old: Anaesthesia | VisitSupply, confirmed: Collection[str]) -> str:
    """Return what the journal keeps of a dose that was read again. Raises: NotConfirmed."""
    if isinstance(old, VisitSupply):
        return ""
    return supplies.asked(old.product, old.quarters, dosing.objections_to(old), confirmed)


def _taken_again(actor: Actor, old: VisitSupply, made: VisitSupply) -> None:
    """Take off the shelf what one that is noted again had taken; what is lacking stays in words."""
    lot_id = lots.lot_of(actor.own_practice_id, old)
    if lot_id is None:
        return
    day = timezone.localdate(old.added_at)
    with contextlib.suppress(stock.NotEnough, stock.LotExpired, stock.LotRecalled):
        made.movement_id = supplies.taken(actor, made.visit, lot_id, made.quantity, day)


def _values(
    actor: Actor, visit: Visit, dose: Dose, old: Anaesthesia | None = None
) -> tuple[dict[str, Any], str]:
    """Return what is kept of a dose: the same product keeps the figures of its day.

    And what the journal keeps of the question. Raises: NoSuchAnaesthetic; NotConfirmed.
    """
    lot = {"lot": dose.lot.strip()}
    if dose.code or old is None:
        place = old.id if old else None
        values, state = supplies.dosed(
            actor, visit, dose.code, dose.quarters, dose.confirmed, instead_of=place
        )
        return lot | values, state
    values = _same_product(actor, old, dose.quarters)
    found = dosing.excess_of(visit, values, instead_of=old.id)
    return lot | values, supplies.asked(old.product, dose.quarters, found, dose.confirmed)


def _same_product(actor: Actor, old: Anaesthesia, quarters: int) -> dict[str, Any]:
    """Return another count of cartridges of a product. Raises: NoSuchAnaesthetic."""
    if not 1 <= quarters <= MOST_QUARTERS:
        raise NoSuchAnaesthetic
    known = queries.anaesthetics(actor.own_practice_id, with_retired=True)
    milligrams = rules.dose_again_mg(
        next((one for one in known if one.name == old.product), None),
        quarters,
        was_mg=old.dose_mg,
        was_quarters=old.quarters,
    )
    kept = {name: getattr(old, name) for name in _OF_PRODUCT}
    return {**kept, "quarters": quarters, "dose_mg": milligrams}
