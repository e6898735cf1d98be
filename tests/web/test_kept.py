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
    lazily = translation.gettext_lazy("Patients")
    with translation.override("fr"):
        french = _rail(str(lazily))
    with translation.override("en"):
        english = kept.drawn("web/shell/rail.html", items=(), current="")
    assert 'aria-label="Rubriques"' in french
    assert 'aria-label="Rubriques"' not in english


def test_nothing_of_a_label_becomes_markup() -> None:
    assert "<b>" not in _rail("<b>")
