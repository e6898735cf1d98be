"""The codes that a device writes for a tooth and its region, with their English meanings.

Source: DICOM PS3.16 CID 4017, CID 4018 and CID 4019.
"""

from functools import cache

from pydicom.sr.codedict import codes

from quenotte.kernel.tooth_codes import TOOTH_ROWS

_REGIONS = (
    "CentralIncisorRegion",
    "LateralIncisorRegion",
    "CanineRegion",
    "FirstPremolarRegion",
    "SecondPremolarRegion",
    "FirstMolarRegion",
    "SecondMolarRegion",
    "ThirdMolarRegion",
)


def sct_of(fdi: int) -> tuple[str, str]:
    """Return the SNOMED CT code and meaning of a tooth. Raises: KeyError."""
    value = TOOTH_ROWS[fdi].sct
    return value, _meanings()[value]


def srt_of(fdi: int) -> str:
    """Return the older SNOMED RT code of a tooth. Raises: KeyError."""
    row = TOOTH_ROWS[fdi]
    return row.srt or row.srt_also


def region_of(fdi: int) -> tuple[str, str, str]:
    """Return code, scheme and meaning of a tooth's region (CID 4017)."""
    place = fdi % 10
    if fdi > 50 and place > 3:
        place += 2
    code = codes.CID4017.concepts[_REGIONS[place - 1]]
    return code.value, code.scheme_designator, code.meaning


@cache
def _meanings() -> dict[str, str]:
    groups = (codes.CID4018, codes.CID4019)
    return {code.value: code.meaning for group in groups for code in group.concepts.values()}
