"""Files that a person drops on a record: recognised by content, kept, entered."""

import contextlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.care.documents import rules
from quenotte.care.documents.models import Document
from quenotte.care.documents.operations import refusals
from quenotte.care.documents.operations.keeping import Content, enter, refuse_twins
from quenotte.care.documents.operations.looking import content_of
from quenotte.care.patients import queries as patients
from quenotte.kernel.errors import Refusal

if TYPE_CHECKING:
    from quenotte.base.files.models import Blob


@dataclass(frozen=True)
class Answer:
    """What became of one dropped file, in words."""

    file_name: str
    words: str
    is_kept: bool
    document_id: UUID | None = None

    def __str__(self) -> str:
        return f"{self.file_name} : {self.words}" if self.file_name else self.words


def try_upload(upload: UploadedFile, *, patient_id: UUID, by: Actor) -> Answer:
    """Add one dropped file to a record; a refusal is an answer and stops no other file."""
    name = rules.tidy_title(Path((upload.name or "").replace("\\", "/")).name)
    try:
        with on_disk(upload) as path:
            document = add_upload(path, name, patient_id=patient_id, by=by)
    except Refusal as error:
        note_refusal(error, patient_id, by)
        return Answer(name, str(error), is_kept=False)
    words = _("Ajouté : %(kind)s.") % {"kind": document.get_kind_display().lower()}
    if document.kind in rules.hidden_from(by.roles):
        words += " " + _("Il est gardé ; seuls les soignants le lisent.")
    return Answer(name, words, is_kept=True, document_id=document.id)


def none_received() -> Answer:
    """Return the answer to who sent a form without a file."""
    words = _("Aucun fichier reçu. Choisissez un fichier, puis recommencez.")
    return Answer("", words, is_kept=False)


def add_upload(path: Path, name: str, *, patient_id: UUID, by: Actor) -> Document:
    """Keep a file dropped on a record, with a title and a kind that its name proposes.

    The file may be moved away. Two same files at once become one document.

    Raises: DocumentRefusal, NoRoom.
    """
    content = content_of(path, name)
    blob = files.keep(path, media_type=content.media_type, move=True)
    with transaction.atomic():
        lock_record(by.own_practice_id, patient_id)
        refuse_twins(by, patient_id, blob.sha256)
        return enter(
            actor=by,
            patient_id=patient_id,
            kind=rules.kind_from(name, content.media_type),
            title=rules.title_from(name),
            blob=blob,
            content=content,
        )


def brought(upload: UploadedFile, *, allowed: Collection[str]) -> "tuple[Blob, Content]":
    """Keep the bytes that somebody brought for a room, which then enters them itself.

    A process of its own looks into them; ``allowed`` are media types.

    Raises: DocumentRefusal, NoRoom.
    """
    with on_disk(upload) as path:
        content = content_of(path, rules.tidy_title(Path(upload.name or "").name))
        if content.media_type not in allowed:
            raise refusals.NotKept
        return files.keep(path, media_type=content.media_type, move=True), content


def lock_record(practice_id: UUID, patient_id: UUID) -> None:
    """Let one person at a time enter files in a record. Raises: NotOurPatient."""
    found = patients.of_practice(practice_id).select_for_update().filter(id=patient_id)
    if not found.values_list("id").first():
        raise refusals.NotOurPatient


@contextlib.contextmanager
def on_disk(upload: UploadedFile) -> Iterator[Path]:
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


def note_refusal(error: Refusal, patient_id: UUID, by: Actor) -> None:
    """Leave a line about a file that was not taken."""
    audit.record(
        action=Action.CREATE,
        actor=by,
        patient_id=patient_id,
        object_kind="document",
        result="refused",
        detail={"reason": re.sub(r"(?<!^)(?=[A-Z])", "_", type(error).__name__).lower()},
    )
