"""What a signed note may hold."""

import unicodedata
from typing import Final

#: Longest note, in characters: more is a document.
LONGEST_NOTE: Final = 10_000


def tidy(text: str) -> str:
    """Return the text as it is kept: NFC, Unix line ends, nothing unseen but lines and tabs."""
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    kept = "".join(c for c in plain if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"})
    return kept.strip()
