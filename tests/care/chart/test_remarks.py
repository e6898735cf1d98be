"""What is worth a second look, without a database."""

import pytest

from quenotte.care.chart.rules import (
    fallen_bridges,
    hidden_successor,
    implant_again,
    on_pontic,
    parse,
)
from tests.care.chart.charts import mouth_after


@pytest.mark.parametrize(
    ("lines", "line", "is_told"),
    [
        (["14-16 bridge"], "à faire 15 couronne", True),
        (["à faire 14-16 bridge"], "15 couronne", True),
        (["14-16 bridge"], "à faire 16 couronne", False),
        (["14-16 bridge", "à faire 15 implant"], "à faire 15 couronne", False),
        (["14-16 bridge"], "à faire 15 extraction", False),
        ([], "à faire 15 couronne", False),
    ],
)
def test_crown_on_a_pontic_is_remarked(lines, line, is_told):
    [finding] = parse(line)
    told = on_pontic(mouth_after(*lines), finding)
    assert bool(told) is is_told
    assert ("bridge 16-14" in told) is is_told


@pytest.mark.parametrize(
    ("lines", "tooth", "age", "is_told"),
    [
        (["75 couronne faite"], 75, 41, True),
        (["75 couronne faite", "35 présente"], 75, 41, False),
        (["75 couronne faite"], 75, 9, False),
        (["75 couronne faite"], 75, None, False),
        (["75 couronne faite"], 35, 41, False),
        ([], 75, 41, False),
    ],
)
def test_primary_tooth_that_hides_a_permanent_one_is_told(lines, tooth, age, is_told):
    told = hidden_successor(mouth_after(*lines), tooth, age)
    assert ("à la place de la 35" in told) is is_told


@pytest.mark.parametrize(
    ("lines", "line", "is_told"),
    [
        (["24 implant"], "à faire 24 implant", True),
        (["24 implant"], "24 implant", False),
        (["24 absente"], "à faire 24 implant", False),
        ([], "à faire 24 implant", False),
    ],
)
def test_implant_planned_on_an_implant_is_remarked(lines, line, is_told):
    [finding] = parse(line)
    told = implant_again(mouth_after(*lines), finding)
    assert ("La 24 a déjà un implant" in told) is is_told


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("22 extraction faite", ["Le bridge 12-22 tombe avec son pilier."]),
        ("12 absente", ["Le bridge 12-22 tombe avec son pilier."]),
        ("22 extraction", []),
        ("22 dépose faite", []),
        ("12-22 bridge zircone", []),
        ("23 extraction faite", []),
    ],
)
def test_bridge_that_falls_with_its_pillar_is_told(line, told):
    before, after = mouth_after("12-22 bridge"), mouth_after("12-22 bridge", line)
    assert fallen_bridges(before, after, parse(line)) == told
