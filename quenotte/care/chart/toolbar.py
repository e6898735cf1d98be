"""The tools of the bar: what each charts, how it is called, and its little drawing."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from quenotte.care.chart.rules.findings import Status

#: Statuses in the order in which they are offered, with the key of each.
STATUS_KEYS: Final = {
    Status.EXISTING: "C",
    Status.PLANNED: "F",
    Status.DONE: "R",
    Status.WATCH: "S",
    Status.REFERRED: "A",
}


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool of the bar: what it charts, how it is called, and its little drawing (24 units).

    ``scope``: surfaces, tooth or span. ``is_seen``: it is found, not made.
    """

    kind: str
    label: str
    scope: str
    path: str
    digit: int = 0
    is_seen: bool = False


def tools() -> tuple[Tool, ...]:
    """Return the tools, those with a digit first."""
    return (
        Tool("caries", _("Carie"), "surfaces", _ICONS["caries"], 1, is_seen=True),
        Tool("filling", _("Obturation"), "surfaces", _ICONS["filling"], 2),
        Tool("crown", _("Couronne"), "tooth", _ICONS["crown"], 3),
        Tool("endodontics", _("Endo"), "tooth", _ICONS["endodontics"], 4),
        Tool("extraction", _("Extraction"), "tooth", _ICONS["extraction"], 5),
        Tool("missing", _("Absente"), "tooth", _ICONS["missing"], 6, is_seen=True),
        Tool("bridge", _("Bridge"), "span", _ICONS["bridge"], 7),
        Tool("implant", _("Implant"), "tooth", _ICONS["implant"], 8),
        Tool("inlay", _("Inlay"), "surfaces", _ICONS["inlay"], 9),
        Tool("veneer", _("Facette"), "tooth", _ICONS["veneer"]),
        Tool("post", _("Inlay-core, tenon"), "tooth", _ICONS["post"]),
        Tool("sealant", _("Scellement de sillons"), "tooth", _ICONS["sealant"]),
        Tool("splint", _("Contention"), "tooth", _ICONS["splint"]),
        Tool("prosthesis", _("Prothèse amovible"), "span", _ICONS["prosthesis"]),
        Tool("removal", _("Dépose"), "tooth", _ICONS["removal"]),
        Tool("fracture", _("Fracture"), "tooth", _ICONS["fracture"], is_seen=True),
        Tool("apical", _("Lésion apicale"), "tooth", _ICONS["apical"], is_seen=True),
        Tool("present", _("Présente"), "tooth", _ICONS["present"], is_seen=True),
        Tool("root", _("Racine restante"), "tooth", _ICONS["root"], is_seen=True),
        Tool("impacted", _("Incluse"), "tooth", _ICONS["impacted"], is_seen=True),
        Tool("agenesis", _("Agénésie"), "tooth", _ICONS["agenesis"], is_seen=True),
        Tool("supernumerary", _("Surnuméraire"), "tooth", _ICONS["supernumerary"], is_seen=True),
        Tool("moved", _("Déplacée"), "tooth", _ICONS["moved"], is_seen=True),
        Tool("rotated", _("Rotation"), "tooth", _ICONS["rotated"], is_seen=True),
    )


#: A crown seen from the side, on which the little drawings stand.
_CROWN: Final = "M6 4C4 8 4 12 6 15C9 17 15 17 18 15C20 12 20 8 18 4C14 6 10 6 6 4Z"
_TOOTH: Final = (
    "M7 11C6 16 8 21 9 21S11 15 12 15S14 21 15 21S18 16 17 11C20 8 19 3 12 5C5 3 4 8 7 11Z"
)
_ICONS: Final = {
    "caries": f"{_CROWN}M10 11q1-3 3-2t2 3q-2 3-4 1.5t-1-2.5",
    "filling": "M4 4H20V20H4ZM9 9H15V15H9ZM4 4L9 9M20 4L15 9M20 20L15 15M4 20L9 15",
    "crown": "M4 18V7L8 11L12 5L16 11L20 7V18Z",
    "endodontics": f"{_TOOTH}M10 9L9 18M14 9L15 18",
    "extraction": f"{_TOOTH}M4 3L20 21M20 3L4 21",
    "missing": "M4 12H20M4 8V16M20 8V16",
    "bridge": "M3 8H21M5 8V18H9V8M15 8V18H19V8M9 8V13H15V8",
    "implant": "M9 4H15V7L13.5 20H10.5L9 7ZM7 10L17 8.5M7.5 14L16.5 12.5M8 18L16 16.5",
    "inlay": "M4 4H20V20H4ZM12 7L17 12L12 17L7 12Z",
    "veneer": "M8 3C6 9 6 15 8 21H14C17 15 17 9 14 3ZM11 6C10 10 10 14 11 18",
    "post": "M9 3H15V9H13V21H11V9H9Z",
    "sealant": "M3 12Q6 6 9 12T15 12T21 12",
    "splint": "M3 12H21M5 8V16H9V8ZM10 8V16H14V8ZM15 8V16H19V8Z",
    "prosthesis": "M3 10C8 6 16 6 21 10V14C16 11 8 11 3 14ZM7 13V18M12 12V18M17 13V18",
    "removal": "M5 16V9L8 12L12 7L16 12L19 9V16ZM12 5V2M9 4L12 1L15 4",
    "fracture": "M5 7L10 12L13 8L15 16L19 12",
    "apical": "M9 3L12 14L15 3M12 14A3.5 3.5 0 1 1 12 21A3.5 3.5 0 1 1 12 14",
    "present": f"{_TOOTH}M9 8L11 10L15 6",
    "root": "M7 9C6 15 8 21 9 21S11 15 12 15S14 21 15 21S18 15 17 9Z",
    "impacted": "M3 6Q12 9 21 6M9 11C7 14 9 20 12 20S17 14 15 11Q12 12 9 11",
    "agenesis": "M12 4A8 8 0 1 1 12 20A8 8 0 1 1 12 4M6 18L18 6",
    "supernumerary": "M4 6H12V18H4ZM18 9V15M15 12H21",
    "moved": "M4 12H19M14 7L19 12L14 17",
    "rotated": "M6 8A7.5 7.5 0 1 1 4.5 13M6 3V8H11",
}
