"""The dry run: every line read and judged by the worker, nothing written to the records."""

from collections.abc import Iterator
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.rules import Action, Actor
from quenotte.base.files import operations as files
from quenotte.base.masses import Mass
from quenotte.care.takeover import columns, rules, targets
from quenotte.care.takeover.models import Import, StagedRow
from quenotte.care.takeover.operations import steps, uploading
from quenotte.care.takeover.operations.judging import judge_for
from quenotte.care.takeover.progress import Reporter
from quenotte.devices.sheets.layouts import Layout
from quenotte.devices.sheets.reading import read_rows
from quenotte.kernel.errors import Refusal

#: Lines staged in one short transaction: on SQLite nobody waits long.
BATCH = 500


class ColumnsMissing(Refusal):
    """Without these columns no line can be taken."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(
            _("Il manque %(columns)s. Rien n’a été repris : dites quelle colonne les contient.")
            % {"columns": ", ".join(str(_(one)) for one in missing)}
        )


class PractitionerMissing(Refusal):
    """Appointments belong to somebody."""

    message = _(
        "Dites à quel praticien vont ces rendez-vous. Rien n’a été repris : choisissez-le, puis "
        "vérifiez de nouveau."
    )


@transaction.atomic
def start_check(
    *, actor: Actor, import_id: UUID, chosen: dict[str, str], options: rules.Options
) -> Import:
    """Keep what each column is, and have the worker check every line.

    Raises: NoSuchImport, NotNow; ColumnsMissing; PractitionerMissing.
    """
    source = steps.locked(actor, import_id, "map")
    if missing := targets.missing(source.kind, set(chosen.values())):
        raise ColumnsMissing(missing)
    if source.kind == Import.Kind.APPOINTMENTS and not options.practitioner_id:
        raise PractitionerMissing
    source.columns, source.options = chosen, options.to_json()
    source.state, source.trouble, source.counts = Import.State.CHECKING, "", {}
    source.save()
    rows = uploading.sample_of(files.local_path(source.blob), Layout.from_json(source.layout))
    headers = columns.headers_of(rows, source.layout["header_lines"], source.kind)
    uploading.remember(source, headers)
    steps.ask("check", source, actor)
    steps.trace(actor, source, Action.CHANGE, state="checking")
    return source


def check(*, import_id: UUID, person_id: UUID) -> None:
    """Judge every line (the worker's part); begins again from nothing when it was killed.

    Raises: UnreadableTable when the file cannot be read to its end.
    """
    source = Import.objects.select_related("blob").get(id=import_id)
    if source.state != Import.State.CHECKING:
        return
    _clear(source)
    # Lines are staged in many short transactions: copies see them come.
    steps.declare(Mass.IMPORT)
    judge = judge_for(source)
    lines = _lines(source)
    total = sum(1 for _each in _lines(source))
    done = 0
    with Reporter(source.id, total=total) as told:
        while batch := list(islice(lines, BATCH)):
            rows = [judge.row(line, cells) for line, cells in batch]
            StagedRow.objects.bulk_create(rows)
            done += len(batch)
            told(done)
    _finish(source, steps.actor_at_work(source, person_id))


def counts_of(source: Import) -> dict[str, int]:
    """Return how many lines came to each end."""
    states = StagedRow.State
    counted: dict[str, int] = StagedRow.objects.filter(source=source).aggregate(
        total=Count("id"),
        ready=Count("id", filter=Q(state=states.READY)),
        refused=Count("id", filter=Q(state=states.REFUSED)),
        doubles=Count("id", filter=Q(state=states.DOUBLE)),
        undecided=Count("id", filter=Q(state=states.DOUBLE, decision="")),
        warned=Count("id", filter=Q(has_warning=True)),
    )
    return counted


def _lines(source: Import) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line, key -> cell, raw cells under "") of the lines below the headers."""
    layout = Layout.from_json(source.layout)
    chosen = {int(column): key for column, key in source.columns.items() if key}
    rows = read_rows(files.local_path(source.blob), layout)
    for _number, (line, cells) in islice(enumerate(rows), layout.header_lines, None):
        yield line, _cells(cells, chosen)


def _cells(cells: list[str], chosen: dict[int, str]) -> dict[str, Any]:
    named = {
        key: rules.without_quote(cells[column])
        for column, key in chosen.items()
        if column < len(cells) and cells[column]
    }
    return named | {"": cells}


def _clear(source: Import) -> None:
    rows: Any = StagedRow.objects.filter(source=source)
    rows._raw_delete(rows.db)


@transaction.atomic
def _finish(source: Import, actor: Actor) -> None:
    source.counts = counts_of(source)
    found = Import.objects.filter(id=source.id, state=Import.State.CHECKING)
    if found.update(state=Import.State.CHECKED, counts=source.counts):
        steps.declare(Mass.IMPORT)
        steps.trace(actor, source, Action.CHANGE, state="checked", count=source.counts["total"])
