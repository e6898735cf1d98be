"""What every change of the stock does: find its row, lock it, write, tell."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Sum
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live.operations import publish
from quenotte.care.stock import queries, rules
from quenotte.care.stock.models import Article, Lot, StockMovement
from quenotte.care.stock.operations.refusals import NoSuchLot
from quenotte.care.stock.rules import Kind


def article_of(actor: Actor, article_id: UUID) -> Article:
    """Return an article of the actor's practice, locked. Raises: NoSuchLot."""
    rows = Article.objects.select_for_update().filter(practice_id=actor.own_practice_id)
    found = rows.filter(id=article_id).first()
    if found is None:
        raise NoSuchLot
    return found


def locked(actor: Actor, lot_id: UUID) -> Lot:
    """Return a lot of the actor's practice, locked. Raises: NoSuchLot."""
    rows = Lot.objects.select_for_update(of=("self",)).filter(id=lot_id)
    found = rows.filter(article__practice_id=actor.own_practice_id).first()
    if found is None:
        raise NoSuchLot
    return found


def locked_all(actor: Actor, lot_id: UUID) -> list[Lot]:
    """Return every piece of a lot's number, locked behind their article.

    Raises: NoSuchLot.
    """
    rows = Lot.objects.filter(id=lot_id, article__practice_id=actor.own_practice_id)
    found = rows.first()
    if found is None:
        raise NoSuchLot
    # Of two people, and of an arrival meanwhile, the second waits here.
    article_of(actor, found.article_id)
    return locked_these(queries.siblings(found))


def locked_these(some: Iterable[Lot]) -> list[Lot]:
    """Return lots, locked in one order."""
    rows = Lot.objects.select_for_update(of=("self",)).select_related("article")
    return list(rows.filter(id__in=[one.id for one in some]).order_by("id"))


def left_of(lot: Lot) -> int:
    """Return what is left of a lot: the sum of its lines."""
    return lot.movements.aggregate(left=Sum("quantity"))["left"] or 0


def row_of(
    actor: Actor, lot: Lot, kind: Kind, quantity: int, reason: str, source: str
) -> StockMovement:
    """Return a line of the ledger, not written yet."""
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


def written(actor: Actor, row: StockMovement) -> StockMovement:
    """Write a line of the ledger, tell the open pages, and the journal."""
    row.save(force_insert=True)
    if row.patient_id:
        publish(
            practice_id=actor.practice_id,
            name="patient.changed",
            data={"patient": str(row.patient_id), "part": "stock"},
            audience="trace.read",
        )
    tell(actor, Action.CREATE, "stock", row.id, row.patient_id, state=row.kind)
    return row


def tell(
    actor: Actor,
    action: Action,
    kind: str,
    object_id: UUID,
    patient_id: UUID | None = None,
    **detail: Scalar,
) -> None:
    """Tell the open pages that the stock changed, and write one line of ids."""
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
