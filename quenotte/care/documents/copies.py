"""Papers of other rooms set again, with what a copy has to say: wired in ``apps``."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from quenotte.care.documents.models import Document

#: Sets a paper again, marked: its id, who asks, whether it was handed out already.
Maker = Callable[[UUID, str, bool], bytes]
_MAKERS: Final[dict[str, Maker]] = {}


def copies_from(made_by: str, make: Maker) -> None:
    """Name who sets again what a document came from (``source``: « prescription:<uuid> »)."""
    _MAKERS[made_by] = make


def makes(source: str) -> bool:
    """Tell whether what made a document sets it again, marked: only its first paper is original."""
    return source.partition(":")[0] in _MAKERS


def is_handed_out_once(document: Document) -> bool:
    """Tell whether only the first print or file of a document is an original."""
    return document.is_sealed and makes(document.source)


def copy_of(document: Document, who: str, *, is_duplicate: bool) -> bytes:
    """Return the PDF of a document that is handed out once, with what it has to say now.

    Raises: what the room that made it declines.
    """
    made_by, _colon, paper_id = document.source.partition(":")
    return _MAKERS[made_by](UUID(paper_id), who, is_duplicate)
