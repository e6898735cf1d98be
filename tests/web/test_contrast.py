"""Every pair of colours that carries words is readable in both themes (WCAG 2.2, AA)."""

import re
from pathlib import Path

import pytest

import quenotte.care
import quenotte.web
from quenotte.care.agenda.models import AppointmentType

CSS = Path(quenotte.web.__file__).parent / "static" / "web" / "css" / "tokens.css"
AGENDA = Path(quenotte.care.__file__).parent / "static" / "care" / "agenda.css"
_TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)")
COLOURS = {name: (light, dark) for name, light, dark in _TOKEN.findall(CSS.read_text())}
_KIND = re.compile(r"\.kind-(\w+) \{(.*?)\}", re.DOTALL)
#: colour of a type of appointment -> its ground and its line, in the two themes.
KINDS = {
    name: {part: (light, dark) for part, light, dark in _TOKEN.findall(body)}
    for name, body in _KIND.findall(AGENDA.read_text())
}

_GROUNDS = ("ground", "surface", "raised", "sunken", "hover")
WORDS = [
    *((front, back) for front in ("text", "muted", "accent", "accent-strong") for back in _GROUNDS),
    ("danger", "surface"), ("danger", "danger-soft"), ("danger-strong", "surface"),
    ("danger-strong", "danger-soft"),
    ("accent-strong", "accent-soft"), ("text", "accent-soft"), ("muted", "accent-soft"),
    ("attention", "surface"), ("attention", "attention-soft"), ("text", "attention-soft"),
    ("text", "danger-soft"), ("on-accent", "accent"), ("on-accent", "accent-strong"),
    ("on-danger", "danger"), ("on-danger", "danger-strong"),
]  # fmt: skip
LINES = [("line-strong", "surface"), ("line-strong", "raised"), ("accent", "surface")]


def _luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(front: str, back: str) -> float:
    light, dark = sorted((_luminance(front), _luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), WORDS)
def test_words_are_readable(front: str, back: str, theme: int) -> None:
    assert _contrast(COLOURS[front][theme], COLOURS[back][theme]) >= 4.5


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("front", "back"), LINES)
def test_edges_of_controls_are_visible(front: str, back: str, theme: int) -> None:
    assert _contrast(COLOURS[front][theme], COLOURS[back][theme]) >= 3


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("colour", AppointmentType.Colour.values)
def test_words_of_an_appointment_are_readable_in_its_colour(colour: str, theme: int) -> None:
    ground, line = KINDS[colour]["kind-soft"][theme], KINDS[colour]["kind-line"][theme]
    for front in ("text", "muted"):
        assert _contrast(COLOURS[front][theme], ground) >= 4.5, front
    # The icon of its state, and the edge that tells its type.
    assert _contrast(line, ground) >= 3
    assert _contrast(line, COLOURS["surface"][theme]) >= 3
