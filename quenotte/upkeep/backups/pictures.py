"""A picture as what is seen of it, pixel for pixel: as one hash."""

import hashlib
from pathlib import Path
from typing import Final

#: What is said of a picture that no decoder opens.
CLOSED: Final = "?"
_DICOM_AT: Final = 128
_BEGINS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


def pixels_of(path: Path) -> str:
    """Return the hash of the decoded pixels of a file; "" when it is no picture.

    Raises: Exception of any decoder when it is one and cannot be decoded.
    """
    with path.open("rb") as stream:
        begin = stream.read(_DICOM_AT + 4)
    if begin[_DICOM_AT:] == b"DICM":
        return _of_dicom(path)
    return _of_photograph(path) if begin.startswith(_BEGINS) else ""


def _of_dicom(path: Path) -> str:
    from quenotte.devices.dicom.frames import read_frame

    frame = read_frame(path)
    shape = (frame.rows, frame.columns, frame.samples)
    return hashlib.sha256(repr(shape).encode() + frame.data).hexdigest()


def _of_photograph(path: Path) -> str:
    from PIL import Image

    with Image.open(path) as picture:
        pixels = picture.convert("RGB")
        return hashlib.sha256(repr(pixels.size).encode() + pixels.tobytes()).hexdigest()
