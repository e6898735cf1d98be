"""Which teeth a picture says it shows, and how surely.

Source: DICOM PS3.3 section C.8.11.9 (one item per tooth seen), PS3.16 CID 4018 and 4019.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from quenotte.devices.dicom.values import Values
from quenotte.kernel.teeth import teeth_from_text, tooth_from_code


@dataclass(frozen=True)
class ToothMark:
    """A tooth (FDI), where it was read, and whether that is proof or a proposal.

    `source`: "sct", "sct_also" (no dentition named), "srt" or "text".
    """

    tooth: int
    source: str
    confirmed: bool


_TEXTS = ("ImageComments", "SeriesDescription", "StudyComments", "StudyDescription")


def teeth_of(values: Values) -> tuple[ToothMark, ...]:
    """Return each tooth once: from codes when there are some, else proposals from free text."""
    readings = list(_coded(values)) or list(_written(values))
    return tuple({reading.tooth: reading for reading in reversed(readings)}.values())[::-1]


def _coded(values: Values) -> Iterator[ToothMark]:
    for item in values.items("PrimaryAnatomicStructureSequence"):
        code, scheme = item.text("CodeValue", 16), item.text("CodingSchemeDesignator", 16)
        reading = tooth_from_code(code, scheme)
        if reading is not None:
            yield ToothMark(reading.tooth, reading.source, reading.confirmed)


def _written(values: Values) -> Iterator[ToothMark]:
    for keyword in _TEXTS:
        teeth = teeth_from_text(values.text(keyword))
        if teeth:
            for tooth in teeth:
                yield ToothMark(tooth, "text", confirmed=False)
            return
