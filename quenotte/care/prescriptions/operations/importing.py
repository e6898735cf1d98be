"""The public drug file (BDPM) read from a folder, whole or not at all."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import SYSTEM, Action
from quenotte.base.masses import Mass, declare
from quenotte.care.prescriptions.models import Drug, DrugFile
from quenotte.care.prescriptions.operations import refusals
from quenotte.care.prescriptions.rules import bdpm
from quenotte.kernel.names import fold

#: Called with the number of medicines written and their total.
Progress = Callable[[int, int], None]
_BATCH = 1000
#: An edition with less than this share of the former one was cut.
_LEAST_SHARE = 0.5


def import_drugs(
    folder: Path, *, progress: Progress = lambda _done, _total: None, is_sure: bool = False
) -> DrugFile:
    """Put the medicines of a folder in the place of those that were there; once is as twice.

    ``is_sure``: even when they are much fewer.

    Raises: NoDrugFile, WrongDrugFile, FewDrugs; nothing is then changed.
    """
    texts, dated_at = _read(folder)
    try:
        found = {drug.cis: _row(drug) for drug in bdpm.drugs(texts)}
    except bdpm.WrongLayout as error:
        where = _("Un fichier de la base publique des médicaments n’a pas la forme attendue : "
                  "%(file)s, ligne %(number)s. Rien n’a été modifié.")  # fmt: skip
        raise refusals.WrongDrugFile(where % {"file": error.file, "number": error.number}) from None
    if not found:
        raise refusals.NoDrugFile
    with transaction.atomic():
        former = DrugFile.objects.select_for_update().order_by("-edition").first()
        if former and not is_sure and len(found) < former.drugs * _LEAST_SHARE:
            raise refusals.FewDrugs
        return _written(list(found.values()), former, dated_at, progress)


def _written(
    rows: list[Drug], former: DrugFile | None, dated_at: datetime, progress: Progress
) -> DrugFile:
    Drug.objects.all().delete()
    for start in range(0, len(rows), _BATCH):
        Drug.objects.bulk_create(rows[start : start + _BATCH])
        progress(min(start + _BATCH, len(rows)), len(rows))
    edition = former.edition + 1 if former else 1
    DrugFile.objects.all().delete()
    kept = DrugFile.objects.create(
        imported_at=timezone.now(),
        dated_on=timezone.localdate(dated_at),
        drugs=len(rows),
        edition=edition,
    )
    declare(Mass.IMPORT, "care.Drug", "care.DrugFile")
    audit.record(
        action=Action.CHANGE,
        actor=SYSTEM,
        object_kind="drug_file",
        object_id=str(edition),
        detail={"count": len(rows)},
    )
    return kept


def _read(folder: Path) -> tuple[dict[str, str], datetime]:
    """Return the texts of the files by name, whatever the case of their names, and their day."""
    try:
        there = {path.name.lower(): path for path in folder.iterdir() if path.is_file()}
    except OSError as error:
        raise refusals.NoDrugFile from error
    wanted = {name: there.get(name.lower()) for name in (*bdpm.NEEDED, bdpm.CONDITIONS)}
    if any(wanted[name] is None for name in bdpm.NEEDED):
        raise refusals.NoDrugFile
    paths = {name: path for name, path in wanted.items() if path is not None}
    newest = max(path.stat().st_mtime for path in paths.values())
    texts = {name: bdpm.decoded(path.read_bytes()) for name, path in paths.items()}
    return texts, datetime.fromtimestamp(newest, tz=timezone.get_current_timezone())


def _row(drug: bdpm.Drug) -> Drug:
    words = f"{fold(drug.name)} {fold(' '.join(drug.substances))}".strip()
    return Drug(
        cis=drug.cis,
        name=drug.name[:300],
        form=drug.form[:200],
        routes=drug.routes[:200],
        is_sold=drug.is_sold,
        substances=list(drug.substances),
        conditions=drug.conditions,
        packs=list(drug.packs),
        words=words,
    )
