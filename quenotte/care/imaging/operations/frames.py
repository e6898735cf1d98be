"""Raw frames for the viewer: decoded once, then served from the disk as they are.

Pixels that lie uncompressed in the blob are served from the blob itself; the others are
decoded into ``cache/frames``, which may be emptied at any time. One small file tells for
each blob where its pixels are and how to read them.
"""

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from quenotte.base.files import operations as files
from quenotte.care.imaging.models import Picture

if TYPE_CHECKING:
    from quenotte.devices.dicom.frames import Frame

#: What decoded frames may take on the disk, in bytes; the longest unused go first.
CACHE_BYTES = 2_000_000_000
_VERSION = 1


@dataclass(frozen=True)
class RawFrame:
    """A stretch of a file: little endian, row by row. Offset and length in bytes."""

    path: Path
    offset: int
    length: int


def description(picture: Picture) -> dict[str, Any]:
    """Return what the viewer needs to draw the frame.

    Raises: Refusal when the bytes hold no picture that we can decode; Missing.
    """
    return dict(_known(picture)["frame"])


def raw_frame(picture: Picture) -> RawFrame:
    """Return where the pixels of the first frame lie.

    Raises: as `description`.
    """
    known = _known(picture)
    if known["is_in_blob"]:
        path = files.local_path(picture.blob)
    else:
        path = _place(picture.blob_id, "raw")
        if not path.exists():
            known = _look(picture)
    return RawFrame(path, known["offset"], known["length"])


def prune(limit_bytes: int = CACHE_BYTES) -> int:
    """Empty the cache down to a size, the longest unused first; return how many went."""
    found = [(path, path.stat()) for path in _folder().glob("*/*.raw")]
    total = sum(stat.st_size for _, stat in found)
    gone = 0
    for path, stat in sorted(found, key=lambda each: each[1].st_atime):
        if total <= limit_bytes:
            break
        path.unlink(missing_ok=True)
        total -= stat.st_size
        gone += 1
    return gone


def _known(picture: Picture) -> dict[str, Any]:
    try:
        known: dict[str, Any] = json.loads(_place(picture.blob_id, "json").read_bytes())
    except (OSError, ValueError):
        return _look(picture)
    return known if known.get("version") == _VERSION else _look(picture)


def _look(picture: Picture) -> dict[str, Any]:
    """Decode the frame, keep what a second reader needs, return it."""
    # Decoders are heavy: the web process loads them for the first picture, not at start.
    from quenotte.devices.dicom.frames import read_frame

    source = files.local_path(picture.blob)
    frame = read_frame(source)
    pixels = bytes(frame.data)
    offset = _offset_in(source, pixels)
    known = {
        "version": _VERSION,
        "is_in_blob": offset is not None,
        "offset": offset or 0,
        "length": len(pixels),
        "frame": _plain(frame),
    }
    if offset is None:
        _write(_place(picture.blob_id, "raw"), pixels)
    _write(_place(picture.blob_id, "json"), json.dumps(known).encode())
    return known


def _offset_in(source: Path, pixels: bytes) -> int | None:
    """Return where exactly these pixels end a file, or None when they do not.

    The bytes are compared: byte order, sign and compression need no second judgement then.
    Pixels come last in the files of nearly all devices, with at most one byte of padding.
    """
    size = source.stat().st_size
    with source.open("rb") as stream:
        for offset in (size - len(pixels), size - len(pixels) - 1):
            if offset < 0:
                continue
            stream.seek(offset)
            if stream.read(len(pixels)) == pixels:
                return offset
    return None


def _plain(frame: "Frame") -> dict[str, Any]:
    return {
        "rows": frame.rows,
        "columns": frame.columns,
        "samples": frame.samples,
        "bits_allocated": frame.bits_allocated,
        "bits_stored": frame.bits_stored,
        "is_signed": frame.is_signed,
        "photometric": frame.photometric,
        "slope": frame.slope,
        "intercept": frame.intercept,
        "windows": [list(window) for window in frame.windows],
        "inverse": frame.inverse,
        "spacing_mm": list(frame.spacing_mm) if frame.spacing_mm else None,
        "spacing_is_detector_plane": frame.spacing_is_detector_plane,
    }


def _folder() -> Path:
    return Path(settings.DATA_DIR) / "cache" / "frames"


def _place(sha256: str, ending: str) -> Path:
    return _folder() / sha256[:2] / f"{sha256}.{ending}"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    draft.write_bytes(content)
    draft.replace(path)
