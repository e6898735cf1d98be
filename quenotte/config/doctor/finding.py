"""One line of ``quenotte doctor``."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from quenotte.config.words import _


class State(StrEnum):
    """How something is."""

    OK = "ok"
    ATTENTION = "attention"
    BAD = "bad"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do when it is not well.

    ``raw`` is what an engine said in its own English: for a technician, by ``--json`` alone.
    """

    subject: str
    state: State
    words: str
    advice: str = ""
    raw: str = ""


def guarded(subject: str, check: Callable[[], Iterable[Finding]]) -> list[Finding]:
    """Return what a check finds; a check that breaks is a finding too."""
    try:
        return list(check())
    except Exception as error:  # noqa: BLE001 - the doctor examines what is broken
        return [
            Finding(
                subject,
                State.BAD,
                _("l’examen a échoué (détails : « quenotte doctor --json »)."),
                _("Corrigez d’abord ce qui précède, puis relancez « quenotte doctor »."),
                raw=f"{type(error).__name__}: {error}",
            )
        ]
