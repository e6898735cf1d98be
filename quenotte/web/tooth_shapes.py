"""Outlines of teeth, drawn for this program: a side view and an occlusal view of each kind.

Side view: the origin is the middle of the neck, the crown goes down (y > 0), the roots go up,
the mesial side is on the right (x > 0). The drawing turns them for the three other quadrants.

Units: SVG units, one for about a third of a millimetre.
"""

from dataclasses import dataclass
from functools import cache
from typing import Final


@dataclass(frozen=True)
class Shape:
    """A side view: paths of the crown, the roots and the canals; where things are put on it.

    ``behind`` is the palatal root of upper molars, seen behind the others; ``post`` the canal
    that carries a post; ``apexes`` the ends of the roots; ``half`` half the width of the crown;
    ``low`` the height of the crown.
    """

    crown: str
    root: str
    canals: str
    post: str
    apexes: tuple[tuple[int, int], ...]
    half: int
    low: int
    behind: str = ""


_ONE: Final = "M0 6V-20"

#: Upper teeth by place from the midline.
_UPPER: Final = {
    1: Shape(
        "M-9 0C-11 8-14 15-14 23Q-14 28-9 28.5L9 29.5Q14 29.5 13.6 24C13 15 10.5 8 9 0Q0-5-9 0Z",
        "M-9 0C-8.5-18-5-38-1.6-42Q0-43.6 1.6-42C5-38 8.5-18 9 0Q0-5-9 0Z",
        "M0 9V-39", _ONE, ((0, -43),), 14, 29,
    ),
    2: Shape(
        "M-7.5 0C-9 8-11 14-11 21Q-11 26-6.5 26.5L6.5 27.5Q11 27.5 10.6 22C10 14 8.5 8 7.5 0"
        "Q0-4-7.5 0Z",
        "M-7.5 0C-7-18-5-37-3.4-41Q-2-43 0-41C4-35 7-16 7.5 0Q0-4-7.5 0Z",
        "M0 8C0-14-1-28-1.9-38", "M0 6-.6-20", ((-2, -42),), 11, 27,
    ),
    3: Shape(
        "M-8.5 0C-10 7-13 12-12.6 18C-12 22-5 27-1 30.6Q.4 31.6 2 30.2C6 26 12 22 12.6 17"
        "C12.6 12 10 7 8.5 0Q0-5-8.5 0Z",
        "M-8.5 0C-8-20-5.4-42-2-46Q-.4-47.6 1.4-46C5-41 8-20 8.5 0Q0-5-8.5 0Z",
        "M0 9V-43", "M0 6V-22", ((0, -47),), 13, 31,
    ),
    4: Shape(
        "M-9 0C-10 6-13 11-12.4 18C-12 22-5 25-1.4 27.4Q1 28.6 3 27C7 24.4 12 21.6 12.4 17"
        "C12.6 11 10 6 9 0Q0-4-9 0Z",
        "M-9 0C-9-14-8.6-31-6-39Q-4.6-42-3.2-39C-2.2-33-1-26 .4-21C2-26 3.2-32 4.2-38"
        "Q5.6-41 7-38C9-30 9.2-14 9 0Q0-4-9 0Z",
        "M-3 5C-4-10-4.7-24-4.6-37M3 5C4-10 5.2-24 5.6-36", "M-3 5C-3.6-4-4-12-4.4-20",
        ((-5, -41), (6, -40)), 12, 28,
    ),
    5: Shape(
        "M-9 0C-10 6-12.6 11-12.2 17.4C-11.6 21.6-5 24.6-1.4 26.4Q1 27.6 3 26"
        "C7 23.6 12 21 12.2 16.6C12.4 11 10 6 9 0Q0-4-9 0Z",
        "M-9 0C-9-16-5.4-36-1.8-40.4Q0-42 1.8-40.4C5.4-36 9-16 9 0Q0-4-9 0Z",
        "M0 7V-38", _ONE, ((0, -41),), 12, 27,
    ),
    6: Shape(
        "M-15 0C-17 6-19 11-18.4 18C-18 22.6-13.4 25-9.6 25.4C-5.4 25.8-2 24.4 0 22.6"
        "C2 24.4 5.4 26.6 9.6 26.4C14 26 18 22.8 18.5 18C19 11 17 6 15 0Q0-5-15 0Z",
        "M-15 0C-16.4-12-16-27-12-37Q-10-41-8-37.4C-6.4-29-5-20-1.2-12.4Q0-11 1.2-12.4"
        "C4.4-20 5.4-30 7-38Q8.8-41.4 11-38C15.4-29 16.4-14 15 0Q0-5-15 0Z",
        "M-6 5C-9-8-11-22-10-35M6 5C9-8 10-24 8.9-36M0 5V-42", "M6 5C7.6-4 9-12 9.4-20",
        ((-10, -39), (9, -40)), 19, 26,
        "M-6-6C-6.4-22-4.4-40-1.2-44.6Q0-46 1.2-44.6C4.4-40 6.4-22 6-6Z",
    ),
    7: Shape(
        "M-14 0C-16 6-18 11-17.4 17.4C-17 22-12.6 24.2-9 24.6C-5 25-2 23.6 0 22"
        "C2 23.6 5 25.6 9 25.4C13.2 25 17 22 17.5 17.4C18 11 16 6 14 0Q0-5-14 0Z",
        "M-14 0C-15.4-12-14-27-10.4-36Q-8.6-39.4-7-36C-5.6-28-4.6-20-1.2-14Q0-12.6 1.2-14"
        "C3.6-20 4-28 5.2-36Q6.8-39.6 8.8-36.4C12.8-28 15.4-13 14 0Q0-5-14 0Z",
        "M-5.6 5C-8.4-8-9.4-22-8.8-34M5.6 5C8-8 8.4-22 7-35M0 5V-39",
        "M5.6 5C7-4 7.8-12 8-19", ((-9, -38), (7, -38)), 18, 25,
        "M-5-8C-5.4-22-3.8-37-1.2-41.4Q0-42.8 1.2-41.4C3.8-37 5.4-22 5-8Z",
    ),
    8: Shape(
        "M-12.6 0C-14.4 6-16 10-15.4 16C-14.6 20.4-10.6 22.4-7.4 22.8C-3.6 23-1.6 22 0 20.8"
        "C1.6 22 4 23.4 7.6 23C11.4 22.4 15 20 15.4 15.6C16 10 14.4 6 12.6 0Q0-4.4-12.6 0Z",
        "M-12.6 0C-14-12-12.4-25-8-31.4Q-5.6-34.4-3.6-31.4C-2.6-28.4-1.4-26 0-26Q1.6-26 2.6-29"
        "Q4.6-33 7-30.4C11.6-24 14-12 12.6 0Q0-4.4-12.6 0Z",
        "M-4 5C-6-6-6.6-18-6-29M4 5C6-6 6-18 5-28", "M4 5C5-3 5.6-10 5.6-17",
        ((-6, -32), (5, -31)), 16, 23,
    ),
}  # fmt: skip

#: Lower teeth by place from the midline.
_LOWER: Final = {
    1: Shape(
        "M-6 0C-7 8-9.5 14-9.6 21.4Q-9.6 26-6 26L6 26.4Q9.6 26.4 9.6 22C9.5 14 7 8 6 0Q0-4-6 0Z",
        "M-6 0C-6-16-4.2-33-1.4-37.4Q0-39 1.4-37.4C4.2-33 6-16 6 0Q0-4-6 0Z",
        "M0 8V-35", _ONE, ((0, -38),), 10, 26,
    ),
    2: Shape(
        "M-6.6 0C-7.6 8-10.4 14-10.6 21.6Q-10.6 26.4-6.8 26.6L6.6 27.4Q10.6 27.4 10.6 23"
        "C10.4 14 7.6 8 6.6 0Q0-4-6.6 0Z",
        "M-6.6 0C-6.6-16-5-35-2-40Q-.6-41.6 1-40C4.4-35 6.6-16 6.6 0Q0-4-6.6 0Z",
        "M0 8C0-12 0-26-.6-37", _ONE, ((-1, -41),), 11, 27,
    ),
    3: Shape(
        "M-8 0C-9 7-12 12-11.6 18.4C-11 22.6-4 27-.4 30Q1 31 2.4 29.6C6 25.6 11 23 11.6 18"
        "C11.8 12 9 7 8 0Q0-4.6-8 0Z",
        "M-8 0C-8-20-5.6-40-2-44.6Q-.4-46 1.2-44.6C5-40 8-20 8 0Q0-4.6-8 0Z",
        "M0 9V-41", "M0 6V-22", ((0, -45),), 12, 30,
    ),
    4: Shape(
        "M-8 0C-9 6-12.2 10-11.8 16.6C-11 21.6-4 25-1 26.6Q1 27.6 2.8 26C6.6 22.8 11.6 20 11.8 15.6"
        "C12 10 9 6 8 0Q0-4-8 0Z",
        "M-8 0C-8-16-5-35-1.7-39.4Q0-41 1.7-39.4C5-35 8-16 8 0Q0-4-8 0Z",
        "M0 7V-37", _ONE, ((0, -40),), 12, 27,
    ),
    5: Shape(
        "M-8.6 0C-9.6 6-13 10-12.6 16.4C-12 21-6.4 24.4-3 24.8C-1.4 25-.8 24.2 0 23.6"
        "C1 24.4 2 25.2 3.6 25C7.4 24.2 12.2 21 12.6 16C13 10 9.6 6 8.6 0Q0-4-8.6 0Z",
        "M-8.6 0C-8.6-16-5.2-36-1.8-40.4Q0-42 1.8-40.4C5.2-36 8.6-16 8.6 0Q0-4-8.6 0Z",
        "M0 7V-38", _ONE, ((0, -41),), 13, 25,
    ),
    6: Shape(
        "M-16 0C-17.6 6-20 10-19.6 16.4C-19 21-16 23.2-13 23.4C-10 23.4-8 22.6-6.6 21.4"
        "C-4.6 23.4-2 24.6 1 24.4C4 24.4 5.6 23.4 6.6 22C8.6 23.8 11 24.4 13.6 23.8"
        "C17 23 19.4 20.4 19.6 16C20 10 17.6 6 16 0Q0-5-16 0Z",
        "M-16 0C-17.6-13-17.6-26-14-37Q-12-41-9.8-37.4C-8.4-29-6.4-19-1.6-11.6Q0-9.8 1.6-11.6"
        "C5.2-19 6.8-29 8.2-38Q10.2-42 12.6-38.4C16.8-28 17.4-14 16 0Q0-5-16 0Z",
        "M-7 5C-10-8-12.4-22-12-35.4M5.4 5C8-8 9-24 9.2-37M9.4 5C12.4-6 13.2-22 11.4-35",
        "M-7 5C-9-4-10.6-12-11.4-20", ((-12, -39), (10, -40)), 20, 24,
    ),
    7: Shape(
        "M-15 0C-16.6 6-19 10-18.6 16C-18 20.4-14.6 22.8-10.6 23C-6 23.2-2.4 22 0 20.6"
        "C2.4 22.2 6 23.6 10.6 23.4C14.8 23 18.2 20.2 18.6 15.6C19 10 16.6 6 15 0Q0-5-15 0Z",
        "M-15 0C-16.4-13-15-26-11.4-35.6Q-9.6-39.4-7.8-36C-6.4-28-4.8-20-1.4-14Q0-12.4 1.4-14"
        "C4-20 4.8-28 6-36Q7.8-39.8 9.8-36.4C13.8-27 16.4-13 15 0Q0-5-15 0Z",
        "M-6.4 5C-9-8-10.4-21-9.8-34M5 5C7-8 7.4-22 7-35M8.4 5C11-6 11-20 9-33.4",
        "M-6.4 5C-8-4-9-12-9.6-19", ((-10, -37), (8, -38)), 19, 23,
    ),
    8: Shape(
        "M-13.4 0C-15 6-17 9-16.6 15C-16 19.4-12.4 21.6-9 21.8C-5 22-2 21 0 19.8"
        "C2 21.2 5 22.6 9 22.2C13 21.6 16.2 19 16.6 14.6C17 9 15 6 13.4 0Q0-4.6-13.4 0Z",
        "M-13.4 0C-15.4-11-15-24-11.4-31Q-9-34-6.6-31C-4.6-27-3-23-1-20.6Q.4-19.6 1.4-21.4"
        "C2.6-25 2.6-28 3.6-31Q5.6-34.6 7.8-31.4C12.4-23 15-11 13.4 0Q0-4.6-13.4 0Z",
        "M-5.6 5C-8-5-9.6-18-9-29M5 5C7-5 7-18 5.6-30", "M-5.6 5C-7-3-8.4-10-8.8-16",
        ((-9, -33), (6, -33)), 17, 22,
    ),
}  # fmt: skip

#: Molars of the first dentition: a low round crown on roots that spread.
_MILK_MOLAR: Final = Shape(
    "M-12.6 0C-16 5-19 9-18.4 15.4C-17.6 19.6-13 21.6-9.4 21.8C-5.4 22-2 21 0 19.6"
    "C2 21 5.4 22.4 9.4 22.2C13.6 21.8 18 19.4 18.5 15C19 9 16 5 12.6 0Q0-4.4-12.6 0Z",
    "M-12.6 0C-16.4-9-18.4-23-16.4-32Q-15-35.6-13-32.4C-11-25-7-15.4-1.2-9Q0-8 1.2-9"
    "C7-15.4 11-25 13-32.4Q15-35.6 16.4-32C18.4-23 16.4-9 12.6 0Q0-4.4-12.6 0Z",
    "M-6 5C-9-3-13.4-16-14.6-30M6 5C9-3 13.4-16 14.6-30", "M-6 5C-8 0-10-6-11.6-13",
    ((-15, -33), (15, -33)), 18, 22,
)  # fmt: skip

#: A screw in place of the roots: its body, then its threads.
IMPLANT: Final = (
    "M-5.6 1L-5-30Q-4-39 0-39Q4-39 5-30L5.6 1Z",
    "M-7.4-6L7.4-9.4M-7.2-13L7.2-16.4M-7-20L7-23.4M-6.4-27L6.4-30.4",
)


@dataclass(frozen=True)
class Occlusal:
    """What is seen from above: half its width and half its depth, the same of its middle, and
    how square it is (1 is a rectangle); ``fissure`` is the relief drawn in its middle.
    """

    half: int
    deep: int
    inner_half: float
    inner_deep: float
    corner: float
    fissure: str = ""


_INCISOR: Final = Occlusal(15, 17, 8, 3.4, 0.78, "M-6 0H6")
_CANINE: Final = Occlusal(16, 18, 6.4, 5, 0.68, "M-4 0Q0-2.6 4 0")
_PREMOLAR: Final = Occlusal(17, 19, 7.6, 7.6, 0.74, "M-4.6 0Q0 2 4.6 0M0-3.4V3.4")
_MOLAR: Final = Occlusal(25, 21, 12, 9.4, 0.84, "M-9 1Q-4-1.6 0 0T9-1M-3.4-6L-2 0M3.4 6L2 0")
_OCCLUSALS: Final = {1: _INCISOR, 2: _INCISOR, 3: _CANINE, 4: _PREMOLAR, 5: _PREMOLAR}
_MILK_OCCLUSALS: Final = {1: _INCISOR, 2: _INCISOR, 3: _CANINE}
_MILK_SECOND: Final = Occlusal(20, 19, 9.4, 8.4, 0.82, "M-6.6 0Q0 2 6.6 0M-2-4.6V4M2.4-4V4.6")

#: The five surfaces: mesial, distal, occlusal or incisal, vestibular, lingual or palatal.
SURFACES: Final = "MDOVL"
_KINDS: Final = {
    _INCISOR: "oi", _CANINE: "oc", _PREMOLAR: "op", _MOLAR: "om", _MILK_SECOND: "on",
}  # fmt: skip


def side_of(fdi: int) -> tuple[str, Shape]:
    """Return the name and the side view of a tooth."""
    jaw, shapes = ("u", _UPPER) if fdi // 10 in {1, 2, 5, 6} else ("l", _LOWER)
    place = fdi % 10
    if fdi > 50 and place > 3:
        return f"{jaw}m", _MILK_MOLAR
    return f"{jaw}{place}", shapes[place]


def above_of(fdi: int) -> tuple[str, Occlusal]:
    """Return the name and the occlusal view of a tooth."""
    place = fdi % 10
    shape = _MILK_OCCLUSALS.get(place, _MILK_SECOND) if fdi > 50 else _OCCLUSALS.get(place, _MOLAR)
    return _KINDS[shape], shape


@cache
def surface_paths(shape: Occlusal) -> dict[str, str]:
    """Return the path of each surface, and under "" that of the whole outline."""
    a, b, i, j = shape.half, shape.deep, shape.inner_half, shape.inner_deep
    p, q = round(a * shape.corner, 1), round(b * shape.corner, 1)
    top = f"C{-p / 2:g}{-b:+g} {p / 2:g}{-b:+g} {p:g}{-q:+g}"
    right = f"C{a:g}{-q / 2:+g} {a:g}{q / 2:+g} {p:g}{q:+g}"
    low = f"C{p / 2:g}{b:+g} {-p / 2:g}{b:+g} {-p:g}{q:+g}"
    left = f"C{-a:g}{q / 2:+g} {-a:g}{-q / 2:+g} {-p:g}{-q:+g}"
    start = f"M{-p:g}{-q:+g}"
    return {
        "": f"{start}{top}{right}{low}{left}Z",
        "V": f"{start}{top}L{i:g}{-j:+g}H{-i:g}Z",
        "M": f"M{p:g}{-q:+g}{right}L{i:g}{j:+g}V{-j:g}Z",
        "L": f"M{p:g}{q:+g}{low}L{-i:g}{j:+g}H{i:g}Z",
        "D": f"M{-p:g}{q:+g}{left}L{-i:g}{-j:+g}V{j:g}Z",
        "O": f"M{-i:g}{-j:+g}H{i:g}V{j:g}H{-i:g}Z",
    }


def middle_of(shape: Occlusal, surface: str) -> tuple[int, int]:
    """Return the middle of a surface of the occlusal view."""
    across = round((shape.half + shape.inner_half) / 2 * 0.92)
    down = round((shape.deep + shape.inner_deep) / 2 * 0.92)
    places = {"M": (across, 0), "D": (-across, 0), "V": (0, -down), "L": (0, down)}
    return places.get(surface, (0, 0))
