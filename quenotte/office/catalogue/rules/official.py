"""The official file of the nomenclature, as a practice downloads it: what it says of dental acts.

Two layouts are read: the sheet that the Assurance Maladie publishes (one line of title, one of
headers, then chapters, acts, their modifiers and their notes below one another), and a plain
table with one line for each act.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.dates import InvalidDate, parse_french_date
from quenotte.kernel.errors import Refusal
from quenotte.kernel.names import fold
from quenotte.office.catalogue.rules.shipped import Worth

#: Lines above the headers: titles, dates.
_MOST_HEADER_LINES: Final = 30
#: A file of the whole nomenclature holds some six hundred dental acts.
LEAST_ACTS: Final = 150
_CODE: Final = re.compile(r"[A-Z]{4}\d{3}")
_CHAPTER: Final = re.compile(r"\d{1,2}(?:\.\d{2})*")
_MODIFIERS: Final = re.compile(r"\[([A-Z0-9](?:[, ]+[A-Z0-9])*)\]")
_TITLE: Final = re.compile(r"version\s+(\w{1,10})\b.*?(\d{1,2}/\d{1,2}/\d{4})", re.IGNORECASE)
#: The operator's own work; others are the anaesthetist's.
_OPERATOR: Final = ("1", "0")
#: Chapters of dental work: teeth and gums, jaws, their X-rays, supplements of dental acts.
_CHAPTERS: Final = ("07.02", "11.02.05", "11.05.02", "18.02.07", "19.02.11")
_SITE: Final = "HB"
#: No version of the CCAM (2005) counts from later than this.
_LATEST: Final = date(2100, 1, 1)


class NotTheNomenclature(Refusal):
    """The file is a table, but not this one."""

    message = _(
        "Ce fichier n’est pas la CCAM de l’Assurance Maladie : ses colonnes ou ses actes n’y sont "
        "pas. Le catalogue n’a pas changé."
    )
    next_step = _(
        "Téléchargez le fichier Excel de la CCAM (.xls ou .xlsx) sur ameli.fr, et donnez-le tel "
        "quel."
    )


class NoVersion(Refusal):
    """Nothing says from when these tariffs count."""

    message = _("Ce fichier ne dit ni sa version ni sa date d’effet. Le catalogue n’a pas changé.")
    next_step = _("Reprenez le fichier d’origine : sa première ligne les porte.")


@dataclass(frozen=True, slots=True)
class OfficialAct:
    """What the file says of an act."""

    code: str
    label: str
    worth: Worth
    chapter: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class OfficialFile:
    """A version of the nomenclature and its acts, by code."""

    version: str
    effective_on: date
    acts: Mapping[str, OfficialAct] = field(default_factory=dict)


def read(rows: Iterable[Sequence[str]], known: frozenset[str]) -> OfficialFile:
    """Return the dental acts of a file; ``known`` codes are taken wherever they stand.

    Raises: NotTheNomenclature, NoVersion.
    """
    lines = iter(rows)
    title, columns = _header(lines)
    plain = "tarif base eur" in columns
    found = _plain(lines, columns) if plain else _published(lines, columns)
    acts: dict[str, OfficialAct] = {}
    for act, version, day in found:
        if plain or _is_dental(act, known):
            acts[act.code] = act
        title = (version, day) if version and day else title
    if len(acts) < LEAST_ACTS:
        raise NotTheNomenclature
    if title is None:
        raise NoVersion
    return OfficialFile(*title, acts)


Title = tuple[str, date]
_Found = Iterator[tuple[OfficialAct, str, date | None]]


def _header(lines: Iterator[Sequence[str]]) -> tuple[Title | None, dict[str, int]]:
    """Read up to the names of the columns. Raises: NotTheNomenclature when there are none."""
    title: Title | None = None
    for _number, cells in zip(range(_MOST_HEADER_LINES), lines, strict=False):
        names = {fold(cell): at for at, cell in reversed(list(enumerate(cells))) if cell}
        if "code" in names and ("texte" in names or "tarif base eur" in names):
            return title, names
        title = title or _title(" ".join(cells))
    raise NotTheNomenclature


def _title(text: str) -> Title | None:
    match = _TITLE.search(text)
    day = _day(match[2]) if match else None
    return (match[1], day) if match and day else None


def _day(text: str) -> date | None:
    try:
        return parse_french_date(text, today=_LATEST)
    except InvalidDate:
        return None


def _plain(lines: Iterator[Sequence[str]], columns: Mapping[str, int]) -> _Found:
    """Read a table with one line for each act."""
    for cells in lines:
        get = _getter(cells, columns)
        code = get("code").upper()
        if not _CODE.fullmatch(code) or (get("activite"), get("phase")) != _OPERATOR:
            continue
        coverage = get("prise en charge")
        price = "Non pris en charge" if coverage == "NPC" else get("tarif base eur")
        yield (
            OfficialAct(
                code=code,
                label=get("libelle"),
                worth=_worth(price, get("regroupement"), get("modificateurs")),
                chapter=get("chapitre ccam"),
                notes=get("notes facturation"),
            ),
            get("version ccam"),
            _day(get("date application")),
        )


def _published(lines: Iterator[Sequence[str]], columns: Mapping[str, int]) -> _Found:
    """Read the sheet as it is published: an act, then its modifiers and its notes."""
    tariff = next((name for name in columns if name.startswith("tarif secteur 1")), "")
    if not tariff or not {"activite", "phase", "regroupement"} <= columns.keys():
        raise NotTheNomenclature
    chapter, current = "", _Draft()
    for cells in lines:
        get = _getter(cells, columns)
        code = get("code")
        if _CODE.fullmatch(code):
            if current.code:
                yield current.act(), "", None
            current = _Draft(code, chapter)
        elif _CHAPTER.fullmatch(code):
            chapter = code.zfill(2) if "." not in code else code
        current.take(get, tariff)
    if current.code:
        yield current.act(), "", None


@dataclass(slots=True)
class _Draft:
    """An act of the sheet, whose lines follow one another."""

    code: str = ""
    chapter: str = ""
    label: str = ""
    price: str = ""
    group: str = ""
    modifiers: str = ""
    notes: list[str] = field(default_factory=list)

    def take(self, get: "_Get", tariff: str) -> None:
        """Take one line: the act itself, another activity, modifiers or a note."""
        if marks := _MODIFIERS.fullmatch(get("code")):
            self.modifiers += marks[1]
        if get("activite"):
            if (get("activite"), get("phase")) == _OPERATOR and not self.label:
                self.label, self.price = get("texte"), get(tariff)
                self.group = get("regroupement")
        elif get("texte") and not _CODE.fullmatch(get("code")):
            self.notes.append(get("texte"))

    def act(self) -> OfficialAct:
        """Return the act once its lines are over."""
        worth = _worth(self.price, self.group, self.modifiers)
        return OfficialAct(self.code, self.label, worth, self.chapter, "\n".join(self.notes))


class _Get:
    """The cells of a line by the names of the columns."""

    __slots__ = ("_cells", "_columns")

    def __init__(self, cells: Sequence[str], columns: Mapping[str, int]) -> None:
        self._cells, self._columns = cells, columns

    def __call__(self, name: str) -> str:
        at = self._columns.get(name)
        return self._cells[at].strip() if at is not None and at < len(self._cells) else ""


def _getter(cells: Sequence[str], columns: Mapping[str, int]) -> _Get:
    return _Get(cells, columns)


def _worth(price: str, group: str, modifiers: str) -> Worth:
    cents = _cents(price)
    if fold(price).startswith("non pris"):
        coverage, cents = "not_covered", None
    elif not cents:
        coverage, cents = "elsewhere", None
    else:
        coverage = "covered"
    letters = "".join(sorted(set(re.sub("[^A-Z0-9]", "", modifiers))))
    return Worth(cents, coverage, group[:3], letters)


def _cents(text: str) -> int | None:
    """Return the cents of « 51,84 », and of what a sheet's arithmetic makes of it."""
    try:
        amount = Decimal("".join(text.replace("\u202f", "").split()).replace(",", "."))
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= 100_000:
        return None
    return int((amount * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _is_dental(act: OfficialAct, known: frozenset[str]) -> bool:
    if act.code in known:
        return True
    return act.code.startswith(_SITE) or act.chapter.startswith(_CHAPTERS)
