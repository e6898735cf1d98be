"""What a DICOM file says about itself, without its pixels.

Source: DICOM PS3.3 sections C.7 (patient, study, series), C.8.11.9 (intra-oral image).
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal

from pydicom.dataset import Dataset

from quenotte.devices.dicom.extent import pixel_extent
from quenotte.devices.dicom.reading import Truncated, Unreadable, opened, transfer_syntax_of
from quenotte.devices.dicom.texts import UID_LIMIT, as_date, as_moment
from quenotte.devices.dicom.toothmarks import ToothMark, teeth_of
from quenotte.devices.dicom.values import Values

__all__ = ["Header", "ToothMark", "Truncated", "Unreadable", "read_header", "to_json"]

Kind = Literal["image", "document", "mesh", "report", "other"]

_ROOT = "1.2.840.10008.5.1.4.1.1."
_DOCUMENTS = {_ROOT + "104.1", _ROOT + "104.2"}
_MESHES = {_ROOT + "104.3", _ROOT + "104.4", _ROOT + "104.5", _ROOT + "68.1", _ROOT + "68.2"}
_KEY_OBJECTS = _ROOT + "88.59"
_REPORTS = _ROOT + "88."
# On these, Pixel Spacing alone may still be the detector's: only a calibration proves it.
_PROJECTIONS = {"IO", "PX", "DX", "CR", "RG", "XA", "OT"}
_NAMES = ("patient_name", "birth_name", "description")
# In this order; the first that has both a date and a time wins.
_MOMENTS = ("Content", "Acquisition", "Series", "Study")


@dataclass(frozen=True)
class Header:
    """The header of one file; an absent text is "", an absent value None."""

    patient_id: str
    issuer: str
    patient_name: str
    birth_name: str
    born_on: date | None
    sex: str
    sop_instance_uid: str
    sop_class_uid: str
    study_uid: str
    series_uid: str
    accession_number: str
    modality: str
    taken_at: datetime | None
    rows: int | None
    columns: int | None
    frames: int
    bits_stored: int | None
    photometric: str
    transfer_syntax_uid: str
    manufacturer: str
    model: str
    teeth: tuple[ToothMark, ...]
    laterality: str
    description: str
    pixel_spacing_mm: tuple[float, float] | None
    spacing_is_detector_plane: bool
    window_center: float | None
    window_width: float | None
    kind: Kind


def read_header(path: Path) -> Header:
    """Return the header of a DICOM file.

    Raises: Unreadable when it is not DICOM, Truncated when its picture is cut short.
    """
    with opened(path) as (dataset, stream):
        header = _header_of(dataset)
        _check_whole(dataset, stream, header)
    return header


def to_json(header: Header) -> dict[str, Any]:
    """Return the header as JSON-safe values, without the texts that hold names."""
    plain = {key: value for key, value in asdict(header).items() if key not in _NAMES}
    plain["born_on"] = header.born_on.isoformat() if header.born_on else None
    plain["taken_at"] = header.taken_at.isoformat() if header.taken_at else None
    plain["teeth"] = [asdict(mark) for mark in header.teeth]
    spacing = header.pixel_spacing_mm
    plain["pixel_spacing_mm"] = list(spacing) if spacing else None
    return plain


def _header_of(dataset: Dataset) -> Header:
    values = Values(dataset)
    spacing, is_detector_plane = spacing_of(values)
    centers, widths = values.numbers("WindowCenter"), values.numbers("WindowWidth")
    has_window = bool(centers and widths and widths[0] > 0)
    sop_class_uid = values.text("SOPClassUID", UID_LIMIT)
    rows, columns = values.whole("Rows"), values.whole("Columns")
    return Header(
        patient_id=values.text("PatientID", 64),
        issuer=values.text("IssuerOfPatientID", 64),
        patient_name=_name(values, "PatientName"),
        birth_name=_name(values, "PatientBirthName"),
        born_on=as_date(values.text("PatientBirthDate", 16)),
        sex=values.text("PatientSex", 16).upper(),
        sop_instance_uid=values.text("SOPInstanceUID", UID_LIMIT),
        sop_class_uid=sop_class_uid,
        study_uid=values.text("StudyInstanceUID", UID_LIMIT),
        series_uid=values.text("SeriesInstanceUID", UID_LIMIT),
        accession_number=values.text("AccessionNumber", 64),
        modality=values.text("Modality", 16).upper(),
        taken_at=_taken_at(values),
        rows=rows,
        columns=columns,
        frames=max(1, min(values.whole("NumberOfFrames") or 1, 2**31)),
        bits_stored=values.whole("BitsStored"),
        photometric=values.text("PhotometricInterpretation", 16).upper(),
        transfer_syntax_uid=transfer_syntax_of(dataset)[:UID_LIMIT],
        manufacturer=values.text("Manufacturer", 64),
        model=values.text("ManufacturerModelName", 64),
        teeth=teeth_of(values),
        laterality=values.text("ImageLaterality", 16) or values.text("Laterality", 16),
        description=values.text("SeriesDescription", 128) or values.text("StudyDescription", 128),
        pixel_spacing_mm=spacing,
        spacing_is_detector_plane=is_detector_plane,
        window_center=centers[0] if has_window else None,
        window_width=widths[0] if has_window else None,
        kind=_kind(sop_class_uid, has_pixels=bool(rows and columns)),
    )


def _name(values: Values, keyword: str) -> str:
    """Return the alphabetic group of a person's name, components between `^`."""
    return values.text(keyword, 3 * 64 + 2).split("=", 1)[0].rstrip("^ ")


def _kind(sop_class_uid: str, *, has_pixels: bool) -> Kind:
    if sop_class_uid in _DOCUMENTS:
        return "document"
    if sop_class_uid in _MESHES:
        return "mesh"
    if sop_class_uid.startswith(_REPORTS) and sop_class_uid != _KEY_OBJECTS:
        return "report"
    return "image" if has_pixels else "other"


def _taken_at(values: Values) -> datetime | None:
    """Return when the picture was taken, in the local time of the device."""
    dateless_hours: datetime | None = None
    for name in _MOMENTS:
        day, hour = values.text(f"{name}Date", 16), values.text(f"{name}Time", 16)
        found = as_moment(day, hour)
        if found is not None and hour:
            return found
        dateless_hours = dateless_hours or found
    return dateless_hours


def spacing_of(values: Values) -> tuple[tuple[float, float] | None, bool]:
    """Return row and column spacing in millimetres, and whether it is the detector's.

    Source: DICOM PS3.3 sections 10.7.1.1 and C.8.11.4.
    """
    calibrated = _pair(values.numbers("PixelSpacing"))
    detector = _pair(values.numbers("ImagerPixelSpacing"))
    if calibrated is None:
        detector = detector or _pair(values.numbers("NominalScannedPixelSpacing"))
        return detector, detector is not None
    is_projection = values.text("Modality", 16).upper() in _PROJECTIONS
    return calibrated, is_projection and not values.text("PixelSpacingCalibrationType", 16)


def _pair(numbers: tuple[float, ...]) -> tuple[float, float] | None:
    if len(numbers) < 2 or min(numbers[:2]) <= 0 or max(numbers[:2]) > 100:
        return None
    return numbers[0], numbers[1]


def _check_whole(dataset: Dataset, stream: BinaryIO, header: Header) -> None:
    """Raise Truncated when a picture is announced and not all there."""
    if header.kind != "image":
        return
    _, little_endian = dataset.original_encoding
    extent = pixel_extent(
        stream,
        is_little_endian=little_endian is not False,
        frames=header.frames,
    )
    if extent is None:
        raise Truncated
    if extent.length is None:
        needed = 0 if extent.is_whole else extent.present + 1
    else:
        needed = min(_native_bytes(Values(dataset), header), extent.length)
        if extent.length < _native_bytes(Values(dataset), header):
            needed = extent.present + 1
    if extent.present < needed:
        raise Truncated


def _native_bytes(values: Values, header: Header) -> int:
    """Return how many bytes uncompressed pixels take."""
    samples = values.whole("SamplesPerPixel") or 1
    bits = values.whole("BitsAllocated") or 8
    pixels = (header.rows or 0) * (header.columns or 0) * header.frames
    if header.photometric == "YBR_FULL_422":
        samples = 2
    return (pixels * samples * bits + 7) // 8
