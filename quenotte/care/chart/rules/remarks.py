"""What is worth a second look once it is charted; it blocks nothing."""

from collections.abc import Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart.rules.findings import SPANS, Finding, Kind, Presence
from quenotte.care.chart.rules.marks import Mark
from quenotte.care.chart.rules.mouths import Mouth
from quenotte.kernel.teeth import is_primary, is_tooth, successor

#: From this age on a primary tooth that nobody noted is rather a slip of the keyboard. Years.
ADULT: Final = 15


def on_pontic(mouth: Mouth, finding: Finding) -> str:
    """Return what to say of a crown where a bridge, made or planned, replaces the tooth.

    An implant on that tooth, planned or placed, carries it.
    """
    for tooth in finding.teeth if finding.kind is Kind.CROWN else ():
        spans = [mark.finding for mark in mouth.spans if tooth in mark.finding.pontics]
        if spans and not _has_implant(mouth, tooth):
            words = {"tooth": tooth, "bridge": "-".join(map(str, _ends(spans[0])))}
            return str(_ON_PONTIC) % words
    return ""


def implant_again(mouth: Mouth, finding: Finding) -> str:
    """Return what to say of an implant that is planned where one stands already."""
    for tooth in finding.teeth if finding.kind is Kind.IMPLANT and finding.is_intended else ():
        shown = mouth.tooth(tooth)
        if shown is not None and shown.presence is Presence.IMPLANT:
            return str(_IMPLANT_AGAIN) % {"tooth": tooth}
    return ""


def replaced_teeth(mouth: Mouth, finding: Finding) -> str:
    """Return which teeth a bridge that is in place makes absent: a slip of one digit shows."""
    if finding.kind is not Kind.BRIDGE or finding.is_intended:
        return ""
    lost = [tooth for tooth in finding.pontics if tooth not in mouth.missing]
    if len(lost) > 1:
        return str(_REPLACED_TEETH) % {"teeth": ", ".join(map(str, lost))}
    return str(_REPLACED_TOOTH) % {"tooth": lost[0]} if lost else ""


def fallen_bridges(before: Mouth, after: Mouth, findings: Iterable[Finding]) -> list[str]:
    """Return what to say of the bridges that stood, and went with a pillar that was lost.

    A bridge that is taken off, or that another one replaces, was meant to go.
    """
    found = list(findings)
    if any(one.kind in {Kind.REMOVAL, *SPANS} for one in found):
        return []
    teeth = {tooth for one in found for tooth in one.teeth}
    standing = {mark.key for mark in after.spans}
    return [
        str(_FALLEN) % {"bridge": "-".join(map(str, _ends(mark.finding)))}
        for mark in before.spans
        if mark.finding.kind is Kind.BRIDGE
        and mark.key not in standing
        and teeth.intersection(mark.finding.pillars)
    ]


def hidden_successor(mouth: Mouth, tooth: int, age_years: float | None) -> str:
    """Return that the drawing shows a primary tooth where the age expects a permanent one.

    Units: years, None when the birth date is not known.
    """
    if age_years is None or age_years < ADULT or not (is_tooth(tooth) and is_primary(tooth)):
        return ""
    shown = mouth.tooth(tooth)
    if shown is None or shown.is_assumed or mouth.tooth(successor(tooth)) is not None:
        return ""
    return str(_HIDDEN) % {"tooth": tooth, "permanent": successor(tooth)}


_REPLACED_TOOTH: Final = _("Le bridge remplace la %(tooth)s, qui est maintenant absente.")
_REPLACED_TEETH: Final = _("Le bridge remplace %(teeth)s, qui sont maintenant absentes.")
_ON_PONTIC: Final = _(
    "La %(tooth)s est remplacée par le bridge %(bridge)s : vérifiez la dent de cette couronne, ou "
    "notez d’abord la dépose du bridge ou l’implant."
)
_IMPLANT_AGAIN: Final = _(
    "La %(tooth)s a déjà un implant : vérifiez la dent de celui qui est à faire."
)
_FALLEN: Final = _("Le bridge %(bridge)s tombe avec son pilier.")
_HIDDEN: Final = _(
    "Le schéma montre la %(tooth)s, dent de lait, à la place de la %(permanent)s. Si la "
    "%(permanent)s est là, corrigez la dent, ou notez « %(permanent)s présente »."
)


def _has_implant(mouth: Mouth, tooth: int) -> bool:
    shown = mouth.tooth(tooth)
    marks: tuple[Mark, ...] = shown.marks if shown else ()
    return any(mark.finding.kind is Kind.IMPLANT for mark in marks)


def _ends(bridge: Finding) -> tuple[int, int]:
    return bridge.teeth[0], bridge.teeth[-1]
