"""Writing documents: kept for ever, replaced by addition, hidden or cancelled, never deleted."""

from quenotte.care.documents.operations.changing import (
    cancel,
    describe,
    move,
    note_printed,
    replace,
    restore,
    take_back,
    withdraw,
)
from quenotte.care.documents.operations.keeping import keep
from quenotte.care.documents.operations.refusals import DocumentRefusal, NotAPdf, NotKept

__all__ = [
    "DocumentRefusal",
    "NotAPdf",
    "NotKept",
    "cancel",
    "describe",
    "keep",
    "move",
    "note_printed",
    "replace",
    "restore",
    "take_back",
    "withdraw",
]
