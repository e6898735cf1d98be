"""Finding an act by what somebody types: code, words without accents, beginnings, abbreviations."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from quenotte.kernel.names import fold, tokens

#: Words that say nothing of an act.
_EMPTY: Final = frozenset(
    "a acte au aux avec d dans de des du en et l la le les ou par pour sous sur un une".split()
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one act is found by; ``label`` and ``others`` are folded words."""

    code: str
    label: tuple[str, ...]
    others: tuple[str, ...]
    rank: int


def entry(code: str, label: str, others: Iterable[str], rank: int) -> Entry:
    """Prepare an act to be found; ``rank`` is its place among equals, the smaller the better."""
    words = (word for text in others for word in tokens(text))
    # Words of one act, each once, so that a search compares little.
    return Entry(code, tokens(label), tuple(dict.fromkeys(words)), rank)


def search(entries: Sequence[Entry], text: str, limit: int) -> list[str]:
    """Return the codes that all the typed words lead to, the best first.

    Each word must begin a word of the act, or its code; numbers that no act carries (a tooth)
    are passed over.
    """
    words = [word for word in fold(text).split() if word not in _EMPTY]
    if not words:
        return []
    exact = fold(text).replace(" ", "")
    found = [(score, one.rank, one.code) for one in entries if (score := _score(one, words, exact))]
    if not found and (fewer := [word for word in words if not _is_tooth(word)]) != words:
        return search(entries, " ".join(fewer), limit)
    found.sort(key=lambda each: (-each[0], each[1], each[2]))
    return [code for _score_, _rank, code in found[:limit]]


def _score(one: Entry, words: Sequence[str], exact: str) -> int:
    """Return how well an act answers, 0 when a word of the question leads elsewhere."""
    code = one.code.lower()
    if code == exact:
        return 1_000
    if len(exact) >= 2 and code.startswith(exact):
        return 500
    total = 0
    for word in words:
        points = _points(one, word)
        if not points:
            return 0
        total += points
    # « détartrage » should lead to the act that begins so, before those that only mention it.
    return total + (20 if one.label and one.label[0].startswith(words[0]) else 0)


def _points(one: Entry, word: str) -> int:
    if word in one.label:
        return 12
    if any(each.startswith(word) for each in one.label):
        return 10
    if word in one.others:
        return 8
    if any(each.startswith(word) for each in one.others):
        return 5
    return _of_plural(one, word)


def _of_plural(one: Entry, word: str) -> int:
    """« couronnes » and « molaires » are asked as often as the singular."""
    if len(word) < 4 or word[-1] not in "sx":
        return 0
    return 4 if word[:-1] in one.label or word[:-1] in one.others else 0


def _is_tooth(word: str) -> bool:
    return word.isdigit() and len(word) == 2
