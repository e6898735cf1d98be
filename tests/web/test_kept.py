"""Pieces that are drawn once."""

import pytest
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


def test_answer_is_kept_for_a_while_and_asked_again(frozen_monotonic: list[float]) -> None:
    asked: list[str] = []

    def ask(key: str) -> int:
        asked.append(key)
        return len(asked)

    known = kept.ForAWhile(ask, seconds=30)
    assert [known("a"), known("a"), known("b")] == [1, 1, 2]
    frozen_monotonic[0] += 31
    assert known("a") == 3
    assert known.anew("a") == known("a") == 4


def test_answer_of_yesterday_is_given_while_another_asks(frozen_monotonic: list[float]) -> None:
    known: kept.ForAWhile[str, int]

    def ask(_key: str) -> int:
        # A second page comes while the first one asks.
        return known("a") + 1 if frozen_monotonic[0] else 1

    known = kept.ForAWhile(ask, seconds=30)
    assert known("a") == 1
    frozen_monotonic[0] += 31
    assert known("a") == 2


@pytest.fixture
def frozen_monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of this process, moved by hand."""
    now = [0.0]
    monkeypatch.setattr(kept, "monotonic", lambda: now[0])
    return now


def test_nothing_of_a_label_becomes_markup() -> None:
    assert "<b>" not in _rail("<b>")
