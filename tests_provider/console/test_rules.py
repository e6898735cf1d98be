"""What a technician types, understood."""

import pytest

from quenotte.kernel.posture.rules import RULES
from quenotte.provider.console import rules
from quenotte.provider.console.rules import ByRule, ByWords, conditions
from quenotte.provider.finder.rules import words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", []),
        (" , ,", []),
        ("Windows 10", [ByWords(("windows", "10"))]),
        ("Agent silencieux", [ByRule("agent_silence", ("bad",))]),
        ("muette", [ByRule("silence", ("bad",))]),
        ("SANS ANTIVIRUS", [ByRule("antivirus_active", ("bad",))]),
        ("BitLocker", [ByRule("disks_encrypted", ("bad", "ok"))]),
        ("sans bitlocker", [ByRule("disks_encrypted", ("bad",))]),
        ("pare-feu arrêté", [ByRule("firewall_on", ("bad",))]),
        ("antivirus", [ByWords(("antivirus",))]),
        (
            "Windows 10, sans antivirus",
            [ByWords(("windows", "10")), ByRule("antivirus_active", ("bad",))],
        ),
        (
            "sans antivirus Nantes",
            [ByRule("antivirus_active", ("bad",)), ByWords(("nantes",))],
        ),
        ("AnyDesk, AnyDesk", [ByWords(("anydesk",))]),
    ],
)
def test_words_are_understood(typed: str, expected: list[object]):
    assert conditions(typed) == expected


def test_bounded_whatever_is_typed():
    assert len(conditions("a," * 5_000)) <= 6
    assert sum(len(one.words) for one in conditions("x " * 5_000) if isinstance(one, ByWords)) <= 12


def test_each_saying_means_a_rule():
    known = {rule.key for rule in RULES} | {rules.SILENT, rules.AGENT_SILENT, rules.AGENT_LEFT}
    assert {rule for rule, _states in rules._SAYINGS.values()} <= known
    assert all(saying == " ".join(words(saying)) for saying in rules._SAYINGS)
