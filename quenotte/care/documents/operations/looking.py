"""What a file that somebody brought really is, whatever its name says."""

from pathlib import Path
from typing import Final

from quenotte.care.documents import rules
from quenotte.care.documents.operations import refusals
from quenotte.care.documents.operations.keeping import Content
from quenotte.devices.paper import apart

#: No document is larger, in bytes; a picture of a device goes to « Images ».
LARGEST_BYTES: Final = 50_000_000
#: A text longer than this is no letter, in bytes.
_LONGEST_TEXT_BYTES: Final = 2_000_000

_BY_REASON: Final = {
    "locked": refusals.Locked,
    "long": refusals.TooLong,
    "slow": refusals.TooLong,
    "large": refusals.TooManyPixels,
}


def content_of(path: Path, name: str) -> Content:
    """Return what the file is, its pages and its words.

    Raises: a DocumentRefusal that says in words why it is not kept.
    """
    size = path.stat().st_size
    if not size:
        raise refusals.Empty
    if size > LARGEST_BYTES:
        raise refusals.TooBig
    with path.open("rb") as stream:
        kind = rules.media_type(stream.read(rules.LOOKED_AT_BYTES))
    if kind in _REFUSED:
        raise _REFUSED[kind]
    if kind == rules.TEXT:
        return _text(path, size, name)
    facts = _facts(path, is_pdf=kind == rules.PDF)
    return Content(kind, facts.pages, rules.searched(facts.text), name)


_REFUSED: Final = {
    "": refusals.NotKept,
    "picture": refusals.OtherPicture,
    "archive": refusals.OfficeFile,
}


def _facts(path: Path, *, is_pdf: bool) -> apart.Facts:
    try:
        return apart.facts_of(path)
    except apart.Unreadable as error:
        otherwise = refusals.NotAPdf if is_pdf else refusals.NotAPicture
        raise _BY_REASON.get(error.reason, otherwise) from error


def _text(path: Path, size: int, name: str) -> Content:
    if size > _LONGEST_TEXT_BYTES:
        raise refusals.TooBig
    text = rules.read_text(path.read_bytes())
    if text is None:
        raise refusals.NotKept
    return Content(rules.TEXT, 1, rules.searched(text), name)
