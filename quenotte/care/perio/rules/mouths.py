"""Where a probe goes: faces, sites, furcation entrances, of the 32 permanent teeth."""

from enum import StrEnum
from typing import Final

from quenotte.kernel.teeth import PERMANENT, ROWS_ADULT


class Face(StrEnum):
    """The two sides of an arch. Lingual is palatal in the upper jaw. Values are stored."""

    VESTIBULAR = "V"
    LINGUAL = "L"


class Presence(StrEnum):
    """What stands in a tooth's place. Values are stored."""

    PRESENT = "present"
    MISSING = "missing"
    IMPLANT = "implant"


UPPER: Final = ROWS_ADULT[0]
LOWER: Final = ROWS_ADULT[1]
TEETH: Final = frozenset(PERMANENT)
FACES: Final = (Face.VESTIBULAR, Face.LINGUAL)

#: Sites of each face, from the mesial one to the distal one. Names are stored.
SITES_OF: Final[dict[Face, tuple[str, str, str]]] = {
    Face.VESTIBULAR: ("MV", "V", "DV"),
    Face.LINGUAL: ("ML", "L", "DL"),
}
SITES: Final = (*SITES_OF[Face.VESTIBULAR], *SITES_OF[Face.LINGUAL])

#: Entrances of the furcations of each tooth that has some: vestibular, lingual, mesial, distal.
#: Source: root anatomy of multirooted teeth (upper molars: V, mesial and distal; lower molars:
#: V and L; first upper premolars: mesial and distal).
ENTRANCES: Final[dict[int, tuple[str, ...]]] = {
    **dict.fromkeys((14, 24), ("M", "D")),
    **dict.fromkeys((16, 17, 18, 26, 27, 28), ("V", "M", "D")),
    **dict.fromkeys((36, 37, 38, 46, 47, 48), ("V", "L")),
}

_RIGHT: Final = frozenset({1, 4})


def is_upper(tooth: int) -> bool:
    """Return whether a tooth is of the upper jaw."""
    return tooth < 30


def is_interdental(site: str) -> bool:
    """Return whether a site lies between two teeth: the mesial and the distal ones."""
    return len(site) == 2


def face_of(site: str) -> Face:
    """Return the face on which a site lies."""
    return Face(site[-1])


def on_screen(tooth: int, face: Face) -> tuple[str, str, str]:
    """Return the sites of a face from left to right, the patient's right on the left."""
    mesial, middle, distal = SITES_OF[face]
    return (distal, middle, mesial) if tooth // 10 in _RIGHT else (mesial, middle, distal)


def is_molar_or_incisor(tooth: int) -> bool:
    """Return whether a tooth counts in the molar-incisor pattern: incisor or first molar."""
    return tooth % 10 in {1, 2, 6}


def are_neighbours(one: int, other: int) -> bool:
    """Return whether two teeth stand side by side in the same arch."""
    for row in (UPPER, LOWER):
        if one in row and other in row:
            return abs(row.index(one) - row.index(other)) <= 1
    return False
