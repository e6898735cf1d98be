"""The labels of pouches, as plain data for Typst."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils import timezone

from quenotte.care.documents import operations as documents
from quenotte.care.sterilisation import rules
from quenotte.care.sterilisation.models import Pouch, SterilisationCycle
from quenotte.care.sterilisation.rules import State
from quenotte.devices.paper.codes import datamatrix

#: Sheets of labels: A4 (24 of 70 x 37 mm), a roll of 62 mm.
FORMATS: Final = ("a4", "roll")


def labels_of(
    cycle: SterilisationCycle, pouches: Sequence[Pouch], *, form: str = "a4", skipped: int = 0
) -> bytes:
    """Return the PDF of the labels of some pouches; ``form`` is one of ``FORMATS``.

    ``skipped``: labels of the first sheet that were used before.
    """
    data = {
        "title": f"Étiquettes du cycle n° {cycle.number}",
        "format": form,
        "skipped": skipped % rules.LABELS_PER_SHEET,
        "labels": [_label(cycle, pouch) for pouch in pouches],
    }
    return documents.set_paper("care/paper/labels.typ", data, made_at=timezone.now())


def _label(cycle: SterilisationCycle, pouch: Pouch) -> dict[str, Any]:
    return {
        "code": pouch.code,
        # A label made once the load was released says so: it is one more of a pouch that exists.
        "mark": f"imp. {timezone.localdate():%d/%m/%Y}" if cycle.state == State.RELEASED else "",
        "drawing": datamatrix(pouch.code),
        "content": pouch.content,
        "cycle": f"{cycle.autoclave.name} · cycle {cycle.number}",
        "programme": f"{cycle.celsius} °C · {cycle.minutes} min",
        "made_on": f"{pouch.made_on:%d/%m/%Y}",
        "expires_on": f"{pouch.expires_on:%d/%m/%Y}",
        "operator": pouch.signed_as,
    }
