"""A JPEG, PNG or TIFF picture becomes a DICOM object; the caller keeps the original file.

Source: DICOM PS3.3 sections A.8.1 (secondary capture), A.32.4 (VL photographic).
"""

import secrets
import warnings
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit

from quenotte.devices.dicom import messages
from quenotte.devices.dicom.parts import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from quenotte.devices.dicom.pixels import Array
from quenotte.devices.dicom.texts import writable
from quenotte.kernel.errors import Refusal

_JPEG_QUALITY = 92
_FORMATS = ("JPEG", "PNG", "TIFF", "MPO")
LARGEST_FILE_BYTES = 200 << 20
LARGEST_PICTURE_PIXELS = 120_000_000
_SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
_VL_PHOTOGRAPHIC = "1.2.840.10008.5.1.4.1.1.77.1.4"
_SIXTEEN_BIT_MODES = {"I;16", "I;16B", "I;16L", "I;16N", "I"}


class NotAPicture(Refusal):
    """The file is not a picture that we can read, whatever its name says."""

    message = messages.NOT_A_PICTURE


def new_uid() -> str:
    """Return a fresh unique identifier. Source: DICOM PS3.5 section B.2."""
    return f"2.25.{secrets.randbits(128)}"


@dataclass(frozen=True)
class Uids:
    """The identifiers of a wrapped picture; fresh ones unless given."""

    study: str = field(default_factory=new_uid)
    series: str = field(default_factory=new_uid)
    instance: str = field(default_factory=new_uid)


def wrap_photo(
    source: Path,
    target: Path,
    *,
    patient_id: str,
    issuer: str,
    patient_name: str,
    taken_at: datetime,
    born_on: date | None = None,
    sex: str = "",
    uids: Uids | None = None,
    description: str = "",
) -> None:
    """Write `target`, a DICOM object with the pixels of `source`, upright and without EXIF.

    `patient_name` has its components between `^`. A colour picture becomes a VL photograph,
    a grey one a secondary capture; 16-bit grey stays 16-bit. A colour JPEG stays JPEG: plain
    pixels would take ten times the room, and the original is kept beside.

    Raises: NotAPicture when the content is not a picture, or is too large.
    """
    pixels, was_jpeg = _pixels_of(source)
    dataset = Dataset()
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = writable(patient_name)
    dataset.PatientID = writable(patient_id)
    dataset.IssuerOfPatientID = writable(issuer)
    dataset.PatientBirthDate = born_on.strftime("%Y%m%d") if born_on else ""
    dataset.PatientSex = sex if sex in {"M", "F", "O"} else ""
    _add_study(dataset, taken_at, uids or Uids(), description)
    _add_layout(dataset, pixels)
    _add_class(dataset, is_colour=pixels.ndim == 3)
    if was_jpeg and pixels.ndim == 3:
        _add_jpeg(dataset, pixels)
    else:
        _add_plain(dataset, pixels)
    dataset.save_as(target, enforce_file_format=True)


def _pixels_of(source: Path) -> tuple[Array, bool]:
    """Return upright pixels, and whether they came from a JPEG.

    Shape: rows x columns, uint8 or uint16, or x 3 uint8 RGB.
    """
    if source.stat().st_size > LARGEST_FILE_BYTES:
        raise NotAPicture(messages.PICTURE_TOO_BIG)
    try:
        with warnings.catch_warnings():
            # Pillow warns of bombs below its own limit; ours is checked just after.
            warnings.simplefilter("ignore")
            picture = Image.open(source, formats=_FORMATS)
        with picture:
            if picture.width * picture.height > LARGEST_PICTURE_PIXELS:
                raise NotAPicture(messages.PICTURE_TOO_BIG)
            upright = ImageOps.exif_transpose(picture)
            return _plain(upright), picture.format in {"JPEG", "MPO"}
    except Image.DecompressionBombError as error:
        raise NotAPicture(messages.PICTURE_TOO_BIG) from error
    except NotAPicture:
        raise
    except Exception as error:
        # Decoders fail in as many ways as there are broken files.
        raise NotAPicture from error


def _plain(picture: Image.Image) -> Array:
    if picture.mode in _SIXTEEN_BIT_MODES:
        numbers = np.asarray(picture)
        return np.clip(numbers, 0, 65535).astype(np.uint16)
    if picture.mode in {"L", "1", "LA"}:
        return np.asarray(picture.convert("L"))
    if picture.has_transparency_data:
        picture = picture.convert("RGBA")
        white = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(white, picture)
    return np.asarray(picture.convert("RGB"))


def _add_study(dataset: Dataset, taken_at: datetime, uids: Uids, description: str) -> None:
    day, hour = taken_at.strftime("%Y%m%d"), taken_at.strftime("%H%M%S")
    for name in ("Study", "Series", "Acquisition", "Content"):
        setattr(dataset, f"{name}Date", day)
        setattr(dataset, f"{name}Time", hour)
    dataset.StudyInstanceUID = uids.study
    dataset.SeriesInstanceUID = uids.series
    dataset.SOPInstanceUID = uids.instance
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""
    dataset.StudyID = ""
    dataset.SeriesNumber = 1
    dataset.InstanceNumber = 1
    dataset.SeriesDescription = writable(description)
    dataset.Manufacturer = "Quenotte"
    dataset.PatientOrientation = ""
    dataset.Laterality = ""


def _add_layout(dataset: Dataset, pixels: Array) -> None:
    is_colour = pixels.ndim == 3
    bits = 8 * pixels.dtype.itemsize
    dataset.SamplesPerPixel = 3 if is_colour else 1
    dataset.PhotometricInterpretation = "RGB" if is_colour else "MONOCHROME2"
    if is_colour:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = 0


def _add_plain(dataset: Dataset, pixels: Array) -> None:
    raw = pixels.astype(pixels.dtype.newbyteorder("<"), copy=False).tobytes()
    representation = "OW" if pixels.dtype.itemsize == 2 else "OB"
    dataset.add_new("PixelData", representation, raw + b"\0" * (len(raw) % 2))


def _add_jpeg(dataset: Dataset, pixels: Array) -> None:
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=_JPEG_QUALITY, subsampling="4:2:2")
    compressed = stream.getvalue()
    dataset.add_new("PixelData", "OB", encapsulate([compressed]))
    dataset["PixelData"].is_undefined_length = True
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    dataset.LossyImageCompression = "01"
    dataset.LossyImageCompressionMethod = "ISO_10918_1"
    dataset.LossyImageCompressionRatio = f"{pixels.nbytes / len(compressed):.2f}"
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit


def _add_class(dataset: Dataset, *, is_colour: bool) -> None:
    dataset.SOPClassUID = _VL_PHOTOGRAPHIC if is_colour else _SECONDARY_CAPTURE
    dataset.Modality = "XC" if is_colour else "OT"
    dataset.ConversionType = "DI"
    dataset.BurnedInAnnotation = "NO"
    if is_colour:
        dataset.ImageType = ["ORIGINAL", "PRIMARY"]
        dataset.LossyImageCompression = "00"
        dataset.AcquisitionContextSequence = []
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = IMPLEMENTATION_CLASS_UID
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    dataset.file_meta = meta
