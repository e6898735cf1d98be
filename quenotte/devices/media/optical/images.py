"""Disc images by xorriso: made, read back, brought back, burnt.

``-md5 on`` stands before ``-outdev`` and ``-indev``: without it a damaged disc passes a check. A
disc without checksums is a failure for the same reason.
"""

import hashlib
import re
from pathlib import Path
from typing import Final

from quenotte.devices.media import messages, programs
from quenotte.devices.media.carriers import Finding, digest_of
from quenotte.devices.media.errors import MediaError
from quenotte.devices.media.optical.volumes import SECTOR_BYTES
from quenotte.devices.media.sorts import Sort

_RANGE: Final = re.compile(r"^MD5 tag range:\s*(\d+) ,\s*(\d+) , . (\w+)", re.MULTILINE)
_CHANGED: Final = re.compile(r"^MD5 MISMATCH: '/(.+)'$", re.MULTILINE)
_BLANK: Final = re.compile(r"^Media status : is blank", re.MULTILINE)
_NO_DISC: Final = "No ISO 9660 image"
#: Ends of xorriso that are answers about the disc.
_ANSWERS: Final = tuple(range(64))
#: The copy of the first sectors ends here, with its own checksum; the session comes later.
_TAG: Final = 18
#: The whole of a disc, when no file is to blame.
DISC: Final = "disque"


class MisreadBurn(MediaError):
    """The burnt disc is not the image."""

    message = messages.MISREAD_BURN
    next_step = messages.MISREAD_BURN_NEXT


def make(tree: Path, image: Path, volume_id: str) -> None:
    """Make an image of a folder, with checksums. Raises: NoProgram, ProgramFailed."""
    words = ["-padding", "0", "-outdev", f"stdio:{image}", "-volid", volume_id]
    programs.run("xorriso", "-md5", "on", *words, "-map", str(tree), "/", "-commit", "-end")


def check(image: Path) -> list[Finding]:
    """Read an image or a disc whole, and name what is damaged. Raises: NoProgram."""
    done = _ask(image, "-check_media", "what=tracks", "--")
    ranges = _RANGE.findall(done)
    if not ranges:
        return [Finding(Sort.UNREADABLE if _NO_DISC in done else Sort.UNPROVEN, DISC)]
    is_whole = "mismatch" not in done.lower() and all(one[2] == "md5_match" for one in ranges)
    if is_whole and (is_drive(image) or _is_rest_sound(image, ranges)):
        return []
    named = _CHANGED.findall(_ask(image, "-check_md5_r", "SORRY", "/", "--"))
    return [Finding(Sort.CHANGED, name) for name in named or [DISC]]


def bring(image: Path, inside: str, target: Path) -> bool:
    """Copy a file, or the whole disc (``/``), out of an image; tell whether all of it came.

    What cannot be read is left out, the rest comes. Raises: NoProgram.
    """
    words = ["-osirrox", "on", "-md5", "on", "-indev", _address(image)]
    tolerant = ["-abort_on", "NEVER", "-return_with", "SORRY", "32"]
    done = programs.run(
        "xorriso", *tolerant, *words, "-extract", inside, str(target), "-end", allowed=_ANSWERS
    )
    return done.returncode == 0


def is_drive(image: Path) -> bool:
    """Tell whether this is a drive, and not an image in a file."""
    return image.is_block_device()


def is_blank(drive: Path) -> bool:
    """Tell whether nothing is on the disc in a drive, be it one that can be written again.

    Raises: NoProgram.
    """
    words = ["-outdev", _address(drive), "-toc", "-end"]
    done = programs.run("xorriso", *words, allowed=_ANSWERS)
    return bool(_BLANK.search(f"{done.stdout}\n{done.stderr}"))


def eject(drive: Path) -> None:
    """Open the drive; what cannot is opened by hand. Raises: NoProgram."""
    words = ["-outdev", _address(drive), "-eject", "all", "-end"]
    programs.run("xorriso", *words, allowed=_ANSWERS)


def burn(image: Path, drive: Path) -> None:
    """Burn an image, and compare the disc with it byte for byte. Raises: MisreadBurn, MediaError.

    Source: xorriso's emulation of cdrecord.
    """
    programs.run("xorriso", "-as", "cdrecord", "-v", f"dev={_address(drive)}", str(image))
    told, size = digest_of(image)
    if _digest_of_begin(drive, size) != told:
        raise MisreadBurn


def _digest_of_begin(drive: Path, size: int) -> str:
    told = hashlib.sha256()
    try:
        with drive.open("rb") as disc:
            while size > 0 and (piece := disc.read(min(size, 1 << 20))):
                told.update(piece)
                size -= len(piece)
    except OSError as error:
        raise MisreadBurn from error
    return told.hexdigest()


def _ask(image: Path, *words: str) -> str:
    tolerant = ["-abort_on", "NEVER", "-return_with", "SORRY", "32"]
    opened = ["-md5", "on", "-indev", _address(image)]
    done = programs.run("xorriso", *tolerant, *opened, *words, "-end", allowed=_ANSWERS)
    return f"{done.stdout}\n{done.stderr}"


def _address(image: Path) -> str:
    return str(image) if is_drive(image) else f"stdio:{image}"


def _is_rest_sound(image: Path, ranges: list[tuple[str, str, str]]) -> bool:
    """Tell whether what no checksum covers is as xorriso writes it.

    That is: the two sectors that hold a checksum, and blank ones.
    """
    first = min(int(start) for start, _size, _result in ranges)
    last = max(int(start) + int(size) for start, size, _result in ranges)
    with image.open("rb") as file:
        file.seek(_TAG * SECTOR_BYTES)
        copy, blank = file.read(SECTOR_BYTES), file.read((first - _TAG - 1) * SECTOR_BYTES)
        file.seek(last * SECTOR_BYTES)
        tag, behind = file.read(SECTOR_BYTES), file.read()
    return _is_tag(copy) and _is_tag(tag) and not any(blank) and not any(behind)


def _is_tag(sector: bytes) -> bool:
    """Tell whether a sector is a checksum that proves itself. Source: libisofs, checksums.txt."""
    line, _end, rest = sector.partition(b"\n")
    text, _self, proof = line.partition(b"self=")
    proved = hashlib.md5(text.rstrip(b" "), usedforsecurity=False).hexdigest().encode()
    return line.startswith(b"libisofs_") and proof == proved and not any(rest)
