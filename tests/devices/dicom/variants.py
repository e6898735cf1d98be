"""The same radiograph in many dresses: transfer syntaxes, byte orders, broken files."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
from PIL import Image
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate
from pydicom.pixels.encoders.base import get_encoder
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

gdcm: Any = __import__("gdcm")

Change = Callable[[Dataset], object]


def setting(**values: object) -> Change:
    """Return a change that gives elements these values; None deletes one."""

    def change(dataset: Dataset) -> None:
        for keyword, value in values.items():
            if value is None:
                delattr(dataset, keyword)
            else:
                setattr(dataset, keyword, value)

    return change


def changed(source: Path, target: Path, change: Change) -> Path:
    """Write a copy of a file after a change of its data set; pixels are left alone."""
    dataset = pydicom.dcmread(source)
    change(dataset)
    dataset.save_as(target, enforce_file_format=True)
    return target


def rewritten(source: Path, target: Path, syntax: UID) -> Path:
    """Write the same picture in another uncompressed transfer syntax."""
    dataset = pydicom.dcmread(source)
    is_big = syntax == ExplicitVRBigEndian
    if is_big:
        dataset.PixelData = np.frombuffer(dataset.PixelData, "<u2").astype(">u2").tobytes()
    dataset.file_meta.TransferSyntaxUID = syntax
    is_implicit = syntax == ImplicitVRLittleEndian
    pydicom.dcmwrite(
        target, dataset, implicit_vr=is_implicit, little_endian=not is_big, force_encoding=True
    )
    return target


def rle(source: Path, target: Path) -> Path:
    """Write the same picture in RLE."""
    dataset = pydicom.dcmread(source)
    frame = get_encoder(RLELossless).encode(dataset.pixel_array, **_described(dataset))
    return _encapsulated(dataset, frame, RLELossless, target)


def _described(dataset: Dataset) -> dict[str, Any]:
    return {
        "rows": dataset.Rows,
        "columns": dataset.Columns,
        "samples_per_pixel": 1,
        "number_of_frames": 1,
        "bits_allocated": 16,
        "bits_stored": dataset.BitsStored,
        "pixel_representation": 0,
        "photometric_interpretation": dataset.PhotometricInterpretation,
        "encoding_plugin": "pydicom",
    }


def recompressed(source: Path, target: Path, syntax: UID) -> Path:
    """Write the same picture compressed by gdcm: JPEG lossless, JPEG-LS, JPEG 2000."""
    reader = gdcm.ImageReader()
    reader.SetFileName(str(source))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.GetTSType(str(syntax))))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(target))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return target


def baseline(target: Path, pixels: np.ndarray, **described: object) -> Path:
    """Write 8-bit pixels, grey or colour, as JPEG baseline."""
    stream = BytesIO()
    Image.fromarray(pixels).save(stream, "JPEG", quality=95, subsampling=0)
    dataset = minimal(pixels, **described)
    return _encapsulated(dataset, stream.getvalue(), JPEGBaseline8Bit, target)


def minimal(pixels: np.ndarray, **described: object) -> Dataset:
    """Return a data set that describes pixels and little else."""
    dataset = Dataset()
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    dataset.SOPInstanceUID = "1.2.3.4"
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.SamplesPerPixel = pixels.shape[2] if pixels.ndim == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    bits = 8 * pixels.dtype.itemsize
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = int(pixels.dtype.kind == "i")
    for keyword, value in described.items():
        setattr(dataset, keyword, value)
    return dataset


def plain(target: Path, pixels: np.ndarray, raw: bytes | None = None, **described: object) -> Path:
    """Write pixels uncompressed, explicit little endian."""
    dataset = minimal(pixels, **described)
    content = pixels.tobytes() if raw is None else raw
    vr = "OW" if dataset.BitsAllocated > 8 else "OB"
    dataset.add_new("PixelData", vr, content + b"\0" * (len(content) % 2))
    pydicom.dcmwrite(target, dataset, implicit_vr=False, little_endian=True)
    return _with_preamble(target)


def _with_preamble(target: Path) -> Path:
    dataset = pydicom.dcmread(target, force=True)
    dataset.ensure_file_meta()
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1")
    dataset.save_as(target, enforce_file_format=True)
    return target


def _encapsulated(dataset: Dataset, frame: bytes, syntax: UID, target: Path) -> Path:
    dataset.PixelData = encapsulate([frame])
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.ensure_file_meta()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.save_as(target, enforce_file_format=True, implicit_vr=False, little_endian=True)
    return target


UNCOMPRESSED = (ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian)
COMPRESSED = (JPEGLosslessSV1, JPEGLSLossless, JPEG2000Lossless)
