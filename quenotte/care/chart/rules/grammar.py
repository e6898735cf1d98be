"""What a typed line means: « 16 MOD composite ; à faire 46 endo ».

A line is made of clauses, apart from each other by « ; » or « , ». A clause names teeth, then says
what there is, in any order: surfaces, kind, material, status. What follows « : », or stands in
brackets, is kept as free words; after « : » a tooth of which something is said (« : collage 26
couronne ») is refused, for it may be meant to be charted. A clause without teeth goes on with those
of the one before; teeth alone go with the clause that follows. A tooth that comes after something
was said of another opens a clause of its own: « 46 endo 47 couronne »; what may be read in two ways
is refused. A status that begins the line holds up to the next « ; » : « à faire 46 endo 47 couronne
».
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart.rules.checks import NOTHING_REPLACED, NoSuchTooth, NotChartable, checked
from quenotte.care.chart.rules.findings import (
    DEPTHS,
    MATERIALS,
    WITH_SURFACES,
    Finding,
    Kind,
    Status,
)
from quenotte.care.chart.rules.places import between, in_arch_order
from quenotte.care.chart.rules.vocabulary import LONGEST, WORDS, WRITTEN, Meaning
from quenotte.kernel.names import fold
from quenotte.kernel.teeth import is_tooth

#: Longest line, in characters.
LONGEST_LINE: Final = 500
_SENTENCES: Final = re.compile(r"[;\n]+(?![^()]*\))")
_CLAUSES: Final = re.compile(r",+(?![^()]*\))")
_BRACKETS: Final = re.compile(r"\(([^()]*)\)?")
_JOINED: Final = re.compile(r"(?<=\d)\s*(?:[-–]|x|(?<=\s)(?:à|a)(?=\s))\s*(?=\d)", re.IGNORECASE)
_GLUED: Final = re.compile(r"\b(\d\d)(?=[MODVLPI]+\b)", re.IGNORECASE)
#: « 3 canaux » is one word: its figure names no tooth.
_COUNTED: Final = re.compile(r"\b([1-6])\s*(?:canal|canaux)\b", re.IGNORECASE)
_COUNT: Final = re.compile(r"([1-6])canaux")
#: Canals as endodontists name them; B, the buccal side of English books, is V.
_CANAL: Final = re.compile(r"(?:[MD][VLPBMC]?|[VLPB])[1-3]?", re.IGNORECASE)
_TEETH: Final = re.compile(r"\d+(?:-\d+)*")
_LETTERS: Final = re.compile(r"[MODVLPI]{1,6}", re.IGNORECASE)
_TOKENS: Final = re.compile(r"[\w-]+", re.UNICODE)


class NotUnderstood(NotChartable):
    """A word of a typed line that means nothing here; ``close``: words that it may stand for."""

    def __init__(self, word: str) -> None:
        self.word = word
        self.close = _close(word)
        words = _("« %(word)s » n’a pas été compris.") % {"word": word}
        asked: object
        if self.close:
            asked = _("Vouliez-vous écrire « %(close)s » ?") % {"close": self.close[0]}
        else:
            asked = _(
                "Écrivez la dent, les faces, puis ce qui est noté : « 16 MOD composite », "
                "« à faire 46 endo », « 14-16 bridge »."
            )
        super().__init__(f"{words} {asked}")


class Doubtful(NotChartable):
    """A question mark: what is charted would not say the doubt."""

    message = _(
        "Un « ? » ne se note pas : le doute n’y serait plus. Écrivez « à surveiller 25 carie », "
        "ou mettez-le entre parenthèses : « 25 carie (à confirmer ?) »."
    )


class SeveralTeeth(NotChartable):
    """A clause of which it is not sure what is said of which tooth."""

    message = _(
        "Une dent à la fois : dites ce qui est noté pour chacune, séparé par un point-virgule, "
        "par exemple « 46 endo ; 47 couronne »."
    )


class ToothInWords(NotChartable):
    """Free words that speak of another tooth: nobody would see that it was not charted."""

    def __init__(self, words: str) -> None:
        super().__init__(
            _(
                "« %(words)s » suit « : », où les mots restent libres : rien n’en serait noté. "
                "Séparez l’autre dent par un point-virgule, ou mettez ces mots entre parenthèses "
                "pour les garder comme précision."
            )
            % {"words": words}
        )


@dataclass
class _Clause:
    """What a clause says, as it is read.

    ``status``: said before its teeth, or before those of the line; ``is_content_first``: more than
    a status stood before its teeth; ``is_told``: something stood after them; ``is_status_last``: a
    status was its last word.
    """

    teeth: list[tuple[int, ...]] = field(default_factory=list)
    extension: list[int] = field(default_factory=list)
    said: list[Meaning] = field(default_factory=list)
    surfaces: str = ""
    #: Words of letters, that name surfaces, or the canals of an endodontic treatment.
    letters: list[str] = field(default_factory=list)
    canal_count: int | None = None
    icdas: int | None = None
    detail: str = ""
    status: Status | None = None
    is_content_first: bool = False
    is_told: bool = False
    is_status_last: bool = False

    @property
    def own_status(self) -> Status | None:
        """The status that was said within the clause."""
        return next((one.status for one in self.said if one.status), None)

    @property
    def is_teeth_alone(self) -> bool:
        is_bare = not (self.said or self.surfaces or self.letters or self.detail)
        return is_bare and self.icdas is None and self.canal_count is None


def parse(line: str) -> list[Finding]:
    """Return the findings of a typed line, checked as ``checks.checked`` does.

    Raises: NotUnderstood for a word that is not known; NotChartable for what cannot be.
    """
    if len(line) > LONGEST_LINE:
        raise NotChartable(
            _("Cette ligne est trop longue : %(limit)d caractères au plus.")
            % {"limit": LONGEST_LINE}
        )
    found = [one for text in _SENTENCES.split(line) for one in _sentence(text)]
    return checked(found)


def _sentence(text: str) -> Iterator[Finding]:
    """Yield the findings of what stands before a « ; »."""
    teeth: list[tuple[int, ...]] = []
    waiting: list[tuple[int, ...]] = []
    status: Status | None = None
    for place, clause in enumerate(_clauses(text)):
        if place == 0 or clause.status:
            status = clause.status
        if clause.teeth and clause.is_teeth_alone:
            waiting += clause.teeth
            continue
        teeth = waiting + clause.teeth or teeth
        waiting = []
        yield from _findings(replace(clause, teeth=teeth, status=clause.status or status))
    if waiting:
        raise NotChartable(
            _("Il manque ce qui est noté pour la %(tooth)s, par exemple « %(tooth)s absente ».")
            % {"tooth": waiting[-1][-1]}
        )


def _clauses(text: str) -> Iterator[_Clause]:
    for part in filter(str.strip, _CLAUSES.split(text)):
        yield from _read(part)


def _read(text: str) -> list[_Clause]:
    """Return the clauses of what stands between two commas: one for each tooth spoken of.

    Raises: SeveralTeeth when what is said of one may be meant of the other; Doubtful.
    """
    bare, detail = _without_detail(text)
    if "?" in bare:
        raise Doubtful
    tokens = _tokens(bare)
    clauses, place = [_Clause()], 0
    while place < len(tokens):
        if _TEETH.fullmatch(tokens[place]):
            _open(clauses)
        place += _take(clauses[-1], tokens, place)
    clauses[-1].detail = detail
    if len(clauses) > 1 and (_BRACKETS.search(text) or not _is_clear(clauses)):
        raise SeveralTeeth
    return clauses


def _open(clauses: list[_Clause]) -> None:
    """Begin to read teeth: of the clause that is read, or of a new one once it said something."""
    last = clauses[-1]
    if not last.teeth:
        last.status = last.own_status
        last.is_content_first = not last.is_teeth_alone and not _is_status_alone(last)
    elif last.is_told:
        clauses.append(_Clause())


def _is_status_alone(clause: _Clause) -> bool:
    is_bare = not (clause.surfaces or clause.letters or clause.extension)
    is_bare = is_bare and clause.icdas is None and clause.canal_count is None
    return is_bare and all(one.status for one in clause.said)


def _is_clear(clauses: list[_Clause]) -> bool:
    """Tell whether it is sure what is said of which tooth."""
    if clauses[0].is_content_first or clauses[-1].is_teeth_alone:
        return False
    return all(not one.is_status_last or after.own_status for one, after in pairwise(clauses))


def _without_detail(text: str) -> tuple[str, str]:
    """Return what has a meaning, and the free words: those in brackets, then those after « : »."""
    kept = [words.strip() for words in _BRACKETS.findall(text)]
    text = _BRACKETS.sub(" ", text)
    text, _colon, after = text.partition(":")
    _refuse_teeth(after)
    return text, " ".join(filter(None, [*kept, after.strip()]))


def _tokens(text: str) -> list[str]:
    text = _COUNTED.sub(r"\1canaux", text)
    found: list[str] = _TOKENS.findall(_GLUED.sub(r"\1 ", _JOINED.sub("-", text)))
    return found


def _refuse_teeth(free: str) -> None:
    """Refuse free words in which something is said of a tooth. Raises: ToothInWords."""
    tokens = _tokens(free)
    for place, token in enumerate(tokens):
        if _TEETH.fullmatch(token) and all(map(is_tooth, map(int, token.split("-")))):
            said = [one for one in tokens[place + 1 :] if not _LETTERS.fullmatch(one)]
            clause = _Clause()
            is_known = bool(said) and _phrase(clause, said, 0) > 0
            if is_known and any(one.kind or one.material for one in clause.said):
                raise ToothInWords(" ".join(tokens[place:]))


def _take(clause: _Clause, tokens: list[str], place: int) -> int:
    """Read the token at a place, and those that go with it; return how many."""
    token = tokens[place]
    if _TEETH.fullmatch(token):
        clause.teeth.append(_numbers(token))
        return 1
    if length := _phrase(clause, tokens, place):
        return length
    clause.is_told, clause.is_status_last = bool(clause.teeth), False
    word = fold(token)
    if word == "icdas":
        return _take_icdas(clause, tokens, place)
    if word in {"extension", "cantilever"}:
        return _take_extension(clause, tokens, place)
    if count := _COUNT.fullmatch(token):
        clause.canal_count = int(count[1])
    elif _LETTERS.fullmatch(token):
        clause.surfaces += token.upper()
        clause.letters.append(token.upper())
    elif _CANAL.fullmatch(token):
        clause.letters.append(token.upper())
    else:
        raise NotUnderstood(token)
    return 1


def _numbers(token: str) -> tuple[int, ...]:
    numbers = tuple(map(int, token.split("-")))
    for number in numbers:
        if not is_tooth(number):
            raise NoSuchTooth(number)
    return numbers


def _phrase(clause: _Clause, tokens: list[str], place: int) -> int:
    """Read the longest known phrase at a place; return its length in tokens, 0 without one."""
    for length in range(min(LONGEST, len(tokens) - place), 0, -1):
        meaning = WORDS.get(fold(" ".join(tokens[place : place + length])))
        if meaning:
            clause.surfaces += meaning.surfaces
            if not (meaning.is_filler or meaning.surfaces):
                clause.said.append(meaning)
            if not meaning.is_filler:
                clause.is_told = bool(clause.teeth)
                clause.is_status_last = meaning.status is not None
            return length
    return 0


def _take_icdas(clause: _Clause, tokens: list[str], place: int) -> int:
    score = tokens[place + 1] if place + 1 < len(tokens) else ""
    if not re.fullmatch("[0-6]", score):
        raise NotChartable(_("Le score ICDAS d’une carie va de 0 à 6."))
    clause.icdas = int(score)
    return 2


def _take_extension(clause: _Clause, tokens: list[str], place: int) -> int:
    if place + 1 == len(tokens) or not _TEETH.fullmatch(tokens[place + 1]):
        raise NotChartable(_("Dites quelle dent est en extension, par exemple « extension 15 »."))
    clause.extension += _numbers(tokens[place + 1])
    return 2


def _findings(clause: _Clause) -> Iterator[Finding]:
    if not clause.teeth:
        raise NotChartable(_("Dites de quelle dent il s’agit, par exemple « 16 MOD composite »."))
    kinds = _kinds(clause)
    if not kinds:
        raise NotChartable(
            _("Il manque ce qui est noté pour la %(tooth)s, par exemple « %(tooth)s absente ».")
            % {"tooth": clause.teeth[-1][-1]}
        )
    status = clause.own_status or clause.status
    depth = next((one.depth for one in clause.said if one.depth), "")
    if depth and not any(one.kind is Kind.CARIES for one in kinds):
        raise NotChartable(_("Une profondeur se note avec une carie."))
    has_surfaces = any(one.kind in WITH_SURFACES for one in kinds)
    canals = _canals(clause, kinds, has_surfaces=has_surfaces)
    if canals:
        clause = replace(clause, surfaces="")
    for one in kinds:
        is_placed = one.kind in WITH_SURFACES or not has_surfaces
        found = _finding(clause, one, status, depth, clause.surfaces if is_placed else "")
        if one.kind is Kind.ENDODONTICS:
            found = replace(found, canals=canals, canal_count=clause.canal_count)
        yield replace(found, detail=_placed_detail(found, clause, has_surfaces=has_surfaces))


def _placed_detail(found: Finding, clause: _Clause, *, has_surfaces: bool) -> str:
    """Return the detail of a finding with what was said of its place: « collet ».

    Raises: NotChartable when nothing that was said can be there.
    """
    places = [one.detail for one in clause.said if one.detail and not one.kind]
    if places and not has_surfaces:
        raise NotChartable(_("Le collet ne va pas avec ce qui est noté."))
    return " ".join(filter(None, [*(places if found.kind in WITH_SURFACES else ()), found.detail]))


def _canals(clause: _Clause, kinds: list[Meaning], *, has_surfaces: bool) -> tuple[str, ...]:
    """Return the canals that the letters of a clause name; none when they are surfaces.

    Raises: NotChartable for canals of something that has none.
    """
    is_endo = any(one.kind is Kind.ENDODONTICS for one in kinds)
    names = [letters for letters in clause.letters if not _LETTERS.fullmatch(letters)]
    if (names and (has_surfaces or not is_endo)) or (clause.canal_count and not is_endo):
        raise NotChartable(_("Des canaux se notent avec un traitement endodontique."))
    is_all = all(_CANAL.fullmatch(letters) for letters in clause.letters)
    is_of_words = len(clause.surfaces) > sum(map(len, set(clause.letters) - set(names)))
    if not is_endo or has_surfaces or not is_all or is_of_words:
        return ()
    return tuple(dict.fromkeys(letters.replace("B", "V") for letters in clause.letters))


def _kinds(clause: _Clause) -> list[Meaning]:
    """Return what the clause speaks of, each with its material."""
    kinds: list[Meaning] = []
    loose: list[Meaning] = []
    for one in clause.said:
        if one.kind:
            kinds.append(one)
        elif one.material:
            loose.append(one)
    for one in loose:
        taker = _taker(kinds, one.material)
        if taker is not None:
            kinds[taker] = replace(kinds[taker], material=one.material)
        elif one.is_soft:
            kinds.append(Meaning(Kind.FILLING, material=one.material))
        else:
            kinds.append(_only_material(kinds, one.material))
    is_caries = clause.icdas is not None or any(one.depth for one in clause.said)
    return kinds or [Meaning(Kind.CARIES)] * is_caries


def _taker(kinds: list[Meaning], material: str) -> int | None:
    """Return the place of the kind whose material this is: the last one that may be of it."""
    for place in reversed(range(len(kinds))):
        kind = kinds[place].kind
        if kind and material in MATERIALS.get(kind, ()) and not kinds[place].material:
            return place
    return None


def _only_material(kinds: list[Meaning], material: str) -> Meaning:
    """Return what a material alone means: an inlay or a filling of it, when there is nothing else.

    Raises: NotChartable when it goes with nothing that was written.
    """
    if kinds or material not in MATERIALS[Kind.FILLING]:
        raise NotChartable(_("Ce matériau ne va pas avec ce qui est noté."))
    return Meaning(Kind.FILLING, material=material)


def _finding(
    clause: _Clause, one: Meaning, status: Status | None, depth: str, surfaces: str
) -> Finding:
    assert one.kind is not None
    kind = one.kind
    teeth, pontics = _span(clause) if kind is Kind.BRIDGE else (_expanded(clause), ())
    return Finding(
        kind=kind,
        teeth=teeth,
        surfaces=surfaces,
        status=status or one.usual,
        material=one.material,
        detail=" ".join(filter(None, (one.detail, clause.detail))),
        pontics=pontics,
        depth=depth if kind is Kind.CARIES and depth in DEPTHS else "",
        icdas=clause.icdas if kind is Kind.CARIES else None,
    )


def _expanded(clause: _Clause) -> tuple[int, ...]:
    """Return all the teeth that are named, those between the ends of « 13-23 » included."""
    return tuple(tooth for numbers in clause.teeth for tooth in _range(numbers))


def _range(numbers: tuple[int, ...]) -> tuple[int, ...]:
    teeth = [numbers[0]]
    for first, last in pairwise(numbers):
        row = between(first, last)
        if not row:
            raise NotChartable(
                _("De %(first)s à %(last)s, il faut rester sur une arcade.")
                % {"first": first, "last": last}
            )
        teeth += row[1:] if row[0] == first else row[-2::-1]
    return tuple(teeth)


def _span(clause: _Clause) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the teeth of a bridge and those that it replaces: those that are not named."""
    pillars = {tooth for numbers in clause.teeth for tooth in numbers}
    ordered = in_arch_order(pillars)
    covered = set(_range(ordered)) | set(clause.extension)
    teeth = in_arch_order(covered)
    if covered == pillars:
        raise NotChartable(NOTHING_REPLACED)
    return teeth, tuple(tooth for tooth in teeth if tooth not in pillars)


def _close(word: str) -> list[str]:
    by_fold = {fold(written): written for written in WRITTEN}
    return [by_fold[one] for one in get_close_matches(fold(word), by_fold, n=3, cutoff=0.7)]
