from datetime import date, timedelta

import pytest

from quenotte.care.prosthetics import rules
from quenotte.care.prosthetics.rules import Alarm, Status

TODAY = date(2026, 3, 17)


def day(days):
    return None if days is None else TODAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("status", "due", "fitting", "expected"),
    [
        ("sent", None, 3, None),
        ("sent", None, 2, Alarm("danger", 2)),
        ("to_send", None, 0, Alarm("danger", 0)),
        ("redo", 5, -1, Alarm("danger", -1)),
        ("sent", -1, 9, Alarm("attention", -1)),
        ("sent", 0, None, None),
        ("sent", None, None, None),
        ("received", -9, 0, None),
        ("fitted", -9, -9, None),
        ("cancelled", -9, 0, None),
    ],
)
def test_work_that_should_be_back_is_told(status, due, fitting, expected):
    assert rules.alarm(status, day(due), day(fitting), TODAY, days_before=2) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("16 26", [16, 26]),
        ("16,26;16-27", [16, 26, 27]),
        ("couronne", None),
        ("116", None),
        ("99", [99]),
    ],
)
def test_teeth_are_read(text, expected):
    assert rules.teeth_from(text) == expected


def test_wrong_teeth_are_named():
    assert rules.wrong_teeth([16, 99, 55, 56]) == [99, 56]


@pytest.mark.parametrize(
    ("kind", "status", "has_one", "expected"),
    [
        ("crown", "fitted", False, True),
        ("crown", "fitted", True, False),
        ("crown", "received", False, False),
        ("repair", "fitted", False, False),
    ],
)
def test_made_to_measure_wants_its_declaration(kind, status, has_one, expected):
    assert rules.lacks_conformity(kind, status, has_declaration=has_one) is expected


def test_each_status_leads_somewhere_that_is_said():
    for status in Status:
        assert status.value in rules.STATUSES
        assert {one.value for one in rules.next_steps(status)} <= rules.STEPS.keys()
        assert rules.TONES[status.value]
    assert rules.next_steps("cancelled") == ()


@pytest.mark.parametrize(
    ("written", "held"),
    [
        ("", ""),
        ("to_send", "to_send"),
        ("to_send sent received", "to_send sent received"),
        ("to_send sent received sent", "to_send sent"),
        ("to_send sent received sent to_send", "to_send"),
        ("to_send sent received sent received", "to_send sent received"),
        ("to_send sent received tried sent", "to_send sent received tried sent"),
        ("to_send sent received fitted redo fitted received", "to_send sent received"),
    ],
)
def test_steps_taken_back_are_told_from_steps_forward(written, held):
    assert rules.way_so_far(written.split()) == held.split()


def test_shades_are_those_of_the_guides():
    assert len(rules.VITA_CLASSICAL) == 16
    assert len(set(rules.VITA_MASTER)) == 29
