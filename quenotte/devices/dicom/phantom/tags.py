"""The tags around an invented radiograph, as a dental device would write them.

Source: DICOM PS3.3 sections A.26 (digital X-ray), A.28 (intra-oral), C.8.11.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from quenotte.devices.dicom.parts import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from quenotte.devices.dicom.phantom.codes import region_of, sct_of, srt_of
from quenotte.devices.dicom.phantom.teeth import tooth
from quenotte.devices.dicom.texts import writable

Coding = Literal["SCT", "SRT", "text", "none"]

_INTRAORAL = "1.2.840.10008.5.1.4.1.1.1.3"
_DIGITAL_XRAY = "1.2.840.10008.5.1.4.1.1.1.1"


@dataclass(frozen=True)
class SyntheticPatient:
    """An invented person, as written in the picture. `sex`: M, F, O or nothing."""

    file_number: str
    issuer: str
    birth_name: str
    first_names: str
    born_on: date | None
    sex: str


@dataclass(frozen=True)
class Device:
    """What a device says of itself, and the size of its pixels in millimetres."""

    manufacturer: str
    model: str
    pixel_mm: float
    kilovolts: int
    exposure_ms: int
    tube_ma: float


SENSOR = Device("Quenotte", "Capteur inventé", 0.02, 65, 120, 7)
PANORAMIC_UNIT = Device("Quenotte", "Panoramique inventé", 0.1, 68, 14000, 8)


def uid(seed: int, role: str) -> str:
    """Return the identifier that this seed gives to this role. Source: PS3.5 section B.2."""
    digest = hashlib.sha256(f"quenotte {role} {seed}".encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def patient_tags(dataset: Dataset, patient: SyntheticPatient) -> None:
    """Add who it is."""
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = writable(f"{patient.birth_name}^{patient.first_names}")
    dataset.PatientID = patient.file_number
    if patient.issuer:
        dataset.IssuerOfPatientID = patient.issuer
    dataset.PatientBirthDate = patient.born_on.strftime("%Y%m%d") if patient.born_on else ""
    dataset.PatientSex = patient.sex if patient.sex in {"M", "F", "O"} else ""


def study_tags(
    dataset: Dataset, taken_at: datetime, seed: int, modality: str, accession_number: str
) -> None:
    """Add what was asked for, when it was taken, and the identifiers."""
    day, hour = taken_at.strftime("%Y%m%d"), taken_at.strftime("%H%M%S")
    for name in ("Study", "Series", "Acquisition", "Content"):
        setattr(dataset, f"{name}Date", day)
        setattr(dataset, f"{name}Time", hour)
    is_panoramic = modality != "IO"
    dataset.StudyInstanceUID = uid(seed, "study")
    dataset.SeriesInstanceUID = uid(seed, "series")
    dataset.SOPInstanceUID = uid(seed, "instance")
    dataset.SOPClassUID = _DIGITAL_XRAY if is_panoramic else _INTRAORAL
    dataset.StudyID = str(seed % 10**8)
    dataset.AccessionNumber = accession_number
    dataset.ReferringPhysicianName = ""
    dataset.Modality = modality
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.SeriesDescription = "Panoramique" if is_panoramic else "Rétroalvéolaire"


def device_tags(dataset: Dataset, device: Device, *, is_panoramic: bool) -> None:
    """Add the device and its exposure."""
    dataset.Manufacturer = device.manufacturer
    dataset.ManufacturerModelName = device.model
    dataset.DetectorType = "DIRECT"
    dataset.ImagerPixelSpacing = [device.pixel_mm, device.pixel_mm]
    dataset.PositionerType = "CEPHALOSTAT" if is_panoramic else "NONE"
    dataset.KVP = str(device.kilovolts)
    dataset.ExposureTime = str(device.exposure_ms)
    dataset.XRayTubeCurrent = str(round(device.tube_ma))
    dataset.ImageAndFluoroscopyAreaDoseProduct = "1.1" if is_panoramic else "0.12"


def pixel_tags(dataset: Dataset, rows: int, columns: int, bits: int) -> None:
    """Add how the pixels are laid out and shown."""
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = rows, columns
    dataset.BitsAllocated = 16
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PixelRepresentation = 0
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.WindowCenter, dataset.WindowWidth = str(2 ** (bits - 1)), str(2**bits)
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PatientOrientation = ["L", "F"]
    dataset.AcquisitionContextSequence = []


def region_tags(dataset: Dataset, teeth: Sequence[int], coding: Coding) -> None:
    """Add which teeth are seen: as codes, as text, or not at all."""
    dataset.ImageLaterality = _laterality(teeth)
    dataset.AnatomicRegionSequence = [_region(teeth)]
    if coding in {"SCT", "SRT"} and teeth:
        dataset.PrimaryAnatomicStructureSequence = [_coded(fdi, coding) for fdi in teeth]
        return
    modifier = _code(*region_of(teeth[0] if teeth else 11))
    dataset.AnatomicRegionSequence[0].AnatomicRegionModifierSequence = [modifier]
    if teeth and coding == "text":
        dataset.ImageComments = "dents " + " ".join(str(fdi) for fdi in teeth)


def _region(teeth: Sequence[int]) -> Dataset:
    uppers = {tooth(fdi).is_upper for fdi in teeth}
    if len(uppers) != 1:
        region = _code("661005", "SCT", "Jaw region")
    elif uppers == {True}:
        region = _code("70925003", "SCT", "Maxilla")
    else:
        region = _code("91609006", "SCT", "Mandible")
    return region


def _laterality(teeth: Sequence[int]) -> str:
    sides = {"R" if tooth(fdi).is_on_the_left_of_the_picture else "L" for fdi in teeth}
    return sides.pop() if len(sides) == 1 else "B"


def _coded(fdi: int, coding: Coding) -> Dataset:
    value, meaning = sct_of(fdi)
    return _code(srt_of(fdi) if coding == "SRT" else value, coding, meaning)


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def meta_tags(dataset: Dataset) -> None:
    """Add group 2."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    dataset.file_meta = meta
