"""Taking a file of another program: checked by content, kept, its columns proposed."""

import contextlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.takeover import columns
from quenotte.care.takeover.models import ColumnMap, Import, StagedRow
from quenotte.care.takeover.operations import steps
from quenotte.devices.sheets.layouts import EmptyTable, Layout, UnreadableTable
from quenotte.devices.sheets.reading import guess_layout, read_rows
from quenotte.kernel.errors import Refusal

MEDIA_TYPES = {
    "csv": "text/csv",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
#: Lines read to propose the columns and to show a sample.
SAMPLE = 300


def receive(*, actor: Actor, kind: str, upload: UploadedFile) -> Import:
    """Keep a file and propose how it is read; nothing enters the records yet.

    Raises: UnreadableTable, in words; NoRoom when the disk is full.
    """
    try:
        with _on_disk(upload) as path:
            layout = guess_layout(path)
            rows = sample_of(path, layout)
            blob = files.keep(path, media_type=MEDIA_TYPES[layout.kind], move=True)
    except Refusal as refusal:
        _note_refusal(actor, kind, refusal)
        raise
    layout = replace(layout, header_lines=columns.guess_header_lines(kind, rows))
    with transaction.atomic():
        source = Import.objects.create(
            practice_id=actor.own_practice_id,
            kind=kind,
            blob=blob,
            file_name=Path(upload.name or "").name[:120],
            layout=layout.to_json(),
            columns=propose(actor.own_practice_id, kind, rows, layout),
            created_by_id=actor.own_person_id,
        )
        steps.trace(actor, source, Action.RECEIVE, bytes=blob.size_bytes)
    return source


@transaction.atomic
def read_otherwise(*, actor: Actor, import_id: UUID, layout: Layout) -> Import:
    """Read the file with another encoding, delimiter, sheet or number of header lines.

    The columns are proposed again.

    Raises: NoSuchImport, NotNow; UnreadableTable.
    """
    source = steps.locked(actor, import_id, "map")
    rows = sample_of(files.local_path(source.blob), layout)
    source.layout = layout.to_json()
    source.columns = propose(source.practice_id, source.kind, rows, layout)
    source.state, source.trouble, source.counts = Import.State.MAPPING, "", {}
    source.save()
    _forget_rows(source)
    steps.tell(source)
    return source


def sample_of(path: Path, layout: Layout) -> list[list[str]]:
    """Return the first lines of a file. Raises: UnreadableTable, EmptyTable."""
    rows = [cells for _line, cells in read_rows(path, layout, limit=SAMPLE)]
    if not rows:
        raise EmptyTable
    return rows


def propose(practice_id: UUID, kind: str, rows: list[list[str]], layout: Layout) -> dict[str, Any]:
    """Return column -> key: as for the last file with these headers, else as they look."""
    headers = columns.headers_of(rows, layout.header_lines, kind)
    known = ColumnMap.objects.filter(
        practice_id=practice_id, kind=kind, signature=columns.signature(headers)
    ).first()
    if known is not None and any(headers):
        return dict(known.columns)
    found = columns.propose(kind, headers, rows[layout.header_lines :])
    return {str(column): key for column, key in found.items()}


def remember(source: Import, headers: list[str]) -> None:
    """Keep what the columns of these headers are, for the next file of the same program."""
    ColumnMap.objects.update_or_create(
        practice_id=source.practice_id,
        kind=source.kind,
        signature=columns.signature(headers),
        defaults={"columns": source.columns, "used_at": timezone.now()},
    )


@transaction.atomic
def give_up(*, actor: Actor, import_id: UUID) -> None:
    """Forget an import that was never written; the file's bytes stay, as every file's.

    Raises: NoSuchImport, NotNow.
    """
    source = steps.locked(actor, import_id, "forget")
    _forget_rows(source)
    steps.trace(actor, source, Action.CHANGE, state="given up")
    source.delete()


def _forget_rows(source: Import) -> None:
    rows: Any = StagedRow.objects.filter(source=source)
    rows._raw_delete(rows.db)


@contextlib.contextmanager
def _on_disk(upload: UploadedFile) -> Iterator[Path]:
    """Give the upload as a file of the data folder's disk, removed at the end."""
    if hasattr(upload, "temporary_file_path"):
        yield Path(upload.temporary_file_path())
        return
    folder = Path(settings.DATA_DIR) / "incoming"
    with (
        files.refusing_when_full(),
        NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as copy,
    ):
        for chunk in upload.chunks():
            copy.write(chunk)
    path = Path(copy.name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def _note_refusal(actor: Actor, kind: str, refusal: Refusal) -> None:
    reason = re.sub(r"(?<!^)(?=[A-Z])", "_", type(refusal).__name__).lower()
    audit.record(
        action=Action.RECEIVE,
        actor=actor,
        object_kind="import",
        result="refused",
        detail={"purpose": kind, "reason": reason},
    )


__all__ = ["UnreadableTable", "give_up", "propose", "read_otherwise", "receive", "remember"]
