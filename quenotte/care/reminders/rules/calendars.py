"""A practitioner's appointments as a calendar that telephones read (iCalendar).

Source: RFC 5545; RFC 7986 (NAME, REFRESH-INTERVAL).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from quenotte.care.reminders.rules.states import Shown

#: What others may keep without asking again, and how often a good reader comes.
REFRESH: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Busy:
    """An appointment as a calendar shows it; half-open period, aware instants."""

    uid: str
    starts_at: datetime
    ends_at: datetime
    changed_at: datetime
    sequence: int
    summary: str


def summary(shown: str, *, first_name: str, last_name: str, file_number: int) -> str:
    """Return the words of an appointment; by default they say nothing of anybody."""
    if shown == Shown.INITIALS:
        return f"Rendez-vous {first_name[:1].upper()}. {last_name[:1].upper()}."
    if shown == Shown.FILE_NUMBER:
        return f"Rendez-vous n° {file_number}"
    return "Rendez-vous"


def drawn(name: str, events: Iterable[Busy], zone: ZoneInfo) -> bytes:
    """Return the calendar; the same appointments always give the same bytes.

    Times are local with the rules of their zone (VTIMEZONE), so that the nights on which the
    clock changes come out right everywhere.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Quenotte//Agenda//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    days: list[date] = []
    for busy in events:
        calendar.add_component(_event(busy, zone))
        days.append(busy.starts_at.date())
    if days:
        first, last = min(days), max(days)
        calendar.add_missing_timezones(
            first_date=date(first.year - 1, 1, 1), last_date=date(last.year + 2, 1, 1)
        )
    return calendar.to_ical()


def _event(busy: Busy, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("uid", busy.uid)
    # When it last changed, and not now: a calendar read twice must be the same bytes.
    event.add("dtstamp", busy.changed_at.astimezone(UTC))
    event.add("last-modified", busy.changed_at.astimezone(UTC))
    event.add("sequence", busy.sequence)
    event.add("dtstart", busy.starts_at.astimezone(zone))
    event.add("dtend", busy.ends_at.astimezone(zone))
    event.add("summary", busy.summary)
    event.add("class", "PRIVATE")
    event.add("transp", "OPAQUE")
    return event
