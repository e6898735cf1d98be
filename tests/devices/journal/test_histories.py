"""Whatever happens to a database and its log: the replayed one is the same, or a gap is told."""

import contextlib
import random
import sqlite3
import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from quenotte.devices.journal import deltas
from quenotte.devices.journal.states import Chain
from tests.devices.journal.site import SEAL, Site

_MODES = ("PASSIVE", "FULL", "RESTART", "TRUNCATE")


class History:
    """Things that happen, one after another, and every state that was ever committed."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder)
        self.other: sqlite3.Connection | None = None
        self.is_away = False
        self.seen = {self._state()}

    def _state(self) -> str:
        return "\n".join(self.site.dump())

    def do(self, what: str) -> None:
        getattr(self, f"_{what}")()
        self.seen.add(self._state())

    def _commit(self) -> None:
        with self.site.transaction():
            self.site.work.execute("INSERT INTO acts (words) VALUES ('a')")

    def _many(self) -> None:
        self.site.write(each=40)

    def _rollback(self) -> None:
        self.site.work.execute("BEGIN IMMEDIATE")
        self.site.work.execute("PRAGMA cache_size=1")
        rows = [("b" * 2000,)] * 30
        self.site.work.executemany("INSERT INTO acts (words) VALUES (?)", rows)
        self.site.work.execute("ROLLBACK")

    def _shrink(self) -> None:
        with self.site.transaction():
            self.site.work.execute("DELETE FROM acts WHERE id % 2 = 0")

    def _vacuum(self) -> None:
        with contextlib.suppress(sqlite3.OperationalError):
            self.site.work.execute("VACUUM")

    def _checkpoint(self) -> None:
        for mode in _MODES:
            with contextlib.closing(sqlite3.connect(self.site.database, timeout=0)) as other:
                other.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()

    def _reader(self) -> None:
        if self.other is None:
            self.other = self.site.connect()
            self.other.execute("BEGIN")
            self.other.execute("SELECT count(*) FROM acts").fetchone()
        else:
            self.other.close()
            self.other = None

    def _everybody_leaves(self) -> None:
        if self.other is not None:
            self._reader()
        self._away()
        self.site.work.close()
        self.site.work = self.site.connect()

    def _away(self) -> None:
        self.is_away = True
        self.site.shipper.close()

    def _back(self) -> None:
        self.is_away = False
        self.site.restart()

    def _settle(self) -> None:
        if self._turn():
            self.site.shipper.settle()

    def _prove(self) -> None:
        if self._turn():
            self.site.shipper.prove()

    def _turn(self) -> bool:
        """Let the journal do its work; what it calls proven has to be so."""
        if self.is_away:
            return False
        state = self.site.turn()
        assert state.chain is Chain.PROVEN, state
        made = self.site.replayed()
        assert self.site.replayed_dump() == self.site.dump()
        assert made.is_whole
        return True

    def steps(self) -> list[int]:
        """The sequence numbers at which steps end."""
        carrier = self.site.carriers[0]
        heads = (deltas.opened(one, carrier.get(one), SEAL).head for one in carrier.names())
        return sorted(head.sequence for head in heads if head.is_last)


_HAPPENINGS = (
    "commit", "commit", "many", "rollback", "shrink", "vacuum", "checkpoint", "reader", "turn",
    "turn", "everybody_leaves", "away", "back", "back", "settle", "prove",
)  # fmt: skip


@settings(max_examples=15)
@given(st.lists(st.sampled_from(_HAPPENINGS), min_size=4, max_size=22))
@example(["turn", "many", "settle", "reader", "commit", "checkpoint", "turn", "vacuum", "turn"])
@example(["turn", "settle", "checkpoint", "checkpoint", "commit", "turn", "settle", "commit"])
@example(["many", "turn", "shrink", "vacuum", "many", "turn", "prove"])
@example(["turn", "commit", "away", "commit", "checkpoint", "commit", "back", "turn", "prove"])
def test_what_is_replayed_was_there(happenings: list[str]):
    with tempfile.TemporaryDirectory() as name:
        history = History(Path(name))
        try:
            for happening in happenings:
                history.do(happening)
            history.do("back")
            history.do("turn")
            for sequence in history.steps()[-4:]:
                # Each step is a state that somebody committed, none is a mixture.
                assert "\n".join(history.site.replayed_dump(sequence)) in history.seen
        finally:
            history.site.close()


def test_long_random_life(tmp_path: Path):
    chance = random.Random(7)
    history = History(tmp_path)
    for _ in range(120):
        history.do(chance.choice(_HAPPENINGS))
    history.do("back")
    history.do("turn")
    history.site.close()
