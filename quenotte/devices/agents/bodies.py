"""Bodies as agents send them: packed or not, and never larger unpacked than we can hold."""

import gzip
import zlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from quenotte.devices.agents.errors import NotUnderstood, Reason

#: Bytes, unpacked. An inventory of a thousand programs takes 0.3 MB; a log of osquery, which sends
#: at most 1,024 lines, seldom more than 1 MB.
MOST_BYTES: Final = 8 << 20

_GZIP_MAGIC: Final = b"\x1f\x8b"
#: How zlib says what it is (RFC 1950): deflate, then a check that makes both a multiple of 31.
_ZLIB_METHOD: Final = 0x78
_ZLIB_MARK: Final = b"\x78\x9c"


class Packing(StrEnum):
    """How a body is packed. The answer is packed in the same way."""

    PLAIN = "plain"
    ZLIB = "zlib"
    GZIP = "gzip"


#: As zlib is told them.
_BITS: Final = {Packing.ZLIB: 15, Packing.GZIP: 31}


@dataclass(frozen=True, slots=True)
class Body:
    """What was in a body, and how it was packed."""

    content: bytes
    packing: Packing


def unpack(raw: bytes, *, most_bytes: int = MOST_BYTES) -> Body:
    """Return what is in a body; what it is packed with is seen in its first bytes.

    The type that came with it is not asked: agents behind proxies lose it, and some lie.

    Raises: NotUnderstood: TOO_BIG, before more than ``most_bytes`` are held; NOT_UNPACKED.
    """
    packing = _packing_of(raw)
    if len(raw) > most_bytes:
        raise NotUnderstood(Reason.TOO_BIG)
    if packing is Packing.PLAIN:
        return Body(raw, packing)
    return Body(_inflate(raw, _BITS[packing], most_bytes), packing)


def is_packed(raw: bytes) -> bool:
    """Tell whether a body is packed: how long it is says little then of what it takes to read."""
    return _packing_of(raw) is not Packing.PLAIN


def beginning(raw: bytes, most_bytes: int) -> bytes:
    """Return no more than the first bytes of what is in a body; none of what cannot be unpacked."""
    packing = _packing_of(raw)
    if packing is Packing.PLAIN:
        return raw[:most_bytes]
    try:
        return zlib.decompressobj(_BITS[packing]).decompress(raw[:most_bytes], most_bytes)
    except zlib.error:
        return b""


def pack(content: bytes, packing: Packing) -> bytes:
    """Return an answer packed as the question was."""
    if packing is Packing.ZLIB:
        # The usual level: FusionInventory knows zlib by the two bytes that only this one writes.
        return zlib.compress(content)
    if packing is Packing.GZIP:
        return _gzip(content)
    return content


def _packing_of(raw: bytes) -> Packing:
    if raw.startswith(_GZIP_MAGIC):
        return Packing.GZIP
    head = raw[:2]
    is_zlib = len(head) == 2 and head[0] == _ZLIB_METHOD and int.from_bytes(head, "big") % 31 == 0
    return Packing.ZLIB if is_zlib else Packing.PLAIN


def _inflate(raw: bytes, bits: int, most_bytes: int) -> bytes:
    stream = zlib.decompressobj(bits)
    try:
        content = stream.decompress(raw, most_bytes + 1)
    except zlib.error:
        raise NotUnderstood(Reason.NOT_UNPACKED) from None
    if len(content) > most_bytes:
        raise NotUnderstood(Reason.TOO_BIG)
    if not stream.eof or stream.unused_data:
        raise NotUnderstood(Reason.NOT_UNPACKED)
    return content


def _gzip(content: bytes) -> bytes:
    """Pack so that the agent, which looks for zlib's mark anywhere first, does not find it."""
    levels = (
        gzip.compress(content, compresslevel=level, mtime=0) for level in (6, 9, 5, 4, 3, 2, 1)
    )
    packed = list(levels)
    return next((one for one in packed if _ZLIB_MARK not in one), packed[0])
