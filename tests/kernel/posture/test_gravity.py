"""The order among rules: whole, explicit, and in it what may be happening now comes first."""

import pytest

from quenotte.kernel.posture.gravity import GRAVITY, LAST, LEVELS, gravity
from quenotte.kernel.posture.rules import RULES


def test_every_rule_has_one_place():
    named = [rule for rules in GRAVITY for rule in rules]
    assert len(named) == len(set(named)) == len(LEVELS)
    assert {rule.key for rule in RULES} <= set(named)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("backup_anomaly", "backup_overdue"),
        ("backup_overdue", "backup_proven"),
        ("backup_proven", "remote_tools"),
        ("backup_anomaly", "silence"),
        ("antivirus_active", "remote_tools"),
        ("disk_health", "os_supported"),
        ("os_supported", "left_on"),
    ],
)
def test_graver_rules_come_first(first: str, then: str):
    assert gravity(first) < gravity(then)


def test_rule_of_another_release_comes_last():
    assert gravity("of_tomorrow") == LAST == max(LEVELS.values())
