"""The public drug file (BDPM) read line by line.

Text files separated by tabs, without a header, in Windows-1252 or UTF-8. Source: ANSM, « Contenu
et format des fichiers téléchargeables de la base de données publique des médicaments ».
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

#: The files that are read; the first three must be there.
DRUGS, PACKS, CONTENTS, CONDITIONS = (
    "CIS_bdpm.txt",
    "CIS_CIP_bdpm.txt",
    "CIS_COMPO_bdpm.txt",
    "CIS_CPD_bdpm.txt",
)
NEEDED: Final = (DRUGS, PACKS, CONTENTS)

_ACTIVE: Final = "autorisation active"
_SOLD: Final = "commercialis"
_ARRET: Final = "arrêt"


@dataclass(frozen=True, slots=True)
class Drug:
    """A medicine as the public file tells it."""

    cis: str
    name: str
    form: str
    routes: str
    holder: str
    is_sold: bool
    substances: tuple[str, ...]
    conditions: str
    packs: tuple[str, ...]


class WrongLayout(ValueError):
    """A file is not laid out as it is published; ``file`` and ``number`` say where."""

    def __init__(self, file: str, number: int) -> None:
        self.file, self.number = file, number
        super().__init__(f"{file}:{number}")


def decoded(content: bytes) -> str:
    """Return the text of a file in either way of writing it."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def drugs(texts: dict[str, str]) -> Iterator[Drug]:
    """Yield the medicines of the file, from the texts by name; those withdrawn are left out.

    Raises: WrongLayout.
    """
    substances = _substances(_rows(texts, CONTENTS, 8))
    conditions = _joined(_rows(texts, CONDITIONS, 2), 1)
    packs = _packs(_rows(texts, PACKS, 7))
    for row in _rows(texts, DRUGS, 11):
        if row[4].strip().lower() != _ACTIVE:
            continue
        cis = row[0]
        yield Drug(
            cis=cis,
            name=" ".join(row[1].split()),
            form=" ".join(row[2].split()),
            routes=row[3].strip(),
            holder=row[10].strip(),
            is_sold=row[6].strip().lower().startswith(_SOLD),
            substances=tuple(substances.get(cis, ())),
            conditions=" ; ".join(conditions.get(cis, ()))[:400],
            packs=tuple(packs.get(cis, ())[:6]),
        )


def _rows(texts: dict[str, str], file: str, width: int) -> Iterator[list[str]]:
    """Yield the rows of a file; blank lines stand between some of them."""
    for number, line in enumerate(texts.get(file, "").splitlines(), start=1):
        if not line.strip():
            continue
        row = line.split("\t")
        if len(row) < width or len(row[0]) != 8 or not row[0].isdecimal():
            raise WrongLayout(file, number)
        yield row


def _substances(rows: Iterable[list[str]]) -> dict[str, list[str]]:
    """Return the active substances of each medicine, each once.

    A salt (nature SA) and what acts in it (FT) bear one number: the second alone is told.
    """
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in rows:
        name, nature, number = " ".join(row[3].split()).lower(), row[6].strip(), row[7].strip()
        if nature == "FT" or number not in found[row[0]]:
            found[row[0]][number] = name
    return {cis: list(dict.fromkeys(names.values())) for cis, names in found.items()}


def _packs(rows: Iterable[list[str]]) -> dict[str, list[str]]:
    """Return the packs that are still sold."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        if _ARRET not in row[4].lower():
            found[row[0]].append(" ".join(row[2].split())[:160])
    return found


def _joined(rows: Iterable[list[str]], column: int) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row[0]].append(" ".join(row[column].split()))
    return found
