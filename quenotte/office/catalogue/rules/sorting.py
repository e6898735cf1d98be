"""Where an act of the official file stands on our screens, when we know nothing else of it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from quenotte.kernel.names import fold

_FAMILY_OF_GROUP: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys("AID ADI ADE".split(), "imaging")
    | {"AXI": "prevention", "SDE": "restoration", "IN1": "restoration", "INO": "restoration"}
    | {"END": "endodontics", "TDS": "periodontics", "DEN": "orthodontics", "ADM": "splint"}
    | dict.fromkeys("IC0 IC1 ICO".split(), "inlay_core")
    | dict.fromkeys("CM0 CZ0 PF0 PF1 PFC PFM BR1 CT0 CT1 PDT".split(), "crown")
    | dict.fromkeys("PT0 PA0 PA1 PAM PAR".split(), "denture")
    | dict.fromkeys("RA0 RF0 RS0 RE1 RPN".split(), "repair")
    | dict.fromkeys("SU0 SU1".split(), "supplement")
    | {"IMP": "implant"}
)
#: Words of a label that say more than its group.
_FAMILY_OF_WORD: Final = (
    ("supplement", "supplement"),
    ("avulsion", "extraction"),
    ("bridge", "bridge"),
    ("prothese plurale", "bridge"),
    ("prothese amovible", "denture"),
    ("couronne dentaire", "crown"),
    ("implant", "implant"),
    ("radiographie", "imaging"),
)
_SURGERY: Final = frozenset({"ASC", "ADC", "ATM"})


def family_of(label: str, group: str) -> str:
    """Return the family of an act by its label, else by its billing group."""
    words = fold(label)
    for word, family in _FAMILY_OF_WORD:
        if word in words:
            return family
    if group in _SURGERY:
        return "surgery"
    return _FAMILY_OF_GROUP.get(group, "other")
