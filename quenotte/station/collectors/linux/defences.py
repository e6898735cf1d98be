"""What defends a Linux machine: antivirus, firewall."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from quenotte.devices.agents import credible
from quenotte.devices.agents.credible import NO_SUCH_THING, NOT_READABLE
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.guards import LINUX_PROCESSES
from quenotte.station.collectors.machines import Machine, NoProgram
from quenotte.station.collectors.programs import running

_CUT: Final = 15
_SIGNATURES: Final = tuple(f"/var/lib/clamav/daily.{one}" for one in ("cld", "cvd"))
_REFUSING: Final = frozenset({"drop", "reject"})
#: What a rule may hold beside its verdict and still apply to everything.
_HARMLESS: Final = frozenset({"counter", "log"})
_FAMILIES: Final = {"IPv4": frozenset({"ip", "inet"}), "IPv6": frozenset({"ip6", "inet"})}
#: Source: Documentation/networking, scope of /proc/net/if_inet6: 00 is global.
_GLOBAL: Final = "00"


def look_at_antivirus(machine: Machine, found: Gathering) -> None:
    """Tell what runs; that none of those we know runs is no proof that there is none."""
    # The kernel cuts the names of processes, psutil mends what it can of them.
    names = {name[:_CUT] for name in running(machine)}
    rows = [_product(machine, found, one) for one in LINUX_PROCESSES if one[:_CUT] in names]
    if rows:
        found.rows("antivirus.products", rows)
    else:
        found.tell("antivirus.products", NO_SUCH_THING)


def look_at_firewall(machine: Machine, found: Gathering) -> None:
    """Tell whether what nobody asked for is refused, for each family of addresses we have."""
    try:
        rows = _by_nft(machine)
    except NoProgram:
        rows = _by_iptables(machine)
    if rows is None:
        found.tell("firewall.profiles", NOT_READABLE)
    else:
        found.rows("firewall.profiles", rows)


def _product(machine: Machine, found: Gathering, process: str) -> dict[str, Any]:
    row: dict[str, Any] = {"name": LINUX_PROCESSES[process], "is_active": True}
    if process == "clamd":
        times = [at for path in _SIGNATURES if (at := _changed_at(machine, path))]
        told = credible.moment(max(times, default=None), seen_at=found.observed_at)
        row["signed_at"] = told.value
    return row


def _changed_at(machine: Machine, path: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(machine.place(path).stat().st_mtime, UTC)
    except OSError:
        return None


def _by_nft(machine: Machine) -> list[dict[str, Any]] | None:
    """Ask nftables, which also shows the rules of a modern iptables. Raises: NoProgram."""
    said = machine.run("nft", "--json", "list", "ruleset")
    if said.code != 0 or (machine.text("/proc/net/ip_tables_names") or "").strip():
        # Refused to us; or rules of the old kind stand beside, which it does not show.
        return _by_iptables(machine)
    listed = json.loads(said.out)["nftables"]
    chains = [one["chain"] for one in listed if one.get("chain", {}).get("hook") == "input"]
    rules = [one["rule"] for one in listed if "rule" in one]
    return _profiles(machine, {name: _is_on(chains, rules, of) for name, of in _FAMILIES.items()})


def _is_on(chains: Sequence[Any], rules: Sequence[Any], families: frozenset[str]) -> bool | None:
    """Tell whether a chain refuses the rest; None when none does and some have rules."""
    ours = [one for one in chains if one["family"] in families]
    if any(one.get("policy") == "drop" or _ends_refusing(one, rules) for one in ours):
        return True
    return None if any(_rules_of(one, rules) for one in ours) else False


def _rules_of(chain: Any, rules: Sequence[Any]) -> list[Any]:
    place = (chain["family"], chain["table"], chain["name"])
    return [one for one in rules if (one["family"], one["table"], one["chain"]) == place]


def _ends_refusing(chain: Any, rules: Sequence[Any]) -> bool:
    """Tell whether the last rule of a chain refuses whatever came so far."""
    last = _rules_of(chain, rules)[-1:]
    words = {name for rule in last for one in rule["expr"] for name in one}
    return not _REFUSING.isdisjoint(words) and words <= _REFUSING | _HARMLESS


def _by_iptables(machine: Machine) -> list[dict[str, Any]] | None:
    told: dict[str, bool | None] = {}
    for name, program in (("IPv4", "iptables"), ("IPv6", "ip6tables")):
        try:
            said = machine.run(program, "-S", "INPUT")
        except NoProgram:
            return None
        if said.code != 0:
            return None
        told[name] = _is_refusing(said.out.splitlines())
    return _profiles(machine, told)


def _is_refusing(lines: Sequence[str]) -> bool | None:
    """Tell whether a chain as iptables -S prints it refuses the rest; None when it may in part."""
    rules = [line for line in lines if line.startswith("-A ")]
    if any(line in {"-P INPUT DROP", "-P INPUT REJECT"} for line in lines):
        return True
    last = rules[-1].split() if rules else []
    if last[:3] == ["-A", "INPUT", "-j"] and last[3] in {"DROP", "REJECT"}:
        return True
    return None if rules else False


def _profiles(machine: Machine, told: dict[str, bool | None]) -> list[dict[str, Any]]:
    names = ["IPv4", *(["IPv6"] if _has_ipv6(machine) else [])]
    return [{"name": name, "is_on": told[name]} for name in names]


def _has_ipv6(machine: Machine) -> bool:
    """Tell whether the machine has an address that others of the Internet know it by."""
    return any(scope == _GLOBAL for scope in _scopes(machine))


def _scopes(machine: Machine) -> Iterator[str]:
    for line in (machine.text("/proc/net/if_inet6") or "").splitlines():
        fields = line.split()
        if len(fields) > 3 and not fields[0].startswith(("fe80", "fd", "fc")):
            yield fields[3]
