"""Lots set aside, and who was told of it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.stock import queries, rules
from quenotte.care.stock.models import Lot, LotRecallNote
from quenotte.care.stock.operations.refusals import NoNumber, NoReason, NotConcerned
from quenotte.care.stock.operations.writing import (
    article_of,
    locked,
    locked_all,
    locked_these,
    tell,
)


@transaction.atomic
def recall_lot(*, actor: Actor, lot_id: UUID, reason: str) -> list[Lot]:
    """Set a lot aside, every piece of its number: nobody may use it any more.

    Raises: NoReason, NoSuchLot.
    """
    return _recalled(actor, locked_all(actor, lot_id), reason)


@transaction.atomic
def recall_number(*, actor: Actor, article_id: UUID, number: str, reason: str) -> Lot:
    """Set aside a lot that may never have been in stock; return it.

    What a maker recalls may be in mouths that are known by their records alone.

    Raises: NoNumber, NoReason, NoSuchLot.
    """
    article = article_of(actor, article_id)
    if not rules.folded(number):
        raise NoNumber
    known = locked_these(queries.numbered(article.id, number))
    if not known:
        now = timezone.now()
        known = [Lot.objects.create(article=article, number=rules.kept(number), created_at=now)]
    return _recalled(actor, known, reason)[0]


@transaction.atomic
def lift_recall(*, actor: Actor, lot_id: UUID) -> None:
    """Let a lot be used again, every piece of its number. Raises: NoSuchLot."""
    for lot in locked_all(actor, lot_id):
        lot.recalled_at, lot.recall_reason = None, ""
        _saved_recall(actor, lot, "lifted")


@transaction.atomic
def note_told(
    *, actor: Actor, lot_id: UUID, patient_id: UUID, way: str, words: str = ""
) -> LotRecallNote:
    """Write that somebody was told of a recall, or was not reached.

    The patient was opened by the caller. Raises: NotConcerned, NoSuchLot.
    """
    lot = locked(actor, lot_id)
    concerned = {one.patient.id for one in queries.to_tell(lot)}
    if lot.recalled_at is None or way not in rules.WAYS or patient_id not in concerned:
        raise NotConcerned
    note = LotRecallNote.objects.create(
        lot=lot,
        patient_id=patient_id,
        way=way,
        words=words.strip()[: rules.LONGEST_REASON],
        at=timezone.now(),
        author_id=actor.own_person_id,
        signed_as=actor.person_label,
    )
    tell(actor, Action.CREATE, "recall_note", note.id, patient_id, how=way)
    return note


def _recalled(actor: Actor, some: list[Lot], reason: str) -> list[Lot]:
    if not reason.strip():
        raise NoReason
    for lot in some:
        lot.recalled_at = lot.recalled_at or timezone.now()
        lot.recall_reason = reason.strip()[: rules.LONGEST_REASON]
        _saved_recall(actor, lot, "recalled")
    return some


def _saved_recall(actor: Actor, lot: Lot, state: str) -> None:
    lot.save(update_fields=["recalled_at", "recall_reason"])
    tell(actor, Action.CHANGE, "lot", lot.id, state=state)
