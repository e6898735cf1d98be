"""What is kept of a finding between two looks."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from quenotte.kernel.posture import remembering
from quenotte.kernel.posture.facts import Fact, Source
from quenotte.kernel.posture.hysteresis import Event, Memory
from quenotte.kernel.posture.judging import Dissent, Verdict
from quenotte.kernel.posture.noting import note
from quenotte.kernel.posture.terms import Severity, State

NOW = datetime(2026, 3, 17, 9, 30, tzinfo=UTC)
FACT = Fact("disks", [{"mount": "C:"}], Source.STATION, NOW)
BAD = Verdict(
    "disks_encrypted",
    State.BAD,
    "plain",
    {"names": ["C:"]},
    (FACT,),
    (Dissent(Source.GLPI, NOW, State.OK, "ok"),),
)
GOOD = Verdict("disks_encrypted", State.OK, "ok")


def found() -> Any:
    return SimpleNamespace(
        state="", reason="", values={}, memory={}, is_open=False, evidence=[], dissent=[]
    )


def test_finding_opens_with_its_evidence_and_closes():
    kept = found()
    assert note(kept, BAD, NOW) == (Event.OPENED, True)
    assert (kept.state, kept.since, kept.opened_at) == ("bad", NOW, NOW)
    assert kept.severity is Severity.IMPORTANT
    assert kept.evidence[0]["source"] == "station"
    assert kept.dissent[0]["state"] == "ok"
    later = NOW + timedelta(hours=1)
    assert note(kept, GOOD, later) == (Event.CLOSED, True)
    assert (kept.since, kept.opened_at) == (later, None)


def test_what_says_the_same_again_is_nothing_new():
    kept = found()
    note(kept, GOOD, NOW)
    before = dict(vars(kept))
    assert note(kept, GOOD, NOW + timedelta(hours=1)) == (None, False)
    assert vars(kept) == before


def test_memory_comes_back_as_it_was_written():
    memory = Memory(
        is_open=True, bad_run=3, bad_since=NOW, flips=(NOW,), told_unstable_at=NOW, last_at=NOW
    )
    assert remembering.read(remembering.written(memory, NOW)) == memory
    assert remembering.written(Memory(good_run=9, last_at=NOW), NOW) == {"good_run": 1}
