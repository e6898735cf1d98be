"""How a file is to be read, and what is refused before any of it is.

A file that came from elsewhere may be a bomb: its size unpacked is asked first, and nothing is
read beyond it.
"""

import zipfile
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from quenotte.devices.sheets import messages
from quenotte.devices.sheets.bombs import fills_memory
from quenotte.kernel.errors import Refusal

#: Largest file taken, in bytes as it is sent.
MAX_BYTES: Final = 100_000_000
#: Most that a workbook may hold once unpacked, in bytes, in all and for the texts of its cells.
MAX_UNPACKED_BYTES: Final = 400_000_000
MAX_TEXTS_BYTES: Final = 80_000_000
#: A list of people shrinks ten or twenty times, a bomb a thousand times.
MAX_RATIO: Final = 150
MAX_PARTS: Final = 2_000
#: Lines read, columns of a line, and characters of a cell.
MAX_ROWS: Final = 100_000
MAX_COLUMNS: Final = 200
MAX_CELL: Final = 2_000
#: Lines above the first patient: titles, dates, names of columns.
MAX_HEADER_LINES: Final = 15

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP: Final = b"PK"
#: PDF, PNG, JPEG, GIF, gzip, 7z, RAR.
_FOREIGN: Final = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!",
)  # fmt: skip
#: First byte of a table of dBase, FoxBASE or FoxPro.
_DBASE: Final = b"\x02\x03\x04\x05\x30\x31\x32\x43\x63\x83\x8b\x8e\xcb\xf5\xfb"
_CONTROLS: Final = bytes(sign for sign in range(1, 32) if sign not in {9, 10, 11, 12, 13, 26, 27})
_HEAD: Final = 200_000


class UnreadableTable(Refusal):
    """The file is no table that can be read."""

    message = messages.NOT_A_TABLE


class OldExcel(UnreadableTable):
    """A file in the form of Office before 2007 that is no workbook that can be read."""

    message = messages.OLD_EXCEL


class OldDatabase(UnreadableTable):
    """A table of dBase or FoxPro, alone or packed with others."""

    message = messages.OLD_DATABASE


class ProtectedWorkbook(UnreadableTable):
    """A workbook that a password encrypts."""

    message = messages.PROTECTED


class OpenDocument(UnreadableTable):
    """A sheet of LibreOffice."""

    message = messages.OPEN_DOCUMENT


class TooBig(UnreadableTable):
    """More bytes, unpacked, than any list of patients holds."""

    message = messages.TOO_BIG


class TooManyRows(UnreadableTable):
    """More lines than any practice has patients."""

    message = messages.TOO_MANY_ROWS


class BrokenTable(UnreadableTable):
    """The file is cut short, or its inside contradicts itself."""

    message = messages.BROKEN


class EmptyTable(UnreadableTable):
    """Not one line."""

    message = messages.EMPTY


class WrongEncoding(UnreadableTable):
    """The bytes are no text in the encoding that was chosen."""

    message = messages.WRONG_ENCODING


@dataclass(frozen=True)
class Layout:
    """How a file is read; ``header_lines`` are the lines above the first row of data.

    A CSV has an ``encoding`` and a ``delimiter``, a workbook (« xlsx » or « xls ») the name of a
    ``sheet``.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    header_lines: int = 1

    def to_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Layout":
        """Return what ``to_json`` gave."""
        return cls(**kept)


def kind_of(path: Path) -> str:
    """Return « csv », « xlsx » or « xls » by the content of a file, never by its name.

    Raises: UnreadableTable, one of its children saying why in words.
    """
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise TooBig
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\0\r\n\t ,;"):
        raise EmptyTable
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise ProtectedWorkbook
        return "xls"
    if head.startswith(_ZIP):
        _check_workbook(path)
        return "xlsx"
    if _is_dbase(head):
        raise OldDatabase
    if head.startswith(_FOREIGN) or _is_binary(head):
        raise UnreadableTable
    return "csv"


def _is_dbase(head: bytes) -> bool:
    """Tell whether a file is a table of dBase: its version, a day, fields of 32 bytes, their end.

    Source: dBASE level 5 table file format (header of the .dbf file).
    """
    if len(head) < 65 or head[0] not in _DBASE or head[12:14] != b"\0\0":
        return False
    if not (0 < head[2] < 13 and 0 < head[3] < 32):
        return False
    length = int.from_bytes(head[8:10], "little")
    return any(head[at] == 0x0D for at in range(64, min(length, len(head)), 32))


def _is_binary(head: bytes) -> bool:
    """Tell whether bytes are no text: control signs, or zeros elsewhere than UTF-16 puts them."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > len(head) / 200:
        return True
    zeros = head.count(0)
    return bool(zeros) and not len(head) / 3 < zeros < len(head) * 2 / 3


def _check_workbook(path: Path) -> None:
    """Look at the table of contents; a large part is then looked through, piece by piece.

    A part that lies about its size is cut there by ``zipfile``, and its checksum then fails.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            _check_parts(parts)
            if any(fills_memory(archive, part) for part in parts):
                raise TooBig
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError) as error:
        raise BrokenTable from error


def _check_parts(parts: list[zipfile.ZipInfo]) -> None:
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        raise OpenDocument
    if any(name.lower().endswith(".dbf") for name in names):
        raise OldDatabase
    if "xl/workbook.xml" not in names:
        raise UnreadableTable
    if any(part.flag_bits & 1 for part in parts):
        raise ProtectedWorkbook
    _check_sizes(parts)


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    texts = sum(part.file_size for part in parts if "sharedstrings" in part.filename.lower())
    if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED_BYTES or texts > MAX_TEXTS_BYTES:
        raise TooBig
    for part in parts:
        if part.file_size > 5_000_000 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise TooBig
