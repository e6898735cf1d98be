"""What a line being typed may go on with."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from quenotte.care.chart.rules.findings import MATERIALS, Kind
from quenotte.care.chart.rules.vocabulary import LONGEST, WORDS, WRITTEN, Meaning
from quenotte.kernel.names import fold
from quenotte.kernel.teeth import PERMANENT, PRIMARY

#: Proposals shown under the line.
MOST: Final = 8
_OF_A_TOOTH: Final = (
    "composite",
    "carie",
    "couronne",
    "endo",
    "absente",
    "extraction",
    "implant",
    "bridge",
)
_EVERY_DAY: Final = (*_OF_A_TOOTH, "céramique", "facette", "fait", "inlay-core", "CVI")
#: Surfaces are written in capitals, and need no help.
_SURFACES: Final = re.compile(r"[MODVLPI]{2,}")
_AT_FIRST: Final = ("à faire", "surveiller", "adresser")
_LAST_CLAUSE: Final = re.compile(r"[^;,\n]*$")
_WORD: Final = re.compile(r"\S+")
#: What makes a word plural or feminine.
_ENDINGS: Final = frozenset({"s", "e", "es"})
_TEETH: Final = re.compile(r"\b\d\d\b")


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that the line may go on with, and the whole line with it."""

    text: str
    line: str


def complete(line: str, limit: int = MOST) -> list[Completion]:
    """Return what the end of a line may be completed to; nothing when it is complete or unknown."""
    found = _LAST_CLAUSE.search(line)
    clause = found[0] if found else ""
    if not clause or clause[-1].isspace():
        return [Completion(text, line + text) for text in _next(clause)][:limit]
    return list(_begun(line, clause))[:limit]


def _next(clause: str) -> Iterable[str]:
    """Return what usually follows a clause whose last word is whole."""
    if not _TEETH.search(clause):
        return () if clause.strip() else _AT_FIRST
    kinds = [meaning.kind for meaning in _said(clause) if meaning.kind]
    if not kinds:
        return () if any(meaning.is_soft for meaning in _said(clause)) else _OF_A_TOOTH
    return _materials(kinds[-1]) if not any(one.material for one in _said(clause)) else ()


def _said(clause: str) -> list[Meaning]:
    words = fold(clause).split()
    phrases = (
        " ".join(words[start : start + length])
        for length in range(LONGEST, 0, -1)
        for start in range(len(words) - length + 1)
    )
    return [WORDS[phrase] for phrase in phrases if phrase in WORDS]


def _materials(kind: Kind | None) -> list[str]:
    """Return the materials of a kind as they are written, the usual one first."""
    by_material: dict[str, str] = {}
    for written, meaning in WRITTEN.items():
        if meaning.material and meaning.kind is None:
            by_material.setdefault(meaning.material, written)
    offered = MATERIALS.get(kind, ()) if kind else ()
    return [by_material[one] for one in offered if one in by_material]


def _begun(line: str, clause: str) -> Iterator[Completion]:
    """Return what the last words together are the beginning of, the most of them that may be."""
    starts = [word.start() for word in _WORD.finditer(clause)]
    for start in starts[-LONGEST:]:
        if texts := _beginning(clause[start:]):
            before = line[: len(line) - len(clause) + start]
            yield from (Completion(text, before + text) for text in texts)
            return


def _beginning(begun: str) -> list[str]:
    if begun.isdigit():
        teeth = [str(tooth) for tooth in (*PERMANENT, *PRIMARY)]
        return [tooth for tooth in teeth if tooth.startswith(begun) and tooth != begun]
    if _SURFACES.fullmatch(begun):
        return []
    start = fold(begun)
    found = [
        written
        for written, meaning in WRITTEN.items()
        if start and fold(written).startswith(start) and fold(written) != start
        if not meaning.is_filler and not _is_only_an_ending(start, written)
    ]
    return _without_variants(found)


def _is_only_an_ending(start: str, written: str) -> bool:
    """Tell whether a word says the same as the whole one that is typed: « composites »."""
    ending = fold(written).removeprefix(start)
    return ending in _ENDINGS and WORDS.get(start) == WRITTEN[written]


def _without_variants(found: list[str]) -> list[str]:
    """Leave out what only says the same with an ending more: « incluses » beside « incluse »."""
    meanings: dict[Meaning, str] = {}
    for written in found:
        known = meanings.get(WRITTEN[written])
        if known is None or not fold(written).startswith(fold(known)):
            meanings.setdefault(WRITTEN[written], written)
    kept = set(meanings.values())
    return sorted((one for one in found if one in kept), key=_rank)


def _rank(written: str) -> tuple[int, int]:
    """Put what is written every day first, then the short words."""
    return _EVERY_DAY.index(written) if written in _EVERY_DAY else MOST * 2, len(written)
