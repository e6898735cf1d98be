"""Pages of documents as pictures: drawn by a process of its own, kept in the cache."""

import os
import secrets
from pathlib import Path

from django.conf import settings

from quenotte.base.files import operations as files
from quenotte.care.documents import rules
from quenotte.care.documents.models import DocumentVersion
from quenotte.care.documents.operations import refusals
from quenotte.devices.paper import apart, reading

#: Widths at which a page is drawn, in pixels: on the screen, and for paper (200 dpi of A4).
SCREEN_PX, PAPER_PX = 1100, 1654
#: Pages of one document that its page shows, and that are printed from pictures.
MOST_SHOWN = 60


def page_of(version: DocumentVersion, page: int, width_px: int, *, is_ours: bool = False) -> bytes:
    """Return a page (counted from 1) of a version as a PNG.

    ``is_ours``: we made it, so that it may be drawn in this very process, ten times faster.

    Raises: NotAPdf when it cannot be drawn; Missing when the file is not there.
    """
    kept = _place(version.blob_id, page, width_px)
    if kept.is_file():
        return kept.read_bytes()
    path = files.local_path(version.blob)
    try:
        if is_ours and version.media_type == rules.PDF:
            drawn = reading.picture_of(path.read_bytes(), page=page - 1, width_px=width_px)
        else:
            drawn = apart.drawn(path, page=page - 1, width_px=width_px)
    except (apart.Unreadable, reading.NotAPdf, IndexError) as error:
        raise refusals.NotAPdf from error
    _write(kept, drawn)
    return drawn


def text_of(version: DocumentVersion) -> str:
    """Return the words of a text, to be shown escaped."""
    with files.open_blob(version.blob) as stream:
        return rules.read_text(rules.beginning(stream.read(rules.LONGEST_WORDS + 4))) or ""


def _place(sha256: str, page: int, width_px: int) -> Path:
    folder = Path(settings.DATA_DIR) / "cache" / "pages" / sha256[:2] / sha256[2:4]
    return folder / f"{sha256}-{page}-{width_px}.png"


def _write(path: Path, content: bytes) -> None:
    """Keep a page for the next look; a full disk only makes the next look slower."""
    draft = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        if not files.has_room(len(content)):
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
