"""Which encoding a text of another program is in: few are used in France, letters tell."""

import codecs
from typing import Final

from charset_normalizer import from_bytes

#: What a person may choose, as she may know it.
ENCODINGS: Final = {
    "utf-8-sig": "UTF-8",
    "cp1252": "Windows (Europe de l’Ouest)",
    "iso8859-15": "ISO 8859-15 (Latin 9)",
    "mac_roman": "Mac (ancien)",
    "cp850": "DOS",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 (petit-boutiste)",
    "utf-16-be": "UTF-16 (gros-boutiste)",
}
#: Letters of French names and words, by how much each speaks for an encoding.
_USUAL: Final = frozenset("éèêëàâäçîïôöùûüÿœæÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŒÆñÑáíóúãõ’«»°€–…")
_MARKS: Final = {codecs.BOM_UTF8: "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SINGLE: Final = ("cp1252", "mac_roman", "cp850", "iso8859-15")


def guess_encoding(sample: bytes, *, is_whole: bool = False) -> str:
    """Return the encoding, one of ``ENCODINGS``, that makes French of these bytes.

    ``is_whole``: the sample does not end in the middle of the text.
    """
    for mark, name in _MARKS.items():
        if sample.startswith(mark):
            return name
    if wide := _wide(sample):
        return wide
    if _is_utf8(sample, is_whole=is_whole):
        return "utf-8-sig"
    scores = {name: _score(sample, name) for name in _SINGLE}
    best = max(_SINGLE, key=lambda name: scores[name])
    if scores[best] > 0:
        return best
    found = from_bytes(sample, cp_isolation=list(_SINGLE)).best()
    return found.encoding if found and found.encoding in ENCODINGS else best


def _wide(sample: bytes) -> str:
    """Return the UTF-16 without a mark that these bytes are: every other byte is zero."""
    if sample.count(0) < len(sample) / 3:
        return ""
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _is_utf8(sample: bytes, *, is_whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample, final=is_whole)
    except UnicodeDecodeError:
        return False
    return True


def _score(sample: bytes, encoding: str) -> int:
    """Return how French the signs beyond ASCII are, once decoded so."""
    text = sample.decode(encoding, errors="replace")
    beyond = [sign for sign in text if ord(sign) > 127]
    usual = sum(sign in _USUAL for sign in beyond)
    places = range(1, min(len(text), 50_000))
    strange = sum(_is_capital_inside(text, place) for place in places)
    return usual - 3 * (len(beyond) - usual) - strange


def _is_capital_inside(text: str, at: int) -> bool:
    """« HÈlËne » is no French: a capital with an accent stands after a small letter."""
    return ord(text[at]) > 127 and text[at].isupper() and text[at - 1].islower()
