"""Pure decisions on what is placed in a mouth and on the work of dental laboratories."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext_lazy as _

from quenotte.kernel.teeth import is_tooth

#: Highest torque that anybody writes down, in Ncm.
MOST_TORQUE_NCM: Final = 100
#: Days before the fitting from which work that is not back is told, unless changed.
USUAL_DAYS_BEFORE: Final = 2
LONGEST_TEXT: Final = 500

#: Kind of placed device -> its words.
PLACED: Final[dict[str, object]] = {
    "implant": _("Implant"),
    "abutment": _("Pilier"),
    "healing": _("Vis de cicatrisation"),
    "crown": _("Couronne ou bridge"),
    "denture": _("Prothèse amovible"),
    "graft": _("Substitut osseux"),
    "membrane": _("Membrane"),
    "other": _("Autre dispositif"),
}
#: Kinds that an implant passport names. Source: (EU) 2017/745, article 18.
ON_PASSPORT: Final = frozenset({"implant", "abutment", "healing", "graft", "membrane"})
#: Kinds that belong to one tooth.
OF_A_TOOTH: Final = frozenset({"implant", "abutment", "healing"})

RECALLED: Final = "recalled"
EXPIRED: Final = "expired"
#: What is known against a device that is written all the same -> its words. Values are stored.
BARRED: Final[dict[str, object]] = {
    RECALLED: _("Inscrit bien que son lot soit rappelé"),
    EXPIRED: _("Inscrit bien que périmé le jour de la pose"),
}

#: Kind of work -> its words.
WORKS: Final[dict[str, object]] = {
    "crown": _("Couronne"),
    "implant_crown": _("Couronne sur implant"),
    "bridge": _("Bridge"),
    "post": _("Inlay-core"),
    "inlay": _("Inlay, onlay"),
    "veneer": _("Facette"),
    "pap": _("Prothèse adjointe partielle"),
    "pac": _("Prothèse adjointe complète"),
    "splint": _("Gouttière"),
    "orthodontic": _("Appareil d’orthodontie"),
    "repair": _("Réparation"),
    "other": _("Autre travail"),
}
#: Work that comes without a tooth.
WITHOUT_TEETH: Final = frozenset({"pac", "splint", "orthodontic", "repair", "other", "pap"})
#: Made to measure: a declaration of conformity comes with it. Source: (EU) 2017/745, annex XIII.
MADE_TO_MEASURE: Final = frozenset(WORKS) - {"repair"}
MATERIALS: Final = (
    "Zircone", "Disilicate de lithium", "Céramo-métallique", "Métal (Co-Cr)", "Or", "Titane",
    "Composite", "Résine", "PEEK",
)  # fmt: skip
#: The sixteen shades of the VITA classical guide.
VITA_CLASSICAL: Final = (
    "A1", "A2", "A3", "A3,5", "A4", "B1", "B2", "B3", "B4", "C1", "C2", "C3", "C4", "D2", "D3",
    "D4",
)  # fmt: skip
#: The shades of the VITA 3D-Master guide, bleached ones first.
VITA_MASTER: Final = (
    "0M1", "0M2", "0M3", "1M1", "1M2", "2L1,5", "2L2,5", "2M1", "2M2", "2M3", "2R1,5", "2R2,5",
    "3L1,5", "3L2,5", "3M1", "3M2", "3M3", "3R1,5", "3R2,5", "4L1,5", "4L2,5", "4M1", "4M2",
    "4M3", "4R1,5", "4R2,5", "5M1", "5M2", "5M3",
)  # fmt: skip


class Status(StrEnum):
    """How far a piece of work has come. Values are stored."""

    TO_SEND = "to_send"
    SENT = "sent"
    RECEIVED = "received"
    TRIED = "tried"
    FITTED = "fitted"
    REDO = "redo"
    CANCELLED = "cancelled"


STATUSES: Final[dict[str, object]] = {
    Status.TO_SEND.value: _("À envoyer"),
    Status.SENT.value: _("Au laboratoire"),
    Status.RECEIVED.value: _("Reçu"),
    Status.TRIED.value: _("Essayé"),
    Status.FITTED.value: _("Posé"),
    Status.REDO.value: _("À refaire"),
    Status.CANCELLED.value: _("Annulé"),
}
#: Status -> what the button that leads to it says.
STEPS: Final[dict[str, object]] = {
    Status.SENT.value: _("Noter parti"),
    Status.RECEIVED.value: _("Noter reçu"),
    Status.TRIED.value: _("Noter essayé"),
    Status.FITTED.value: _("Noter posé"),
    Status.REDO.value: _("À refaire"),
    Status.CANCELLED.value: _("Annuler le travail"),
}
TONES: Final = {
    Status.TO_SEND.value: "attention",
    Status.SENT.value: "info",
    Status.RECEIVED.value: "ok",
    Status.TRIED.value: "ok",
    Status.FITTED.value: "neutral",
    Status.REDO.value: "danger",
    Status.CANCELLED.value: "neutral",
}
_NEXT: Final[dict[Status, tuple[Status, ...]]] = {
    Status.TO_SEND: (Status.SENT, Status.CANCELLED),
    Status.SENT: (Status.RECEIVED, Status.CANCELLED),
    Status.RECEIVED: (Status.TRIED, Status.FITTED, Status.REDO),
    Status.TRIED: (Status.FITTED, Status.SENT, Status.REDO),
    # Made again is another piece, with a declaration of its own: another order.
    Status.REDO: (Status.CANCELLED,),
    Status.FITTED: (Status.REDO,),
    Status.CANCELLED: (),
}
#: Work that is not in the practice, and should be on the day it is fitted.
AWAY: Final = frozenset({Status.TO_SEND, Status.SENT, Status.REDO})
#: Work that nobody waits for any more.
OVER: Final = frozenset({Status.FITTED, Status.CANCELLED})


def next_steps(status: str) -> tuple[Status, ...]:
    """Return where a piece of work may go from here."""
    return _NEXT[Status(status)]


def way_so_far(statuses: Iterable[str]) -> list[str]:
    """Return the steps that still hold, oldest first, of all that were written.

    What leads nowhere forward is a step taken back: it undoes those that came after it.
    """
    held: list[str] = []
    for status in statuses:
        if held and status in held and status not in _NEXT[Status(held[-1])]:
            del held[held.index(status) + 1 :]
        else:
            held.append(status)
    return held


@dataclass(frozen=True, slots=True)
class Alarm:
    """Work that should be here: ``days`` until it is needed, below zero once it was."""

    tone: str
    days: int


def alarm(
    status: str, due_on: date | None, fitting_on: date | None, today: date, *, days_before: int
) -> Alarm | None:
    """Return the alarm of a piece of work, None while there is time.

    It must be back ``days_before`` days before it is fitted, or on its own date when that is
    earlier.
    """
    if Status(status) not in AWAY:
        return None
    if fitting_on is not None and (left := (fitting_on - today).days) <= days_before:
        return Alarm("danger", left)
    if due_on is not None and due_on < today:
        return Alarm("attention", (due_on - today).days)
    return None


def wrong_teeth(teeth: Iterable[int]) -> list[int]:
    """Return the numbers that are no FDI number."""
    return [tooth for tooth in teeth if not is_tooth(tooth)]


def teeth_from(text: str) -> list[int] | None:
    """Return the numbers typed (« 16 26 », « 16, 26 »), each once; None for anything else."""
    words = text.replace(",", " ").replace(";", " ").replace("-", " ").split()
    if not all(word.isascii() and word.isdecimal() and len(word) == 2 for word in words):
        return None
    return list(dict.fromkeys(int(word) for word in words))


def lacks_conformity(kind: str, status: str, *, has_declaration: bool) -> bool:
    """Return whether a piece made to measure is in a mouth without its declaration."""
    return status == Status.FITTED and kind in MADE_TO_MEASURE and not has_declaration
