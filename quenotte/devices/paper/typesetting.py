"""PDF sheets from Typst templates and plain data."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final

#: Templates are named from here: a template may import ``/devices/paper/sheet.typ``.
ROOT: Final = Path(__file__).resolve().parents[2]
#: Inter, put here when the browser part is built; without it Typst's own typeface serves.
FONTS: Final = ROOT / "web/static/web/built/fonts"


class CannotTypeset(Exception):
    """The template and the data make no sheet; the reason is Typst's, and for the log alone."""


class Standard(StrEnum):
    """What kind of PDF for archives a paper is."""

    #: A sheet as people read it. Source: ISO 19005-2, level B.
    SHEET = "a-2b"
    #: The same with files inside it (``pdf.attach``). Source: ISO 19005-3, level B.
    WITH_FILES = "a-3b"


def typeset(
    template: str,
    data: Mapping[str, Any],
    *,
    made_at: datetime,
    standard: Standard = Standard.SHEET,
) -> bytes:
    """Return the PDF/A of a template (``care/paper/letter.typ``) filled with ``data``.

    ``data`` is JSON-like; texts are texts, never markup of Typst, whatever is typed in them.
    Pictures travel in it as SVG texts (``image(bytes(data.drawing), format: "svg")``). The same
    template, data and time (an aware datetime) give the same bytes.

    Raises: CannotTypeset.
    """
    import typst

    try:
        return typst.compile(
            ROOT / template,
            root=ROOT,
            font_paths=_fonts(),
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            pdf_standards=standard.value,
            # Typst reads neither microseconds nor a time zone that changes with the season.
            timestamp=made_at.astimezone(UTC).replace(microsecond=0),
        )
    except RuntimeError as error:
        # TypstError is one; a template that is not there is plainly one.
        raise CannotTypeset(str(error)) from error


@cache
def _fonts() -> Any:
    import typst

    folders = [FONTS] if FONTS.is_dir() else []
    return typst.Fonts(include_system_fonts=False, font_paths=folders)
