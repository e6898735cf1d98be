"""A light tells the truth, or says that nobody feeds it."""

import pytest
from django.http import HttpRequest

from quenotte.web import lights
from quenotte.web.lights import Level, Light
from tests.web.conftest import rendered


def test_light_without_source_is_not_set_up(request_of: HttpRequest) -> None:
    assert {light.state.level for light in lights.lights_for(request_of)} == {Level.UNSET}
    assert rendered("{% lights %}", request_of).count("non configuré") == 6


def test_light_shows_what_its_source_says(request_of: HttpRequest) -> None:
    lights.register("backup", lambda request: Light(Level.DANGER, "aucune depuis 3 jours", "/s/"))
    html = rendered("{% lights %}", request_of)
    assert "aucune depuis 3 jours" in html
    assert 'href="/s/"' in html
    assert "light-danger" in html


def test_worst_of_what_several_rooms_say_of_one_light_is_shown(request_of: HttpRequest) -> None:
    lights.register("security", lambda request: Light(Level.UNSET, "aucun poste"))
    lights.register("security", lambda request: Light(Level.OK, "rien"))
    lights.register("security", lambda request: Light(Level.OK, "calme"))
    shown = {light.key: light.state.text for light in lights.lights_for(request_of)}
    assert shown["security"] == "rien"
    lights.register("security", lambda request: Light(Level.ATTENTION, "une clé à revoir"))
    shown = {light.key: light.state.text for light in lights.lights_for(request_of)}
    assert shown["security"] == "une clé à revoir"


def test_unknown_light_is_refused() -> None:
    with pytest.raises(ValueError, match="coffee"):
        lights.register("coffee", lambda request: Light(Level.OK, "chaud"))


def test_lights_without_request_draw_nothing() -> None:
    assert rendered("{% lights %}") == ""
