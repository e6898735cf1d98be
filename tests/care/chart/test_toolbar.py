"""The bar offers all that can be charted, once, and keeps its digits and letters apart."""

from quenotte.care.chart import toolbar
from quenotte.care.chart.rules import Kind, Status
from quenotte.care.chart.rules.findings import SPANS, WORKS

TOOLS = toolbar.tools()


def test_each_kind_has_one_tool() -> None:
    assert sorted(tool.kind for tool in TOOLS) == sorted(kind.value for kind in Kind)


def test_digits_are_those_of_the_keyboard() -> None:
    assert [tool.digit for tool in TOOLS if tool.digit] == list(range(1, 10))


def test_what_is_seen_is_no_work_and_spans_cover_several_teeth() -> None:
    assert {tool.kind for tool in TOOLS if not tool.is_seen} == {kind.value for kind in WORKS}
    assert {tool.kind for tool in TOOLS if tool.scope == "span"} == {kind.value for kind in SPANS}


def test_each_status_has_a_letter_that_is_no_surface() -> None:
    assert set(toolbar.STATUS_KEYS) == set(Status)
    letters = set(toolbar.STATUS_KEYS.values())
    assert len(letters) == len(Status)
    assert not letters & set("MODVLPIE")
