"""A line of a prescription: structured text, told as people read it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quenotte.kernel.medicines import substances_in
from quenotte.kernel.names import fold

MOST_LINES: Final = 20
MOST_TIMES: Final = 12
MOST_DAYS: Final = 365
LONGEST_NAME: Final = 160
LONGEST_WORDS: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One medicine or product. ``times`` is a number of takes a day, ``days`` how long."""

    name: str
    form: str = ""
    strength: str = ""
    dose: str = ""
    times: int | None = None
    days: int | None = None
    quantity: str = ""
    remarks: str = ""
    # Code of the public drug file (CIS); empty when typed freely.
    cis: str = ""
    substances: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """« Amoxicilline 1 g, comprimé dispersible »."""
        named = " ".join(filter(None, (self.name, self.strength)))
        return ", ".join(filter(None, (named, self.form)))

    @property
    def dci(self) -> str:
        """Its active substances, by the public file, when its name does not tell them all.

        Source: Code de la santé publique, article L. 5121-1-2.
        """
        named = f" {fold(self.name)} "
        if all(f" {fold(one)} " in named for one in self.substances):
            return ""
        return ", ".join(self.substances)

    @property
    def posology(self) -> str:
        """« 1 comprimé 2 fois par jour pendant 7 jours »."""
        parts = [self.dose]
        if self.times:
            parts.append(
                ngettext("%(n)s fois par jour", "%(n)s fois par jour", self.times)
                % {"n": self.times}
            )
        if self.days:
            words = ngettext("pendant %(n)s jour", "pendant %(n)s jours", self.days)
            parts.append(words % {"n": self.days})
        return " ".join(filter(None, parts))

    @property
    def told(self) -> str:
        """The posology, the quantity and the remarks, on one line."""
        quantity = _("Quantité : %(quantity)s") % {"quantity": self.quantity}
        parts = (self.posology, quantity if self.quantity else "", self.remarks)
        return ". ".join(part.rstrip(". ") for part in parts if part)

    @property
    def known_substances(self) -> tuple[str, ...]:
        """Its active substances: those of the public file, and what its name tells besides."""
        filed = [f" {fold(one)}" for one in self.substances]
        told = substances_in(self.name)
        more = (one for one in told if not any(f" {one}" in substance for substance in filed))
        return (*self.substances, *more)


def belonging(line: Line, drug: Line | None) -> Line:
    """Return a typed line with nothing of the public file that does not belong to its name.

    ``drug`` is the line of the medicine that it says it is; None when nobody knows it. Under
    another name it keeps neither the code nor the substances, nor the form that came with them.
    """
    if drug is None:
        return replace(line, cis="", substances=())
    if _glued(line.name) == _glued(drug.name):
        return replace(line, substances=drug.substances)
    form = "" if fold(line.form) == fold(drug.form) else line.form
    return replace(line, cis="", substances=(), form=form)


def _glued(name: str) -> str:
    """« 500 mg » and « 500mg » are the same name."""
    return fold(name).replace(" ", "")


def to_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the lines as they are kept; what is empty is left out."""
    return [
        {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(line).items()
            if value
        }
        for line in lines
    ]


def from_json(kept: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Return the lines that were kept; what a later version added is left aside."""
    known = {one.name for one in fields(Line)}
    lines = [Line(**{name: value for name, value in row.items() if name in known}) for row in kept]
    return [replace(line, substances=tuple(line.substances)) for line in lines]
