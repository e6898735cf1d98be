"""Each calendar is read back by the library that telephones' servers use."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from quenotte.care.reminders.rules.calendars import Busy, drawn, summary

PARIS = ZoneInfo("Europe/Paris")


def busy(starts_at, **changes):
    values = {
        "uid": "1@quenotte",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "changed_at": datetime(2026, 3, 1, 8, tzinfo=UTC),
        "sequence": 1,
        "summary": "Rendez-vous",
    } | changes
    return Busy(**values)


def read(content):
    return Calendar.from_ical(content)


@pytest.mark.parametrize(
    "local",
    [
        datetime(2026, 3, 28, 9, 0),  # the day before the hour is skipped
        datetime(2026, 3, 29, 9, 0),
        datetime(2026, 10, 24, 9, 0),
        datetime(2026, 10, 25, 9, 0),  # the day on which an hour comes twice
        datetime(2028, 2, 29, 14, 30),
    ],
)
def test_times_come_back_as_they_were(local):
    instant = local.replace(tzinfo=PARIS)
    calendar = read(drawn("Agenda", [busy(instant.astimezone(UTC))], PARIS))
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("dtstart") == instant
    assert event.decoded("dtstart").astimezone(PARIS).replace(tzinfo=None) == local
    assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(minutes=30)
    assert event["dtstart"].params["TZID"] == "Europe/Paris"


def test_zone_is_described_with_both_of_its_hours():
    content = drawn("Agenda", [busy(datetime(2026, 3, 28, 9, tzinfo=PARIS))], PARIS)
    (zone,) = read(content).walk("VTIMEZONE")
    assert zone["TZID"] == "Europe/Paris"
    offsets = {it["TZOFFSETTO"].to_ical() for it in zone.subcomponents}
    assert offsets == {"+0100", "+0200"}


def test_standard_is_kept_to_the_letter():
    content = drawn("Agenda", [busy(datetime(2026, 3, 28, 9, tzinfo=PARIS))], PARIS)
    lines = content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert b"VERSION:2.0" in lines
    assert b"CLASS:PRIVATE" in lines
    assert all(len(line) <= 75 for line in lines)
    assert content.endswith(b"END:VCALENDAR\r\n")


def test_same_appointments_are_the_same_bytes():
    events = [busy(datetime(2026, 3, 28, 9, tzinfo=PARIS))]
    assert drawn("Agenda", events, PARIS) == drawn("Agenda", events, PARIS)


def test_empty_calendar_is_still_one():
    assert read(drawn("Agenda", [], PARIS)).walk("VEVENT") == []


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        ("busy", "Rendez-vous"),
        ("initials", "Rendez-vous M. D."),
        ("file_number", "Rendez-vous n° 12"),
    ],
)
def test_patient_is_named_only_as_asked(shown, words):
    assert summary(shown, first_name="Marie", last_name="Durand", file_number=12) == words


def test_injected_lines_stay_text():
    content = drawn(
        "Agenda", [busy(datetime(2026, 3, 28, 9, tzinfo=PARIS), summary="a\r\nEND:VEVENT")], PARIS
    )
    assert len(read(content).walk("VEVENT")) == 1
