"""Tables that spreadsheets open: CSV in UTF-8 with its mark, semicolons, sent piece by piece."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import Promise

#: Rows turned into one piece of the answer.
_PIECE: Final = 500
#: A spreadsheet runs what starts with these signs: a name is not a formula.
_FORMULAS: Final = frozenset("=+-@\t\r")


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def pieces(headings: Iterable[str | Promise], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the text of a table, in constant memory whatever the number of its rows."""
    writer = csv.writer(_Echo(), delimiter=";")
    yield "\ufeff" + writer.writerow([str(heading) for heading in headings])
    piece: list[str] = []
    for row in rows:
        piece.append(writer.writerow([harmless(cell) for cell in row]))
        if len(piece) == _PIECE:
            yield "".join(piece)
            piece.clear()
    yield "".join(piece)


def answer(
    name: str, headings: Iterable[str | Promise], rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """Return a table as a file of today: ``name-2026-03-17.csv``. ``name``: ASCII."""
    file = f"{name}-{timezone.localdate():%Y-%m-%d}.csv"
    return StreamingHttpResponse(
        pieces(headings, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell[:1] in _FORMULAS else cell
