"""What a document is: its kinds, its title, the name of its file, the words that find it."""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from quenotte.base.people.rules import may
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

#: Kinds that hold no more because something happened, not because they were wrong.
OUTLIVED: Final = frozenset({Kind.CONSENT, Kind.PASSPORT})

#: Kinds that are read by those alone who may read where they come from (actions of the
#: permission table): on paper, they say the same.
READ_WITH: Final = {
    Kind.QUESTIONNAIRE: "history.read",
    Kind.CONSENT: "consents.read",
    Kind.REPORT: "chart.read",
}

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


def hidden_from(roles: Iterable[str]) -> tuple[str, ...]:
    """Return the kinds that do not exist for somebody with these roles."""
    held = frozenset(roles)
    return tuple(kind.value for kind, action in READ_WITH.items() if not may(held, action))


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
    """Return the text as it is searched: without accents, case or punctuation, and bounded.

    A space comes first, so that « a word begins with … » is « contains " …" ».
    """
    return f" {fold(text[:LONGEST_WORDS])}"


def asked_words(text: str) -> list[str]:
    """Return the beginnings of words that somebody typed to find a document."""
    return fold(text[:100]).split()[:8]


#: Bytes from which a file is recognised.
LOOKED_AT_BYTES: Final = 4096

_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"II*\0", "picture"),
    (b"MM\0*", "picture"),
    (b"GIF8", "picture"),
    (b"BM", "picture"),
    (b"PK\x03\x04", "archive"),
    (b"\xd0\xcf\x11\xe0", "archive"),
    (b"{\\rtf", "archive"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"\x1f\x8b", "archive"),
)
#: What a browser would take for a page, or a shell for a program.
_ACTIVE: Final = re.compile(rb"(?i)^\s*(<|#!|%!)")


def media_type(start: bytes) -> str:
    """Return what a file is by its first bytes, never by its name.

    A media type of ``ENDINGS``; « picture » or « archive » for those that are refused with a
    way out; "" for all others.
    """
    # Source: ISO 32000-1, appendix H.3.4: the mark stands within the first 1024 bytes.
    if b"%PDF-" in start[:1024]:
        return PDF
    if start[4:8] == b"ftyp" or (start[:4] == b"RIFF" and start[8:12] == b"WEBP"):
        return "picture"
    for begins, kind in _MAGIC:
        if start.startswith(begins):
            return kind
    if _ACTIVE.match(start) or read_text(start) is None:
        return ""
    return TEXT


def read_text(content: bytes) -> str | None:
    """Return a text written in UTF-8 or in the Windows code page of western Europe, else None."""
    if any(sign < 9 or 13 < sign < 32 for sign in content):
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def beginning(content: bytes) -> bytes:
    """Return at most ``LONGEST_WORDS`` bytes of a text, never cut inside a character.

    Bytes 10xxxxxx continue a character of UTF-8 (RFC 3629); in a one-byte code page the cut
    may be some characters shorter.
    """
    end = LONGEST_WORDS
    while len(content) > end > LONGEST_WORDS - 4 and content[end] & 0xC0 == 0x80:
        end -= 1
    return content[:end]


#: Words of a file's name that propose its kind.
_HINTS: Final = (
    (Kind.PRESCRIPTION, ("ordonnance", "prescription")),
    (Kind.CONSENT, ("consentement",)),
    (Kind.QUOTE, ("devis",)),
    (Kind.CERTIFICATE, ("certificat", "attestation", "arret")),
    (Kind.QUESTIONNAIRE, ("questionnaire", "anamnese")),
    (Kind.LABORATORY, ("labo", "laboratoire", "prothese", "bon")),
    (Kind.PASSPORT, ("passeport", "implant")),
    (Kind.REPORT, ("cr", "compte", "rapport", "analyse", "bilan", "resultat", "resultats")),
    (Kind.LETTER, ("courrier", "lettre", "adressage")),
)


def kind_from(file_name: str, media_type: str) -> Kind:
    """Propose the kind of a file that was dropped, from the words of its name."""
    words = fold(file_name).split()
    for kind, hints in _HINTS:
        if any(word in hints for word in words):
            return kind
    return Kind.PHOTO if media_type in {PNG, JPEG} else Kind.OTHER
