"""The living page renders every component."""

import json
import re
from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override


def test_kit_shows_every_component(client: Client) -> None:
    html = client.get(reverse("web:kit")).content.decode()
    for part in (
        "button-primary", "field-wrong", "banner tone-danger", "chip tone-attention", "badge",
        "<progress", "skeleton", "empty", "timeline-entry", "avatar", "details", "<kbd>",
        "breadcrumbs", "tabs", "pagination", "drawer", "<dialog", "dropzone", "odontogram",
        'role="combobox"', 'aria-sort="none"', "light-unset",
    ):  # fmt: skip
        assert part in html, part


def test_kit_has_no_inline_style_or_script(client: Client) -> None:
    html = client.get(reverse("web:kit")).content.decode()
    assert "style=" not in html
    assert "onclick" not in html
    assert "<script>" not in html


@pytest.mark.parametrize(
    ("typed", "found"),
    [("le", "LEBRETON Camille"), ("zz", "Aucun résultat"), ("", "Aucun résultat")],
)
def test_sample_search_answers_a_list(client: Client, typed: str, found: str) -> None:
    assert found in client.get(reverse("web:kit-search"), {"q": typed}).content.decode()


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_chosen_theme_is_in_the_first_byte(client: Client, theme: str) -> None:
    client.cookies["theme"] = theme
    html = client.get(reverse("web:kit")).content.decode()
    assert f'<html lang="fr" data-theme="{theme}">' in html


def test_forged_theme_is_ignored(client: Client) -> None:
    client.cookies["theme"] = "pink"
    assert '<html lang="fr">' in client.get(reverse("web:kit")).content.decode()


def test_french_page_carries_no_catalogue(client: Client) -> None:
    assert 'id="textes"' not in client.get(reverse("web:kit")).content.decode()


def test_english_page_carries_the_words_of_its_islands(client: Client) -> None:
    with override("en"):
        html = client.get(reverse("web:kit")).content.decode()
    assert '<html lang="en">' in html
    found = re.search(r'<script id="textes" type="application/json">(.*?)</script>', html)
    assert found is not None
    texts = json.loads(found[1])
    assert texts["Annuler"] == "Undo"
    assert texts["Brouillon enregistré à {time}"] == "Draft saved at {time}"


@pytest.mark.parametrize("code", ["400", "403", "404", "413", "423", "500", "503"])
def test_error_page_renders_without_any_context(code: str) -> None:
    from django.template.loader import render_to_string

    html = render_to_string(f"{code}.html")
    assert "Revenir à l’accueil" in html
    assert "variable inconnue" not in html


def test_incident_number_is_shown() -> None:
    from django.template.loader import render_to_string

    assert "A7-0042" in render_to_string("500.html", {"incident": "A7-0042"})


def test_missing_page_is_told_in_french(client: Client) -> None:
    answer = client.get("/nulle-part/")
    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert "n’existe pas" in answer.content.decode()


def test_sample_draft_is_kept_nowhere(client: Client) -> None:
    answer = client.post(reverse("web:kit-draft"), {"key": "kit-note", "text": "Vu."})
    assert answer.status_code == HTTPStatus.NO_CONTENT
    assert client.get(reverse("web:kit-draft")).status_code == HTTPStatus.METHOD_NOT_ALLOWED
