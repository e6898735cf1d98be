"""What somebody typed on a draft that moved on meanwhile, in words to be taken up."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from quenotte.care.prescriptions.rules.lines import Line


def in_words(
    typed: Sequence[Line], written: Sequence[Line], *, remarks: str = "", weight_kg: str = ""
) -> str:
    """Return what was typed and is not written, one line each; "" when all of it is written.

    ``remarks`` and ``weight_kg`` are those that differ from what is written.
    """
    told = [_told(line) for line in typed if line.name and line not in written]
    if remarks:
        told.append(_("Remarques : %(words)s") % {"words": remarks})
    if weight_kg:
        told.append(_("Poids : %(kg)s kg") % {"kg": weight_kg})
    return "\n".join(told)


def letter_in_words(typed: tuple[str, str], written: tuple[str, str]) -> str:
    """Return what was typed of the title and the body of a letter, and is not written there."""
    told = []
    if typed[0].strip() not in ("", written[0].strip()):
        told.append(_("Titre : %(words)s") % {"words": typed[0]})
    if _lines(typed[1]) != _lines(written[1]):
        told.append(typed[1])
    return "\n\n".join(told)


def _lines(text: str) -> str:
    """Return a text without what a browser alone makes of it: the ends of its lines and its own."""
    return "\n".join(text.strip().splitlines())


def _told(line: Line) -> str:
    return ". ".join(filter(None, (line.title, line.told)))
