"""Signatures drawn with a pointer: what a browser sent is read, and written anew.

Nothing of the browser's text is kept but the strokes: a list of numbers. Whatever else it holds
(a script, a picture, a style, an entity, an address) makes it no signature.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

#: Longest text accepted, in characters; a long signature is a tenth of it.
MAX_LENGTH: Final = 120_000
#: Most strokes, and the largest drawing, in its own units (CSS pixels).
MAX_STROKES: Final = 300
MAX_SIDE: Final = 4_000.0
#: What a stroke must cross for somebody to have meant it: a slipped finger draws a dot.
MIN_SIDE: Final = 12.0

_SVG: Final = "{http://www.w3.org/2000/svg}"
_NUMBER: Final = re.compile(r"-?\d{1,5}(?:\.\d{1,4})?")
#: Absolute moves, lines and curves alone. Source: SVG 1.1, section 8.3.
_STROKE: Final = re.compile(r"M[MLCQ0-9 .,\-]*")
_ROOT_ATTRIBUTES: Final = frozenset({"viewBox", "width", "height"})
_PATH_ATTRIBUTES: Final = frozenset(
    {"d", "fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin"}
)


class NotASignature(ValueError):
    """The text is no drawing of strokes, or a drawing of nothing."""


def cleaned(text: str) -> str:
    """Return the SVG of a signature, written by us from the strokes of ``text``.

    Raises: NotASignature.
    """
    if not 0 < len(text) <= MAX_LENGTH:
        raise NotASignature("length")
    root = _parsed(text)
    if root.tag != f"{_SVG}svg" or not set(root.attrib) <= _ROOT_ATTRIBUTES:
        raise NotASignature("root")
    width, height = _size(root)
    strokes = [_stroke(path) for path in root]
    if not strokes or len(strokes) > MAX_STROKES:
        raise NotASignature("strokes")
    if not any(_is_meant(stroke) for stroke in strokes):
        raise NotASignature("nothing drawn")
    return drawn(strokes, width, height)


def drawn(strokes: list[str], width: float, height: float) -> str:
    """Return the SVG of strokes (values of « d ») on a sheet of that size."""
    paths = "".join(f'<path d="{stroke}"/>' for stroke in strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}">'
        f'<g fill="none" stroke="#14213d" stroke-width="2.4" stroke-linecap="round" '
        f'stroke-linejoin="round">{paths}</g></svg>'
    )


def _parsed(text: str) -> Element:
    try:
        return fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise NotASignature("xml") from error


def _size(root: Element) -> tuple[float, float]:
    parts = root.get("viewBox", "").split()
    if len(parts) != 4 or not all(_NUMBER.fullmatch(part) for part in parts):
        raise NotASignature("size")
    width, height = float(parts[2]), float(parts[3])
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE):
        raise NotASignature("size")
    return width, height


def _stroke(path: Element) -> str:
    """Return where a stroke goes; anything but a bare path is refused."""
    is_bare = path.tag == f"{_SVG}path" and len(path) == 0 and not (path.text or "").strip()
    if not is_bare or not set(path.attrib) <= _PATH_ATTRIBUTES:
        raise NotASignature("element")
    where = path.get("d", "")
    if not _STROKE.fullmatch(where) or any(abs(one) > MAX_SIDE for one in _numbers(where)):
        raise NotASignature("stroke")
    return where


def _numbers(stroke: str) -> Iterator[float]:
    return (float(found) for found in re.findall(r"-?\d+(?:\.\d+)?", stroke))


def _is_meant(stroke: str) -> bool:
    numbers = list(_numbers(stroke))
    across, down = numbers[::2], numbers[1::2]
    if not down:
        return False
    return max(max(across) - min(across), max(down) - min(down)) >= MIN_SIDE
