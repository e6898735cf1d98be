"""What was keyed in: values of sites and teeth, and which values cannot be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Final

from quenotte.care.perio.rules.mouths import ENTRANCES, SITES, TEETH, Presence

#: Bounds of what can be measured, in mm: a probe ends at 15; overgrowth is a negative recession.
DEPTHS_MM: Final = (0, 15)
RECESSIONS_MM: Final = (-9, 15)
#: Furcation I to III (Hamp, Glickman), mobility 0 to 3 (Miller).
GRADES: Final = (0, 3)

SITE_NUMBERS: Final = {"depth": DEPTHS_MM, "recession": RECESSIONS_MM}
SITE_SIGNS: Final = ("bleeding", "plaque", "suppuration")
#: Most changes that one request may bring.
MOST_CHANGES: Final = 500


@dataclass(frozen=True, slots=True)
class SiteReading:
    """What was found at one site. Units: mm; a recession below zero is an overgrowth."""

    depth: int | None = None
    recession: int | None = None
    bleeding: bool = False
    plaque: bool = False
    suppuration: bool = False

    @property
    def attachment(self) -> int | None:
        """The clinical attachment level, in mm: depth plus recession, None unless both are known.

        A margin that nobody measured is not taken for zero: it would make a healthy mouth ill.
        """
        if self.depth is None or self.recession is None:
            return None
        return self.depth + self.recession

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found here."""
        return self == _NOTHING


_NOTHING: Final = SiteReading()


@dataclass(frozen=True, slots=True)
class ToothReading:
    """What was found of one tooth; ``furcation`` holds entrance -> grade."""

    presence: str = Presence.PRESENT
    mobility: int | None = None
    furcation: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Charting:
    """A whole examination. What is not in it was not measured; every tooth is there by default."""

    teeth: Mapping[int, ToothReading] = field(default_factory=dict)
    sites: Mapping[tuple[int, str], SiteReading] = field(default_factory=dict)

    def tooth(self, tooth: int) -> ToothReading:
        """Return what was found of a tooth (FDI number)."""
        return self.teeth.get(tooth, ToothReading())

    def site(self, tooth: int, site: str) -> SiteReading:
        """Return what was found at a site."""
        return self.sites.get((tooth, site), _NOTHING)

    def with_presence(self, *presences: Presence) -> list[int]:
        """Return the places that hold one of these, by FDI number."""
        return [one for one in sorted(TEETH) if self.tooth(one).presence in presences]

    @property
    def natural(self) -> list[int]:
        """The teeth that are there."""
        return self.with_presence(Presence.PRESENT)

    @property
    def probed(self) -> list[int]:
        """Teeth and implants: what a probe goes round."""
        return self.with_presence(Presence.PRESENT, Presence.IMPLANT)

    def readings(self, teeth: list[int]) -> Iterator[tuple[int, str, SiteReading]]:
        """Yield the six sites of each of these teeth."""
        return ((tooth, site, self.site(tooth, site)) for tooth in teeth for site in SITES)


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was keyed in. ``site`` is a site, an entrance of a furcation, or empty.

    ``was`` holds what this place may have held for who typed: what was there, and what she sent
    before without hearing an answer. None: nobody said.
    """

    tooth: int
    field: str
    value: Any
    site: str = ""
    was: tuple[Any, ...] | None = None


def change_of(raw: Any) -> Change | None:
    """Return the change that a browser sent as {tooth, site, field, value, was}, or None.

    ``was`` is a list, and may be left out. Only the form is read here: whether the value can be is
    ``refusal``'s.
    """
    if not isinstance(raw, dict):
        return None
    tooth, site = raw.get("tooth"), raw.get("site", "")
    name, value = raw.get("field"), raw.get("value")
    if type(tooth) is not int or tooth not in TEETH or not isinstance(name, str):
        return None
    if not isinstance(site, str) or not _is_a_value(value):
        return None
    was = raw.get("was")
    if was is not None and not (isinstance(was, list) and all(map(_is_a_value, was))):
        return None
    known = None if was is None else tuple(was)
    return Change(tooth, name, value, site, known) if _is_somewhere(name, site) else None


def _is_a_value(value: Any) -> bool:
    return isinstance(value, (int, str, type(None)))


def _is_somewhere(name: str, site: str) -> bool:
    if name in SITE_NUMBERS or name in SITE_SIGNS:
        return site in SITES
    if name == "furcation":
        return site in {"V", "L", "M", "D"}
    return name in {"mobility", "presence"} and site == ""


def refusal(change: Change, charting: Charting) -> str:
    """Return why a value cannot be, as a code; "" when it can. Erasing (None) always can."""
    if change.field == "presence":
        return "" if change.value in set(Presence) else "presence"
    if change.value is None:
        return ""
    presence = charting.tooth(change.tooth).presence
    if presence == Presence.MISSING:
        return "absent"
    if change.field in SITE_SIGNS:
        return "" if isinstance(change.value, bool) else "sign"
    if change.field == "furcation" and (
        presence == Presence.IMPLANT or change.site not in ENTRANCES.get(change.tooth, ())
    ):
        return "no_furcation"
    return _out_of_bounds(change)


def held(change: Change, charting: Charting) -> Any:
    """Return what the place of a change holds now, as ``Change.value`` says it."""
    if change.field in SITE_NUMBERS or change.field in SITE_SIGNS:
        return getattr(charting.site(change.tooth, change.site), change.field)
    known = charting.tooth(change.tooth)
    if change.field == "furcation":
        return known.furcation.get(change.site)
    return known.presence if change.field == "presence" else known.mobility


def is_overtaken(change: Change, charting: Charting) -> bool:
    """Tell whether the place holds what who typed did not know of: somebody else came first."""
    if change.was is None:
        return False
    return held(change, charting) not in (change.value, *change.was)


def _out_of_bounds(change: Change) -> str:
    low, high = SITE_NUMBERS.get(change.field, GRADES)
    is_number = type(change.value) is int
    return "" if is_number and low <= change.value <= high else change.field


def apply(change: Change, charting: Charting) -> Charting:
    """Return the examination with one more value; ``refusal`` was asked before."""
    if change.field in SITE_NUMBERS or change.field in SITE_SIGNS:
        value = change.value
        if change.field in SITE_SIGNS:
            value = bool(value)
        place = (change.tooth, change.site)
        found = replace(charting.site(*place), **{change.field: value})
        return replace(charting, sites={**charting.sites, place: found})
    known = charting.tooth(change.tooth)
    if change.field == "furcation":
        grades = {**known.furcation, change.site: change.value}
        kept = {where: grade for where, grade in grades.items() if grade is not None}
        known = replace(known, furcation=kept)
    else:
        known = replace(known, **{change.field: change.value})
    return replace(charting, teeth={**charting.teeth, change.tooth: known})
