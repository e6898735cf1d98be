"""The mouth in drawing and in words: from what the chart says to what is drawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quenotte.care.chart.rules import Mark, Mouth, ToothNow, words_of
from quenotte.care.chart.rules.findings import Finding, Kind, Presence, Status
from quenotte.care.chart.rules.wording import KINDS, PRESENCES, STATUSES
from quenotte.kernel.teeth import PERMANENT, PRIMARY, is_primary, name_fr
from quenotte.web import odontograms


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table that says what the drawing shows: one thing of one tooth."""

    fdi: int
    name: str
    what: str
    status: str
    on: date | None
    key: str = ""


def draw(mouth: Mouth) -> SafeString:
    """Return the drawing of a mouth: all its places, those where nothing came up yet too."""
    language = get_language()
    known = {tooth.fdi: _drawn(tooth, language) for tooth in mouth.teeth}
    for fdi in PERMANENT + (PRIMARY if any(map(is_primary, known)) else ()):
        if fdi not in known:
            known[fdi] = _unseen(fdi, language)
    spans = (
        odontograms.Span(mark.finding.kind.value, mark.finding.teeth, mark.finding.status.value)
        for mark in mouth.spans
    )
    return odontograms.draw(known.values(), _("Schéma dentaire"), spans)


@lru_cache(maxsize=256)
def _unseen(fdi: int, _language: str | None) -> odontograms.Tooth:
    return odontograms.Tooth(fdi, "unseen", _("rien de noté, pas en bouche d’après l’âge"))


# Most teeth of most mouths are alike; their words are long to make.
@lru_cache(maxsize=4096)
def _drawn(tooth: ToothNow, _language: str | None) -> odontograms.Tooth:
    marks = tuple(_mark(mark.finding, tooth.fdi) for mark in tooth.marks)
    return odontograms.Tooth(tooth.fdi, tooth.presence.value, said_of(tooth), marks)


def _mark(finding: Finding, fdi: int) -> odontograms.Mark:
    kind = "pontic" if fdi in finding.pontics else finding.kind.value
    if finding.kind is Kind.ENDODONTICS and finding.detail.startswith("pulpotomie"):
        kind = "pulpotomy"
    return odontograms.Mark(
        kind=kind,
        status=finding.status.value,
        surfaces=finding.surfaces.replace("I", "O"),
        material=finding.material,
        depth=finding.depth or _DEPTH_OF.get(finding.icdas or 0, ""),
        figure="" if finding.icdas is None else str(finding.icdas),
        toward="D" if "distal" in finding.detail.lower() else "M",
    )


#: How deep a caries of each ICDAS score is drawn.
_DEPTH_OF: Final = {1: "enamel", 2: "enamel", 3: "dentine", 4: "dentine", 5: "deep", 6: "pulp"}


def said_of(tooth: ToothNow) -> str:
    """Return in words all that is charted of a tooth: « présente ; composite MOD, à faire »."""
    return " ; ".join([presence_of(tooth), *(said_of_mark(mark) for mark in tooth.marks)])


def presence_of(tooth: ToothNow) -> str:
    """Return in words whether a tooth is there."""
    if tooth.is_assumed:
        return _("présente d’après l’âge")
    said = str(PRESENCES[tooth.presence])
    return (
        _("%(presence)s, dent de lait gardée") % {"presence": said} if tooth.is_retained else said
    )


def said_of_mark(mark: Mark) -> str:
    """Return a mark in words, with its status when it is not simply there."""
    words = words_of(mark.finding)
    status = mark.finding.status
    return words if status is Status.EXISTING else f"{words}, {STATUSES[status]}"


def absent_of(mouth: Mouth) -> str:
    """Return in words which teeth are missing, so that nobody counts places."""
    missing = ", ".join(str(fdi) for fdi in mouth.missing)
    if missing:
        return _("Dents absentes : %(teeth)s.") % {"teeth": missing}
    return _("Aucune dent absente notée.")


def lines_of(mouth: Mouth) -> Iterator[Line]:
    """Yield the lines of the table: each tooth of which something was said, then what."""
    for tooth in mouth.teeth:
        yield from lines_of_tooth(tooth)


def lines_of_tooth(tooth: ToothNow) -> Iterable[Line]:
    """Yield the lines of one tooth; none when only the age speaks of it."""
    name = name_fr(tooth.fdi)
    says_itself = any(mark.finding.kind is Kind.IMPLANT for mark in tooth.marks) or (
        tooth.marks and tooth.presence is Presence.PRESENT
    )
    if not (tooth.is_assumed or says_itself):
        yield Line(tooth.fdi, name, presence_of(tooth), "", tooth.since)
    for mark in tooth.marks:
        status = str(STATUSES[mark.finding.status])
        yield Line(tooth.fdi, name, words_of(mark.finding), status, mark.on, mark.key)


def legend() -> list[tuple[str, list[tuple[SafeString, str]]]]:
    """Return what the drawing means: groups of little drawings with their words."""
    statuses = [
        (odontograms.sample_above("filling", status.value), str(words))
        for status, words in STATUSES.items()
    ]
    kinds = [
        (odontograms.sample_side(kind.value), str(KINDS[kind]).capitalize()) for kind in _SHOWN
    ]
    presences = [
        (odontograms.sample_state(presence.value), str(words).capitalize())
        for presence, words in PRESENCES.items()
    ]
    return [(_("État"), statuses), (_("Ce qui est noté"), kinds), (_("La dent"), presences)]


#: Kinds of the legend; the others look like one of these.
_SHOWN: Final = (
    Kind.CARIES, Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.CROWN, Kind.POST, Kind.ENDODONTICS,
    Kind.EXTRACTION, Kind.SEALANT, Kind.SPLINT, Kind.PROSTHESIS, Kind.FRACTURE, Kind.APICAL,
    Kind.SUPERNUMERARY, Kind.MOVED, Kind.ROTATED,
)  # fmt: skip
