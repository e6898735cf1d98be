"""Several rooms tell one story."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest

from quenotte.web import timeline
from quenotte.web.timeline import Entry
from tests.web.conftest import rendered

NOON = datetime(2026, 3, 17, 12, tzinfo=UTC)


def _entry(hours: int, kind: str) -> Entry:
    return Entry(NOON - timedelta(hours=hours), kind, "image", f"{kind} {hours}")


def _notes(
    request: HttpRequest, subject: Any, limit: int, before: datetime | None
) -> Iterable[Entry]:
    return [
        entry for entry in (_entry(1, "note"), _entry(3, "note")) if not before or entry.at < before
    ]


def _pictures(
    request: HttpRequest, subject: Any, limit: int, before: datetime | None
) -> Iterable[Entry]:
    return [entry for entry in (_entry(2, "picture"),) if not before or entry.at < before]


def test_entries_of_all_sources_are_newest_first(request_of: HttpRequest) -> None:
    timeline.register_source(_notes)
    timeline.register_source(_pictures)
    timeline.register_source(_pictures)
    told = [entry.title for entry in timeline.entries_for(request_of, "patient")]
    assert told == ["note 1", "picture 2", "note 3"]


def test_entries_stop_at_the_limit(request_of: HttpRequest) -> None:
    timeline.register_source(_notes)
    timeline.register_source(_pictures)
    assert len(timeline.entries_for(request_of, "patient", limit=2)) == 2


def test_entry_that_covers_another_of_its_moment_is_told_alone(request_of: HttpRequest) -> None:
    note, later = _entry(1, "note"), _entry(0, "note")
    entries = [replace(one, object_id="n1") for one in (later, note)]
    visit = replace(_entry(1, "visit"), covers="n1")
    timeline.register_source(lambda *_: entries)
    timeline.register_source(lambda *_: [visit, _entry(1, "picture")])
    told = [entry.title for entry in timeline.entries_for(request_of, "patient")]
    assert told == ["note 0", "visit 1", "picture 1"]


def test_next_page_starts_before_the_last_entry(request_of: HttpRequest) -> None:
    timeline.register_source(_notes)
    timeline.register_source(_pictures)
    told = timeline.entries_for(request_of, "patient", before=NOON - timedelta(hours=2))
    assert [entry.title for entry in told] == ["note 3"]


def test_timeline_tag_shows_author_and_link() -> None:
    entry = Entry(NOON, "note", "sticky-note", "Note", "Texte", "/n/1", "Dr Alice Martin", "n1")
    html = rendered('{% timeline entries more="/suite" %}', entries=[entry])
    assert 'href="/n/1"' in html
    assert "Dr Alice Martin" in html
    assert 'hx-get="/suite"' in html
    assert 'data-object="n1"' in html


@pytest.mark.parametrize(
    ("text", "drawn"),
    [
        ("<b>16</b> & 17", "&lt;b&gt;16&lt;/b&gt; &amp; 17"),
        ("<i>\n17", "&lt;i&gt;<br>17"),
        ("16\r\n17\r18", "16<br>17<br>18"),
    ],
)
def test_timeline_tag_escapes_a_text_and_keeps_its_lines(text: str, drawn: str) -> None:
    entry = Entry(NOON, "note", "sticky-note", "Note", text)
    html = rendered("{% timeline entries %}", entries=[entry])
    assert f'<p class="timeline-text">{drawn}</p>' in html
