"""The pieces of page that show a mouth: its card, its drawing, one of its teeth."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.chart import drawings, queries, toolbar
from quenotte.care.chart.rules import MATERIALS, Mark, Mouth, ToothNow, sentence_of
from quenotte.care.chart.rules.completion import complete
from quenotte.care.chart.rules.findings import DEPTHS, Kind
from quenotte.care.chart.rules.wording import DEPTHS as DEPTH_WORDS
from quenotte.care.chart.rules.wording import MATERIALS as MATERIAL_WORDS
from quenotte.care.chart.rules.wording import STATUSES
from quenotte.web import kept
from quenotte.web.html import format_html, joined
from quenotte.web.links import link_to

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Addresses of the card, all of one patient.
_ADDRESSES: Final = (
    "mouth", "drawing", "tooth", "print", "complete", "enter", "undo", "redo",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ToothOf:
    """A tooth of a patient: what the panels of other rooms are given to show something of it."""

    patient: "Patient"
    fdi: int


def chart(
    request: HttpRequest,
    patient: "Patient",
    mouth: Mouth,
    *,
    day: date | None = None,
    refused: str = "",
    is_page: bool = False,
) -> SafeString:
    """Draw the card: tools for those who may write, the drawing, the slider of time."""
    places: dict[str, Any] = {
        f"{name}_url": link_to(f"chart:{name}", patient.id) for name in _ADDRESSES
    }
    places |= {
        "patient_id": patient.id,
        "drawing": drawing(mouth, day),
        "absent": drawings.absent_of(mouth),
        "refused": refused,
        "line": request.POST.get("line", ""),
    }
    may_write = may(actor_of(request).roles, "chart.write")
    return kept.drawn_form(
        "care/chart/_chart.html",
        request,
        fill=places,
        may_write=may_write,
        is_page=is_page,
        **_offered(get_language() if may_write else None),
    )


@lru_cache(maxsize=8)
def _offered(language: str | None) -> dict[str, Any]:
    """Return the tools and the statuses, for those who may use them."""
    if language is None:
        return {"tools": (), "more": (), "statuses": (), "choices": ""}
    tools = toolbar.tools()
    return {
        "tools": tuple(tool for tool in tools if tool.digit),
        "more": tuple(tool for tool in tools if not tool.digit),
        "statuses": tuple(
            (status.value, str(STATUSES[status]).capitalize(), key)
            for status, key in toolbar.STATUS_KEYS.items()
        ),
        "choices": json.dumps(_choices(), ensure_ascii=False),
    }


def _choices() -> dict[str, Any]:
    """Return what is chosen beside a tool: the material of a work, the depth of a caries."""
    depths = [("", _("Profondeur")), *((one, str(DEPTH_WORDS[one])) for one in DEPTHS)]
    found: dict[str, Any] = {
        Kind.CARIES.value: {"name": "depth", "label": _("Profondeur"), "choices": depths}
    }
    for kind, materials in MATERIALS.items():
        words = [(one, str(MATERIAL_WORDS[one]).capitalize()) for one in materials]
        found[kind.value] = {"name": "material", "label": _("Matériau"), "choices": words}
    return found


def drawing(
    mouth: Mouth,
    day: date | None,
    *,
    said: str = "",
    is_remarked: bool = False,
    refused: str = "",
    asked: str = "",
) -> SafeString:
    """Draw a mouth with what the island needs to know of it; ``day`` when it is a past one.

    ``is_remarked``: what is said asks for a second look. ``asked``: the question to answer before
    a step is undone or comes back.
    """
    return format_html(
        '<div data-mouth data-undo="{}" data-redo="{}" data-state="{}" data-days="{}" data-day="{}"'
        ' data-said="{}" data-remarked="{}"'
        ' data-refused="{}" data-asked="{}">{}{}{}</div>',
        mouth.undo,
        mouth.redo,
        state_of(mouth),
        " ".join(one.isoformat() for one in mouth.days),
        day.isoformat() if day else "",
        said,
        "1" if is_remarked else "",
        refused,
        asked,
        _past_banner(day),
        drawings.draw(mouth),
        _asides(mouth),
    )


def state_of(mouth: Mouth) -> str:
    """Return what names the state of a chart: its last step, then those undo and redo take."""
    return f"{mouth.top}.{mouth.undo}.{mouth.redo}"


def _past_banner(day: date | None) -> SafeString:
    if day is None:
        return SafeString("")
    words = _("La bouche au %(day)s : une vue du passé, où rien ne se saisit.") % {
        "day": day.strftime("%d/%m/%Y")
    }
    return kept.drawn("care/chart/_past.html", fill={"words": words})


def _asides(mouth: Mouth) -> SafeString:
    """List what was charted and cannot stand with the rest."""
    if not mouth.aside:
        return SafeString("")
    lines = joined(format_html("<li>{}</li>", sentence_of(one.mark.finding)) for one in mouth.aside)
    words = _("Noté, mais contredit par le reste :")
    return format_html('<div class="mouth-asides"><p>{}</p><ul>{}</ul></div>', words, lines)


# --- one tooth


def told_of(patient_id: UUID, fdi: int, tooth: ToothNow | None) -> dict[str, Any]:
    """Return what stands on a tooth with who entered it, and all that was ever entered of it."""
    trail = queries.trail(patient_id, _ALL)
    authors = {step.id.hex: step.signed_as for step in trail}
    return {
        "marks": [_told(mark, authors) for mark in tooth.marks] if tooth else [],
        "past": [
            {
                "on": step.on,
                "who": step.signed_as,
                "words": " ; ".join(map(sentence_of, found)),
                "is_undone": step.is_undone,
            }
            for step in trail
            if (found := [one for one in step.findings if fdi in one.teeth])
        ],
    }


#: Steps of a trail that are read for one tooth: all of them.
_ALL: Final = 1_000_000


def _told(mark: Mark, authors: dict[str, str]) -> dict[str, Any]:
    return {
        "key": mark.key,
        "words": drawings.said_of_mark(mark),
        "status": mark.finding.status.value,
        "on": mark.on,
        "who": authors.get(mark.step, ""),
        # What a plan or a visit charted is taken back there.
        "may_withdraw": mark.is_by_hand,
    }


def proposals(line: str) -> list[dict[str, str]]:
    """Return what may come next on a typed line: the word, and the line with it."""
    return [{"text": one.text, "line": one.line} for one in complete(line)]
