"""How large a drill is, what it measures, and when the practice is back as it must be."""

from dataclasses import dataclass, field
from typing import Final

#: Between two deliveries of the journal in a practice, in seconds.
_JOURNAL_S: Final = 20.0
#: So many deliveries may be missing at the end: a minute in a practice. Source: goal G1.
_DELIVERIES: Final = 3


@dataclass(frozen=True)
class Size:
    """How large the practice is, and how long people work before the first copy, in seconds.

    ``every_s``: how often the journal and the files leave; None: as in a practice.
    """

    patients: int
    work_s: float
    pause_s: float
    flood: int
    every_s: float | None = None

    @property
    def allowance_s(self) -> float:
        """Return how old a write may be that is lost all the same, in seconds."""
        return _DELIVERIES * (self.every_s or _JOURNAL_S)


SMALL: Final = Size(patients=12, work_s=0.5, pause_s=0.4, flood=10, every_s=1.0)
WHOLE: Final = Size(patients=2_000, work_s=90.0, pause_s=0.3, flood=400)


@dataclass
class Figures:
    """What a drill measured. Times in seconds; see the manual, « L’exercice »."""

    variant: str
    rpo_s: float = 0.0
    #: What ``rpo_s`` must not exceed.
    allowance_s: float = 0.0
    #: The moment that was asked for on the return; "" when none was.
    as_of: str = ""
    rto_agenda_s: float = 0.0
    rto_full_s: float = 0.0
    acknowledged: int = 0
    lost_acknowledged: int = 0
    lost_last_minute: int = 0
    #: Rows of the attack that came back.
    poisoned_back: int = 0
    detected_s: float | None = None
    copies_until_seen: int = 0
    flips_found: int = 0
    detected_by: list[str] = field(default_factory=list)
    vault_objects_altered: int = 0
    vault_asked: int = 0
    vault_refused: int = 0
    files_encrypted: int = 0
    false_alarms: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    #: What is not as it must be, by the names above; a step that broke off, in its words.
    failed: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Tell whether the practice is back as it must be."""
        return not self.failed

    def judge(self) -> None:
        """Name what is not as it must be."""
        wrong = {
            "acknowledged": not self.acknowledged,
            "poisoned_back": self.poisoned_back > 0,
            "detected_s": self.detected_s is None,
            "vault_objects_altered": self.vault_objects_altered > 0,
            "false_alarms": self.false_alarms > 0,
        }
        if self.variant != "vault-lost":
            # The disk of the drawer is as old as its last evening.
            wrong["lost_acknowledged"] = self.lost_acknowledged > 0
            wrong["rpo_s"] = self.rpo_s > self.allowance_s
        self.failed += [name for name, is_wrong in wrong.items() if is_wrong]
