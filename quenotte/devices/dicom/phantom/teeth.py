"""The shapes of teeth: sizes in millimetres, by FDI number.

Source: usual anatomical averages (crown width and height, root length), rounded.
"""

from dataclasses import dataclass
from enum import Enum

UPPER = (18, 17, 16, 15, 14, 13, 12, 11, 21, 22, 23, 24, 25, 26, 27, 28)
LOWER = (48, 47, 46, 45, 44, 43, 42, 41, 31, 32, 33, 34, 35, 36, 37, 38)
UPPER_MILK = (55, 54, 53, 52, 51, 61, 62, 63, 64, 65)
LOWER_MILK = (85, 84, 83, 82, 81, 71, 72, 73, 74, 75)
ROWS = (UPPER, LOWER, UPPER_MILK, LOWER_MILK)


class Form(Enum):
    """The family that gives a tooth its outline."""

    INCISOR = "incisor"
    CANINE = "canine"
    PREMOLAR = "premolar"
    MOLAR = "molar"


@dataclass(frozen=True)
class Tooth:
    """One tooth's outline. All lengths in millimetres; `neck` is a share of the width."""

    fdi: int
    form: Form
    width: float
    crown: float
    root: float
    neck: float

    @property
    def is_upper(self) -> bool:
        """Tell whether the tooth hangs from the maxilla."""
        return self.fdi // 10 in (1, 2, 5, 6)

    @property
    def is_on_the_left_of_the_picture(self) -> bool:
        """Tell whether it is a tooth of the patient's right, seen on the left."""
        return self.fdi // 10 in (1, 4, 5, 8)


_FORMS = {1: Form.INCISOR, 2: Form.INCISOR, 3: Form.CANINE, 4: Form.PREMOLAR, 5: Form.PREMOLAR}
_NECKS = {Form.INCISOR: 0.7, Form.CANINE: 0.76, Form.PREMOLAR: 0.72, Form.MOLAR: 0.8}

# Position in the quadrant -> crown width, crown height, root length.
_UPPER_SIZES = {
    1: (8.5, 10.5, 13.0),
    2: (6.6, 9.2, 13.0),
    3: (7.6, 10.0, 16.5),
    4: (7.1, 8.4, 13.8),
    5: (6.8, 8.2, 13.8),
    6: (10.4, 7.4, 12.8),
    7: (9.8, 7.1, 11.8),
    8: (8.7, 6.6, 10.5),
}
_LOWER_SIZES = {
    1: (5.2, 9.0, 12.4),
    2: (5.7, 9.4, 13.4),
    3: (6.9, 10.6, 15.6),
    4: (7.1, 8.6, 14.0),
    5: (7.2, 8.1, 14.2),
    6: (11.2, 7.4, 13.8),
    7: (10.6, 7.1, 12.8),
    8: (10.1, 6.9, 11.0),
}
_MILK_SCALE = {1: 0.75, 2: 0.78, 3: 0.85, 4: 0.72, 5: 0.86}


def tooth(fdi: int) -> Tooth:
    """Return the average tooth of this FDI number.

    Raises: KeyError when no such tooth exists.
    """
    quadrant, place = divmod(fdi, 10)
    sizes = _UPPER_SIZES if quadrant in (1, 2, 5, 6) else _LOWER_SIZES
    if quadrant < 5:
        form = _FORMS.get(place, Form.MOLAR)
        return Tooth(fdi, form, *sizes[place], neck=_NECKS[form])
    # Milk molars are small first and second molars; the others are small incisors, canines.
    width, crown, root = sizes[place if place < 4 else place + 2]
    scale = _MILK_SCALE[place]
    form = Form.MOLAR if place > 3 else _FORMS[place]
    return Tooth(fdi, form, width * scale, crown * scale * 0.8, root * scale * 0.8, _NECKS[form])


def row_of(fdi: int) -> tuple[int, ...]:
    """Return the arch that holds this tooth, in the order seen on a picture.

    Raises: KeyError when no such tooth exists.
    """
    for row in ROWS:
        if fdi in row:
            return row
    raise KeyError(fdi)
