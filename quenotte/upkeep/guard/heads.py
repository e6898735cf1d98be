"""How files begin: what was encrypted begins as nothing that we know."""

from typing import Final

#: As many bytes of a file as it takes.
HEAD_BYTES: Final = 132

_DICOM_AT: Final = 128
_KNOWN: Final = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n",
    b"GIF8",
    b"%PDF",
    b"PK\x03\x04",
    b"II*\0",
    b"MM\0*",
    b"BM",
    b"RIFF",
    b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b",
    b"\0\0\0\x0cjP",
    b"\xff\x4f\xff\x51",
)
#: Part of the bytes of a head that are those of a text.
_TEXT: Final = 0.95


def is_known(head: bytes) -> bool:
    """Tell whether a file that begins like this is of a kind that we know, a text among them."""
    if head[_DICOM_AT : _DICOM_AT + 4] == b"DICM" or head.startswith(_KNOWN):
        return True
    # A mesh of a scanner begins with a free text of 80 bytes, then a small count.
    return _is_text(head) or _is_text(head[:80])


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        # The end may cut a letter in two.
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode("utf-8")
    shown = sum(letter.isprintable() or letter in "\r\n\t\0" for letter in text)
    return shown >= _TEXT * len(text)
