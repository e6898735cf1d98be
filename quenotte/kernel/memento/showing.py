"""Which part of a fact goes into a dossier that is handed out: a list that is closed once more.

Facts hold texts that makers chose, and a volume or a program may still be named after a person. Who
reads a dossier needs none of these: what is measured, and for a few keys the name of the product.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from quenotte.kernel.posture.facts import KEYS, Fact, Kind
from quenotte.kernel.posture.judging import Verdict

#: Texts that stand alone.
_TEXTS: Final = frozenset({"os.family", "os.name", "os.version", "os.build"})
#: What is told of the rows of a key; a list is told by its length alone when its key is missing.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "antivirus.products": ("name", "is_active", "is_fresh", "version", "signed_at"),
    "firewall.profiles": ("name", "is_on"),
    "disks": ("mount", "total_mib", "free_mib", "is_encrypted", "is_system"),
    "disks.health": ("is_healthy",),
    "remote.tools": ("name",),
    "ports.open": ("port",),
    "ups": ("is_on_battery", "charge_pct"),
    "backup.medium": ("is_plugged", "since", "seen_at"),
}
#: Rows of a list beyond which only their number is told.
_MOST: Final = 64
#: Letters of volumes and the folders that every system has: no one's name.
_MOUNT: Final = re.compile(r"[A-Za-z]:\\?|/|/(?:boot|boot/efi|home|var|srv|usr|opt|tmp)")
_MESSENGER: Final = re.compile(r"whatsapp", re.IGNORECASE)
_OTHER: Final = "—"


def value_of(fact: Fact) -> Any:
    """Return what a dossier tells of the value of a fact; None when it is unknown or not told."""
    kind = KEYS.get(fact.key)
    if fact.unknown is not None or kind is None:
        return None
    if kind is Kind.ROWS:
        return _rows(fact.key, fact.value)
    if kind is Kind.TEXT and fact.key not in _TEXTS:
        return None
    return _plain(fact.value)


def values_of(verdict: Verdict) -> dict[str, Any]:
    """Return the figures of a verdict, with the names that may be told and no others."""
    told = {name: _plain(one) for name, one in verdict.values.items() if name != "names"}
    if "names" in verdict.values:
        told["names"] = _names(verdict.rule, verdict.values["names"])
    return told


def _rows(key: str, rows: list[dict[str, Any]]) -> Any:
    fields = FIELDS.get(key)
    if fields is None or len(rows) > _MOST:
        return {"count": len(rows)}
    told = [{name: _cell(name, row.get(name)) for name in fields} for row in rows]
    return [{name: one for name, one in row.items() if one is not None} for row in told]


def _cell(name: str, given: Any) -> Any:
    return _mount(given) if name == "mount" and given is not None else _plain(given)


def _names(rule: str, names: list[str]) -> list[str]:
    if rule in {"disks_encrypted", "disk_space"}:
        return [_mount(one) for one in names]
    if rule == "disk_health":
        return [_OTHER for _one in names]
    if rule == "messengers":
        return sorted({found[0] for one in names if (found := _MESSENGER.search(one))})
    return [str(one) for one in names]


def _mount(given: Any) -> str:
    return given if isinstance(given, str) and _MOUNT.fullmatch(given) else _OTHER


def _plain(given: Any) -> Any:
    """Return a value that is written in one way: a number with a point becomes a text."""
    if isinstance(given, float):
        return int(given) if given.is_integer() else f"{given:.3f}"
    return [_plain(one) for one in given] if isinstance(given, list | tuple) else given
