"""PDF files read back: how many pages, their pictures, their words."""

from io import BytesIO
from typing import Any


class NotAPdf(Exception):
    """The bytes are no PDF that can be opened: damaged, or locked with a password."""


def pages_of(content: bytes) -> int:
    """Return the number of pages. Raises: NotAPdf."""
    with opened(content) as document:
        return len(document)


def text_of(content: bytes) -> str:
    """Return the words of all pages, in their order on paper. Raises: NotAPdf."""
    with opened(content) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def picture_of(content: bytes, *, page: int = 0, width_px: int = 900) -> bytes:
    """Return one page (counted from 0) as a PNG of that width, in pixels.

    Raises: NotAPdf; IndexError when there is no such page.
    """
    with opened(content) as document:
        if not 0 <= page < len(document):
            raise IndexError(page)
        sheet = document[page]
        drawn = sheet.render(scale=width_px / sheet.get_width()).to_pil()
        kept = BytesIO()
        drawn.save(kept, "PNG", optimize=True)
        return kept.getvalue()


def opened(content: bytes) -> Any:
    """Return the file as pypdfium2 knows it, to be closed by who asks. Raises: NotAPdf."""
    import pypdfium2

    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise NotAPdf(str(error)) from error
