"""The memento as data: six themes, each rule in one place, each item measured or asked."""

from collections import Counter

import pytest

from quenotte.kernel.memento.items import BY_KEY, CHARTER, ITEMS, SILENCE, Sheet, of_sheet, of_theme
from quenotte.kernel.posture.rules import RULES
from quenotte.kernel.posture.terms import Theme

_ASKED = {
    "processors": (Theme.LEGAL, Sheet.PRACTICE),
    "software_updates": (Theme.EQUIPMENT, Sheet.EQUIPMENT),
    "reporting": (Theme.INCIDENTS, Sheet.PRACTICE),
}


def test_each_rule_is_evidence_of_one_item_of_its_theme():
    used = Counter(rule for item in ITEMS for rule in item.rules)
    assert used == Counter([rule.key for rule in RULES] + [SILENCE, CHARTER])
    for rule in RULES:
        (item,) = (one for one in ITEMS if rule.key in one.rules)
        assert item.theme is rule.theme, rule.key


def test_each_item_is_measured_or_asked_and_has_a_key_of_its_own():
    assert len(BY_KEY) == len(ITEMS)
    assert [one.key for one in ITEMS if not one.rules and one.sheet is None] == []


@pytest.mark.parametrize("theme", Theme)
def test_each_theme_has_items(theme: Theme):
    assert len(of_theme(theme)) >= 6


def test_four_questionnaires_are_the_providers_and_one_the_practitioners():
    assert [one for one in Sheet if one.is_of_practice] == [Sheet.PRACTICE]
    asked = [item for sheet in Sheet for item in of_sheet(sheet)]
    assert {one.key for one in asked} == {one.key for one in ITEMS if one.sheet}
    assert all(of_sheet(sheet) for sheet in Sheet)


def test_what_the_memento_asks_of_others_than_the_provider_is_asked():
    """Contracts with all processors, updates of programs, the report and the complaint."""
    asked = {key: (BY_KEY[key].theme, BY_KEY[key].sheet) for key in _ASKED}
    assert asked == _ASKED
