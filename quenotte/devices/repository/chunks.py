"""Compression of blobs and of unpacked files; where files are cut.

Source: restic's repository design, "Pack Format" and "Unpacked Data Format"; RFC 8878 (zstd).
"""

import threading
from enum import Enum
from typing import Any, Final

import zstandard

from quenotte.devices.repository.sealing import Bytes

#: A page-stable copy of a database changes by pages: small fixed chunks keep a night small.
PAGE_CHUNK_BYTES: Final = 16 << 10
#: Pictures change as a whole or never. Bytes.
WHOLE_CHUNK_BYTES: Final = 8 << 20
#: What a blob may come to when it is unpacked: a frame may promise anything. Bytes.
MOST_BLOB_BYTES: Final = 256 << 20
_MOST_UNPACKED_BYTES: Final = 1 << 30
_LEVEL: Final = 3
_SAMPLE_BYTES: Final = 32 << 10
#: Compression that saves less is left out: reading back would cost more than it gives.
_WORTH: Final = 0.97
_ZSTD: Final = b"\x02"


class Chunking(Enum):
    """How a file is cut: in pages of 16 KiB, or whole up to 8 MiB."""

    PAGES = PAGE_CHUNK_BYTES
    WHOLE = WHOLE_CHUNK_BYTES


class _Zstd(threading.local):
    """Contexts of one thread; they may not be shared."""

    def __init__(self) -> None:
        self.writer: Any = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=False)
        self.reader: Any = zstandard.ZstdDecompressor()


_zstd = _Zstd()


def pack(text: Bytes) -> tuple[Bytes, int]:
    """Return a blob as it is sealed, with its length before compression (0: not compressed)."""
    if not text or not _is_worth(text):
        return text, 0
    packed: bytes = _zstd.writer.compress(text)
    return (packed, len(text)) if len(packed) <= _WORTH * len(text) else (text, 0)


def _is_worth(text: Bytes) -> bool:
    """Try a sample from the middle of a large blob: a radiograph is compressed already."""
    if len(text) <= 2 * _SAMPLE_BYTES:
        return True
    begin = (len(text) - _SAMPLE_BYTES) // 2
    sample = text[begin : begin + _SAMPLE_BYTES]
    return len(_zstd.writer.compress(sample)) <= _WORTH * _SAMPLE_BYTES


def unpack(packed: bytes | bytearray, raw: int) -> bytes | bytearray:
    """Return the blob that was ``raw`` bytes long (0: it is not compressed). Raises: ValueError."""
    if not raw:
        return packed
    if raw > MOST_BLOB_BYTES:
        raise ValueError("the blob claims to be impossibly large")
    return _inflated(packed, raw)


def _inflated(packed: bytes | bytearray, raw: int) -> bytes:
    try:
        stated = zstandard.frame_content_size(packed)
        if stated not in (-1, raw):
            raise ValueError("the frame states another length")
        text: bytes = _zstd.reader.decompress(packed, max_output_size=raw)
    except zstandard.ZstdError as error:
        raise ValueError("the frame cannot be decompressed") from error
    if len(text) != raw:
        raise ValueError("the blob has another length")
    return text


def wrap(text: bytes) -> bytes:
    """Return an unpacked file (index, snapshot) as it is sealed in version 2."""
    packed: bytes = _zstd.writer.compress(text)
    return _ZSTD + packed


def unwrap(text: bytes | bytearray) -> bytes | bytearray:
    """Return the JSON of an unpacked file of either version. Raises: ValueError."""
    if text[:1] in (b"{", b"["):
        return text
    if text[:1] != _ZSTD:
        raise ValueError("the file is of an unknown version")
    # The frame need not state its size, so it is read as a stream, up to a bound.
    try:
        with zstandard.ZstdDecompressor().stream_reader(text[1:]) as stream:
            whole: bytes = stream.read(_MOST_UNPACKED_BYTES)
    except zstandard.ZstdError as error:
        raise ValueError("the frame cannot be decompressed") from error
    if not whole:
        raise ValueError("the file is empty")
    return whole
