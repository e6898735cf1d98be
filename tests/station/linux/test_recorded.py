"""What real programs of Debian 12 said (nft 1.0.6, smartctl 7.3, upsc 2.8.0), as recorded."""

from pathlib import Path

import pytest

from quenotte.station.collectors.linux import defences, disks, power
from quenotte.station.collectors.machines import Said
from tests.station.fakes import FakeMachine, gathered

pytestmark = pytest.mark.one_engine

RECORDED = Path(__file__).parent / "recorded"


def _said(name: str, code: int = 0) -> Said:
    return Said(code, (RECORDED / name).read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "is_on"),
    [
        ("nothing", False),
        ("policy-drop", True),
        ("last-rejects", True),
        ("some-refused", None),
        ("forwards-alone", False),
    ],
)
def test_nft(machine: FakeMachine, name: str, is_on: bool | None) -> None:
    machine.answers["nft --json list ruleset"] = _said(f"nft-{name}.json")
    rows = gathered(defences.look_at_firewall, machine)["firewall.profiles"]
    assert rows == [{"name": "IPv4", "is_on": is_on}]


def test_smartctl_on_a_disk_without_it(machine: FakeMachine) -> None:
    machine.write("/sys/block/vda/size", "1000")
    machine.answers["smartctl --json --health /dev/vda"] = _said("smartctl-no-smart.json", 1)
    rows = gathered(disks.look_at_health, machine)["disks.health"]
    assert rows == [{"name": "vda", "is_healthy": None}]


def test_upsc(machine: FakeMachine) -> None:
    machine.answers["upsc -l"] = Said(0, "onduleur\n")
    machine.answers["upsc onduleur"] = _said("upsc-dummy.txt")
    (row,) = gathered(power.look_at_power, machine)["ups"]
    assert row == {
        "name": "Dummy Manufacturer Dummy UPS",
        "is_on_battery": False,
        "charge_pct": 97,
    }
