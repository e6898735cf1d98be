"""A picture drawn small."""

from datetime import UTC, datetime
from typing import Any

import pytest

from quenotte.web.thumbnails import Thumbnail
from tests.web.conftest import rendered

LATE = datetime(2026, 4, 2, 23, 30, tzinfo=UTC)


def _thumbnail(**said: Any) -> Thumbnail:
    known = {"id": "p1", "url": "/v/p1/", "src": "/s/p1/", "alt": "Panoramique", "taken_at": LATE}
    return Thumbnail(**{**known, **said})


def _drawn(picture: Thumbnail, tag: str = "{% thumb picture %}") -> str:
    return rendered(tag, picture=picture)


def test_thumbnail_leads_to_its_viewer() -> None:
    html = _drawn(_thumbnail(teeth="36, 37"))
    assert html.startswith('<a class="thumbnail" href="/v/p1/" data-viewer data-picture="p1"')
    assert '<img src="/s/p1/" alt="Panoramique"' in html
    assert "36, 37" in html


def test_who_may_not_open_it_gets_no_link() -> None:
    html = _drawn(_thumbnail(), "{% thumb picture may_open=False %}")
    assert html.startswith('<div class="thumbnail" data-picture="p1">')
    assert "href" not in html


def test_day_is_read_in_the_time_of_the_practice() -> None:
    assert "03/04/26" in _drawn(_thumbnail())


def test_picture_that_is_coming_says_so() -> None:
    html = _drawn(_thumbnail(src="", is_coming=True))
    assert 'class="thumbnail thumbnail-coming"' in html
    assert "Panoramique, vignette en cours" in html


def test_picture_that_cannot_be_drawn_is_named() -> None:
    html = _drawn(_thumbnail(src=""))
    assert "thumbnail-coming" not in html
    assert 'aria-label="Panoramique"' in html


@pytest.mark.parametrize("field", ["alt", "teeth", "url", "src", "id"])
def test_nothing_of_a_device_becomes_markup(field: str) -> None:
    assert "<script>" not in _drawn(_thumbnail(**{field: '"><script>'}))
