"""What the age makes doubtful, without a database."""

import pytest

from quenotte.care.chart.rules import Unlikely, doubt, parse, refuse_unlikely


@pytest.mark.parametrize(
    ("tooth", "age", "says"),
    [
        (55, 36, "La 55 est une dent de lait, et le patient a 36 ans : s’agit-il de la 15 ?"),
        (85, 60, "s’agit-il de la 45 ?"),
        (55, 14, ""),
        (17, 3, "La 17 est attendue vers 12 ans, et le patient en a 3."),
        (26, 3, "attendue vers 6 ans"),
        (38, 3, "attendue vers 20 ans"),
        (38, 13, ""),
        (16, 5, ""),
        (55, None, ""),
        (99, 36, ""),
    ],
)
def test_tooth_is_doubted_at_an_age(tooth, age, says):
    found = doubt(tooth, age)
    assert says in found
    assert bool(found) is bool(says)


@pytest.mark.parametrize(
    ("line", "age"), [("55 couronne", 36), ("17 couronne", 3), ("38 extraction", 3)]
)
def test_unlikely_tooth_is_to_be_noted_as_present_first(line, age):
    with pytest.raises(Unlikely, match=f"notez d’abord « {line[:2]} présente »"):
        refuse_unlikely(parse(line), age, ())
    refuse_unlikely(parse(line), age, {int(line[:2])})
    refuse_unlikely(parse(f"{line[:2]} présente ; {line}"), age, ())
    refuse_unlikely(parse(line), None, ())


def test_agenesis_is_noted_at_any_age():
    refuse_unlikely(parse("17 agénésie ; 55 absente"), 3, ())
