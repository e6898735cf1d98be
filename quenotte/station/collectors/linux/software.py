"""Programs that people open on a Linux machine: not each of its packages."""

import re
from collections.abc import Iterator
from typing import Any, Final

from quenotte.devices.agents.credible import clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine, NoProgram

#: Only what the system offers to all: a shortcut in somebody's folder is named by her.
_LISTS: Final = "/var/lib/dpkg/info"
_SHORTCUT: Final = re.compile(r"^/usr/share/applications/[^/]+\.desktop$", re.MULTILINE)
_MOST: Final = 400
_ADDRESS: Final = re.compile(r"\s*<[^>]*>")
_STANZA: Final = re.compile(r"^(Package|Version|Maintainer|Status): (.*)$", re.MULTILINE)


def look_at_software(machine: Machine, found: Gathering) -> None:
    """Tell the programs with a shortcut for everybody, by their packages, and what snap holds."""
    packages = [*_debian(machine)] or [*_redhat(machine)]
    found.rows("software", [*packages, *_snaps(machine), *_flatpaks(machine)][:_MOST])


def _debian(machine: Machine) -> Iterator[dict[str, Any]]:
    shown = {_package(name) for name in machine.names(_LISTS) if _is_shown(machine, name)}
    # The file of all packages is longer than what is read of a file at once.
    if not shown:
        return
    said = machine.run(
        "dpkg-query",
        "-W",
        "-f",
        "Package: ${Package}\nVersion: ${Version}\nMaintainer: ${Maintainer}\n\n",
    )
    for stanza in said.out.split("\n\n"):
        told = dict(_STANZA.findall(stanza))
        if told.get("Package") in shown:
            yield _row(told["Package"], told.get("Version"), told.get("Maintainer"))


def _is_shown(machine: Machine, name: str) -> bool:
    return name.endswith(".list") and bool(_SHORTCUT.search(machine.text(f"{_LISTS}/{name}") or ""))


def _package(name: str) -> str:
    return name.removesuffix(".list").partition(":")[0]


def _redhat(machine: Machine) -> Iterator[dict[str, Any]]:
    files = machine.names("/usr/share/applications")
    try:
        said = machine.run(
            "rpm", "-qf", "--qf", "%{NAME}\t%{VERSION}\t%{VENDOR}\n",
            *(f"/usr/share/applications/{name}" for name in files if name.endswith(".desktop")),
        )  # fmt: skip
    except NoProgram:
        return
    for line in sorted(set(said.out.splitlines())):
        fields = line.split("\t")
        if len(fields) == 3:
            yield _row(*fields)


def _snaps(machine: Machine) -> Iterator[dict[str, Any]]:
    names = {name.split("_")[0] for name in machine.names("/var/lib/snapd/snaps")}
    return (_row(name, None, None) for name in sorted(names) if name and "." not in name)


def _flatpaks(machine: Machine) -> Iterator[dict[str, Any]]:
    return (_row(name, None, None) for name in machine.names("/var/lib/flatpak/app"))


def _row(name: str, version: str | None, maker: str | None) -> dict[str, Any]:
    return {
        "name": clean(name),
        "version": clean(version, most=60),
        "publisher": clean(_ADDRESS.sub("", maker or "")),
    }
