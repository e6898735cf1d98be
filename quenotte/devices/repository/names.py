"""Names in trees: bytes, quoted by the rules of Go's strings.

Source: restic's repository design, "Trees and Data"; the Go specification, "String literals".
"""

import re
from typing import Final

_LETTERS: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}
_BYTES: Final = {text[1]: ord(letter) for letter, text in _LETTERS.items()}
_ESCAPE: Final = re.compile(
    rb'\\(?:([abfnrtv\\"])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|())'
)
#: How `surrogateescape` stands for a byte that is no UTF-8.
_ESCAPED: Final = range(0xDC80, 0xDD00)


def quoted(name: bytes) -> str:
    """Return a name as a tree writes it, before JSON escapes it again."""
    text = name.decode("utf-8", "surrogateescape")
    if text.isprintable() and '"' not in text and "\\" not in text:
        return text
    return "".join(map(_quoted_one, text))


def _quoted_one(letter: str) -> str:
    if letter in _LETTERS:
        return _LETTERS[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code in _ESCAPED:
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x20 or code == 0x7F:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def unquoted(text: str) -> bytes:
    """Return the name that a tree wrote. Raises: ValueError."""
    raw = text.encode()
    return _ESCAPE.sub(_unquoted_one, raw) if b"\\" in raw else raw


def _unquoted_one(found: re.Match[bytes]) -> bytes:
    letter, byte, short, long, octal, nothing = found.groups()
    if nothing is not None:
        raise ValueError("a name in the tree is not quoted")
    if letter is not None:
        return bytes([_BYTES[letter.decode()]])
    if byte is not None:
        return bytes([int(byte, 16)])
    if octal is not None:
        return bytes([int(octal, 8) & 0xFF])
    return chr(int(short or long, 16)).encode()


def is_safe(name: bytes) -> bool:
    """Tell whether a name stays in the folder that it is restored to."""
    return name not in (b"", b".", b"..") and not any(one in name for one in (b"/", b"\0"))
