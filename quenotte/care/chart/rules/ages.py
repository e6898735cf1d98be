"""What the age makes doubtful: a primary tooth in an adult, a permanent one years too early."""

from collections.abc import Collection, Iterable
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.care.chart.rules.checks import NotChartable
from quenotte.care.chart.rules.findings import Finding, Kind, Presence
from quenotte.care.chart.rules.mouths import Mouth
from quenotte.care.chart.rules.remarks import ADULT
from quenotte.kernel.teeth import eruption_years, is_primary, is_tooth, successor

#: How long before its usual age a tooth is doubted; wisdom teeth are taken out as germs. Years.
_EARLY: Final = 2
_EARLY_WISDOM: Final = 8
#: What is noted of a tooth that is not there, or to say that it is.
_NEVER_DOUBTED: Final = frozenset(
    {Kind.PRESENT, Kind.MISSING, Kind.AGENESIS, Kind.IMPACTED, Kind.SUPERNUMERARY}
)
_SEEN: Final = frozenset({Kind.PRESENT, Kind.IMPACTED})
_THERE: Final = frozenset({Presence.PRESENT, Presence.ROOT, Presence.IMPLANT, Presence.IMPACTED})


class Unlikely(NotChartable):
    """A tooth that nobody has at that age, unless it is noted as present first."""


def doubt(tooth: int, age_years: float | None, noted: Collection[int] = ()) -> str:
    """Return why a tooth is unlikely at an age, nothing when it is not, or was noted to be there.

    Units: years, None when the birth date is not known. Source: as ``kernel.teeth``.
    """
    if age_years is None or tooth in noted or not is_tooth(tooth):
        return ""
    words = {"tooth": tooth, "age": int(age_years)}
    if is_primary(tooth):
        text = _(
            "La %(tooth)s est une dent de lait, et le patient a %(age)s ans : s’agit-il de la "
            "%(permanent)s ?"
        )
        return text % {**words, "permanent": successor(tooth)} if age_years >= ADULT else ""
    usual = eruption_years(tooth)
    early = _EARLY_WISDOM if tooth % 10 == 8 else _EARLY
    text = _("La %(tooth)s est attendue vers %(usual)s ans, et le patient en a %(age)s.")
    return text % {**words, "usual": int(usual)} if age_years < usual - early else ""


def noted_in(mouth: Mouth) -> frozenset[int]:
    """Return the teeth that somebody charted as being there, erupted or not."""
    return frozenset(
        one.fdi for one in mouth.teeth if not one.is_assumed and one.presence in _THERE
    )


def refuse_unlikely(
    findings: Iterable[Finding], age_years: float | None, noted: Collection[int]
) -> None:
    """Refuse a tooth that is unlikely at an age, until it is noted as present.

    Raises: Unlikely, with what to note first.
    """
    findings = list(findings)
    here = {tooth for one in findings if one.kind in _SEEN for tooth in one.teeth} | set(noted)
    for one in findings:
        if one.kind in _NEVER_DOUBTED:
            continue
        for tooth in one.teeth:
            if why := doubt(tooth, age_years, here):
                step = _("Si c’est bien elle, notez d’abord « %(tooth)s présente ».")
                raise Unlikely(f"{why} {step % {'tooth': tooth}}")
