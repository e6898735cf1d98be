"""Finding an act by what somebody types: code, words without accents, beginnings, abbreviations."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from quenotte.kernel.names import fold, tokens

#: Words that say nothing of an act.
_EMPTY: Final = frozenset(
    "a acte au aux avec d dans de des du en et l la le les ou par pour sous sur un une".split()
)
#: Points of a whole word and of a beginning, in the label, then elsewhere.
_WHOLE: Final = (12, 8)
_BEGINNING: Final = (10, 5)
_SINGULAR: Final = 4
#: « détartrage » leads to the act that begins so, before those that only mention it.
_FIRST_WORD: Final = 20


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
    return Entry(code, tokens(label), tuple(dict.fromkeys(words)), rank)


class Index:
    """The words of all acts, in order, so that a beginning leads to them at once."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = tuple(entries)
        # Word -> place of the act -> 0 in its label, 1 elsewhere.
        found: dict[str, dict[int, int]] = {}
        for place, one in enumerate(self._entries):
            for where, words in ((1, one.others), (0, one.label)):
                for word in words:
                    found.setdefault(word, {})[place] = where
        self._words = sorted(found)
        self._places = found

    def search(self, text: str, limit: int) -> list[str]:
        """Return the codes that all the typed words lead to, the best first.

        Each word must begin a word of the act, or all of them its code; numbers that no act
        carries (a tooth) are passed over.
        """
        words = [word for word in fold(text).split() if word not in _EMPTY]
        if not words:
            return []
        scores = self._by_code("".join(words).upper()) or self._by_words(words)
        fewer = [word for word in words if not (word.isdigit() and len(word) == 2)]
        if not scores and fewer and len(fewer) < len(words):
            scores = self._by_words(fewer)
        best = sorted(scores.items(), key=lambda each: (-each[1], self._entries[each[0]].rank))
        return [self._entries[place].code for place, _points in best[:limit]]

    def _by_code(self, typed: str) -> dict[int, int]:
        """Find acts by their code: « HBLD0 » begins some, « C » is one, before what begins so."""
        exact = {place: 1 for place, one in enumerate(self._entries) if one.code == typed}
        if exact or len(typed) < 3:
            return exact
        return {place: 1 for place, one in enumerate(self._entries) if one.code.startswith(typed)}

    def _by_words(self, words: Sequence[str]) -> dict[int, int]:
        scores = self._of(words[0])
        for word in words[1:]:
            others = self._of(word)
            scores = {
                place: points + others[place] for place, points in scores.items() if place in others
            }
        for place in scores:
            label = self._entries[place].label
            if label and label[0].startswith(words[0]):
                scores[place] += _FIRST_WORD
        return scores

    def _of(self, word: str) -> dict[int, int]:
        """Return the acts of which some word begins so, each with the points of the best."""
        points: dict[int, int] = {}
        at = bisect_left(self._words, word)
        while at < len(self._words) and self._words[at].startswith(word):
            worth = _WHOLE if self._words[at] == word else _BEGINNING
            for place, where in self._places[self._words[at]].items():
                points[place] = max(points.get(place, 0), worth[where])
            at += 1
        if len(word) >= 4 and word[-1] in "sx":
            # « couronnes » is asked as often as « couronne ».
            for place in self._places.get(word[:-1], ()):
                points.setdefault(place, _SINGULAR)
        return points
