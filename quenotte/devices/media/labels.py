"""Labels of media as PDF: texts arrive in French, the template draws them."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from quenotte.devices.media import messages
from quenotte.devices.paper import codes, typesetting

_TEMPLATE: Final = "devices/media/paper/label.typ"
#: Widths of a sleeve, of the case of a disk, of a cassette, in millimetres.
_WIDTHS: Final = {"disc": 121, "disk": 92, "tape": 92}


class Form(StrEnum):
    """What the label is for."""

    DISC = "disc"
    DISK = "disk"
    TAPE = "tape"


@dataclass(frozen=True, slots=True)
class Label:
    """What stands on a label. ``name`` is the set, the letter of a disk, the name of a tape."""

    form: Form
    practice: str
    name: str
    made_on: date
    volume: int = 1
    volumes: int = 1
    files: int = 0
    size_bytes: int = 0


def label_pdf(label: Label, *, made_at: datetime) -> bytes:
    """Return a label: one A4 to cut from. Raises: CannotTypeset."""
    return typesetting.typeset(_TEMPLATE, texts_of(label), made_at=made_at)


def texts_of(label: Label) -> dict[str, Any]:
    """Return what the template draws."""
    is_disc = label.form is Form.DISC
    title = messages.LABEL_TITLES[label.form].format(name=label.name)
    subtitle = messages.LABEL_VOLUME.format(volume=label.volume, volumes=label.volumes)
    return {
        "title": title,
        "subtitle": subtitle if is_disc else "",
        "practice": label.practice,
        "hint": messages.LABEL_HINT,
        "facts": _facts(label),
        "opens": messages.LABEL_OPENS[label.form],
        "round": messages.LABEL_ROUND.format(day=f"{label.made_on:%d/%m/%Y}"),
        "code": codes.datamatrix(f"{label.form}/{label.name}/{label.volume}"),
        "width_mm": _WIDTHS[label.form],
        "big_pt": 15 if is_disc else 24,
        "is_disc": is_disc,
    }


def _facts(label: Label) -> list[tuple[str, str]]:
    """Return the lines of a label; a disk changes too often to say more than its day."""
    lines = [(messages.LABEL_DAY, f"{label.made_on:%d/%m/%Y}")]
    if label.files:
        size = f"{label.size_bytes / 1e9:.1f}".replace(".", ",")
        said = messages.LABEL_CONTENT.format(files=label.files, size=size)
        lines.append((messages.LABEL_HOLDS, said))
    return [*lines, (messages.LABEL_PLACE, messages.LABEL_PLACES[label.form])]
