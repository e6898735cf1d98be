"""Updates of Linux: what is missing, by apt or dnf; what was installed last; who restarts."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_CREDIBLE, NOT_READABLE, Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.station.collectors.machines import Machine, NoProgram

#: Seconds: apt computes for half a minute on a busy machine.
_PATIENCE_S: Final = 240.0
#: Lists that were fetched longer ago say nothing of what is missing today.
_LISTS: Final = timedelta(days=8)
_LISTS_AT: Final = ("/var/lib/apt/periodic/update-success-stamp", "/var/lib/apt/lists")
_DNF_CACHE: Final = ("/var/cache/dnf", "/var/cache/libdnf5")
_INSTALLED: Final = ("/var/lib/dpkg/status", "/var/lib/rpm/rpmdb.sqlite", "/var/lib/rpm/Packages")
#: « Inst openssl [3.0.1] (3.0.2 Debian-Security:12/stable-security [amd64]) »
_INST: Final = re.compile(r"^Inst (\S+) \[[^\]]*\] \((.*)\)", re.MULTILINE)
_SECURITY: Final = re.compile(r"-security\b", re.IGNORECASE)
#: « openssl.x86_64   1:3.0.7-24.el9   baseos »
_CHECK: Final = re.compile(r"^(\S+\.\S+)\s+\S+\s+\S+\s*$", re.MULTILINE)
_ADVISED: Final = re.compile(r"^\S+\s+\S*(?:Sec\.|[Ss]ecurity)\S*\s+(\S+)", re.MULTILINE)
_KERNEL: Final = re.compile(r"vmlinuz-(\d[\w.+~-]*)")
#: dnf answers so when something is missing.
_DNF_MISSING: Final = 100


def look_at_missing(machine: Machine, found: Gathering) -> None:
    """Tell how many updates are missing, by the lists of the machine: none is fetched."""
    look = _apt if _is_debian(machine) else _dnf
    missing, security = look(machine, found.observed_at)
    found.tell("updates.missing", missing)
    found.tell("updates.missing_security", security)


def look_at_installed(machine: Machine, found: Gathering) -> None:
    """Tell when packages were changed last, whether by themselves, and whether a restart waits."""
    times = [at for path in _INSTALLED if (at := _changed_at(machine, path))]
    told = credible.moment(max(times), seen_at=found.observed_at) if times else NO_SUCH_THING
    found.tell("updates.last_installed_at", told)
    found.tell("updates.reboot_pending", Told(_is_restart_due(machine)))
    found.tell("updates.is_automatic", _is_automatic(machine))


def _apt(machine: Machine, now: datetime) -> tuple[Told, Told]:
    fetched = [at for path in _LISTS_AT if (at := _changed_at(machine, path))]
    if not fetched or now - max(fetched) > _LISTS:
        return NOT_CREDIBLE, NOT_CREDIBLE
    said = machine.run(
        "apt-get", "--simulate", "-o", "Debug::NoLocking=1", "dist-upgrade", timeout_s=_PATIENCE_S
    )
    if said.code != 0:
        return NOT_READABLE, NOT_READABLE
    origins = dict(_INST.findall(said.out))
    security = sum(bool(_SECURITY.search(origin)) for origin in origins.values())
    return Told(len(origins)), Told(security)


def _dnf(machine: Machine, now: datetime) -> tuple[Told, Told]:
    fetched = [at for path in _DNF_CACHE if (at := _changed_at(machine, path))]
    if not fetched or now - max(fetched) > _LISTS:
        return NOT_CREDIBLE, NOT_CREDIBLE
    said = machine.run("dnf", "-q", "-C", "check-update", timeout_s=_PATIENCE_S)
    if said.code not in {0, _DNF_MISSING}:
        return NOT_READABLE, NOT_READABLE
    # What it says of packages that replace others comes after, and names them again.
    names = set(_CHECK.findall(said.out.split("Obsoleting Packages")[0]))
    advised = machine.run(
        "dnf", "-q", "-C", "updateinfo", "list", "--updates", timeout_s=_PATIENCE_S
    )
    if advised.code != 0:
        return Told(len(names)), NOT_READABLE
    return Told(len(names)), Told(len(set(_ADVISED.findall(advised.out))))


def _is_debian(machine: Machine) -> bool:
    return machine.place("/var/lib/dpkg/status").exists()


def _changed_at(machine: Machine, path: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(machine.place(path).stat().st_mtime, UTC)
    except OSError:
        return None


def _is_restart_due(machine: Machine) -> bool:
    """Tell whether a restart is asked for, or a newer kernel waits than the one that runs."""
    if machine.text("/run/reboot-required") is not None:
        return True
    running = (machine.text("/proc/sys/kernel/osrelease") or "").strip()
    flavour = _flavour(running)
    newest = max(
        (_numbers(one) for one in _kernels(machine) if _flavour(one) == flavour), default=()
    )
    return bool(running) and newest > _numbers(running)


def _kernels(machine: Machine) -> Iterator[str]:
    """Yield the versions of the kernels that can be started."""
    for name in machine.names("/boot"):
        if told := _KERNEL.fullmatch(name):
            yield told[1]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"\d+", version))


def _flavour(version: str) -> str:
    """Return what tells a line of kernels from another: « amd64 », « generic », « x86_64 »."""
    return re.split(r"[.-]", version)[-1]


def _is_automatic(machine: Machine) -> Told:
    if _is_debian(machine):
        try:
            said = machine.run("apt-config", "dump", "APT::Periodic::Unattended-Upgrade")
        except NoProgram:
            return NOT_READABLE
        return Told(bool(re.search(r'"[1-9]\d*"|"always"', said.out)))
    for unit in ("dnf-automatic.timer", "dnf-automatic-install.timer", "dnf5-automatic.timer"):
        if machine.run("systemctl", "is-enabled", unit).code == 0:
            return Told(True)
    return Told(False)
