"""Each code of the rules has words of the practice."""

import pytest

from quenotte.kernel.posture.rules import RULES
from quenotte.kernel.posture.terms import Subject
from quenotte.upkeep.workstations import wording

MACHINES = [rule for rule in RULES if rule.subject is not Subject.PRACTICE]
FAULTS = [
    (rule.key, reason)
    for rule in MACHINES
    for reason in rule.reasons
    if reason not in {"ok", "ends_soon"}
]
VALUES = {
    "days": 45, "hours": 9, "number": 4, "names": ["C:"], "name": "Windows 10", "after_s": 1800,
    "ends_on": "2025-10-14", "ports": [5900], "charge_pct": 20,
    "last_seen_at": "2026-03-17T08:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "reason"), FAULTS)
def test_fault_says_what_is_wrong_why_it_matters_and_what_to_do(rule: str, reason: str):
    words = wording.words_of(rule, "bad", reason, VALUES)
    assert all((words.title, words.what, words.why, words.do, words.who, words.soon))
    assert "{" not in words.what
    assert "—" not in words.what


@pytest.mark.parametrize("rule", [rule.key for rule in MACHINES] + ["silence"])
def test_rule_has_a_name_and_says_when_all_is_well(rule: str):
    assert wording.title(rule) != rule
    assert wording.words_of(rule, "ok", "ok", VALUES).do == ""


def test_what_is_unknown_says_why():
    assert "pas pu" in wording.words_of("firewall_on", "unknown", "not_readable", {}).what
    assert "arrêté" in wording.words_of("left_on", "unknown", "unheard", {}).what


def test_code_of_another_release_says_itself():
    assert wording.words_of("of_tomorrow", "bad", "new", {}).what == "of_tomorrow.new"
    assert wording.state_word("new") == "new"
