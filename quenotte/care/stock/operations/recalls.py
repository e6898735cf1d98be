"""Lots set aside, and who was told of it."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from quenotte.base.audit.rules import Action, Actor
from quenotte.care.stock import queries, rules
from quenotte.care.stock.models import Lot, LotRecallNote
from quenotte.care.stock.operations.refusals import NoReason, NotConcerned
from quenotte.care.stock.operations.writing import locked, tell


@transaction.atomic
def recall_lot(*, actor: Actor, lot_id: UUID, reason: str) -> Lot:
    """Set a lot aside: nobody may use it any more. Raises: NoReason, NoSuchLot."""
    lot = locked(actor, lot_id)
    if not reason.strip():
        raise NoReason
    lot.recalled_at = lot.recalled_at or timezone.now()
    lot.recall_reason = reason.strip()[: rules.LONGEST_REASON]
    return _saved_recall(actor, lot, "recalled")


@transaction.atomic
def lift_recall(*, actor: Actor, lot_id: UUID) -> Lot:
    """Let a lot be used again. Raises: NoSuchLot."""
    lot = locked(actor, lot_id)
    lot.recalled_at, lot.recall_reason = None, ""
    return _saved_recall(actor, lot, "lifted")


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


def _saved_recall(actor: Actor, lot: Lot, state: str) -> Lot:
    lot.save(update_fields=["recalled_at", "recall_reason"])
    tell(actor, Action.CHANGE, "lot", lot.id, state=state)
    return lot
