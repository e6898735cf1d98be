"""Pages of the takeover: translation between HTTP and the operations."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quenotte.base.people.access import actor_of, requires
from quenotte.care.takeover import operations, queries, rules
from quenotte.care.takeover.forms import ColumnsForm, LayoutForm, UploadForm
from quenotte.care.takeover.models import Import, StagedRow
from quenotte.devices.sheets.layouts import Layout
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import page_of
from quenotte.web.fragments import wants_fragment

_MANAGE = "takeover.manage"
_TABS = (
    ("refused", gettext_noop("Refusées")),
    ("double", gettext_noop("Dossiers existants")),
    ("warned", gettext_noop("Avec une remarque")),
    ("ready", gettext_noop("Prêtes")),
)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(_MANAGE)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show the imports so far; take a new file."""
    actor = actor_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            source = operations.receive(
                actor=actor, kind=form.cleaned_data["kind"], upload=form.cleaned_data["file"]
            )
        except Refusal as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("takeover:show", import_id=source.id)
    context = {"form": form, "imports": queries.imports_of(actor.own_practice_id)}
    status = 422 if form.errors else 200
    return render(request, "care/takeover/home.html", context, status=status)


@requires(_MANAGE)
@require_GET
def show(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Show an import where it stands: its columns, its progress, its lines."""
    if wants_fragment(request) and _found(request, import_id) is None:
        # A page that watches it is told once that it was given up, and asks no more.
        return render(request, "care/takeover/_gone.html")
    source = _import(request, import_id)
    if source.state == Import.State.MAPPING:
        return _mapping_page(request, source)
    context = _standing(request, source)
    name = "_standing" if wants_fragment(request) else "show"
    return render(request, f"care/takeover/{name}.html", context)


@requires(_MANAGE)
@require_POST
def layout(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Read the file otherwise."""
    source = _import(request, import_id)
    form = LayoutForm(Layout.from_json(source.layout), queries.sample_of(source), request.POST)
    if not form.is_valid():
        return _mapping_page(request, source, layout_form=form)
    _try(request, operations.read_otherwise, import_id=source.id, layout=form.layout())
    return redirect("takeover:show", import_id=source.id)


@requires(_MANAGE)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Choose again what the columns are; have every line checked."""
    source = _import(request, import_id)
    if request.method == "GET":
        return _mapping_page(request, source)
    form = ColumnsForm(source, queries.sample_of(source), request.POST)
    if not form.is_valid():
        return _mapping_page(request, source, columns_form=form)
    try:
        operations.start_check(
            actor=actor_of(request),
            import_id=source.id,
            chosen=form.chosen(),
            options=form.options(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _mapping_page(request, source, columns_form=form)
    return redirect("takeover:show", import_id=source.id)


@requires(_MANAGE)
@require_POST
def decide(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Say what becomes of a line that looks like an existing record, or of all of them."""
    source = _import(request, import_id)
    decision, line = request.POST.get("decision", ""), request.POST.get("line", "")
    if decision in StagedRow.Decision.values and (not line or line.isdecimal()):
        _try(
            request,
            operations.decide,
            import_id=source.id,
            decision=decision,
            line=int(line[:9]) if line else None,
        )
    return redirect(f"{request.path.removesuffix('decider/')}?lignes=double")


@requires(_MANAGE)
@require_POST
def write(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Bring the checked lines into the records."""
    return _step(request, import_id, operations.start_writing)


@requires(_MANAGE, fresh=True)
@require_POST
def undo(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Take an import back."""
    return _step(request, import_id, operations.start_undo)


@requires(_MANAGE)
@require_POST
def give_up(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Forget an import that was never written."""
    source = _import(request, import_id)
    if _try(request, operations.give_up, import_id=source.id):
        messages.success(request, _("La reprise est abandonnée. Aucun dossier n’a été modifié."))
    return redirect("takeover:home")


@requires(_MANAGE)
@require_GET
def refused(request: HttpRequest, import_id: UUID) -> StreamingHttpResponse:
    """Send the refused lines as a CSV, each with its reason, to be mended and sent again."""
    source = _import(request, import_id)
    operations.note_refused_lines(actor=actor_of(request), import_id=source.id)
    answer = StreamingHttpResponse(_refused_csv(source), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="lignes-refusees.csv"'
    return answer


@requires("patients.export", fresh=True)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """Show what can be taken away by who leaves."""
    return render(request, "care/takeover/export.html", {"kinds": Import.Kind.choices})


@requires("patients.export", fresh=True)
@require_POST
def download(request: HttpRequest, kind: str, form: str) -> StreamingHttpResponse:
    """Send a whole list; one line of the journal, before the first byte."""
    if kind not in Import.Kind.values or form not in {"csv", "xlsx"}:
        raise Http404
    content = operations.export_list(actor=actor_of(request), kind=kind, form=form)
    media = _XLSX if form == "xlsx" else "text/csv; charset=utf-8"
    answer = StreamingHttpResponse(content, content_type=media)
    name = f"quenotte-{kind}-{timezone.localdate():%Y-%m-%d}.{form}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _found(request: HttpRequest, import_id: UUID) -> Import | None:
    return queries.one_import(actor_of(request).own_practice_id, import_id)


def _import(request: HttpRequest, import_id: UUID) -> Import:
    source = _found(request, import_id)
    if source is None:
        raise Http404
    return source


def _mapping_page(
    request: HttpRequest,
    source: Import,
    *,
    layout_form: LayoutForm | None = None,
    columns_form: ColumnsForm | None = None,
) -> HttpResponse:
    if not rules.may("map", source.state):
        return redirect("takeover:show", import_id=source.id)
    sample = queries.sample_of(source)
    status = 422 if layout_form or columns_form else 200
    context = {
        "source": source,
        "sample": sample,
        "layout_form": layout_form or LayoutForm(Layout.from_json(source.layout), sample),
        "columns_form": columns_form or ColumnsForm(source, sample),
    }
    return render(request, "care/takeover/mapping.html", context, status=status)


def _standing(request: HttpRequest, source: Import) -> dict[str, Any]:
    asked = request.GET.get("lignes", "")
    states = {state for state, _label in _TABS}
    tab = asked if asked in states else _first_tab(source)
    page = queries.page_of_rows(source, tab, page_of(request))
    done, total = queries.progress_of(source)
    return {
        "source": source,
        "is_working": source.state in {"checking", "writing", "undoing"},
        "done": done,
        "total": total,
        "tab": tab,
        "tabs": [
            {
                "label": _(label),
                "url": f"?lignes={state}",
                "current": state == tab,
                "count": source.counts.get("doubles" if state == "double" else state, 0),
            }
            for state, label in _TABS
        ],
        "page": page,
        "rows": queries.shown(source, list(page)),
        "decisions": StagedRow.Decision.choices,
        "kept": queries.kept_after_undo(source) if source.state == "undone" else [],
    }


def _first_tab(source: Import) -> str:
    if source.counts.get("undecided"):
        return "double"
    return "refused" if source.counts.get("refused") else "ready"


def _step(request: HttpRequest, import_id: UUID, operation: Any) -> HttpResponse:
    source = _import(request, import_id)
    _try(request, operation, import_id=source.id)
    return redirect("takeover:show", import_id=source.id)


def _try(request: HttpRequest, operation: Any, **arguments: Any) -> bool:
    try:
        operation(actor=actor_of(request), **arguments)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def _refused_csv(source: Import) -> Iterator[bytes]:
    """The first columns are the file's own, so that a mended copy is read as the file was."""
    sample = queries.sample_of(source)
    yield "\ufeff".encode() + _line([*sample.headers, _("Ligne"), _("Pourquoi")])
    for row, words in queries.refused_rows(source):
        cells = row.cells + [""] * (len(sample.headers) - len(row.cells))
        yield _line([*cells, str(row.line), " ".join(words)])


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerow([rules.neutral(cell) for cell in cells])
    return out.getvalue().encode()
