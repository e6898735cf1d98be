"""Medicines found as one types: an index in memory of each process, renewed with each edition.

Fifteen thousand medicines have some sixty thousand words; the beginnings of a few words are found
among them in less than a millisecond. Called by the room's queries.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from threading import Lock

from quenotte.care.prescriptions.models import Drug, DrugFile
from quenotte.kernel.names import fold

#: Medicines proposed at most.
FOUND = 12
#: Beginnings shorter than this would find half of the file.
SHORTEST = 2


@dataclass(frozen=True)
class Index:
    """The words of all medicines in order, each with the places of those that hold it."""

    edition: int
    keys: list[str]
    words: list[str]
    places: list[list[int]]
    # The folded name at each place; places go by rank: sold first, then by name.
    names: list[str]

    def search(self, text: str, limit: int = FOUND) -> list[str]:
        """Return the codes of the medicines of which each typed word begins one."""
        asked = [word for word in fold(text).split() if len(word) >= SHORTEST]
        if not asked:
            return []
        found: set[int] | None = None
        for word in asked:
            those = self._beginning(word)
            found = those if found is None else found & those
        ordered = sorted(found or ())
        first = [at for at in ordered if self.names[at].startswith(asked[0])][:limit]
        others = (at for at in ordered if not self.names[at].startswith(asked[0]))
        return [self.keys[at] for at in (*first, *islice(others, limit - len(first)))]

    def _beginning(self, word: str) -> set[int]:
        start, end = bisect_left(self.words, word), bisect_left(self.words, word + "\uffff")
        return set().union(*self.places[start:end])


def index_of(edition: int, rows: Iterable[tuple[str, str, bool]]) -> Index:
    """Build the index from (code, folded words with the name first, whether it is sold)."""
    ranked = sorted((not is_sold, text, cis) for cis, text, is_sold in rows)
    by_word: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_is_gone, text, _cis) in enumerate(ranked):
        for word in set(text.split()):
            by_word[word].append(place)
    words = sorted(by_word)
    return Index(
        edition,
        [cis for _is_gone, _text, cis in ranked],
        words,
        [by_word[word] for word in words],
        [text for _is_gone, text, _cis in ranked],
    )


_lock = Lock()
_kept: list[Index] = []


def index() -> Index:
    """Return the index of the edition that the table holds now."""
    edition = DrugFile.objects.order_by("-edition").values_list("edition", flat=True).first() or 0
    with _lock:
        if not _kept or _kept[0].edition != edition:
            rows = Drug.objects.values_list("cis", "words", "is_sold")
            _kept[:] = [index_of(edition, rows.iterator(chunk_size=5000))]
        return _kept[0]
