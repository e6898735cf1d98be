"""What a document is: its kinds, its title, the name of its file, the words that find it."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from quenotte.kernel.names import fold


class Kind(StrEnum):
    """What sort of document. Values are stored."""

    PRESCRIPTION = "prescription"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    CONSENT = "consent"
    QUESTIONNAIRE = "questionnaire"
    REPORT = "report"
    QUOTE = "quote"
    PASSPORT = "passport"
    LABORATORY = "laboratory"
    PHOTO = "photo"
    OTHER = "other"


#: Once made here, they are as they left: nobody replaces their bytes, they are cancelled with
#: a mention.
SEALED: Final = frozenset(
    {
        Kind.PRESCRIPTION,
        Kind.LETTER,
        Kind.CERTIFICATE,
        Kind.CONSENT,
        Kind.QUESTIONNAIRE,
        Kind.QUOTE,
        Kind.PASSPORT,
    }
)

PDF: Final = "application/pdf"
PNG: Final = "image/png"
JPEG: Final = "image/jpeg"
TEXT: Final = "text/plain"

#: What is kept, with the ending of its file.
ENDINGS: Final = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", TEXT: ".txt"}

LONGEST_TITLE: Final = 160
LONGEST_REASON: Final = 300
#: Characters of a document's text that are searched: some hundred pages.
LONGEST_WORDS: Final = 200_000

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FORBIDDEN: Final = re.compile(r'[\\/:*?"<>|]')
#: Names that Windows keeps for its devices.
_DEVICES: Final = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def is_sealed(kind: str) -> bool:
    """Tell whether a document of this kind, made here, is never replaced."""
    return kind in SEALED


def tidy_title(text: str) -> str:
    """Return a title on one line, without signs that are not seen."""
    return " ".join(_CONTROL.sub(" ", text).split())[:LONGEST_TITLE].strip()


def title_from(file_name: str) -> str:
    """Return the title that a file proposes: its name without its ending."""
    name = file_name.replace("\\", "/").rpartition("/")[2]
    stem, dot, ending = name.rpartition(".")
    shown = stem if dot and len(ending) <= 5 and stem else name
    return tidy_title(shown.replace("_", " "))


def file_name(title: str, media_type: str) -> str:
    """Return a name that every system accepts, with the ending of what the file is."""
    kept = _FORBIDDEN.sub("-", unicodedata.normalize("NFC", tidy_title(title)))
    stem = kept.strip(" .-")[:100].strip(" .-") or "document"
    if _DEVICES.match(stem):
        stem = f"document {stem}"
    return f"{stem}{ENDINGS.get(media_type, '.bin')}"


def searched(text: str) -> str:
    """Return the text as it is searched: without accents, case or punctuation, and bounded."""
    return fold(text[:LONGEST_WORDS])


def is_found(asked: str, haystacks: Iterable[str]) -> bool:
    """Tell whether each typed word begins a word of one of these folded texts."""
    texts = [f" {text}" for text in haystacks]
    return all(any(f" {word}" in text for text in texts) for word in fold(asked).split())
