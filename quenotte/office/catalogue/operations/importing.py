"""The official file: kept, read and compared first, applied once somebody agreed, in one piece."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quenotte.base.audit.rules import SYSTEM, Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.people import queries as people
from quenotte.devices.sheets.layouts import Layout, OldDatabase, OldExcel
from quenotte.devices.sheets.reading import guess_layout, read_rows, sheet_names
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue.models import CatalogueImport
from quenotte.office.catalogue.operations import merging, writing
from quenotte.office.catalogue.rules import official
from quenotte.office.catalogue.rules.comparing import Comparison

State = CatalogueImport.State
_MEDIA: Final = {
    "csv": "text/csv",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class OldWorkbook(Refusal):
    """A file of Office before 2007 that is no workbook that can be read."""

    message = gettext_lazy(
        "Ce fichier est dans un ancien format d’Office, et n’est pas un classeur .xls lisible. "
        "Le catalogue n’a pas changé."
    )
    next_step = gettext_lazy(
        "Reprenez le fichier Excel de la CCAM sur ameli.fr, ou enregistrez-le en .xlsx : Quenotte "
        "lit la CCAM en .xls, en .xlsx et en CSV."
    )


class DatabaseSet(Refusal):
    """The nomenclature as a set of tables for programs."""

    message = gettext_lazy(
        "Les fichiers DBF de la CCAM ne sont pas lus : ce sont des tables pour logiciels. "
        "Le catalogue n’a pas changé."
    )
    next_step = gettext_lazy(
        "Sur ameli.fr, page de téléchargement de la CCAM, prenez à la place le fichier Excel de la "
        "version en vigueur (d’ordinaire « CCAM_V » suivi du numéro de version, .xls ou .xlsx), ni "
        "le PDF ni l’archive des DBF, et donnez-le tel quel."
    )


class NoSuchImport(Refusal):
    """No such file in this practice."""

    message = gettext_lazy("Ce fichier n’est pas connu de votre cabinet. Rien n’a été modifié.")


class NotNow(Refusal):
    """Somebody was faster, or the worker is at it."""

    message = gettext_lazy(
        "Cette mise à jour a avancé entre-temps. Rien n’a été modifié deux fois : la page montre "
        "où elle en est."
    )


def receive(*, actor: Actor, upload: UploadedFile) -> CatalogueImport:
    """Keep a file and have it read; the catalogue does not change yet.

    Raises: UnreadableTable, in words; NoRoom when the disk is full.
    """
    with _on_disk(upload) as path:
        blob = files.keep(path, media_type=_MEDIA[_layout(path).kind], move=True)
    with transaction.atomic():
        source = CatalogueImport.objects.create(
            practice_id=actor.own_practice_id,
            blob=blob,
            file_name=Path(upload.name or "").name[:120],
            created_by_id=actor.own_person_id,
        )
        _ask("read", source)
        _trace(actor, source, Action.RECEIVE)
    return source


def read(*, import_id: UUID) -> None:
    """Compare a file with the catalogue, for somebody to agree. Raises: Refusal, in words."""
    source = CatalogueImport.objects.select_related("blob").get(id=import_id)
    if source.state != State.READING:
        return
    file = read_file(files.local_path(source.blob), source.practice_id)
    with transaction.atomic():
        found = merging.compare(source.practice_id, file)
        _told(source, file, found, State.READY)


@transaction.atomic
def start_applying(*, actor: Actor, import_id: UUID) -> CatalogueImport:
    """Agree to what a file changes; the worker then writes it. Raises: NoSuchImport, NotNow."""
    source = _locked(actor, import_id, State.READY)
    source.state = State.APPLYING
    source.save(update_fields=["state"])
    _ask("apply", source)
    _trace(actor, source, Action.CHANGE)
    return source


def apply(*, import_id: UUID) -> None:
    """Write a file into the catalogue, wholly or not at all. Raises: Refusal, in words."""
    source = CatalogueImport.objects.select_related("blob").get(id=import_id)
    if source.state != State.APPLYING:
        return
    file = read_file(files.local_path(source.blob), source.practice_id)
    with transaction.atomic():
        # Compared again: the catalogue may have changed since somebody looked at it.
        found = merging.merge(source.practice_id, file)
        source.applied_at = timezone.now()
        _told(source, file, found, State.APPLIED)
        writing.declare_import()
        _trace(_worker(source), source, Action.CHANGE)


@transaction.atomic
def give_up(*, actor: Actor, import_id: UUID) -> None:
    """Forget a file that was not applied. Raises: NoSuchImport, NotNow."""
    source = _locked(actor, import_id, State.READY, State.REFUSED)
    source.state = State.GIVEN_UP
    source.save(update_fields=["state"])
    _trace(actor, source, Action.CHANGE)


def watched(work: Callable[..., None], *, import_id: UUID) -> None:
    """Do a piece of work; say on the page of the file why it stopped, when it does.

    What a refusal says ends there; whatever else went wrong is told too, and raised for the log.
    A process that is killed says nothing: its transaction never was, and the work begins again.
    """
    try:
        work(import_id=import_id)
    except Refusal as refusal:
        _stopped(import_id, str(refusal))
    except Exception:
        words = _("Un incident a arrêté le travail. Rien n’a été écrit à moitié : recommencez.")
        _stopped(import_id, words)
        raise


def import_file(
    path: Path, practice_id: UUID, *, agree: Callable[[official.OfficialFile, Comparison], bool]
) -> Comparison:
    """Read a file, ask whether its changes are wanted, write them; for the command line.

    Raises: Refusal, in words; nothing was then changed.
    """
    file = read_file(path, practice_id)
    found = merging.compare(practice_id, file)
    if found.is_empty or not agree(file, found):
        return found
    with transaction.atomic():
        found = merging.merge(practice_id, file)
        writing.declare_import()
        actor = replace(SYSTEM, practice_id=practice_id)
        changed = found.counts()["changed"]
        writing.trace(
            actor, Action.CHANGE, "catalogue", practice_id, count=changed, state=file.version
        )
    return found


def read_file(path: Path, practice_id: UUID) -> official.OfficialFile:
    """Return the dental acts of a file: of the first of its sheets that is the nomenclature.

    Raises: UnreadableTable, NotTheNomenclature, NoVersion, merging.OlderFile.
    """
    layout = _layout(path)
    known = merging.known_codes(practice_id)
    sheets = sheet_names(path) if layout.kind != "csv" else [""]
    trouble: Refusal = official.NotTheNomenclature()
    for name in sheets:
        rows = read_rows(path, replace(layout, sheet=name))
        try:
            file = official.read((cells for _line, cells in rows), known)
        except (official.NotTheNomenclature, official.NoVersion) as refusal:
            trouble = refusal
        else:
            merging.refuse_older(practice_id, file)
            return file
    raise trouble


def _layout(path: Path) -> Layout:
    """Return how a file is read. Raises: UnreadableTable, OldWorkbook, DatabaseSet."""
    try:
        return guess_layout(path)
    except OldExcel as refusal:
        raise OldWorkbook from refusal
    except OldDatabase as refusal:
        raise DatabaseSet from refusal


def _told(
    source: CatalogueImport, file: official.OfficialFile, found: Comparison, state: str
) -> None:
    source.state, source.version = state, file.version
    source.effective_on, source.trouble = file.effective_on, ""
    source.counts = {
        **found.counts(),
        "is_new_version": found.is_new_version,
        "listed": [one.to_json() for one in found.listed],
    }
    source.save()
    writing.tell(source.practice_id)


def _stopped(import_id: UUID, words: str) -> None:
    source = CatalogueImport.objects.get(id=import_id)
    if source.state in {State.READING, State.APPLYING}:
        source.state, source.trouble = State.REFUSED, words
        source.save(update_fields=["state", "trouble"])
        writing.tell(source.practice_id)


def _locked(actor: Actor, import_id: UUID, *states: str) -> CatalogueImport:
    found = (
        CatalogueImport.objects.select_for_update(of=("self",))
        .filter(id=import_id, practice_id=actor.own_practice_id)
        .first()
    )
    if found is None:
        raise NoSuchImport
    if found.state not in states:
        raise NotNow
    return found


def _ask(job: str, source: CatalogueImport) -> None:
    """Ask the worker for a job of this room, once the transaction is committed."""
    import_string(f"quenotte.office.catalogue.jobs.{job}").enqueue(import_id=source.id)


def _worker(source: CatalogueImport) -> Actor:
    """Return the person who agreed, in whose name the worker writes."""
    person_id = source.created_by_id
    person = people.account(source.practice_id, person_id) if person_id else None
    if person is None:
        return replace(SYSTEM, practice_id=source.practice_id)
    return Actor(
        person_id=person_id,
        person_label=person.full_name,
        practice_id=source.practice_id,
        workstation="",
        source="worker",
        roles=person.roles,
    )


def _trace(actor: Actor, source: CatalogueImport, action: Action) -> None:
    writing.trace(actor, action, "import", source.id, purpose="ccam", state=str(source.state))


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
