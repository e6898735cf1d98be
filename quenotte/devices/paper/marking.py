"""A mention over every page of a file that somebody kept: its bytes are read, never trusted.

Pages are drawn upon by pdfium, with a letter that every reader of PDF has; the mention stands at
the top and across, so that no copy of one page goes without it.
"""

import ctypes
import math
from io import BytesIO
from pathlib import Path
from typing import Any, Final

#: The letter: one of the fourteen that need not travel with a file (ISO 32000-1, 9.6.2.2).
_LETTER: Final = b"Helvetica-Bold"
#: Red, green, blue; and how much one sees of it, at the top and across, of 255.
_RED: Final = (176, 0, 32)
_AT_THE_TOP: Final = 255
_ACROSS: Final = 70
#: Height of the mention at the top, and its length across, as parts of the page.
_LINE: Final = 0.022
_REACH: Final = 0.8
#: How wide a capital is, as a part of the height of its line, at most.
_WIDEST: Final = 0.72


def marked_pdf(path: Path, mention: str) -> bytes:
    """Return a PDF with a mention on each page. Raises: pypdfium2.PdfiumError."""
    import pypdfium2

    kept = BytesIO()
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            _mark(document, page, mention)
        document.save(kept)
    return kept.getvalue()


def marked_picture(path: Path, mention: str) -> bytes:
    """Return a picture, of the format that it has, with a mention on it. Raises: OSError."""
    from PIL import Image, ImageOps

    kept = BytesIO()
    with Image.open(path) as picture:
        kind = picture.format or "PNG"
        shown = ImageOps.exif_transpose(picture).convert("RGBA")
        shown.alpha_composite(_stamp(shown.size, mention))
        shown.convert("RGB").save(kept, kind, quality=92)
    return kept.getvalue()


def _stamp(size: tuple[int, int], mention: str) -> Any:
    """Return the mention alone, as large as a picture, see-through elsewhere."""
    import pypdfium2

    with pypdfium2.PdfDocument.new() as document:
        page = document.new_page(*size)
        _mark(document, page, mention)
        drawn = page.render(scale=1, fill_color=(255, 255, 255, 0), rev_byteorder=True)
        return drawn.to_pil().convert("RGBA").resize(size)


def _mark(document: Any, page: Any, mention: str) -> None:
    left, bottom, right, top = page.get_cropbox()
    width, height = right - left, top - bottom
    longest = max(1, len(mention)) * _WIDEST
    line = min(max(width, height) * _LINE, width * 0.9 / longest)
    # White behind it: it is read on a dark photograph too.
    _whiten(page, left + line / 2, top - 2 * line, line * (longest + 1), 1.5 * line)
    _write(document, page, mention, line, (left + line, top - 1.6 * line), 0.0, _AT_THE_TOP)
    angle = math.atan2(height, width)
    large = math.hypot(width, height) * _REACH / longest
    # From the lower left corner to the upper right one, in the middle of the page.
    spread = math.hypot(width, height) * (1 - _REACH) / 2
    start = (
        left + spread * math.cos(angle) + large * 0.35 * math.sin(angle),
        bottom + spread * math.sin(angle) - large * 0.35 * math.cos(angle),
    )
    _write(document, page, mention, large, start, angle, _ACROSS)
    page.gen_content()


def _whiten(page: Any, left: float, bottom: float, width: float, height: float) -> None:
    import pypdfium2.raw as pdfium

    band = pdfium.FPDFPageObj_CreateNewRect(left, bottom, width, height)
    pdfium.FPDFPageObj_SetFillColor(band, 255, 255, 255, 220)
    pdfium.FPDFPath_SetDrawMode(band, pdfium.FPDF_FILLMODE_WINDING, False)
    pdfium.FPDFPage_InsertObject(page, band)


def _write(
    document: Any,
    page: Any,
    text: str,
    size: float,
    at: tuple[float, float],
    angle: float,
    opacity: int,
) -> None:
    """Write a line: its size and place in points, its angle in radians."""
    import pypdfium2.raw as pdfium

    line = pdfium.FPDFPageObj_NewTextObj(document, _LETTER, size)
    written = text.encode("utf-16-le") + b"\0\0"
    words = (ctypes.c_ushort * (len(written) // 2)).from_buffer_copy(written)
    pdfium.FPDFText_SetText(line, words)
    pdfium.FPDFPageObj_SetFillColor(line, *_RED, opacity)
    turned, risen = math.cos(angle), math.sin(angle)
    pdfium.FPDFPageObj_Transform(line, turned, risen, -risen, turned, *at)
    pdfium.FPDFPage_InsertObject(page, line)
