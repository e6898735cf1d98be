"""Small workbooks that fill the memory: found by looking at their bytes, never by parsing them.

A reader of XML holds one line of a sheet at a time, so what counts is the longest line: a cell
of two hundred megabytes shrinks to less than two.
"""

import re
import zipfile
from typing import Final

#: Bytes between two ends of lines (or of texts kept apart); Excel's longest lines take one.
LONGEST_STRETCH: Final = 4_000_000
_CHUNK: Final = 1_000_000
#: A « < » is never part of a text, so that these are tags.
_MARK: Final = re.compile(rb"</?(?:[\w.-]+:)?(?:row|si)[\s/>]")
#: But here it may be: no tag is believed after these, which no program writes in a table.
_HIDING: Final = re.compile(rb"<!\[CDATA\[|<!--|<\?(?!xml\s)")
#: The longest of these marks that two chunks may cut.
_OVERLAP: Final = 64


def fills_memory(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Tell whether a part holds a stretch that a reader would have to keep whole.

    Raises: BadZipFile and others of ``zipfile``, when the part is not what it says.
    """
    if part.file_size <= LONGEST_STRETCH:
        return False
    seen, last, kept, is_hidden = 0, 0, b"", False
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            if not seen and not _is_xml(chunk):
                return False
            piece, start = kept + chunk, seen - len(kept)
            seen += len(chunk)
            is_hidden = is_hidden or bool(_HIDING.search(piece))
            for mark in () if is_hidden else _MARK.finditer(piece):
                if start + mark.start() - last > LONGEST_STRETCH:
                    return True
                last = start + mark.start()
            if seen - last > LONGEST_STRETCH:
                return True
            kept = piece[-_OVERLAP:]
    return False


def _is_xml(head: bytes) -> bool:
    """Tell whether a reader of XML would go further than the first sign: a picture stops it."""
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe\0\r\n\t ").startswith(b"<")
