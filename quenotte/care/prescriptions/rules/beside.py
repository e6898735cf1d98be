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


def _told(line: Line) -> str:
    return ". ".join(filter(None, (line.title, line.told)))
