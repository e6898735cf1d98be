"""One reader of teeth and surfaces for all the lines that are typed."""

import pytest

from quenotte.kernel.typed_teeth import surfaces_in, teeth_in


@pytest.mark.parametrize(
    ("word", "teeth"),
    [
        ("16", [16]),
        ("16,", [16]),
        ("14,16", [14, 16]),
        ("14+16/26", [14, 16, 26]),
        ("14-16", [14, 15, 16]),
        ("16-14", [16, 15, 14]),
        ("12-22", [12, 11, 21, 22]),
        ("53-51", [53, 52, 51]),
        ("36-16", [36, 16]),
        ("11-13-15", [11, 13, 15]),
        ("19", []),
        ("16,99", []),
        ("160", []),
        ("16a", []),
        ("", []),
    ],
)
def test_teeth_of_a_word(word: str, teeth: list[int]) -> None:
    assert teeth_in(word) == teeth


@pytest.mark.parametrize(
    ("word", "surfaces"),
    [("MOD", "MOD"), ("vp", "VP"), ("o", "O"), ("MM", ""), ("MODVLP", ""), ("MODx", ""), ("", "")],
)
def test_surfaces_of_a_word(word: str, surfaces: str) -> None:
    assert surfaces_in(word) == surfaces
