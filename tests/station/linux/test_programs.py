"""Batteries, programs and ports."""

from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from quenotte.kernel.posture.facts import Unknown
from quenotte.station.collectors import programs
from quenotte.station.collectors.linux import (
    power,
    software,
)
from quenotte.station.collectors.machines import Said
from tests.station.fakes import FakeMachine, counts, gathered

pytestmark = pytest.mark.one_engine


def _process(name: str, uid: int = 1000) -> Any:
    return SimpleNamespace(info={"name": name, "uids": SimpleNamespace(real=uid)})


def _running(*names: str) -> Any:
    return counts(process_iter=lambda _names: [_process(one) for one in names])


_UPS = """\
battery.charge: 97
device.mfr: EATON
device.model: 3S 550
driver.parameter.port: auto
ups.status: OL CHRG
"""


@pytest.mark.parametrize(
    ("status", "is_on_battery"), [("OL CHRG", False), ("OB DISCHRG", True), ("", None)]
)
def test_battery_is_told_by_its_maker(
    machine: FakeMachine, status: str, is_on_battery: bool | None
) -> None:
    machine.answers["upsc -l"] = Said(0, "cabinet-dupont\n-bad\n")
    machine.answers["upsc cabinet-dupont"] = Said(0, _UPS.replace("OL CHRG", status))
    (row,) = gathered(power.look_at_power, machine)["ups"]
    assert row == {"name": "EATON 3S 550", "is_on_battery": is_on_battery, "charge_pct": 97}


def test_no_battery_that_nut_knows_proves_nothing(machine: FakeMachine) -> None:
    machine.answers["upsc -l"] = Said(1, "Error: Connection failure\n")
    assert gathered(power.look_at_power, machine)["ups"] is Unknown.NO_SUCH_THING


def test_programs_are_those_with_a_shortcut_for_everybody(machine: FakeMachine) -> None:
    machine.write(
        "/var/lib/dpkg/info/firefox-esr.list", "/usr\n/usr/share/applications/f.desktop\n"
    )
    machine.write("/var/lib/dpkg/info/libssl3:amd64.list", "/usr/lib/libssl.so\n")
    machine.write("/people/jeanne/.local/share/applications/dupont.desktop", "")
    machine.place("/var/lib/flatpak/app/io.github.whatsapp").mkdir(parents=True)
    machine.write("/var/lib/snapd/snaps/whatsapp-linux_12.snap", "")
    machine.answers["dpkg-query"] = Said(
        0,
        "Package: firefox-esr\nVersion: 140.4\nMaintainer: M. <m@example.org>\n\n"
        "Package: libssl3\nVersion: 3\nMaintainer: D\n\n",
    )
    rows = gathered(software.look_at_software, machine)["software"]
    assert {row["name"] for row in rows} == {"firefox-esr", "io.github.whatsapp", "whatsapp-linux"}
    (row,) = [one for one in rows if one["name"] == "firefox-esr"]
    assert (row["version"], row["publisher"]) == ("140.4", "M.")


def test_programs_of_red_hat(machine: FakeMachine) -> None:
    machine.write("/usr/share/applications/firefox.desktop", "")
    machine.answers["rpm -qf"] = Said(0, "firefox\t140.4\tRocky\nfirefox\t140.4\tRocky\nbad line\n")
    rows = gathered(software.look_at_software, machine)["software"]
    assert rows == [{"name": "firefox", "version": "140.4", "publisher": "Rocky"}]


def _listening(port: int, ip: str = "0.0.0.0", *, kind: int = 1, **others: Any) -> Any:
    return SimpleNamespace(
        laddr=SimpleNamespace(ip=ip, port=port),
        raddr=others.get("raddr"),
        status=others.get("status", psutil.CONN_LISTEN),
        type=kind,
        pid=others.get("pid", 7),
    )


def test_ports_are_told_by_programs_of_the_system_alone(machine: FakeMachine) -> None:
    paths = {7: "/usr/sbin/sshd", 8: "/people/jeanne/dupont-jeanne", 9: "C:\\Windows\\svchost.exe"}

    def process(pid: int) -> Any:
        if pid not in paths:
            raise psutil.AccessDenied(pid)
        return SimpleNamespace(exe=lambda: paths[pid])

    machine.counts = counts(
        Process=process,
        net_connections=lambda _kind: [
            _listening(22),
            _listening(22, "::"),
            _listening(4000, pid=8),
            _listening(445, pid=9),
            _listening(5000, pid=10),
            _listening(5001, pid=None),
            _listening(6000, "127.0.0.1"),
            _listening(6001, "::1"),
            _listening(51000),
            _listening(443, raddr=("9.9.9.9", 443)),
            _listening(7000, status="ESTABLISHED"),
            _listening(5353, kind=2, status="NONE"),
            _listening(40000, kind=2, status="NONE"),
        ],
    )
    rows = gathered(programs.look_at_ports, machine)["ports.open"]
    assert {(row["port"], row["program"]) for row in rows} == {
        (22, "sshd"),
        (445, "svchost.exe"),
        (4000, None),
        (5000, None),
        (5001, None),
        (5353, "sshd"),
    }


def test_tools_are_products_and_never_names_of_programs(machine: FakeMachine) -> None:
    machine.counts = _running("anydesk", "teamviewerd", "dupont-jeanne", "Xtigervnc")
    rows = gathered(programs.look_at_tools, machine)["remote.tools"]
    assert {row["name"] for row in rows} == {"AnyDesk", "TeamViewer"}
