"""Writing documents: kept for ever, replaced by addition, hidden or cancelled, never deleted."""

from quenotte.care.documents.operations.changing import (
    cancel,
    cancel_made,
    describe,
    hand_out,
    move,
    note_printed,
    replace,
    restore,
    take_back,
    withdraw,
)
from quenotte.care.documents.operations.keeping import enter, keep
from quenotte.care.documents.operations.marking import marked, mention_of
from quenotte.care.documents.operations.refusals import (
    CannotMark,
    CannotPrint,
    DocumentRefusal,
    NotAPdf,
    NotKept,
)
from quenotte.care.documents.operations.setting import set_paper
from quenotte.care.documents.operations.uploads import brought

__all__ = [
    "CannotMark",
    "CannotPrint",
    "DocumentRefusal",
    "NotAPdf",
    "NotKept",
    "brought",
    "cancel",
    "cancel_made",
    "describe",
    "enter",
    "hand_out",
    "keep",
    "marked",
    "mention_of",
    "move",
    "note_printed",
    "replace",
    "restore",
    "set_paper",
    "take_back",
    "withdraw",
]
