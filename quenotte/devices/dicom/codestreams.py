"""How large a compressed picture says it is, read before any decoder allocates for it.

Source: ISO/IEC 10918-1 annex B (JPEG markers), 14495-1 (JPEG-LS), 15444-1 annex A (JPEG 2000).
"""

import struct

_START_OF_FRAME = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xDA)}


def announced_size(frame: bytes) -> tuple[int, int] | None:
    """Return the rows and columns that a JPEG family codestream announces; None if unclear."""
    if frame[:4] == b"\xff\x4f\xff\x51" and len(frame) >= 24:
        width, height, left, top = struct.unpack(">4L", frame[8:24])
        return height - top, width - left
    if frame[:2] != b"\xff\xd8":
        return None
    at = 2
    while at + 9 <= len(frame) and frame[at] == 0xFF:
        marker = frame[at + 1]
        if marker in _START_OF_FRAME:
            rows, columns = struct.unpack(">HH", frame[at + 5 : at + 9])
            return rows, columns
        if marker == 0xFF:
            at += 1
        elif marker in _WITHOUT_LENGTH:
            at += 2
        else:
            at += 2 + struct.unpack(">H", frame[at + 2 : at + 4])[0]
    return None
