"""Which part of a fact is told: a list closed once more."""

from typing import Any

import pytest

from quenotte.kernel.memento.showing import FIELDS, value_of, values_of
from quenotte.kernel.posture.facts import KEYS, Fact, Kind, Source, Unknown
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.rules import RULES
from quenotte.kernel.posture.terms import State
from tests.kernel.memento.samples import NOW


def fact(key: str, value: Any, unknown: Unknown | None = None) -> Fact:
    return Fact(key, value, Source.STATION, NOW, unknown)


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("use.is_admin_daily", True, True),
        ("clock.offset_s", 12.0, 12),
        ("clock.offset_s", -0.1234, "-0.123"),
        ("updates.last_installed_at", "2026-03-01T00:00:00Z", "2026-03-01T00:00:00Z"),
        ("os.name", "Windows 11", "Windows 11"),
        ("machine.serial", "SN1", None),
        ("machine.name", "PC-DUPONT", None),
        ("nobody.knows", 1, None),
        ("software", [{"name": "a"}, {"name": "b"}], {"count": 2}),
        ("ports.open", [{"port": 22, "program": "Dupont", "address": "::"}], [{"port": 22}]),
        ("ports.open", [{"port": n} for n in range(65)], {"count": 65}),
        ("disks", [{"mount": "C:", "name": "Dupont"}], [{"mount": "C:"}]),
        ("disks", [{"mount": "/media/dupont"}], [{"mount": "—"}]),
        ("disks", [{"mount": None, "is_encrypted": None}], [{}]),
        ("remote.tools", [{"name": "AnyDesk", "id": "123"}], [{"name": "AnyDesk"}]),
    ],
)
def test_value(key: str, value: Any, told: Any):
    assert value_of(fact(key, value)) == told


def test_value_that_is_unknown_is_none():
    assert value_of(fact("disks", None, Unknown.NOT_READABLE)) is None


def test_rows_of_each_rule_are_told_by_named_fields_or_their_number():
    asked = {key for rule in RULES for key in (*rule.needs, *rule.also)}
    lists = {key for key in asked if KEYS[key] is Kind.ROWS}
    assert lists - set(FIELDS) == {"software"}


@pytest.mark.parametrize(
    ("rule", "names", "told"),
    [
        ("disks_encrypted", ["C:", "Dupont"], ["C:", "—"]),
        ("disk_space", ["/media/dupont"], ["—"]),
        ("disk_health", ["Dupont"], ["—"]),
        ("messengers", ["WhatsApp de Dupont", "autre"], ["WhatsApp"]),
        ("remote_tools", ["AnyDesk"], ["AnyDesk"]),
    ],
)
def test_names_of_a_verdict(rule: str, names: list[str], told: list[str]):
    verdict = Verdict(rule, State.BAD, "x", {"names": names, "hours": 3})
    assert values_of(verdict) == {"names": told, "hours": 3}
