"""Files made by strangers, looked into by a process of their own.

A file that makes its reader hang, fall or ask for all the memory then harms nobody: the process
is stopped, and the file is one that cannot be read.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

#: How long one look may take, in seconds; the processor time is bounded by as much.
LONGEST_S: Final = 20
#: Memory that one look may ask for, in bytes.
_MEMORY_BYTES: Final = 1_500_000_000
#: Pixels of a picture, and pages of a document, beyond which nobody looks, and characters read.
MOST_PIXELS: Final = 80_000_000
MOST_PAGES: Final = 2_000
MOST_CHARACTERS: Final = 200_000
#: A page is never drawn higher than so many times its width.
_STEEPEST: Final = 6
_FAILED: Final = 3


class Unreadable(Exception):
    """The file cannot be read; ``reason`` is locked, broken, large, long or slow."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Facts:
    """What a file holds: the number of its pages, and its words."""

    pages: int
    text: str = ""


def facts_of(path: Path) -> Facts:
    """Return what a PDF or a picture (PNG, JPEG) holds. Raises: Unreadable."""
    return Facts(**json.loads(_asked("facts", path)))


def drawn(path: Path, *, page: int, width_px: int) -> bytes:
    """Return a page (counted from 0) of a PDF, or a picture, as a PNG of at most that width.

    Raises: Unreadable.
    """
    return _asked("drawn", path, str(page), str(width_px))


def marked(path: Path, mention: str) -> bytes:
    """Return a PDF or a picture, of its own format, with a mention on every page.

    Raises: Unreadable.
    """
    return _asked("marked", path, mention)


def _asked(*words: object) -> bytes:
    command = [sys.executable, "-m", "quenotte.devices.paper.apart", *map(str, words)]
    try:
        answer = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST_S)
    except subprocess.TimeoutExpired:
        raise Unreadable("slow") from None
    if answer.returncode == 0:
        return answer.stdout
    said = answer.stderr.decode("ascii", "replace").strip()
    raise Unreadable(said if answer.returncode == _FAILED else "broken")


def _bound() -> None:
    if sys.platform == "win32":  # pragma: no cover - the time alone is bounded there
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer_of(question: str, path: Path, *words: str) -> bytes:
    """Answer in this very process; the child's work. Raises: Unreadable."""
    with path.open("rb") as stream:
        is_pdf = b"%PDF-" in stream.read(1024)
    if question == "facts":
        found = _pdf_facts(path) if is_pdf else _picture_facts(path)
        return json.dumps(asdict(found)).encode("ascii")
    if question == "marked":
        return _marked(path, words[0], is_pdf=is_pdf)
    page, width_px = map(int, words)
    return _pdf_page(path, page, width_px) if is_pdf else _picture(path, width_px)


def _marked(path: Path, mention: str, *, is_pdf: bool) -> bytes:
    import pypdfium2

    from quenotte.devices.paper import marking

    found = _pdf_facts(path) if is_pdf else _picture_facts(path)
    try:
        made = (
            marking.marked_pdf(path, mention) if is_pdf else marking.marked_picture(path, mention)
        )
    except (pypdfium2.PdfiumError, OSError, ValueError) as error:
        raise Unreadable("broken") from error
    # What does not open again, whole, is no copy.
    if is_pdf and len(pypdfium2.PdfDocument(made)) != found.pages:
        raise Unreadable("broken")
    return made


def _pdf_facts(path: Path) -> Facts:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            pages = len(document)
            if pages > MOST_PAGES:
                raise Unreadable("long")
            return Facts(pages, _words_of(document))
    except pypdfium2.PdfiumError as error:
        raise Unreadable("locked" if "assword" in str(error) else "broken") from error


def _words_of(document: "object") -> str:
    words: list[str] = []
    left = MOST_CHARACTERS
    for page in document:  # type: ignore[attr-defined]
        said = page.get_textpage().get_text_bounded()[:left]
        words.append(said)
        left -= len(said)
        if left <= 0:
            break
    return "\n".join(words)


def _pdf_page(path: Path, page: int, width_px: int) -> bytes:
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            if not 0 <= page < len(document):
                raise Unreadable("long")
            sheet = document[page]
            width, height = sheet.get_size()
            scale = min(width_px / width, width_px * _STEEPEST / height)
            return _png(sheet.render(scale=scale).to_pil())
    except (pypdfium2.PdfiumError, ZeroDivisionError) as error:
        raise Unreadable("broken") from error


def _picture_facts(path: Path) -> Facts:
    from PIL import Image

    try:
        with Image.open(path) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Unreadable("large")
            picture.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("broken") from error
    return Facts(1)


def _picture(path: Path, width_px: int) -> bytes:
    from PIL import Image, ImageOps

    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (width_px, width_px))
            shown = ImageOps.exif_transpose(picture)
            shown.thumbnail((width_px, width_px * _STEEPEST))
            return _png(shown if shown.mode in {"L", "RGB"} else shown.convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise Unreadable("broken") from error


def _png(image: "object") -> bytes:
    from io import BytesIO

    kept = BytesIO()
    image.save(kept, "PNG")  # type: ignore[attr-defined]
    return kept.getvalue()


if __name__ == "__main__":
    _bound()
    try:
        given = answer_of(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
    except Unreadable as refused:
        sys.stderr.write(refused.reason)
        sys.exit(_FAILED)
    sys.stdout.buffer.write(given)
