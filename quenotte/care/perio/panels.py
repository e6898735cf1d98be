"""What the periodontal chart shows: its parts of pages, and what the timeline tells."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.patients.rules import known_birth
from quenotte.care.perio import drawing, queries, wording
from quenotte.care.perio.rules import paths
from quenotte.care.perio.rules.comparing import Comparison, SiteChange
from quenotte.care.perio.rules.indices import Indices, indices
from quenotte.care.perio.rules.mouths import (
    FACES,
    LOWER,
    SITES_OF,
    TEETH,
    UPPER,
    Face,
    Presence,
    is_upper,
)
from quenotte.care.perio.rules.readings import DEPTHS_MM, RECESSIONS_MM, Charting
from quenotte.kernel.dates import age_years
from quenotte.kernel.teeth import name_fr
from quenotte.web.html import format_html, joined
from quenotte.web.links import link_to
from quenotte.web.timeline import Entry

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient
    from quenotte.care.perio.models import PerioExam


def told(
    request: HttpRequest, patient: "Patient", limit: int, before: datetime | None
) -> Iterable[Entry]:
    """Tell the timeline which periodontal examinations were closed."""
    if not may(actor_of(request).roles, "chart.read"):
        return []
    found = queries.closed_of(patient.id, limit, before)
    return (
        Entry(
            at=one.closed_at,
            kind="perio",
            icon="activity",
            title=_("Examen parodontal clos"),
            text=_("Examen du %(day)s.") % {"day": f"{one.examined_on:%d/%m/%Y}"},
            url=link_to("perio:exam", patient.id, one.id),
            author=one.closed_by,
        )
        for one in found
    )


def chart(
    exam: "PerioExam", charting: Charting, *, before: Charting | None = None, is_live: bool = False
) -> SafeString:
    """Draw an examination."""
    day = f"{exam.examined_on:%d/%m/%Y}"
    label = _("Schéma parodontal du %(day)s. %(words)s") % {
        "day": day,
        "words": in_words(indices(charting)),
    }
    return drawing.draw(charting, label, before=before, is_live=is_live)


def in_words(found: Indices) -> str:
    """Say an examination in a sentence, for those who do not see the drawing."""
    return _(
        "%(probed)s sites sondés, profondeur maximale %(deepest)s mm, "
        "%(four)s sites de 4 mm ou plus, dont %(six)s de 6 mm ou plus ; saignement %(bop)s %%."
    ) % {
        "probed": found.probed,
        "deepest": wording.number(found.deepest),
        "four": found.deep_sites[0],
        "six": found.deep_sites[2],
        "bop": wording.number(found.bleeding_percent),
    }


def index_rows(*found: Indices) -> list[tuple[str, list[str]]]:
    """Return each index with its value in each examination, as text."""
    rows: list[tuple[str, list[str]]] = [
        (_("Saignement au sondage"), [_share(one.bleeding_percent) for one in found]),
        (_("Plaque (O’Leary)"), [_share(one.plaque_percent) for one in found]),
        (_("Profondeur moyenne"), [_mm(one.mean_depth) for one in found]),
        (_("Profondeur maximale"), [_mm(one.deepest) for one in found]),
        (_("Niveau d’attache moyen"), [_mm(one.mean_attachment) for one in found]),
        (_("Sites de 4 mm ou plus"), [str(one.deep_sites[0]) for one in found]),
        (_("Sites de 5 mm ou plus"), [str(one.deep_sites[1]) for one in found]),
        (_("Sites de 6 mm ou plus"), [str(one.deep_sites[2]) for one in found]),
        (_("Sites qui suppurent"), [str(one.suppuration_sites) for one in found]),
        (_("Dents absentes (hors sagesse)"), [str(one.missing) for one in found]),
        (_("Sites sondés"), [f"{one.probed} / {one.probed + one.unprobed}" for one in found]),
    ]
    return rows


def implant_rows(charting: Charting) -> list[tuple[str, list[str]]]:
    """Return the indices of implants alone; nothing without implants."""
    implants = charting.with_presence(Presence.IMPLANT)
    if not implants:
        return []
    found = indices(charting, implants)
    return [
        (_("Implants"), [", ".join(map(str, implants))]),
        (_("Profondeur maximale"), [_mm(found.deepest)]),
        (_("Sites qui saignent"), [str(found.bleeding_sites)]),
        (_("Sites qui suppurent"), [str(found.suppuration_sites)]),
    ]


def _share(value: float | None) -> str:
    # Whether nobody looked, or looked and saw none, is not known: no percentage is claimed.
    if value == 0:
        return _("aucun site noté")
    return "–" if value is None else f"{wording.number(value)} %"


def _mm(value: float | None) -> str:
    return "–" if value is None else f"{wording.number(value)} mm"


def age(patient: "Patient", day: date) -> int | None:
    """Return the age in years on the day of an examination; None when nobody asked it."""
    born_on = known_birth(patient.born_on)
    return age_years(born_on, day) if born_on else None


def typing(
    request: HttpRequest, patient: "Patient", exam: "PerioExam", charting: Charting
) -> dict[str, Any]:
    """Return what the island needs to type: addresses, paths, values, bounds, words."""
    habit = queries.habit_of(actor_of(request).own_person_id)
    below = habit.lower_first
    return {
        "exam": str(exam.id),
        "urls": {
            name: link_to(f"perio:{name}", patient.id, exam.id)
            for name in ("values", "state", "chart")
        },
        "path": paths.path(habit.order, lower_first=below, teeth=TEETH),
        "entrances": paths.entrances(lower_first=below, teeth=TEETH),
        "rows": [
            [(tooth, site) for tooth, site, _x in drawing.sites_of(band)] for band in drawing.BANDS
        ],
        "sound": habit.has_sound,
        "bounds": {"depth": DEPTHS_MM, "recession": RECESSIONS_MM},
        "refusals": wording.all_refusals(),
        "teeth": {tooth: name_fr(tooth) for tooth in sorted(TEETH)},
        "values": values(charting),
    }


def values(charting: Charting) -> dict[str, Any]:
    """Return all values of an examination, as the island holds them."""
    return {
        "teeth": {
            str(tooth): {
                "presence": str(one.presence),
                "mobility": one.mobility,
                "furcation": dict(one.furcation),
            }
            for tooth, one in charting.teeth.items()
        },
        "sites": {
            f"{tooth}{site}": [
                one.depth, one.recession, one.bleeding, one.plaque, one.suppuration,
            ]
            for (tooth, site), one in charting.sites.items()
        },
    }  # fmt: skip


def examiner_choices(practice_id: UUID) -> list[tuple[UUID, str]]:
    """Return the dentists of the practice with their names."""
    return [(one.id, one.full_name) for one in queries.examiners(practice_id)]


def index_list(rows: list[tuple[str, list[str]]]) -> SafeString:
    """Draw the indices of one examination as a list of facts."""
    return format_html(
        '<dl class="perio-indices" data-indices>{}</dl>',
        joined(
            format_html("<div><dt>{}</dt><dd>{}</dd></div>", name, found) for name, (found,) in rows
        ),
    )


def table(charting: Charting) -> list[tuple[int, str, list[str]]]:
    """Return the values as text: a line for each tooth and face, for who does not see the chart."""
    return [
        (tooth, face_words(tooth, face), [_cell(charting, tooth, site) for site in SITES_OF[face]])
        for tooth in (*UPPER, *LOWER)
        if charting.tooth(tooth).presence != Presence.MISSING
        for face in FACES
    ]


def face_words(tooth: int, face: Face) -> str:
    """Return the name of a face of a tooth."""
    if face is Face.VESTIBULAR:
        return _("vestibulaire")
    return _("palatin") if is_upper(tooth) else _("lingual")


def _cell(charting: Charting, tooth: int, site: str) -> str:
    one = charting.site(tooth, site)
    words = [f"{wording.number(one.depth)} / {wording.number(one.recession)}"]
    words += [_("saigne")] if one.bleeding else []
    words += [_("plaque")] if one.plaque else []
    words += [_("pus")] if one.suppuration else []
    return ", ".join(words)


def change_rows(found: Comparison) -> list[dict[str, Any]]:
    """Return the sites that truly changed, as a table shows them."""
    return [
        {
            "tooth": one.tooth,
            "site": wording.site_name(one.tooth, one.site),
            "before": wording.number(one.depth_before),
            "after": wording.number(one.depth_after),
            "change": _signed(one.depth_change),
            "attachment": _signed(one.attachment_change),
            "bleeding": _bleeding(one),
            "verdict": one.verdict,
            "words": wording.verdict(one.verdict),
        }
        for one in found.told
    ]


def change_counts(found: Comparison) -> list[tuple[str, str, int]]:
    """Return how many sites are better, worse, the same, unknown: code, words, count."""
    return [
        (code, wording.verdict(code), found.count(code))
        for code in ("better", "worse", "same", "unknown")
    ]


def _signed(value: int | None) -> str:
    if value is None:
        return "–"
    return f"+{value}" if value > 0 else wording.number(value)


def _bleeding(one: SiteChange) -> str:
    if one.bled_before and one.bleeds_after:
        return _("saigne encore")
    if one.bled_before:
        return _("ne saigne plus")
    return _("saigne désormais") if one.bleeds_after else ""
