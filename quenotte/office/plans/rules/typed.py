"""An act as it is typed in one line: « 16 couronne », « 16 MOD composite », « détartrage »."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.errors import Refusal
from quenotte.kernel.names import fold
from quenotte.kernel.typed_teeth import COUNTED, UNITS, surfaces_in, teeth_in, wrong_tooth_in

#: Longest line that is read, in characters.
LONGEST_LINE: Final = 120
_FILLERS: Final = frozenset("a au aux de des du et la le les dent dents sur + &".split())


class NoSuchTooth(Refusal):
    """A number of a typed line that names no tooth."""

    def __init__(self, number: int) -> None:
        super().__init__(
            _(
                "La dent %(number)s n’existe pas : les dents vont de 11 à 48, les dents de lait "
                "de 51 à 85. Rien n’a été ajouté : corrigez le numéro."
            )
            % {"number": number}
        )


class SeveralTeeth(Refusal):
    """A typed line of which it is not sure what is done to which tooth."""

    message = _(
        "Une dent à la fois : dites l’acte de chacune, séparé par un point-virgule, par exemple "
        "« 37 endo ; 36 couronne ». Rien n’a été ajouté."
    )


@dataclass(frozen=True, slots=True)
class Typed:
    """What a line says: FDI numbers in the order typed, surfaces (« MOD »), and words."""

    teeth: tuple[int, ...] = ()
    surfaces: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act as the catalogue says it on a day, with where it is done.

    Amounts are cents for one act; ``teeth`` are FDI numbers as a column keeps them (« 16 17 »).
    """

    code: str
    label: str
    teeth: str = ""
    surfaces: str = ""
    quantity: int = 1
    tariff_cents: int | None = None
    fee_cents: int | None = None
    basket: str = ""
    charts_as: str = ""
    material: str = ""
    minutes: int = 0


def typed(line: str) -> Typed:
    """Return what a line says; a number that is no tooth stays among the words."""
    teeth: dict[int, None] = {}
    surfaces, words = "", []
    is_after_teeth = False
    read = line[:LONGEST_LINE].split()
    for word, after in zip_longest(read, read[1:], fillvalue=""):
        found = [] if after.lower() in UNITS else teeth_in(word)
        if found:
            teeth |= dict.fromkeys(found)
        elif is_after_teeth and surfaces_in(word):
            surfaces = surfaces_in(word)
        else:
            words.append(word)
        is_after_teeth = bool(found)
    return Typed(tuple(teeth), surfaces, " ".join(words))


def clauses(line: str) -> list[str]:
    """Return the acts that a line asks for: one for each tooth of which something else is said.

    « 37 endo 36 couronne » and « 37 endo ; 36 couronne » ask for two, « 16 17 couronne » for one.

    Raises: NoSuchTooth for a number that is no tooth and counts nothing; SeveralTeeth when what
    is said of one tooth may be meant of another.
    """
    return [one for text in line[:LONGEST_LINE].split(";") for one in _clauses(text)]


@dataclass(slots=True)
class _Clause:
    """Words of one act; ``is_first``: it was named before its teeth, ``is_told``: after them."""

    words: list[str] = field(default_factory=list)
    has_teeth: bool = False
    has_surfaces: bool = False
    is_first: bool = False
    is_told: bool = False


def _clauses(text: str) -> Iterator[str]:
    found = [_Clause()]
    read = text.split()
    for word, after in zip_longest(read, read[1:], fillvalue=""):
        _take(found, word, after.lower())
    if len(found) > 1 and (found[0].is_first or not all(one.is_told for one in found)):
        raise SeveralTeeth
    return (" ".join(one.words) for one in found if one.words)


def _take(found: list[_Clause], word: str, after: str) -> None:
    last = found[-1]
    is_tooth = after not in UNITS and bool(teeth_in(word))
    if is_tooth:
        if last.is_told or last.has_surfaces:
            found.append(last := _Clause())
        last.has_teeth = True
    elif after not in COUNTED and (wrong := wrong_tooth_in(word)) is not None:
        raise NoSuchTooth(wrong)
    elif last.has_teeth and not last.is_told and surfaces_in(word):
        last.has_surfaces = True
    elif fold(word) and fold(word) not in _FILLERS:
        last.is_told, last.is_first = last.has_teeth, last.is_first or not last.has_teeth
    last.words.append(word)


def teeth_of(text: str) -> tuple[int, ...]:
    """Return the teeth of a field or a column: « 16 17 », « 14-16 », « 16, 17 »."""
    return typed(text).teeth


def stored_teeth(teeth: Iterable[int]) -> str:
    """Return teeth as a column keeps them: « 16 17 »."""
    return " ".join(map(str, teeth))


def shown_teeth(teeth: Sequence[int]) -> str:
    """Return teeth as a page shows them: « 16, 17 »."""
    return ", ".join(map(str, teeth))
