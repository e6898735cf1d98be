"""Writing documents: kept for ever, replaced by addition, hidden or cancelled, never deleted."""

from quenotte.care.documents.operations.keeping import keep
from quenotte.care.documents.operations.refusals import DocumentRefusal, NotAPdf, NotKept

__all__ = ["DocumentRefusal", "NotAPdf", "NotKept", "keep"]
