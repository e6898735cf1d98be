"""The mouth is drawn as the dentist faces it."""

import re

from quenotte.web import samples
from quenotte.web.odontograms import Tooth, draw


def _place(svg: str, fdi: int) -> int:
    found = re.search(rf'<text x="(\d+)" y="\d+">{fdi}</text>', svg)
    assert found
    return int(found[1])


def test_patients_right_is_on_the_left() -> None:
    svg = draw(samples.adult_mouth(), "Schéma")
    assert _place(svg, 18) < _place(svg, 11) < _place(svg, 21) < _place(svg, 28)
    assert _place(svg, 48) < _place(svg, 41) < _place(svg, 31) < _place(svg, 38)


def test_each_tooth_says_its_number_and_state() -> None:
    svg = draw([Tooth(36, "missing", "absente")], "Schéma")
    assert "Dent 36\u00a0: absente</title>" in svg
    assert 'class="cross"' in svg
    assert 'tabindex="0"' in svg


def test_tooth_with_address_is_a_link() -> None:
    svg = draw([Tooth(16, "present", "présente", "/dents/16/")], "Schéma")
    assert '<a class="tooth tooth-present" href="/dents/16/"' in svg


def test_rows_without_tooth_take_no_room() -> None:
    adult = draw(samples.adult_mouth(), "Schéma")
    child = draw(samples.child_mouth(), "Schéma")
    assert 'viewBox="0 0 640 176"' in adult
    assert 'viewBox="0 0 640 352"' in child


def test_words_are_escaped_and_nothing_is_styled_inline() -> None:
    svg = draw([Tooth(11, "present", "<script>")], "Schéma")
    assert "<script>" not in svg
    assert "style=" not in svg
