"""Invented years of a practice's nights, as the guard sees them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from quenotte.upkeep.guard.rules import (
    BREATHING,
    Change,
    Declared,
    Known,
    Mass,
    Picture,
    Verdict,
    judged,
    peaks_of,
)

KEY = b"key of the application"
BEGUN = datetime(2026, 1, 5, 2, tzinfo=UTC)
IMPORTS, MIGRATION, REWRITING = (40, 130, 220), 90, 170


@dataclass
class Year:
    """Night after night; `night` gives the next copy, `judge` looks at it as the run does."""

    seed: int = 1
    rows: dict[str, int] = field(
        default_factory=lambda: {
            "care_patient": 9_000,
            "care_appointment": 120_000,
            "care_note": 60_000,
            "care_favourite": 60,
            "base_line": 900_000,
            "base_event": 5_000,
            "upkeep_look": 1_800,
        }
    )
    #: Nights of which nobody works, from one to another.
    closed: tuple[int, int] = (0, 0)
    pictures: int = 30_000
    number: int = 0
    schema: str = "schema 1"
    migrations: str = "migrations 1"
    good: list[tuple[Picture, Change]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.noise = random.Random(self.seed)

    def night(self) -> tuple[Picture, Change, list[Declared]]:
        """Return the next night as nobody attacked it."""
        self.number += 1
        at = BEGUN + timedelta(days=self.number)
        works = at.weekday() < 6 and not self.closed[0] <= self.number < self.closed[1]
        new = self.noise.randint(2, 14) if works else 0
        for table, share in (("care_patient", 3), ("care_appointment", 40), ("care_note", 30)):
            self.rows[table] += self.noise.randint(0, share) if works else 0
        self.rows["base_line"] += self.noise.randint(200, 900) if works else 5
        # Three places are copied each hour that the practice works; looks go after 90 days.
        self.rows["upkeep_look"] += (33 if works else 3) - 20
        # What empties itself, and the few rows that people take away.
        self.rows["base_event"] = self.noise.randint(20, 6_000)
        self.rows["care_favourite"] += self.noise.choice((-4, -1, 0, 1, 2, 3))
        self.rows["care_appointment"] -= self.noise.randint(0, 3)
        self.pictures += new
        added = new * 5_000_000 + self.noise.randint(2_000_000, 9_000_000)
        # A volume of a scanner, now and then.
        added += 400_000_000 if self.noise.random() < 0.05 else 0
        change = Change(
            added_bytes=added,
            new_share=self.noise.uniform(0.002, 0.03),
            new_ratio=self.noise.uniform(0.3, 0.7),
            looked_at=new,
            rows_changed={
                "care_patient": self.noise.randint(0, 60),
                "care_appointment": self.noise.randint(0, 150),
            },
            other_files=9,
        )
        declared: list[Declared] = []
        if self.number in IMPORTS:
            change, declared = self._import(change, at)
        if self.number == MIGRATION:
            change, declared = self._migration(change, at)
        if self.number == REWRITING:
            change = replace(change, new_share=0.97, added_bytes=added + 300_000_000)
            declared = [self._declared(Mass.REWRITING, at)]
        return self._picture(at), change, declared

    def _picture(self, at: datetime) -> Picture:
        return Picture(
            at=at,
            rows=dict(self.rows),
            schema=self.schema,
            migrations=self.migrations,
            size_bytes=self.pictures * 5_000_000,
            journal=(self.rows["base_line"], "seal"),
            sealed=frozenset({"care_note", "base_line"}),
        )

    def _declared(self, mass: Mass, at: datetime) -> Declared:
        begun = at - timedelta(hours=5)
        return Declared(mass, begun, begun + timedelta(minutes=20)).signed(KEY)

    def _import(self, change: Change, at: datetime) -> tuple[Change, list[Declared]]:
        for table in ("care_patient", "care_appointment"):
            self.rows[table] *= 2
        self.pictures += 3_000
        changed = {"care_patient": self.rows["care_patient"] // 2}
        change = replace(change, added_bytes=15_000_000_000, new_share=0.6, rows_changed=changed)
        return change, [self._declared(Mass.IMPORT, at)]

    def _migration(self, change: Change, at: datetime) -> tuple[Change, list[Declared]]:
        self.schema, self.migrations = "schema 2", "migrations 2"
        changed = {"care_appointment": self.rows["care_appointment"]}
        change = replace(change, new_share=0.8, added_bytes=600_000_000, rows_changed=changed)
        return change, [self._declared(Mass.MIGRATION, at)]

    def judge(self, now: Picture, change: Change, declared: list[Declared] = []) -> Verdict:  # noqa: B006
        """Judge a copy beside the last good one; a good one is remembered."""
        before = self.good[-1][0] if self.good else None
        last = self.good[-30:]
        known = Known(
            peaks=peaks_of([picture.rows for picture, _change in last]),
            breathing=BREATHING,
            nights=[change.added_bytes for _picture, change in last],
            declared=declared,
        )
        verdict = judged(before, now, change, known)
        if verdict.is_good:
            self.good.append((now, change))
        return verdict

    def pass_nights(self, count: int) -> Iterator[Verdict]:
        """Let nights go by; yield what each was found to be."""
        for _ in range(count):
            yield self.judge(*self.night())
