"""Pieces that are drawn once."""

import re

from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import SafeString

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


def test_a_place_is_filled_each_time_and_nothing_of_it_is_kept() -> None:
    first = kept.drawn("care/desk/_of_patient.html", fill={"patient_id": "<1>"}, may_call=True)
    second = kept.drawn("care/desk/_of_patient.html", fill={"patient_id": "2"}, may_call=True)
    assert first.count("patient=&lt;1&gt;#") == second.count("patient=2#") == 2
    assert "1" not in second.partition("<p")[0]


def test_what_fills_a_place_is_no_place_itself(rf: RequestFactory) -> None:
    request = rf.get("/")
    piece = kept.drawn_form(
        "care/chart/_note_form.html",
        request,
        fill={"write_url": "/x/", "draft_key": "k", "text": "\ue000who\ue001", "who": "Ada"},
        label="Note",
        error="",
    )
    assert "Sera datée et signée Ada." in piece
    assert ">\ue000who\ue001</textarea>" in piece


def test_each_request_gets_a_token_of_its_own(rf: RequestFactory) -> None:
    pages = [
        kept.drawn_form("care/chart/_note_form.html", rf.get("/"), label="Note", error="")
        for _ in range(2)
    ]
    tokens = {token for page in pages for token in re.findall(r'value="(\w{64})"', page)}
    assert len(tokens) == 2


def test_what_is_equal_but_of_another_kind_is_drawn_apart() -> None:
    assert "<b>Images</b>" not in kept.drawn(
        "care/desk/_badge.html", words="<b>Images</b>", count=1, due=0
    )
    assert "<b>Images</b>" in kept.drawn(
        "care/desk/_badge.html", words=SafeString("<b>Images</b>"), count=1, due=0
    )
