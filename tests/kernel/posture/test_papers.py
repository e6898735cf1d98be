"""Rules about what a practice bought: ended, ending, too few."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from quenotte.kernel.posture.gravity import LEVELS
from quenotte.kernel.posture.questions.asked import Asked, Circumstances
from quenotte.kernel.posture.rules import ALL, BY_KEY, OF_PAPERS, PAPERS, RULES
from quenotte.kernel.posture.terms import Outcome, Severity, State

NOW = datetime(2026, 3, 17, 9, tzinfo=UTC)


def licence(name: str = "Vision", **told: Any) -> dict[str, Any]:
    return {"name": name, "seats": None, "used": None, "ends_on": None, **told}


def asked(rule: str, *rows: dict[str, Any]) -> Outcome:
    one = ALL[rule]
    return one.ask(Asked((rows,), Circumstances(NOW), one.limit))


@pytest.mark.parametrize(
    ("ends_on", "ended", "ending"),
    [
        ("2026-03-16", "bad", "ok"),
        # Its last day is one on which it holds.
        ("2026-03-17", "ok", "bad"),
        ("2026-04-16", "ok", "bad"),
        ("2026-04-17", "ok", "ok"),
        (None, "ok", "ok"),
    ],
)
def test_end_is_told_thirty_days_before_and_after_it(ends_on: str | None, ended: str, ending: str):
    row = licence(ends_on=ends_on)
    assert asked("licence_ended", row).state == ended
    assert asked("licence_ending", row).state == ending


@pytest.mark.parametrize(
    ("seats", "used", "state"),
    [(5, 6, "bad"), (5, 5, "ok"), (None, 6, "ok"), (5, None, "ok")],
)
def test_more_machines_than_it_is_for_are_told(seats: int | None, used: int | None, state: str):
    assert asked("licence_seats", licence(seats=seats, used=used)).state == state


def test_licence_that_ended_is_told_once():
    row = licence(seats=1, used=2, ends_on="2026-01-01")
    assert asked("licence_seats", row).state is State.OK
    assert asked("licence_ended", row).state is State.BAD


def test_verdict_names_the_licences_and_what_is_said_of_each():
    rows = [
        licence("Compta", ends_on="2026-02-01"),
        licence("Antivirus", ends_on="2026-01-01"),
        licence("Vision", ends_on="2027-01-01", seats=2, used=3),
    ]
    found = asked("licence_ended", *rows)
    assert (found.reason, found.values) == (
        "ended",
        {
            "names": ["Antivirus", "Compta"],
            "licences": {
                "Antivirus": {"ends_on": "2026-01-01"},
                "Compta": {"ends_on": "2026-02-01"},
            },
        },
    )
    assert asked("licence_seats", *rows).values == {
        "names": ["Vision"], "licences": {"Vision": {"used": 3, "seats": 2}},
    }  # fmt: skip


def test_rules_of_papers_are_data_like_the_others():
    assert OF_PAPERS.isdisjoint(BY_KEY)
    assert len(ALL) == len(RULES) + len(PAPERS)
    for rule in PAPERS:
        assert rule.key in LEVELS
        assert rule.severity in {Severity.IMPORTANT, Severity.NOTICE}
        # They need no fact: nobody but who looks after the papers asks them.
        assert not rule.needs
        assert asked(rule.key).state is State.OK
    assert ALL["licence_ending"].limit == timedelta(days=30)
