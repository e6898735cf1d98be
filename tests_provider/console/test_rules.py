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
        ("Windows 10", [ByWords(("windows", "10"), "os.name")]),
        ("Agent silencieux", [ByRule("agent_silence", ("bad",))]),
        ("muette", [ByRule("silence", ("bad",))]),
        ("SANS ANTIVIRUS", [ByRule("antivirus_active", ("bad",))]),
        ("BitLocker", [ByRule("disks_encrypted", ("bad", "ok"))]),
        ("sans bitlocker", [ByRule("disks_encrypted", ("bad",))]),
        ("pare-feu arrêté", [ByRule("firewall_on", ("bad",))]),
        ("antivirus", [ByWords(("antivirus",))]),
        (
            "Windows 10, sans antivirus",
            [ByWords(("windows", "10"), "os.name"), ByRule("antivirus_active", ("bad",))],
        ),
        (
            "sans antivirus Nantes",
            [ByRule("antivirus_active", ("bad",)), ByWords(("nantes",))],
        ),
        ("AnyDesk, AnyDesk", [ByWords(("anydesk",))]),
        ("windows 11 pro", [ByWords(("windows", "11", "pro"), "os.name")]),
        ("Windows Server 2019", [ByWords(("windows", "server", "2019"), "os.name")]),
        (
            "windows 10 Nantes",
            [ByWords(("windows", "10"), "os.name"), ByWords(("nantes",))],
        ),
        ("windows", [ByWords(("windows",))]),
        ("Windows Defender", [ByWords(("windows", "defender"))]),
        ("windows sdk 10.0.22621", [ByWords(("windows", "sdk", "10.0.22621"))]),
        ("administrateur", [ByRule("admin_daily", ("bad",))]),
        ("administrateur-pc", [ByWords(("administrateur", "pc"))]),
        ("PC-MUET_2", [ByWords(("pc", "muet", "2"))]),
        (
            "administrateur-pc, sans pare-feu",
            [ByWords(("administrateur", "pc")), ByRule("firewall_on", ("bad",))],
        ),
        ("poste-windows 10", [ByWords(("poste", "windows", "10"))]),
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
