"""Upper rooms show panels on the pages of lower ones."""

from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString

from quenotte.web import panels
from tests.web.conftest import rendered


def _strip(request: HttpRequest, subject: Any) -> str:
    return SafeString(f"<b>{subject}</b>")


def _plain(request: HttpRequest, subject: Any) -> str:
    return "après"


def test_panels_are_drawn_in_order(request_of: HttpRequest) -> None:
    panels.register("patient", "main", 20, _plain)
    panels.register("patient", "main", 10, _strip)
    html = rendered('{% panels "patient" "main" subject %}', request_of, subject="Camille")
    assert html == "<b>Camille</b>\naprès"


def test_panels_of_another_slot_are_not_drawn(request_of: HttpRequest) -> None:
    panels.register("patient", "side", 10, _strip)
    assert rendered('{% panels "patient" "main" %}', request_of) == ""


def test_same_panel_registered_twice_is_drawn_once() -> None:
    panels.register("patient", "main", 10, _strip)
    panels.register("patient", "main", 10, _strip)
    assert [panel.render for panel in panels.panels_for("patient", "main")] == [_strip]
