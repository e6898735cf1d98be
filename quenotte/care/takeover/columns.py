"""Which column is what: proposed from the headers, then from what the cells look like."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final

from quenotte.care.takeover.targets import TARGETS, Target
from quenotte.kernel.dates import looks_like_date
from quenotte.kernel.identifiers import compact_nir, is_valid_nir
from quenotte.kernel.names import fold

#: Lines looked at above the data; a file with more titles than that is no export.
MAX_HEADER_LINES: Final = 15
#: Lines of data from which the look of a column is judged.
SAMPLE_LINES: Final = 200
#: Share of the cells that must have a look for the column to have it.
_MOST: Final = 0.8

_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}")
_AMOUNT: Final = re.compile(
    r"[-+(]?\s*\d[\d\s\u00a0\u202f]*(?:[.,]\d{1,2})?\s*(?:€|eur)?\s*[)-]?", re.IGNORECASE
)
_FORMATS: Final = re.compile(
    r"[JMAHDYjmahdy/:. -]{4,}|\(.*\)|[-_=*]+|texte?|numerique|date", re.IGNORECASE
)
_HOUR: Final = re.compile(r"\d{1,2}\s*(?:[:h]\s*\d{0,2})(?::\d\d)?", re.IGNORECASE)
_SEXES: Final = frozenset(
    "m f h 1 2 homme femme masculin feminin mr mme mlle monsieur madame mademoiselle"
    " enfant male female i".split()
)
_STATUSES: Final = frozenset(
    "venu honore present effectue fait termine annule absent lapin manque confirme prevu reserve"
    " excuse done missed cancelled booked confirmed non venu au fauteuil arrive".split()
)


def _is_phone(cell: str) -> bool:
    digits = re.sub(r"\D", "", cell)
    return 9 <= len(digits) <= 13 and not re.search(r"[A-Za-z]{3}", cell) and "/" not in cell


def _is_mobile(cell: str) -> bool:
    digits = re.sub(r"\D", "", cell).removeprefix("0033").removeprefix("33").removeprefix("0")
    return _is_phone(cell) and len(digits) == 9 and digits[0] in "67"


_LOOKS: Final[dict[str, Callable[[str], bool]]] = {
    "email": lambda cell: bool(_EMAIL.fullmatch(cell)),
    "nir": lambda cell: len(compact_nir(cell)) == 15 and is_valid_nir(cell),
    "birth": looks_like_date,
    "date": lambda cell: looks_like_date(cell.split(" ")[0]),
    "mobile": _is_mobile,
    "phone": _is_phone,
    "postcode": lambda cell: bool(re.fullmatch(r"\d{4,5}|2[AB]\d{3}", cell)),
    "sex": lambda cell: fold(cell) in _SEXES,
    "hour": lambda cell: bool(_HOUR.fullmatch(cell)),
    "minutes": lambda cell: bool(re.fullmatch(r"\d{1,3}(?:\s*min\w*)?", cell)),
    "amount": lambda cell: bool(_AMOUNT.fullmatch(cell)),
    "status": lambda cell: fold(cell) in _STATUSES,
}
#: Looks that say enough without a header; the others are too common.
_TELLING: Final = ("email", "nir", "mobile", "phone", "birth", "sex", "postcode")


def guess_header_lines(kind: str, rows: Sequence[Sequence[str]]) -> int:
    """Return how many of the first lines are above the data: titles, dates, names of columns.

    The line that names most columns is the last of them, but for a line of formats below it
    (« JJ/MM/AAAA »). Without any such line there is none when the first line looks like data.
    """
    scores = [_known(kind, cells) for cells in rows[:MAX_HEADER_LINES]]
    best = max(scores, default=0)
    if best < 2 and not (best == 1 and len(rows[0]) <= 2):
        return 0 if _looks_like_data(rows) else 1
    line = scores.index(best) + 1
    while line < len(rows) and _is_format_line(rows[line]):
        line += 1
    return line


def headers_of(rows: Sequence[Sequence[str]], header_lines: int, kind: str) -> list[str]:
    """Return the names of the columns: of the line that names most, holes filled from above."""
    above = rows[:header_lines]
    width = max((len(cells) for cells in rows), default=0)
    if not above:
        return [""] * width
    ordered = sorted(range(len(above)), key=lambda at: (-_known(kind, above[at]), -at))
    return [
        next((above[at][place] for at in ordered if "".join(above[at][place : place + 1])), "")
        for place in range(width)
    ]


def propose(kind: str, headers: Sequence[str], sample: Sequence[Sequence[str]]) -> dict[int, str]:
    """Return column -> key of what it is; each key once, columns of no use left out.

    A header that says exactly a usual name wins, then one that contains it, then the cells.
    """
    found: dict[int, str] = {}
    folded = [fold(header) for header in headers]
    for exact in (True, False):
        for one in TARGETS[kind]:
            if one.key not in found.values():
                column = _named(folded, one, found, exact=exact)
                if column is not None and _may_hold(one, column, sample):
                    found[column] = one.key
    _from_cells(kind, headers, sample, found)
    return _with_the_only_name(kind, found)


def signature(headers: Sequence[str]) -> str:
    """Return what tells the headers of one program from another's: 64 hexadecimal signs."""
    return hashlib.sha256("|".join(fold(header) for header in headers).encode()).hexdigest()


def look_of(cells: Sequence[str]) -> set[str]:
    """Return the looks that most of the cells of a column have."""
    filled = [cell for cell in cells if cell]
    if not filled:
        return set()
    return {
        name for name, looks in _LOOKS.items() if sum(map(looks, filled)) >= _MOST * len(filled)
    }


def _known(kind: str, cells: Sequence[str]) -> int:
    names = {name for one in TARGETS[kind] for name in one.headers}
    return len({fold(cell) for cell in cells} & names)


def _is_format_line(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(_FORMATS.fullmatch(cell) for cell in filled)


def _looks_like_data(rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first line has the looks of those below it."""
    if not rows:
        return True
    columns = range(len(rows[0]))
    return any(
        look_of(_column(rows[:1], at)) & look_of(_column(rows[1:50], at)) & set(_TELLING)
        for at in columns
    )


def _column(rows: Sequence[Sequence[str]], at: int) -> list[str]:
    return [cells[at] for cells in rows if at < len(cells)]


def _named(folded: list[str], one: Target, taken: dict[int, str], *, exact: bool) -> int | None:
    for name in one.headers:
        for column, header in enumerate(folded):
            if column in taken or not header:
                continue
            if header == name or (not exact and len(name) > 3 and f" {name} " in f" {header} "):
                return column
    return None


def _may_hold(one: Target, column: int, sample: Sequence[Sequence[str]]) -> bool:
    """Tell whether the cells do not contradict the header: a « date » of words is none."""
    if one.content not in {"birth", "email", "date"}:
        return True
    cells = [cell for cell in _column(sample[:SAMPLE_LINES], column) if cell]
    return not cells or sum(map(_LOOKS[one.content], cells)) > len(cells) / 4


def _from_cells(
    kind: str, headers: Sequence[str], sample: Sequence[Sequence[str]], found: dict[int, str]
) -> None:
    for column in range(len(headers)):
        if column in found:
            continue
        looks = look_of(_column(sample[:SAMPLE_LINES], column))
        for look in _TELLING:
            keys = [one.key for one in TARGETS[kind] if one.content == look]
            if look in looks and keys and keys[0] not in found.values():
                found[column] = keys[0]
                break


def _with_the_only_name(kind: str, found: dict[int, str]) -> dict[int, str]:
    """A single « Nom » is the birth name of a patient; beside a birth name it is the used one."""
    if kind == "patients" and "birth_name" not in found.values():
        return {column: "birth_name" if key == "name" else key for column, key in found.items()}
    if kind != "patients":
        return {column: "name" if key == "birth_name" else key for column, key in found.items()}
    return found
