"""Opening a DICOM file that may be old, odd, cut short or hostile.

Source: DICOM PS3.10 section 7 (files), PS3.5 section A.5 (deflated transfer syntax).
"""

import contextlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pydicom
from pydicom.dataset import Dataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from quenotte.devices.dicom import messages
from quenotte.devices.dicom.parts import file_head
from quenotte.devices.dicom.silence import quiet
from quenotte.devices.dicom.texts import UID_LIMIT
from quenotte.kernel.errors import Refusal

# A deflated data set of a radiograph is a few megabytes; this stops bombs. Bytes.
LARGEST_INFLATED_BYTES = 512 << 20
_PREAMBLE = 128
_FIRST_GROUP = 0x0008  # what comes before speaks of the file or the message
_LONG_VRS = {b"OB", b"OW", b"OF", b"OD", b"OL", b"OV", b"SQ", b"UC", b"UR", b"UT", b"UN"}
# How a data set without preamble may begin: group 0002 or 0008, little or big endian.
_PLAUSIBLE_STARTS = (b"\x02\x00", b"\x08\x00", b"\x00\x08")


class Unreadable(Refusal):
    """The file is not DICOM, or nothing can be made of it."""

    message = messages.NOT_DICOM


class Truncated(Unreadable):
    """The file ends before its picture does."""

    message = messages.TRUNCATED


@dataclass(frozen=True)
class Meta:
    """Group 2 of a file, and where the data set begins. Bytes."""

    transfer_syntax_uid: str
    sop_class_uid: str
    sop_instance_uid: str
    offset: int

    @property
    def is_complete(self) -> bool:
        """Tell whether group 2 alone says how to send the file."""
        return bool(self.transfer_syntax_uid and self.sop_class_uid and self.sop_instance_uid)


def meta_of(path: Path) -> Meta:
    """Return what group 2 of a file says.

    Raises: Unreadable.
    """
    try:
        with path.open("rb") as stream:
            return _meta_of(stream)
    except (OSError, struct.error) as error:
        raise Unreadable from error


@contextlib.contextmanager
def opened(path: Path) -> Iterator[tuple[Dataset, BinaryIO]]:
    """Yield the data set and the stream it was read from, stopped at Pixel Data or at its end.

    Raises: Unreadable when the file is not DICOM, Truncated when it is cut in its header.
    """
    with contextlib.ExitStack() as stack:
        try:
            stream = stack.enter_context(path.open("rb"))
            meta = _meta_of(stream)
            source = _inflated(stream, meta)
        except (OSError, struct.error, zlib.error) as error:
            raise Unreadable from error
        dataset = _parsed(source)
        if source is not stream:
            dataset.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
        yield dataset, source


def _meta_of(stream: BinaryIO) -> Meta:
    """Return what group 2 says, leaving the stream at its beginning."""
    start = stream.read(_PREAMBLE + 4)
    offset = _PREAMBLE + 4 if start[_PREAMBLE:] == b"DICM" else 0
    stream.seek(offset)
    if not offset and start[:2] not in _PLAUSIBLE_STARTS:
        raise Unreadable
    uids: dict[int, str] = {}
    while (head := stream.read(8)) and head[:2] == b"\x02\x00" and len(head) == 8:
        element, vr, length = struct.unpack("<2xH2sH", head)
        if vr in _LONG_VRS:
            (length,) = struct.unpack("<L", stream.read(4))
        value = stream.read(min(length, 1 << 16))
        offset = stream.tell()
        if vr == b"UI":
            uids[element] = value.rstrip(b"\0 ").decode("ascii", "replace")[:UID_LIMIT]
    stream.seek(0)
    return Meta(uids.get(0x0010, ""), uids.get(0x0002, ""), uids.get(0x0003, ""), offset)


def _inflated(stream: BinaryIO, meta: Meta) -> BinaryIO:
    """Return the stream itself, or an inflated copy in memory when it was deflated."""
    if meta.transfer_syntax_uid != DeflatedExplicitVRLittleEndian:
        return stream
    stream.seek(meta.offset)
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    plain = inflater.decompress(stream.read(), LARGEST_INFLATED_BYTES)
    if inflater.unconsumed_tail:
        raise Unreadable(messages.TOO_INFLATED)
    return BytesIO(file_head("", "", ExplicitVRLittleEndian) + plain)


def _parsed(source: BinaryIO) -> Dataset:
    try:
        with quiet():
            dataset = pydicom.dcmread(source, force=True, stop_before_pixels=True)
    except (EOFError, struct.error) as error:
        raise Truncated from error
    except Exception as error:
        # Hostile bytes make the parser fail in many ways; all of them mean the same here.
        raise Unreadable from error
    if not any(tag.group >= _FIRST_GROUP for tag in dataset.keys()):  # noqa: SIM118
        raise Unreadable
    return dataset


def transfer_syntax_of(dataset: Dataset) -> str:
    """Return the transfer syntax of a data set as read, guessed when no group 2 says it."""
    named = str(dataset.file_meta.get("TransferSyntaxUID", "") or "")
    if named:
        return named.rstrip("\0 ")
    implicit, little = dataset.original_encoding
    if little is False:
        return "1.2.840.10008.1.2.2"
    return str(ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian)
