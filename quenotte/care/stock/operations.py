"""What changes on the shelves: articles, arrivals, uses, losses, counts, recalls."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.care.patients import queries as patients
from quenotte.care.stock import rules
from quenotte.care.stock.models import Article, Inventory, Lot, StockMovement
from quenotte.care.stock.rules import Fault, Kind
from quenotte.kernel.errors import Refusal


class NoSuchLot(Refusal):
    """The lot, or the article, is not one of this practice."""

    message = _("Ce lot ou cet article n’existe pas dans votre cabinet. Rien n’a été enregistré.")


class WrongQuantity(Refusal):
    """Nothing, or more than anybody can mean."""

    message = _("La quantité doit être un nombre entier, au moins 1. Rien n’a été enregistré.")


class NotEnough(Refusal):
    """The ledger says that less is left."""

    message = _("Le stock de ce lot ne suffit pas : rien n’a été enregistré.")
    next_step = _("Si la boîte est bien là, corrigez d’abord le stock en disant pourquoi.")


class LotExpired(Refusal):
    """The last day of the lot is past."""

    message = _("Ce lot est périmé : il n’a pas été utilisé. Prenez un autre lot.")


class LotRecalled(Refusal):
    """The lot was recalled."""

    message = _("Ce lot est rappelé : il n’a pas été utilisé. Mettez-le de côté.")


class NoReason(Refusal):
    """A loss or a correction does not say why."""

    message = _("Dites pourquoi en quelques mots : une perte ou une correction porte un motif.")


class OtherExpiry(Refusal):
    """The lot is known with another expiry."""

    message = _(
        "Ce lot est déjà connu avec une autre date de péremption. Rien n’a été enregistré : "
        "vérifiez l’étiquette."
    )


class SerialKnown(Refusal):
    """One piece cannot arrive twice."""

    message = _(
        "Cette pièce (numéro de série) est déjà en stock : elle n’a pas été ajoutée deux fois."
    )


class GtinTaken(Refusal):
    """Two articles cannot have one code."""

    message = _("Un autre article porte déjà ce code GTIN. Rien n’a été enregistré.")


class ArticleChanged(Refusal):
    """Somebody else saved the article meanwhile."""

    message = _(
        "Une autre personne a modifié cet article entre-temps. Rien n’a été écrasé : relisez-le, "
        "puis reprenez votre modification."
    )


class AlreadyTakenBack(Refusal):
    """The movement was taken back by somebody else."""

    message = _("Ce mouvement est déjà annulé. Rien n’a été modifié.")


class StockMoved(Refusal):
    """A lot moved while it was being counted."""

    message = _(
        "Le stock a bougé pendant le comptage. Vos chiffres sont gardés, rien n’est corrigé : "
        "recomptez les lots signalés."
    )


class PatientElsewhere(Refusal):
    """The record is not one of this practice."""

    message = _("Ce dossier n’existe plus ou n’est pas de votre cabinet. Rien n’a été enregistré.")


_REFUSALS: Final[dict[Fault, type[Refusal]]] = {
    Fault.NOTHING: WrongQuantity,
    Fault.TOO_MUCH: WrongQuantity,
    Fault.NOT_ENOUGH: NotEnough,
    Fault.EXPIRED: LotExpired,
    Fault.RECALLED: LotRecalled,
    Fault.NO_REASON: NoReason,
}


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of an article."""

    name: str
    category: str
    maker: str = ""
    supplier: str = ""
    reference: str = ""
    gtin: str = ""
    unit: str = "unité"
    reorder_point: int = 0
    order_quantity: int = 0
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class Arrival:
    """What is put on the shelf; a serial number is one piece."""

    quantity: int
    number: str = ""
    serial: str = ""
    expires_on: date | None = None
    udi: str = ""


@transaction.atomic
def add_article(*, actor: Actor, described: Described) -> Article:
    """Follow a new article. Raises: GtinTaken."""
    article = Article(practice_id=actor.own_practice_id)
    _describe(article, described)
    _tell(actor, Action.CREATE, "article", article.id)
    return article


@transaction.atomic
def change_article(*, actor: Actor, article_id: UUID, described: Described, seen: int) -> Article:
    """Save an article again; ``seen`` is the version that the form was filled from.

    Raises: ArticleChanged, GtinTaken, NoSuchLot.
    """
    article = _article(actor, article_id)
    if article.version != seen:
        raise ArticleChanged
    article.version += 1
    _describe(article, described)
    _tell(actor, Action.CHANGE, "article", article.id)
    return article


@transaction.atomic
def receive(
    *, actor: Actor, article_id: UUID, arrival: Arrival, movement_id: UUID | None = None
) -> StockMovement:
    """Put what arrived on the shelf, in its lot.

    ``movement_id``, drawn when the form was shown, makes a second sending the same arrival.

    Raises: WrongQuantity, OtherExpiry, SerialKnown, NoSuchLot.
    """
    article = _article(actor, article_id)
    if known := _known(actor, movement_id):
        return known
    lot = _lot_for(article, arrival)
    left = _left(lot)
    if arrival.serial and (left or arrival.quantity != 1):
        raise SerialKnown if left else WrongQuantity
    return _move(actor, lot, Kind.IN, arrival.quantity, movement_id=movement_id)


@transaction.atomic
def use(
    *,
    actor: Actor,
    lot_id: UUID,
    quantity: int,
    patient_id: UUID | None = None,
    source: str = "",
    movement_id: UUID | None = None,
) -> StockMovement:
    """Take something off the shelf, for a patient or for the practice.

    The patient was opened by the caller (``patients.access``); ``source`` says what for, for
    example "visit:<uuid>". ``movement_id`` makes a second sending the same use.

    Raises: WrongQuantity, NotEnough, LotExpired, LotRecalled, NoSuchLot, PatientElsewhere.
    """
    _check_patient(actor, patient_id)
    lot = _locked(actor, lot_id)
    if known := _known(actor, movement_id):
        return known
    return _move(
        actor, lot, Kind.USE, quantity, patient_id=patient_id, source=source,
        movement_id=movement_id,
    )  # fmt: skip


@transaction.atomic
def note(
    *, actor: Actor, lot_id: UUID, kind: Kind, quantity: int, reason: str = ""
) -> StockMovement:
    """Write a loss, a return to the supplier, or a correction (then ``quantity`` has a sign).

    Raises: WrongQuantity, NotEnough, NoReason, NoSuchLot.
    """
    return _move(actor, _locked(actor, lot_id), kind, quantity, reason=reason)


@transaction.atomic
def take_back(*, actor: Actor, movement_id: UUID) -> StockMovement:
    """Take a movement back by the opposite line. Raises: AlreadyTakenBack, NotEnough, NoSuchLot."""
    row = _mine(actor, movement_id)
    lot = _locked(actor, row.lot_id)
    if row.reverses_id or StockMovement.objects.filter(reverses_id=row.id).exists():
        raise AlreadyTakenBack
    if _left(lot) - row.quantity < 0:
        raise NotEnough
    back = _row(actor, lot, Kind(row.kind), -row.quantity, row.reason, row.source)
    back.patient_id, back.reverses_id = row.patient_id, row.id
    return _written(actor, back)


@transaction.atomic
def take_back_source(*, actor: Actor, patient_id: UUID, source: str) -> int:
    """Take back all that was used for one thing (a visit); return how many lines that makes."""
    rows = StockMovement.objects.filter(
        patient_id=patient_id, source=source, kind=Kind.USE, reverses=None, reversed_by=None
    )
    ids = list(rows.values_list("id", flat=True)) if source else []
    for movement_id in ids:
        take_back(actor=actor, movement_id=movement_id)
    return len(ids)


@transaction.atomic
def recall_lot(*, actor: Actor, lot_id: UUID, reason: str) -> Lot:
    """Set a lot aside: nobody may use it any more. Raises: NoReason, NoSuchLot."""
    lot = _locked(actor, lot_id)
    if not reason.strip():
        raise NoReason
    lot.recalled_at = lot.recalled_at or timezone.now()
    lot.recall_reason = reason.strip()[: rules.LONGEST_REASON]
    return _saved_recall(actor, lot, "recalled")


@transaction.atomic
def lift_recall(*, actor: Actor, lot_id: UUID) -> Lot:
    """Let a lot be used again. Raises: NoSuchLot."""
    lot = _locked(actor, lot_id)
    lot.recalled_at, lot.recall_reason = None, ""
    return _saved_recall(actor, lot, "lifted")


@transaction.atomic
def count(*, actor: Actor, counted: Mapping[UUID, tuple[int, int]], reason: str) -> Inventory:
    """Write a count: lot -> (quantity that the form showed, quantity found on the shelf).

    Each difference is a correction.

    Raises: StockMoved when a lot moved since the form was drawn: nothing is written;
    WrongQuantity, NoSuchLot.
    """
    inventory = Inventory(
        practice_id=actor.own_practice_id,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        at=timezone.now(),
        counted=len(counted),
        different=sum(seen != found for seen, found in counted.values()),
    )
    for lot_id, (seen, found) in sorted(counted.items()):
        _count_one(actor, lot_id, seen, found, reason, f"inventory:{inventory.id}")
    inventory.save()
    _tell(actor, Action.CREATE, "inventory", inventory.id, count=inventory.different)
    return inventory


def _count_one(actor: Actor, lot_id: UUID, seen: int, found: int, reason: str, source: str) -> None:
    lot = _locked(actor, lot_id)
    if _left(lot) != seen:
        raise StockMoved
    if found < 0 or found > rules.MOST:
        raise WrongQuantity
    if found != seen:
        _written(actor, _row(actor, lot, Kind.CORRECTION, found - seen, reason, source))


def _saved_recall(actor: Actor, lot: Lot, state: str) -> Lot:
    lot.save(update_fields=["recalled_at", "recall_reason"])
    _tell(actor, Action.CHANGE, "lot", lot.id, state=state)
    return lot


def _describe(article: Article, described: Described) -> None:
    for name in Described.__slots__:
        setattr(article, name, getattr(described, name))
    try:
        with transaction.atomic():
            article.save()
    except IntegrityError as error:
        raise GtinTaken from error


def _article(actor: Actor, article_id: UUID) -> Article:
    rows = Article.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    found = rows.filter(id=article_id).first()
    if found is None:
        raise NoSuchLot
    return found


def _locked(actor: Actor, lot_id: UUID) -> Lot:
    rows = Lot.objects.select_for_update(of=("self",)).filter(id=lot_id)
    found = rows.filter(article__practice_id=actor.own_practice_id).first()
    if found is None:
        raise NoSuchLot
    return found


def _mine(actor: Actor, movement_id: UUID) -> StockMovement:
    rows = StockMovement.objects.filter(lot__article__practice_id=actor.own_practice_id)
    found = rows.filter(id=movement_id).first()
    if found is None:
        raise NoSuchLot
    return found


def _known(actor: Actor, movement_id: UUID | None) -> StockMovement | None:
    """Return the movement of a form that was sent before."""
    if movement_id is None:
        return None
    rows = StockMovement.objects.filter(lot__article__practice_id=actor.own_practice_id)
    return rows.filter(id=movement_id).first()


def _lot_for(article: Article, arrival: Arrival) -> Lot:
    """Return the lot of an arrival, made when it is new; the article is locked."""
    keys = {"number": arrival.number.strip(), "serial": arrival.serial.strip()}
    lot, is_new = Lot.objects.get_or_create(
        article=article,
        **keys,
        defaults={
            "expires_on": arrival.expires_on,
            "udi": arrival.udi,
            "created_at": timezone.now(),
        },
    )
    if not is_new and arrival.expires_on and lot.expires_on != arrival.expires_on:
        raise OtherExpiry
    return lot


def _left(lot: Lot) -> int:
    return lot.movements.aggregate(left=Sum("quantity"))["left"] or 0


def _check_patient(actor: Actor, patient_id: UUID | None) -> None:
    if patient_id is None:
        return
    if not patients.of_practice(actor.own_practice_id).filter(id=patient_id).exists():
        raise PatientElsewhere


def _move(
    actor: Actor,
    lot: Lot,
    kind: Kind,
    quantity: int,
    *,
    reason: str = "",
    patient_id: UUID | None = None,
    source: str = "",
    movement_id: UUID | None = None,
) -> StockMovement:
    shelf = rules.Shelf(_left(lot), lot.expires_on, is_recalled=lot.recalled_at is not None)
    found = rules.fault(kind, quantity, shelf, timezone.localdate(), reason=reason)
    if found is not None:
        raise _REFUSALS[found]
    row = _row(actor, lot, kind, rules.signed(kind, quantity), reason, source)
    row.patient_id, row.id = patient_id, movement_id or uuid.uuid4()
    return _written(actor, row)


def _row(
    actor: Actor, lot: Lot, kind: Kind, quantity: int, reason: str, source: str
) -> StockMovement:
    return StockMovement(
        lot=lot,
        kind=kind.value,
        quantity=quantity,
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
        at=timezone.now(),
        reason=reason.strip()[: rules.LONGEST_REASON],
        source=source,
    )


def _written(actor: Actor, row: StockMovement) -> StockMovement:
    row.save(force_insert=True)
    if row.patient_id:
        publish(
            practice_id=actor.practice_id,
            name="patient.changed",
            data={"patient": str(row.patient_id), "part": "stock"},
            audience="trace.read",
        )
    _tell(actor, Action.CREATE, "stock", row.id, row.patient_id, state=row.kind)
    return row


def _tell(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID,
    patient_id: UUID | None = None,
    **detail: Scalar,
) -> None:
    publish(
        practice_id=actor.practice_id,
        name="stock",
        data={kind: str(object_id)},
        audience="stock.read",
    )
    audit.record(
        action=action,
        actor=actor,
        patient_id=patient_id,
        object_kind=kind,
        object_id=str(object_id),
        detail=detail,
    )
