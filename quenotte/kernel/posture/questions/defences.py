"""Questions about what defends a machine: antivirus, firewall, encryption, its maker's support."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.knowing import LENIENCE
from quenotte.kernel.posture.questions.asked import Asked
from quenotte.kernel.posture.support import release_of
from quenotte.kernel.posture.terms import Outcome, bad, ok, unknown
from quenotte.kernel.posture.values import moment_of

#: From when on the end of a system is told, while it is still mended.
_SOON: Final = timedelta(days=120)


def is_any_active(asked: Asked) -> Outcome:
    """Tell whether one antivirus at least is active: the others of a machine sleep for it.

    A Windows server has no list to read them from, so that an empty one proves nothing there.
    """
    products = asked.needed[0]
    if active := _names(products, "is_active", True):
        return ok(names=active)
    if products and all(row.get("is_active") is False for row in products):
        return bad("inactive", names=_names(products, "is_active", False))
    is_proof = not products and not asked.also["machine.is_server"]
    return bad("none") if is_proof else unknown(Unknown.NOT_READABLE)


def is_any_fresh(asked: Asked) -> Outcome:
    """Tell whether an active antivirus is up to date; the limit is the age of its signatures.

    Signatures of a day that is still to come prove nothing: a clock was wrong, or somebody lies.
    """
    active = [row for row in asked.needed[0] if row.get("is_active")]
    told = [_is_fresh(row, asked) for row in active]
    if any(told):
        return ok()
    if not active:
        return unknown(Unknown.NO_SUCH_THING)
    if None in told:
        is_ahead = any(_is_ahead(row, asked) for row in active)
        return unknown(Unknown.NOT_CREDIBLE if is_ahead else Unknown.NOT_READABLE)
    return bad("stale", names=[row.get("name") for row in active])


def is_all_on(asked: Asked) -> Outcome:
    """Tell whether the firewall is on for every kind of network."""
    profiles = asked.needed[0]
    if off := _names(profiles, "is_on", False):
        return bad("off", names=off)
    is_told = profiles and all(row.get("is_on") for row in profiles)
    return ok() if is_told else unknown(Unknown.NOT_READABLE)


def is_all_encrypted(asked: Asked) -> Outcome:
    """Tell whether every disk is encrypted."""
    disks = asked.needed[0]
    if plain := [_place(row) for row in disks if row.get("is_encrypted") is False]:
        return bad("plain", names=plain)
    is_told = disks and all(row.get("is_encrypted") for row in disks)
    return ok() if is_told else unknown(Unknown.NOT_READABLE)


def is_supported(asked: Asked) -> Outcome:
    """Tell whether the maker still mends the system. The end is told some months before."""
    family, name, version = asked.needed
    release = release_of(family, name, version, asked.also["os.build"])
    if release is None:
        return unknown(Unknown.NOT_LISTED)
    told = {"name": name, "ends_on": release.ends_on.isoformat()}
    left = release.ends_on - asked.around.now.date()
    if left < timedelta():
        return bad("ended" if release.is_announced else "probably_ended", **told)
    return ok("ends_soon" if left <= _SOON else "ok", **told)


def _is_fresh(row: dict[str, Any], asked: Asked) -> bool | None:
    if row.get("is_fresh") is not None or row.get("signed_at") is None:
        return row.get("is_fresh")
    if _is_ahead(row, asked):
        return None
    assert isinstance(asked.limit, timedelta)
    return asked.around.now - moment_of(row["signed_at"]) <= asked.limit


def _is_ahead(row: dict[str, Any], asked: Asked) -> bool:
    signed_at = row.get("signed_at")
    is_asked = row.get("is_fresh") is None and signed_at is not None
    return is_asked and moment_of(str(signed_at)) - asked.around.now > LENIENCE


def _names(rows: Iterable[dict[str, Any]], field: str, value: bool) -> list[str]:
    return [row.get("name") or "" for row in rows if row.get(field) is value]


def _place(row: dict[str, Any]) -> str:
    return row.get("mount") or row.get("name") or ""
