"""Invented dental radiographs, drawn from a seed: the same seed, the same picture.

Nobody was exposed for these: no published dental radiograph with a clear licence was
found, so the demonstration and the tests draw their own.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
from pydicom.dataset import Dataset

from quenotte.devices.dicom.phantom import intraoral as small
from quenotte.devices.dicom.phantom import panorama, tags
from quenotte.devices.dicom.phantom.tags import Coding, Device, SyntheticPatient
from quenotte.devices.dicom.phantom.textures import Generator, Picture, enlarged, noise

__all__ = [
    "INTRAORAL_BITS",
    "PANORAMIC_BITS",
    "Device",
    "Pixels",
    "SyntheticPatient",
    "intraoral",
    "panoramic",
    "write_radiograph",
]

Pixels = npt.NDArray[np.uint16]

INTRAORAL_BITS = 12
PANORAMIC_BITS = 14


def intraoral(
    seed: int,
    *,
    teeth: Sequence[int],
    kind: Literal["periapical", "bitewing"] = "periapical",
    rows: int = 1500,
    columns: int = 1000,
) -> Pixels:
    """Return an intra-oral picture of these FDI teeth, dense parts bright.

    Shape: rows x columns, uint16, 12 bits. Pixels of 20 micrometres: a landscape bitewing
    is asked for with rows=1000, columns=1500.

    Raises: KeyError for a tooth that does not exist.
    """
    rng = np.random.default_rng(seed)
    draw = small.bitewing if kind == "bitewing" else small.periapical
    attenuation = enlarged(draw(rng, teeth, rows, columns), rows, columns)
    return _exposed(attenuation, INTRAORAL_BITS, rng, hardness=1.3, grain=0.011)


def panoramic(seed: int, *, rows: int = 1536, columns: int = 3200) -> Pixels:
    """Return a panoramic picture with both jaws. Shape: rows x columns, uint16, 14 bits."""
    rng = np.random.default_rng(seed)
    attenuation = panorama.panoramic(rng, rows, columns)
    return _exposed(attenuation, PANORAMIC_BITS, rng, hardness=1.25, grain=0.016)


def write_radiograph(
    path: Path,
    *,
    pixels: Pixels,
    bits: int,
    patient: SyntheticPatient,
    taken_at: datetime,
    teeth: Sequence[int],
    seed: int,
    modality: str = "IO",
    device: Device | None = None,
    coding: Coding = "SCT",
    accession_number: str = "",
) -> None:
    """Write a picture as a device would send it; identifiers come from the seed.

    `modality`: IO (intra-oral) or PX (panoramic). `coding` says how teeth are named: codes of
    today (SCT) or of older devices (SRT), free text, or nothing.
    """
    is_panoramic = modality != "IO"
    dataset = Dataset()
    tags.patient_tags(dataset, patient)
    tags.study_tags(dataset, taken_at, seed, modality, accession_number)
    tags.device_tags(
        dataset,
        device or (tags.PANORAMIC_UNIT if is_panoramic else tags.SENSOR),
        is_panoramic=is_panoramic,
    )
    tags.pixel_tags(dataset, pixels.shape[0], pixels.shape[1], bits)
    tags.region_tags(dataset, teeth, coding)
    tags.meta_tags(dataset)
    dataset.add_new("PixelData", "OW", pixels.astype("<u2", copy=False).tobytes())
    dataset.save_as(path, enforce_file_format=True)


def _exposed(
    attenuation: Picture, bits: int, rng: Generator, *, hardness: float, grain: float
) -> Pixels:
    """Return what the sensor reads: exponential absorption, then noise, in whole numbers."""
    bright = np.maximum(attenuation, 0)
    bright *= -hardness
    np.expm1(bright, out=bright)
    np.negative(bright, out=bright)
    specks = noise(rng, *bright.shape)
    specks *= grain * (bright + 0.6)
    bright += specks
    top = 2**bits - 1
    bright *= 0.94 * top
    bright += 0.02 * top
    return np.clip(bright, 0, top, out=bright).astype(np.uint16)
