"""What is worth a second look, without a database."""

import pytest

from quenotte.care.chart.rules import hidden_successor, on_pontic, parse
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
