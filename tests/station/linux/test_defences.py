"""Updates, antivirus and firewall, as their programs tell them."""

import json
import os
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from quenotte.kernel.posture.facts import Unknown
from quenotte.station.collectors.linux import (
    defences,
    updates,
)
from quenotte.station.collectors.machines import Said
from tests.station.fakes import NOW, FakeMachine, counts, gathered

pytestmark = pytest.mark.one_engine


def _process(name: str, uid: int = 1000) -> Any:
    return SimpleNamespace(info={"name": name, "uids": SimpleNamespace(real=uid)})


def _running(*names: str) -> Any:
    return counts(process_iter=lambda _names: [_process(one) for one in names])


_APT = """\
Reading package lists...
Inst libssl3 [3.0.14-1] (3.0.17-1 Debian-Security:12/stable-security [amd64])
Inst base-files [12.4] (12.4+deb12u9 Debian:12.9/stable [amd64])
Inst openssl [3.0.14-1] (3.0.17-1 Debian:12.9/stable, Debian-Security:12/stable-security [amd64])
Inst linux-image-6.1.0-30-amd64 (6.1.124-1 Debian-Security:12/stable-security [amd64])
Conf libssl3 (3.0.17-1 Debian-Security:12/stable-security [amd64])
"""


def _debian(machine: FakeMachine, days: float = 1) -> None:
    machine.write("/var/lib/dpkg/status", "")
    place = machine.place("/var/lib/apt/lists")
    place.mkdir(parents=True, exist_ok=True)
    at = (NOW - timedelta(days=days)).timestamp()
    os.utime(place, (at, at))


def test_apt_says_what_is_missing(machine: FakeMachine) -> None:
    _debian(machine)
    machine.answers["apt-get --simulate"] = Said(0, _APT)
    found = gathered(updates.look_at_missing, machine)
    # A package that is new replaces nothing.
    assert found == {"updates.missing": 3, "updates.missing_security": 2}
    assert all(word != "update" for words in machine.asked for word in words)


def test_old_lists_prove_nothing(machine: FakeMachine) -> None:
    _debian(machine, days=20)
    found = gathered(updates.look_at_missing, machine)
    assert set(found.values()) == {Unknown.NOT_CREDIBLE}


def test_apt_that_fails_is_not_readable(machine: FakeMachine) -> None:
    _debian(machine)
    machine.answers["apt-get --simulate"] = Said(100, "")
    assert set(gathered(updates.look_at_missing, machine).values()) == {Unknown.NOT_READABLE}


_DNF = """\

openssl.x86_64                    1:3.0.7-28.el9_4            baseos
kernel.x86_64                     5.14.0-427.13.1.el9_4       baseos
Obsoleting Packages
openssl.x86_64                    1:3.0.7-28.el9_4            baseos
    openssl-old.x86_64            1:1.0                       @System
"""
_ADVICE = """\
RLSA-2024:2447 Moderate/Sec.  openssl-1:3.0.7-28.el9_4.x86_64
RLBA-2024:1111 bugfix         kernel-5.14.0-427.13.1.el9_4.x86_64
"""


def test_dnf_says_what_is_missing(machine: FakeMachine) -> None:
    place = machine.place("/var/cache/dnf")
    place.mkdir(parents=True)
    os.utime(place, (NOW.timestamp(), NOW.timestamp()))
    machine.answers["dnf -q -C check-update"] = Said(100, _DNF)
    machine.answers["dnf -q -C updateinfo"] = Said(0, _ADVICE)
    found = gathered(updates.look_at_missing, machine)
    assert found == {"updates.missing": 2, "updates.missing_security": 1}
    machine.answers["dnf -q -C check-update"] = Said(1, "")
    assert set(gathered(updates.look_at_missing, machine).values()) == {Unknown.NOT_READABLE}


@pytest.mark.parametrize(
    ("running", "kernels", "is_due"),
    [
        ("6.1.0-28-amd64", ("6.1.0-28-amd64",), False),
        ("6.1.0-28-amd64", ("6.1.0-28-amd64", "6.1.0-30-amd64"), True),
        ("6.1.0-28-amd64", ("6.1.0-28-amd64", "6.1.0-30-rt-arm64"), False),
        ("6.1.0-28-amd64", (), False),
    ],
)
def test_newer_kernel_waits_for_a_restart(
    machine: FakeMachine, running: str, kernels: tuple[str, ...], is_due: bool
) -> None:
    _debian(machine)
    machine.write("/proc/sys/kernel/osrelease", f"{running}\n")
    for one in kernels:
        machine.write(f"/boot/vmlinuz-{one}", "")
    machine.answers["apt-config"] = Said(0, 'APT::Periodic::Unattended-Upgrade "1";\n')
    found = gathered(updates.look_at_installed, machine)
    assert found["updates.reboot_pending"] is is_due
    assert found["updates.is_automatic"] is True
    machine.write("/run/reboot-required", "")
    assert gathered(updates.look_at_installed, machine)["updates.reboot_pending"] is True


def test_timer_of_dnf_makes_updates_automatic(machine: FakeMachine) -> None:
    machine.answers["systemctl is-enabled"] = Said(1, "disabled")
    assert gathered(updates.look_at_installed, machine)["updates.is_automatic"] is False
    machine.answers["systemctl is-enabled dnf5-automatic.timer"] = Said(0, "enabled")
    assert gathered(updates.look_at_installed, machine)["updates.is_automatic"] is True


def test_clamav_tells_how_old_its_signatures_are(machine: FakeMachine) -> None:
    machine.counts = _running("clamd", "bash")
    place = machine.write("/var/lib/clamav/daily.cld", "")
    os.utime(place, (NOW.timestamp() - 86400, NOW.timestamp() - 86400))
    (row,) = gathered(defences.look_at_antivirus, machine)["antivirus.products"]
    assert (row["name"], row["is_active"]) == ("ClamAV", True)
    assert row["signed_at"] == "2026-11-17T09:30:00Z"


def test_guard_with_a_long_name_is_known(machine: FakeMachine) -> None:
    machine.counts = _running("sentinelone-agent")
    (row,) = gathered(defences.look_at_antivirus, machine)["antivirus.products"]
    assert row["name"] == "SentinelOne"


def test_no_guard_that_we_know_proves_nothing(machine: FakeMachine) -> None:
    found = gathered(defences.look_at_antivirus, machine)
    assert found["antivirus.products"] is Unknown.NO_SUCH_THING


def _ruleset(*chains: dict[str, Any], rules: tuple[dict[str, Any], ...] = ()) -> Said:
    told = [
        {"metainfo": {}},
        *({"chain": one} for one in chains),
        *({"rule": one} for one in rules),
    ]
    return Said(0, json.dumps({"nftables": told}))


def _chain(policy: str = "accept", family: str = "inet", hook: str = "input") -> dict[str, Any]:
    return {"family": family, "table": "filter", "name": "c", "hook": hook, "policy": policy}


def _rule(*words: str, family: str = "inet") -> dict[str, Any]:
    expr = [{word: None} for word in words]
    return {"family": family, "table": "filter", "chain": "c", "expr": expr}


@pytest.mark.parametrize(
    ("said", "is_on"),
    [
        (_ruleset(_chain("drop")), True),
        (_ruleset(_chain("drop", "ip")), True),
        (_ruleset(_chain(), rules=(_rule("match", "accept"), _rule("counter", "reject"))), True),
        (_ruleset(_chain(), rules=(_rule("match", "drop"),)), None),
        (_ruleset(_chain()), False),
        (_ruleset(_chain("drop", hook="forward")), False),
        (_ruleset(), False),
    ],
)
def test_firewall_by_nftables(machine: FakeMachine, said: Said, is_on: bool | None) -> None:
    machine.answers["nft"] = said
    rows = gathered(defences.look_at_firewall, machine)["firewall.profiles"]
    assert rows == [{"name": "IPv4", "is_on": is_on}]


def test_ipv6_counts_where_others_reach_it(machine: FakeMachine) -> None:
    machine.answers["nft"] = _ruleset(_chain("drop", "ip"))
    machine.write("/proc/net/if_inet6", "fe80 02 40 20 80 eth0\n2001 02 40 00 80 eth0\n")
    rows = gathered(defences.look_at_firewall, machine)["firewall.profiles"]
    assert {row["name"]: row["is_on"] for row in rows} == {"IPv4": True, "IPv6": False}


@pytest.mark.parametrize(
    ("said", "is_on"),
    [
        ("-P INPUT DROP\n", True),
        ("-P INPUT ACCEPT\n", False),
        ("-P INPUT ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -j REJECT --reject-with x\n", True),
        ("-P INPUT ACCEPT\n-A INPUT -s 10.0.0.0/8 -j DROP\n", None),
    ],
)
def test_firewall_by_iptables(machine: FakeMachine, said: str, is_on: bool | None) -> None:
    machine.answers["iptables -S"] = Said(0, said)
    machine.answers["ip6tables -S"] = Said(0, "-P INPUT ACCEPT\n")
    rows = gathered(defences.look_at_firewall, machine)["firewall.profiles"]
    assert rows == [{"name": "IPv4", "is_on": is_on}]


def test_old_rules_beside_nftables_are_asked_too(machine: FakeMachine) -> None:
    machine.answers["nft"] = _ruleset()
    machine.answers["iptables -S"] = Said(0, "-P INPUT DROP\n")
    machine.answers["ip6tables -S"] = Said(0, "-P INPUT DROP\n")
    machine.write("/proc/net/ip_tables_names", "filter\n")
    rows = gathered(defences.look_at_firewall, machine)["firewall.profiles"]
    assert rows == [{"name": "IPv4", "is_on": True}]


@pytest.mark.parametrize("code", [1, 4])
def test_firewall_that_is_refused_or_absent_is_not_readable(
    machine: FakeMachine, code: int
) -> None:
    found = gathered(defences.look_at_firewall, machine)
    assert found["firewall.profiles"] is Unknown.NOT_READABLE
    machine.answers["nft"] = Said(code, "Operation not permitted")
    machine.answers["iptables -S"] = Said(code, "")
    machine.answers["ip6tables -S"] = Said(code, "")
    found = gathered(defences.look_at_firewall, machine)
    assert found["firewall.profiles"] is Unknown.NOT_READABLE
