"""What was used and given: materials with their lots, anaesthetics with their doses."""

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.care.stock import operations as stock
from quenotte.care.stock import queries as stock_reads
from quenotte.care.stock import rules as shelves
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import dosing, lots, queries, rules
from quenotte.office.visits.models import Anaesthesia, Visit, VisitSupply
from quenotte.office.visits.operations.writing import NoSuchVisit, locked, written

#: Twenty cartridges, in quarters.
MOST_QUARTERS: Final = 80


class NoSuchAnaesthetic(Refusal):
    """The practice does not use that product."""

    message = _("Ce produit n’est pas dans la liste du cabinet. Rien n’a été enregistré.")


class WrongWeight(Refusal):
    """Nobody weighs so little or so much."""

    message = _(
        "Ce poids n’a pas été compris : un nombre de 2 à 400 kg, par exemple 18 ou 8,4. "
        "Rien n’a été enregistré."
    )


class NotConfirmed(Refusal):
    """The record or the dose speaks against that product, and nobody said that she has read it.

    ``question`` is what a tick has to confirm, and nothing else; ``what`` the product and its
    cartridges, ``reasons`` what speaks against them.
    """

    def __init__(self, product: str, quarters: int, grave: Sequence[rules.Caution]) -> None:
        self.question = rules.question(product, grave)
        self.what = f"{product}, {rules.shown_cartridges(quarters)}"
        self.reasons = ", ".join(one.words for one in grave)
        super().__init__(self.message % {"what": self.what, "reasons": self.reasons})

    message = _(
        "À confirmer avant de noter : %(what)s, %(reasons)s. Rien n’a été enregistré, votre "
        "saisie est gardée. Cochez « J’ai lu ces alertes et je confirme », ou changez de produit "
        "ou de dose."
    )


class IsADevice(Refusal):
    """What stays in the mouth is written among the devices, where the passport reads it."""

    message = _(
        "Cette pièce reste en bouche : elle s’inscrit dans « Implants et dispositifs », qui la "
        "sort du stock. Rien n’a été enregistré ici."
    )


@dataclass(frozen=True, slots=True)
class Used:
    """A material: a lot of the stock, or words."""

    name: str = ""
    lot: str = ""
    lot_id: UUID | None = None
    quantity: int = 1


@transaction.atomic
def use_supply(
    *, actor: Actor, patient_id: UUID, visit_id: UUID, used: Used, key: UUID | None = None
) -> VisitSupply:
    """Note a material with its lot; a lot of the stock leaves the shelf for this patient.

    So does a lot that was typed or scanned, when it is surely one of the stock that may be used;
    else it stays as it was typed. ``key``, drawn when the form was shown, makes a second sending
    the same material.

    Raises: NoSuchVisit, VisitClosed, IsADevice; as ``care.stock.operations.use``.
    """
    visit = locked(actor, patient_id, visit_id)
    if known := VisitSupply.objects.filter(id=key, visit=visit).first() if key else None:
        return known
    supply = VisitSupply(
        id=_free(VisitSupply, key),
        visit=visit,
        name=used.name,
        lot=used.lot,
        quantity=used.quantity,
        **_when(actor, visit, "added_at"),
    )
    shelved(actor, supply, used, _day_of_care(visit))
    supply.save(force_insert=True)
    written(actor, visit, "supply")
    return supply


def shelved(actor: Actor, supply: VisitSupply, used: Used, on: date | None = None) -> None:
    """Take a material off its shelf when the stock knows it; else it stays as it was typed.

    ``on``: the day on which it was used, when that is told later.

    Raises: NoSuchVisit without any name, IsADevice; as ``care.stock.operations.use``.
    """
    if used.lot_id is not None:
        found = stock_reads.lot(actor.own_practice_id, used.lot_id)
        if found is None:
            raise stock.NoSuchLot
        if found.article.category in shelves.STAYS:
            raise IsADevice
        supply.movement_id = taken(actor, supply.visit, used.lot_id, used.quantity, on)
        supply.name, supply.lot = found.article.name, found.number
    if not supply.name.strip():
        raise NoSuchVisit
    if used.lot_id is None and (lot := lots.meant(actor.own_practice_id, used.lot, used.name)):
        # What the stock lacks or bars was used all the same: the words stay, with their warning.
        with contextlib.suppress(stock.NotEnough, stock.LotExpired, stock.LotRecalled):
            supply.movement_id = taken(actor, supply.visit, lot.id, used.quantity, on)
            supply.lot = lot.number


def put_back(actor: Actor, supply: VisitSupply, because: str = "") -> None:
    """Put what a material took back on its shelf; somebody may have done so in the stock itself."""
    if supply.movement_id is not None:
        with contextlib.suppress(stock.AlreadyTakenBack):
            stock.take_back(actor=actor, movement_id=supply.movement_id, because=because)


@transaction.atomic
def release_supply(*, actor: Actor, patient_id: UUID, visit_id: UUID, supply_id: UUID) -> None:
    """Put back on its shelf what a typed lot took: the material stays noted, in words.

    Raises: NoSuchVisit, VisitClosed; as ``care.stock.operations.take_back``.
    """
    visit = locked(actor, patient_id, visit_id)
    supply = VisitSupply.objects.filter(id=supply_id, visit=visit, removed_at=None).first()
    if supply is None:
        raise NoSuchVisit
    if supply.movement_id is None:
        # Sent twice: it is back already.
        return
    stock.take_back(actor=actor, movement_id=supply.movement_id)
    supply.movement_id = None
    supply.save(update_fields=["movement_id"])
    written(actor, visit, "supply_back")


@transaction.atomic
def drop_supply(*, actor: Actor, patient_id: UUID, visit_id: UUID, supply_id: UUID) -> None:
    """Take a material back: it returns to its shelf; the row stays, marked.

    Raises: NoSuchVisit, VisitClosed; as ``care.stock.operations.take_back``.
    """
    visit = locked(actor, patient_id, visit_id)
    supply = VisitSupply.objects.filter(id=supply_id, visit=visit, removed_at=None).first()
    if supply is None:
        raise NoSuchVisit
    put_back(actor, supply)
    supply.removed_at = timezone.now()
    supply.save(update_fields=["removed_at"])
    written(actor, visit, "supply_out")


@transaction.atomic
def give_anaesthetic(
    *,
    actor: Actor,
    patient_id: UUID,
    visit_id: UUID,
    code: str,
    quarters: int,
    lot: str = "",
    key: UUID | None = None,
    confirmed: Collection[str] = (),
) -> Anaesthesia:
    """Note an anaesthetic: product, cartridges in quarters, and the dose that they make.

    ``key``, drawn when the form was shown, makes a second sending the same dose.

    Raises: NoSuchVisit, VisitClosed, NoSuchAnaesthetic; NotConfirmed when the record speaks
        against the product, or its dose goes over the maximum, and ``confirmed`` does not hold
        that very question (``rules.question``).
    """
    visit = locked(actor, patient_id, visit_id)
    if known := Anaesthesia.objects.filter(id=key, visit=visit).first() if key else None:
        return known
    values, state = dosed(actor, visit, code, quarters, confirmed)
    given = Anaesthesia.objects.create(
        **values,
        id=_free(Anaesthesia, key),
        visit=visit,
        lot=lot.strip(),
        **_when(actor, visit, "given_at"),
        given_by_id=actor.own_person_id,
    )
    written(actor, visit, "anaesthetic", state=state)
    return given


def dosed(
    actor: Actor,
    visit: Visit,
    code: str,
    quarters: int,
    confirmed: Collection[str],
    *,
    instead_of: UUID | None = None,
) -> tuple[dict[str, Any], str]:
    """Return what is kept of a product and of its dose, with the figures of today.

    And what the journal keeps of the question, as ``asked``. ``instead_of``: the dose that this
    one takes the place of.

    Raises: NoSuchAnaesthetic; NotConfirmed.
    """
    products = queries.anaesthetics(actor.own_practice_id)
    product = next((one for one in products if one.code == code), None)
    if product is None or not 1 <= quarters <= MOST_QUARTERS:
        raise NoSuchAnaesthetic
    values = {
        "product": product.name,
        "vasoconstrictor": product.vasoconstrictor,
        "quarters": quarters,
        "dose_mg": rules.dose_mg(product, quarters),
        **asdict(product.limits),
    }
    found = queries.cautions_of(visit, [product])[code]
    found += dosing.excess_of(visit, values, instead_of=instead_of)
    return values, asked(product.name, quarters, found, confirmed)


def asked(
    product: str, quarters: int, found: Sequence[rules.Caution], confirmed: Collection[str]
) -> str:
    """Ask that what is grave was read; return what the journal keeps of it.

    ``confirmed`` is what was ticked: the codes of ``rules.question``.

    Raises: NotConfirmed.
    """
    grave = [one for one in found if one.is_grave]
    if not grave:
        return "noted"
    if not rules.question(product, grave) <= frozenset(confirmed):
        raise NotConfirmed(product, quarters, grave)
    return "confirmed"


@transaction.atomic
def drop_anaesthetic(*, actor: Actor, patient_id: UUID, visit_id: UUID, given_id: UUID) -> None:
    """Take back an anaesthetic that was noted by mistake; the row stays, marked.

    Raises: NoSuchVisit, VisitClosed.
    """
    visit = locked(actor, patient_id, visit_id)
    given = Anaesthesia.objects.filter(id=given_id, visit=visit, removed_at=None).first()
    if given is None:
        raise NoSuchVisit
    given.removed_at = timezone.now()
    given.save(update_fields=["removed_at"])
    written(actor, visit, "anaesthetic_out")


@transaction.atomic
def note_weight(*, actor: Actor, patient_id: UUID, visit_id: UUID, weight_kg: int) -> None:
    """Note what the patient weighs today; later visits propose it again.

    Raises: NoSuchVisit, VisitClosed, WrongWeight.
    """
    visit = locked(actor, patient_id, visit_id)
    if not 2 <= weight_kg <= 400:
        raise WrongWeight
    visit.weight_kg = weight_kg
    visit.save(update_fields=["weight_kg"])
    written(actor, visit, "weight")


def taken(actor: Actor, visit: Visit, lot_id: UUID, quantity: int, on: date | None = None) -> UUID:
    """Take something off the shelf for the patient of a visit; return the line of the stock.

    Raises: as ``care.stock.operations.use``.
    """
    movement = stock.use(
        actor=actor,
        lot_id=lot_id,
        quantity=quantity,
        patient_id=visit.patient_id,
        source=f"visit:{visit.id}",
        on=on,
    )
    return movement.id


def _day_of_care(visit: Visit) -> date | None:
    """Return the day of care of a visit that was left open; None for today."""
    return timezone.localdate(visit.opened_at) if queries.is_of_another_day(visit) else None


def _when(actor: Actor, visit: Visit, name: str) -> dict[str, Any]:
    """Return when something is given or used; of a visit that was left open, who wrote it when."""
    found: dict[str, Any] = {name: queries.moment_of_care(visit)}
    if queries.is_of_another_day(visit):
        found |= {"noted_at": timezone.now(), "noted_by_id": actor.own_person_id}
    return found


def _free(model: type[VisitSupply | Anaesthesia], key: UUID | None) -> UUID:
    """Return the id of a new row: the form's key. Raises: NoSuchVisit, another visit has it."""
    if key is not None and model._default_manager.filter(id=key).exists():
        raise NoSuchVisit
    return key or uuid4()
