"""The journal on screen, and its export."""

from typing import Final, NamedTuple
from uuid import UUID

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
)
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from quenotte.base.audit import queries
from quenotte.base.audit.access import actor_of, requires
from quenotte.base.audit.forms import (
    ACTION_WORDS,
    OBJECT_WORDS,
    RESULT_WORDS,
    SOURCE_WORDS,
    WantedForm,
)
from quenotte.base.audit.models import Line
from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import WENT_WELL, Action, Scalar
from quenotte.web import spreadsheets


class Row(NamedTuple):
    """A line in the practice's words."""

    line: Line
    action: str | Promise
    result: str | Promise
    source: str | Promise
    patient: str | Promise
    subject: str | Promise
    went_well: bool


@requires("audit.read", fresh=True)
@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Show the journal of the practice; showing it is a line too."""
    actor = actor_of(request)
    practice_id = actor.own_practice_id
    form = WantedForm(request.GET, practice_id=practice_id)
    rows: list[Row] = []
    more = 0
    if form.is_valid():
        lines, more = queries.page(practice_id, form.wanted, before=_before(request))
        rows = _rows(practice_id, lines)
        record(action=Action.READ, actor=actor, object_kind="journal", detail=_asked(form, lines))
    context = {"form": form, "rows": rows, "older": _older(request, more)}
    return render(request, "base/audit/journal.html", context)


@requires("audit.read", fresh=True)
@require_POST
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the wanted lines as a spreadsheet (CSV, UTF-8 with BOM, semicolons)."""
    actor = actor_of(request)
    practice_id = actor.own_practice_id
    form = WantedForm(request.POST, practice_id=practice_id)
    if not form.is_valid():
        return HttpResponseBadRequest(_("Ces filtres ne sont pas valables. Rien n’a été exporté."))
    record(action=Action.EXPORT, actor=actor, object_kind="journal", detail=_asked(form, []))
    lines = queries.every(practice_id, form.wanted)
    return spreadsheets.answer("journal", _HEADINGS, (_cells(line) for line in lines))


def _before(request: HttpRequest) -> int | None:
    text = request.GET.get("avant", "")
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _older(request: HttpRequest, more: int) -> str:
    if not more:
        return ""
    kept = request.GET.copy()
    kept["avant"] = str(more)
    return f"?{kept.urlencode()}"


def _asked(form: WantedForm, lines: list[Line]) -> dict[str, Scalar]:
    fields = sorted(name for name, value in form.cleaned_data.items() if value)
    return {"count": len(lines), "fields": ",".join(fields)}


def _rows(practice_id: UUID, lines: list[Line]) -> list[Row]:
    patients = queries.patient_labels(practice_id, lines)
    return [
        Row(
            line,
            ACTION_WORDS.get(line.action, line.action),
            RESULT_WORDS.get(line.result, line.result),
            SOURCE_WORDS.get(line.source, line.source),
            patients[line.patient_id] if line.patient_id else "",
            OBJECT_WORDS.get(line.object_kind, line.object_kind),
            line.result in WENT_WELL,
        )
        for line in lines
    ]


_HEADINGS: Final = (
    gettext_lazy("Numéro"),
    gettext_lazy("Date"),
    gettext_lazy("Heure"),
    gettext_lazy("Personne"),
    gettext_lazy("Poste"),
    gettext_lazy("Origine"),
    gettext_lazy("Action"),
    gettext_lazy("Résultat"),
    gettext_lazy("Patient (identifiant interne)"),
    gettext_lazy("Objet"),
    gettext_lazy("Référence"),
    gettext_lazy("Détail"),
    gettext_lazy("Sceau"),
)


def _cells(line: Line) -> list[str]:
    at = timezone.localtime(line.at)
    return [
        str(line.number),
        f"{at:%d/%m/%Y}",
        f"{at:%H:%M:%S}",
        line.person_label,
        line.workstation,
        str(SOURCE_WORDS.get(line.source, line.source)),
        str(ACTION_WORDS.get(line.action, line.action)),
        str(RESULT_WORDS.get(line.result, line.result)),
        str(line.patient_id or ""),
        str(OBJECT_WORDS.get(line.object_kind, line.object_kind)),
        line.object_id,
        " ".join(f"{key}={value}" for key, value in sorted(line.detail.items())),
        line.seal,
    ]
