"""What can be charted: kinds, statuses, and one finding as a value."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final


class Kind(StrEnum):
    """What is said of teeth. Values are stored: never rename one."""

    # What somebody put in or did.
    FILLING = "filling"
    INLAY = "inlay"
    VENEER = "veneer"
    CROWN = "crown"
    POST = "post"
    BRIDGE = "bridge"
    IMPLANT = "implant"
    ENDODONTICS = "endodontics"
    EXTRACTION = "extraction"
    SEALANT = "sealant"
    SPLINT = "splint"
    PROSTHESIS = "prosthesis"
    REMOVAL = "removal"
    # What is wrong.
    CARIES = "caries"
    FRACTURE = "fracture"
    APICAL = "apical"
    # Where the tooth is.
    MOVED = "moved"
    ROTATED = "rotated"
    SUPERNUMERARY = "supernumerary"
    # Whether the tooth is there.
    PRESENT = "present"
    MISSING = "missing"
    AGENESIS = "agenesis"
    IMPACTED = "impacted"
    ROOT = "root"


class Status(StrEnum):
    """How far it has come. Values are stored: never rename one."""

    EXISTING = "existing"  # was there when the mouth was looked at
    PLANNED = "planned"
    DONE = "done"  # made here
    WATCH = "watch"
    REFERRED = "referred"  # asked of a colleague


class Presence(StrEnum):
    """Whether a tooth is in the mouth: it is in exactly one of these states."""

    PRESENT = "present"
    MISSING = "missing"
    AGENESIS = "agenesis"
    IMPACTED = "impacted"
    ROOT = "root"
    IMPLANT = "implant"


#: Findings that say whether the tooth is there, and what they say.
PRESENCE_OF: Final = {
    Kind.PRESENT: Presence.PRESENT,
    Kind.MISSING: Presence.MISSING,
    Kind.AGENESIS: Presence.AGENESIS,
    Kind.IMPACTED: Presence.IMPACTED,
    Kind.ROOT: Presence.ROOT,
}
#: Findings about several teeth as one thing; all others are one finding a tooth.
SPANS: Final = frozenset({Kind.BRIDGE, Kind.PROSTHESIS})
#: Works: somebody makes them; the others are seen.
WORKS: Final = frozenset(
    {
        Kind.FILLING,
        Kind.INLAY,
        Kind.VENEER,
        Kind.CROWN,
        Kind.POST,
        Kind.BRIDGE,
        Kind.IMPLANT,
        Kind.ENDODONTICS,
        Kind.EXTRACTION,
        Kind.SEALANT,
        Kind.SPLINT,
        Kind.PROSTHESIS,
        Kind.REMOVAL,
    }
)
#: Works that leave nothing in the mouth: they take something out of it.
TAKES_AWAY: Final = frozenset({Kind.EXTRACTION, Kind.REMOVAL})
#: Findings that may name surfaces; the others are of the whole tooth.
WITH_SURFACES: Final = frozenset(
    {Kind.FILLING, Kind.INLAY, Kind.VENEER, Kind.SEALANT, Kind.CARIES, Kind.FRACTURE}
)

#: Materials by kind, the usual one first. Values are stored: never rename one.
_RESTORING: Final = (
    "composite",
    "amalgam",
    "glass_ionomer",
    "ceramic",
    "gold",
    "metal",
    "temporary",
)
_CROWNING: Final = (
    "ceramic",
    "zirconia",
    "metal_ceramic",
    "metal",
    "gold",
    "resin",
    "steel",
    "temporary",
)
MATERIALS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.FILLING: _RESTORING,
    Kind.INLAY: ("ceramic", "composite", "gold", "metal"),
    Kind.VENEER: ("ceramic", "composite"),
    Kind.CROWN: _CROWNING,
    Kind.BRIDGE: _CROWNING,
    Kind.POST: ("cast", "fibre", "metal", "titanium"),
    Kind.IMPLANT: ("titanium", "zirconia"),
    Kind.SEALANT: ("resin", "glass_ionomer"),
    Kind.PROSTHESIS: ("resin", "metal", "flexible"),
}
#: Depths of a caries, from the surface to the pulp.
DEPTHS: Final = ("enamel", "dentine", "deep", "pulp")
ICDAS: Final = range(7)
#: Longest free words of a finding, in characters.
LONGEST_DETAIL: Final = 200


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing charted. ``teeth`` are FDI numbers; of a span, all that it covers, in order.

    ``surfaces`` is made of letters in the order M O I D V L R A: mesial, occlusal or incisal,
    distal, vestibular, lingual or palatal, root, apex. ``pontics`` are the teeth of a bridge
    that it replaces, all between its ends unless told; the others carry it. ``depth`` and
    ``icdas`` (0-6) belong to a caries.
    ``canals`` and ``canal_count`` belong to an endodontic treatment: those that are named (MV, MV2,
    DV, P, ML, D ...), and how many there are (1-6) when that was said.
    ``detail``: a few free words.
    """

    kind: Kind
    teeth: tuple[int, ...]
    surfaces: str = ""
    status: Status = Status.EXISTING
    material: str = ""
    detail: str = ""
    pontics: tuple[int, ...] = ()
    depth: str = ""
    icdas: int | None = None
    canals: tuple[str, ...] = ()
    canal_count: int | None = None

    @property
    def is_intended(self) -> bool:
        """Whether somebody means to do it: it does not stand in the mouth yet."""
        return self.kind in WORKS and self.status in {Status.PLANNED, Status.REFERRED}

    @property
    def pillars(self) -> tuple[int, ...]:
        """The teeth that carry a bridge."""
        return tuple(tooth for tooth in self.teeth if tooth not in self.pontics)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON can hold it, without what is empty."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in found.items()
            if value not in ("", (), None)
        }


# The same few hundred findings are charted in every mouth.
@lru_cache(maxsize=4096)
def finding_from(text: str) -> Finding:
    """Return the finding that a JSON text of ``Finding.plain`` holds."""
    return finding_of(json.loads(text))


def finding_of(plain: Mapping[str, Any]) -> Finding:
    """Return the finding that ``Finding.plain`` wrote."""
    return Finding(
        kind=Kind(plain["kind"]),
        teeth=tuple(plain["teeth"]),
        surfaces=plain.get("surfaces", ""),
        status=Status(plain["status"]),
        material=plain.get("material", ""),
        detail=plain.get("detail", ""),
        pontics=tuple(plain.get("pontics", ())),
        depth=plain.get("depth", ""),
        icdas=plain.get("icdas"),
        canals=tuple(plain.get("canals", ())),
        canal_count=plain.get("canal_count"),
    )
