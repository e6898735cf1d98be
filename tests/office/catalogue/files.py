"""Files in the layout of the Assurance Maladie, with invented labels and the tariffs of a test."""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook

from tests.devices.sheets import old_excel

HEADERS = (
    "Code", None, "Texte", "Activité", "Phase",
    "Tarif\nSecteur 1 / adhérent OPTAM/OPTAM-CO\n(en euro)",
    "Tarif\nHors secteur 1 / hors adhérent OPTAM/OPTAM-CO\n(en euro)",
    "Rembt. ss Cdtions", "Accord Préalable", "Exo. TM", "Regroupement",
)  # fmt: skip
_COLUMNS = (
    "code", "activite", "phase", "libelle", "tarif_base_eur", "prise_en_charge", "regroupement",
    "modificateurs", "version_ccam", "date_application",
)  # fmt: skip
TITLE = "CNAM - CCAM version 82 applicable au 01/04/2026"

#: Code, label, tariff, billing group, modifiers.
Act = tuple[str, str, float | str | None, str, str]


def acts(codes: list[str]) -> list[Act]:
    """Return as many acts as codes: covered at 10 euros, in the group of extractions."""
    return [(code, f"Acte officiel {code}", 10, "ASC", "FU") for code in codes]


def workbook(found: list[Act], *, title: str = TITLE, name: str = "CCAM_V82") -> bytes:
    """Return a workbook as it is published: title, headers, chapter, acts, what is below them."""
    book = Workbook()
    book.active.title = "Notice"
    book.active.append(_NOTICE)
    sheet = book.create_sheet(name)
    for row in _sheet(found, title):
        sheet.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def old_workbook(found: list[Act], *, title: str = TITLE, name: str = "CCAM_V82") -> bytes:
    """Return the same in the format of Excel before 2007 (.xls)."""
    return old_excel.old_workbook({"Notice": [_NOTICE], name: _sheet(found, title)})


_NOTICE = ["À lire avant d’utiliser ce fichier"]


def _sheet(found: list[Act], title: str) -> list[Sequence[str | float | None]]:
    rows: list[Sequence[str | float | None]] = [
        [title],
        HEADERS,
        [None],
        ["07", None, "APPAREIL DIGESTIF"],
        [None, None, "Une note de chapitre."],
        ["07.02.03", None, "Actes sur les dents"],
    ]
    for code, label, price, group, modifiers in found:
        shown = "Non pris en charge" if price == "NPC" else price
        marks = f"[{', '.join(modifiers)}]" if modifiers else None
        rows += [
            [code, None, label, "1", "0", shown, shown, None, None, "1", group],
            [marks, None, "anesthésie", "4", "0", 48, 48, None, None, "1", "ADA"],
            [None, None, "Facturation : une note officielle."],
        ]
    elsewhere = ["DEQP003", None, "Ailleurs", "1", "0", 14.26, 14.26, None, None, "2", "ATM"]
    return [*rows, ["05.01", None, "Un chapitre qui n’est pas dentaire"], elsewhere]


def table(found: list[Act], *, version: str = "82", day: str = "2026-04-01") -> str:
    """Return a plain table with one line for each act."""
    lines = [";".join(_COLUMNS)]
    for code, label, price, group, modifiers in found:
        covered = "NPC" if price == "NPC" else "PC"
        shown = "" if price == "NPC" else price
        lines.append(
            f"{code};1;0;{label};{shown};{covered};{group};{' '.join(modifiers)};{version};{day}"
        )
        lines.append(f"{code};4;0;anesthésie;48.00;PC;ADA;;{version};{day}")
    return "\n".join(lines)


def write(folder: Path, content: bytes | str, name: str = "ccam.xlsx") -> Path:
    """Write a file."""
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path
