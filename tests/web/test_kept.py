"""Pieces that are drawn once."""

from django.utils import translation

from quenotte.web import kept
from quenotte.web.navigation import NavItem


def _rail(label: str) -> str:
    item = NavItem("kit", label, "eye", "web:kit", "anything", 1)
    return kept.drawn("web/shell/rail.html", items=(item,), current="kit")


def test_what_differs_is_drawn_apart() -> None:
    assert "Images" in _rail("Images")
    assert "Finances" in _rail("Finances")


def test_each_language_is_kept_apart() -> None:
    with translation.override("fr"):
        french = kept.drawn("care/patients/_search_box.html")
    with translation.override("en"):
        english = kept.drawn("care/patients/_search_box.html")
    assert "Nom, naissance" in french
    assert "Nom, naissance" not in english


def test_nothing_of_a_label_becomes_markup() -> None:
    assert "<b>" not in _rail("<b>")
