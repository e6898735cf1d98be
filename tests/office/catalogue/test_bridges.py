"""A long bridge is the act of three elements and an act for each further pontic."""

import pytest

from quenotte.office.catalogue import rules
from tests.office.catalogue.test_rules import ACTS


@pytest.mark.parametrize(
    ("code", "teeth", "added"),
    [
        ("HBLD227", (14, 15, 16), []),
        ("HBLD227", (14, 15, 16, 17), [("HBMD479", 15)]),
        ("HBLD227", (17, 14, 16, 15, 13), [("HBMD479", 15), ("HBMD433", 14)]),
        (
            "HBLD785",
            (13, 12, 11, 21, 22, 23),
            [("HBMD479", 11), ("HBMD433", 21), ("HBMD072", 22)],
        ),
        ("HBLD033", (34, 35, 36, 37), [("HBMD490", 36)]),
        # In one piece of zirconia, by extension, glued, or no bridge at all: nothing is added.
        ("HBLD099", (34, 35, 36, 37), []),
        ("HBLD750", (34, 35, 36, 37), []),
        ("HBLD466", (13, 12, 11, 21), []),
        ("HBLD034", (13, 12, 11, 21), []),
        ("HBLD038", (14, 15, 16, 17), []),
    ],
)
def test_further_pontics_are_added(code, teeth, added):
    assert rules.complements(ACTS[code], teeth) == added
    for pontic, tooth in added:
        assert tooth in ACTS[pontic].allowed_teeth
