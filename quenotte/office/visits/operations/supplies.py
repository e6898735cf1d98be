"""What was used and given: materials with their lots, anaesthetics with their doses."""

import contextlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Actor
from quenotte.care.stock import operations as stock
from quenotte.care.stock import queries as stock_reads
from quenotte.care.stock import rules as shelves
from quenotte.kernel.errors import Refusal
from quenotte.office.visits import lots, queries, rules
from quenotte.office.visits.models import Anaesthesia, Visit, VisitSupply
from quenotte.office.visits.operations.writing import NoSuchVisit, locked, written


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
    """The record speaks against that product, and nobody said that she has read it."""

    def __init__(self, product: str, found: Iterable[rules.Caution]) -> None:
        reasons = ", ".join(one.words for one in found if one.is_grave)
        super().__init__(self.message % {"product": product, "reasons": reasons})

    message = _(
        "À confirmer avant de noter : %(product)s, %(reasons)s. Rien n’a été enregistré, votre "
        "saisie est gardée. Cochez « J’ai lu ces alertes et je confirme », ou changez de produit."
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
        added_at=timezone.now(),
    )
    if used.lot_id is not None:
        found = stock_reads.lot(actor.own_practice_id, used.lot_id)
        if found is None:
            raise stock.NoSuchLot
        if found.article.category in shelves.STAYS:
            raise IsADevice
        supply.movement_id = _taken(actor, visit, used.lot_id, used.quantity)
        supply.name, supply.lot = found.article.name, found.number
    if not supply.name.strip():
        raise NoSuchVisit
    if used.lot_id is None and (lot := lots.meant(actor.own_practice_id, used.lot, used.name)):
        # What the stock lacks or bars was used all the same: the words stay, with their warning.
        with contextlib.suppress(stock.NotEnough, stock.LotExpired, stock.LotRecalled):
            supply.movement_id = _taken(actor, visit, lot.id, used.quantity)
            supply.lot = lot.number
    supply.save(force_insert=True)
    written(actor, visit, "supply")
    return supply


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
    if supply.movement_id is not None:
        stock.take_back(actor=actor, movement_id=supply.movement_id)
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
    is_confirmed: bool = False,
) -> Anaesthesia:
    """Note an anaesthetic: product, cartridges in quarters, and the dose that they make.

    ``key``, drawn when the form was shown, makes a second sending the same dose.

    Raises: NoSuchVisit, VisitClosed, NoSuchAnaesthetic; NotConfirmed when the record speaks
        against the product and ``is_confirmed`` is not said.
    """
    visit = locked(actor, patient_id, visit_id)
    if known := Anaesthesia.objects.filter(id=key, visit=visit).first() if key else None:
        return known
    products = queries.anaesthetics(actor.own_practice_id)
    product = next((one for one in products if one.code == code), None)
    if product is None or not 1 <= quarters <= 80:
        raise NoSuchAnaesthetic
    found = queries.cautions_of(visit, [product])[code]
    if rules.is_grave(found) and not is_confirmed:
        raise NotConfirmed(product.name, found)
    given = Anaesthesia.objects.create(
        id=_free(Anaesthesia, key),
        visit=visit,
        product=product.name,
        vasoconstrictor=product.vasoconstrictor,
        quarters=quarters,
        dose_mg=rules.dose_mg(product, quarters),
        **asdict(product.limits),
        lot=lot.strip(),
        given_at=timezone.now(),
        given_by_id=actor.own_person_id,
    )
    written(actor, visit, "anaesthetic")
    return given


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


def _taken(actor: Actor, visit: Visit, lot_id: UUID, quantity: int) -> UUID:
    """Take something off the shelf for the patient of a visit; return the line of the stock."""
    movement = stock.use(
        actor=actor,
        lot_id=lot_id,
        quantity=quantity,
        patient_id=visit.patient_id,
        source=f"visit:{visit.id}",
    )
    return movement.id


def _free(model: type[VisitSupply | Anaesthesia], key: UUID | None) -> UUID:
    """Return the id of a new row: the form's key. Raises: NoSuchVisit, another visit has it."""
    if key is not None and model._default_manager.filter(id=key).exists():
        raise NoSuchVisit
    return key or uuid4()
