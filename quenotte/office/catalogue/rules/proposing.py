"""From a few words and a tooth to the acts that answer: « couronne 16 », « endo 36 nécrosée ».

The tooth decides what the nomenclature allows, the baskets decide the order: what leaves the
patient nothing to pay stands first.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from quenotte.kernel.names import fold
from quenotte.kernel.teeth import is_primary
from quenotte.kernel.typed_teeth import UNITS, surfaces_in, teeth_in
from quenotte.office.catalogue.rules.acts import BASKETS, ActFacts
from quenotte.office.catalogue.rules.bridges import complements
from quenotte.office.catalogue.rules.checking import pontics
from quenotte.office.catalogue.rules.places import TEETH, kind_fr

_BASKET_ORDER: Final = {"rac0": 0, "modere": 1, "libre": 2, "hors_panier": 3, "": 4}
#: In one basket, what is seen less stands first.
_MATERIAL_ORDER: Final = {"metal_ceramic": 1, "metal": 2, "gold": 3}
#: A bridge of more elements needs further pillars between its ends.
_MOST_ELEMENTS: Final = 6
_COUNT: Final = re.compile(r"(\d) ?(?:faces?|f|angles?)\b")
_NOT_TEETH: Final = re.compile(rf"\b\d\d? ?(?:{'|'.join(sorted(UNITS))})\b")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, understood: folded words, teeth, surfaces and what was said of them."""

    words: tuple[str, ...]
    teeth: tuple[int, ...] = ()
    faces: int = 0
    angles: int = 0
    surfaces: str = ""

    def says(self, *beginnings: str) -> bool:
        """Tell whether one of the words begins so."""
        return any(word.startswith(beginnings) for word in self.words)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An act that answers, on which teeth, and why; ``left_cents`` is left to the patient."""

    act: ActFacts
    teeth: tuple[int, ...]
    surfaces: str
    reason: str
    left_cents: int | None = None


def understand(text: str, teeth: Sequence[int] = ()) -> Asked:
    """Read « 2 faces 24 », « composite 16 MOD », « couronne zircone 36 »; never refuses.

    ``teeth`` are those that the page already knows; what is typed wins.
    """
    plain = _NOT_TEETH.sub(" ", fold(text))
    faces, angles = _counted(plain)
    words = _COUNT.sub(" ", plain).split()
    typed = [tooth for word in words if word.isdigit() for tooth in teeth_in(word)]
    letters = next((word for word in words if _is_surfaces(word, text)), "")
    left = [word for word in words if not word.isdigit() and word != letters]
    return Asked(
        words=tuple(left),
        teeth=tuple(dict.fromkeys(typed)) or tuple(dict.fromkeys(teeth)),
        faces=faces or len(set(letters)),
        angles=angles,
        surfaces=letters.upper(),
    )


def _counted(plain: str) -> tuple[int, int]:
    match = _COUNT.search(plain)
    if match is None:
        return 0, 0
    count = int(match[1])
    return (0, count) if "angle" in match[0] else (count, 0)


def _is_surfaces(word: str, text: str) -> bool:
    """A single letter of a surface is written as a capital."""
    letters = surfaces_in(word)
    return len(letters) > 1 or (letters != "" and letters in text.split())


def propose(acts: Iterable[ActFacts], asked: Asked, permille: int) -> list[Proposal]:
    """Return the acts that answer, the first being the likeliest; none when no word is known.

    Units: ``permille`` is the usual share of the Assurance Maladie, in thousandths.
    Source: CCAM, sections 07.02 (sectors, numbers of surfaces and of teeth); annex V of the 2018
    convention (baskets).
    """
    if asked.says(*_ELSEWHERE):
        return []
    topic = next((one for one in _TOPICS if asked.says(*one.beginnings)), None)
    if topic is None and (asked.faces or asked.angles) and not asked.words:
        topic = _FILLING
    if topic is None:
        return []
    found = [one for one in acts if topic.takes(one, asked) and fits(one, asked)]
    found.sort(key=lambda one: (*topic.order(one, asked), one.code))
    return [proposal(one, asked, permille) for one in found]


def wants_crown(asked: Asked) -> bool:
    """Tell whether a crown is to be made, not taken off or mended."""
    return asked.says("couronne", "cour") and not asked.says(*_ELSEWHERE)


def fits(act: ActFacts, asked: Asked) -> bool:
    """Tell whether the teeth and their number allow the act; anything does where none is said."""
    if not asked.teeth or not act.is_by_teeth:
        return True
    if not act.allowed_teeth.issuperset(asked.teeth):
        return False
    if act.area == "teeth" and act.count and len(asked.teeth) not in act.count:
        return _is_base_of(act, asked.teeth)
    return not act.note.startswith("pontic_") or _replaces(act, asked.teeth)


def _is_base_of(act: ActFacts, teeth: Sequence[int]) -> bool:
    """Tell whether a longer bridge is billed from this one, its other elements being added."""
    is_base = act.charts_as == "bridge" and act.count is not None and act.count.most == 3
    is_whole = is_base and "extension" not in act.label and len(teeth) > 3
    return is_whole and (not act.note.startswith("pontic_") or _replaces(act, teeth))


def _replaces(act: ActFacts, teeth: Sequence[int]) -> bool:
    is_incisor = any(tooth in TEETH["incisor_permanent"] for tooth in pontics(teeth))
    return is_incisor == (act.note == "pontic_incisor")


@dataclass(frozen=True, slots=True)
class _Topic:
    """A thing that people ask for: the words that begin so, the acts that answer, their order."""

    beginnings: tuple[str, ...]
    takes: Callable[[ActFacts, Asked], bool]
    order: Callable[[ActFacts, Asked], tuple[int, ...]]


def _by_basket(act: ActFacts, asked: Asked) -> tuple[int, ...]:
    material = _MATERIAL_ORDER.get(act.material, 0)
    return (_BASKET_ORDER[act.basket], material, -_named(act, asked))


def _bridge_order(act: ActFacts, asked: Asked) -> tuple[int, ...]:
    """What covers all the teeth first: an act of three elements alone is none for eight."""
    return (int(_is_too_short(act, asked.teeth)), *_by_basket(act, asked))


def _is_too_short(act: ActFacts, teeth: Sequence[int]) -> bool:
    is_longer = act.area == "teeth" and act.count is not None and len(teeth) > 0
    return is_longer and len(teeth) not in (act.count or ()) and not complements(act, teeth)


def _as_listed(act: ActFacts, _asked: Asked) -> tuple[int, ...]:
    return (act.tariff_cents if act.tariff_cents is not None else 10**9,)


def _named(act: ActFacts, asked: Asked) -> int:
    """Return how many of the words name something of the act: « zircone », « emax »."""
    known = fold(f"{act.label} {act.words}").split()
    return sum(any(each.startswith(word) for each in known) for word in asked.words)


def _material(act: ActFacts, asked: Asked) -> bool:
    """Tell whether an act is of the material that was named, if one was."""
    wanted = _material_said(asked)
    return not wanted or act.material == wanted


def _material_said(asked: Asked) -> str:
    """Return the material that was named, nothing when none was.

    « Céramo » alone or with « métallique » is ceramic on metal.
    """
    if "ceramo" in asked.words and not asked.says("zircon", "cerami"):
        return "metal_ceramic"
    return next((named for words, named in _MATERIALS if asked.says(*words)), "")


#: Only the crown of the pulp is taken: of a primary tooth, or of an immature permanent one.
_PULPOTOMY: Final = ("pulpotom", "biopulpotom", "cvek", "apexogen")
_MATERIALS: Final = (
    (("zircon",), "zirconia"),
    (("ccm", "ceramometal"), "metal_ceramic"),
    (("emax", "ceram", "disilic"), "ceramic"),
    (("metal", "coule", "stellite", "chassis"), "metal"),
    (("resine",), "resin"),
    (("or", "precieu"), "gold"),
)


def _is_crown(act: ActFacts, asked: Asked) -> bool:
    is_crown = act.family == "crown" and act.charts_as == "crown"
    is_other = act.material == "temporary" or act.code == "HBLD418"
    return is_crown and not is_other and _material(act, asked)


def _is_inlay(act: ActFacts, asked: Asked) -> bool:
    """Tell whether an act is an inlay of what was named: two codes share all the materials."""
    if act.charts_as != "inlay":
        return False
    if asked.says("compo", "metal", "resine"):
        return act.material == "composite"
    if _material_said(asked):
        return act.material == "ceramic"
    return True


def _is_filling(act: ActFacts, asked: Asked) -> bool:
    if act.charts_as != "filling":
        return False
    angles = sum(f"{count} angle" in act.label for count in (1, 2))
    if asked.angles:
        return f"{asked.angles} angle" in act.label
    if asked.faces:
        return act.faces is not None and asked.faces in act.faces
    # An angle is only said of a front tooth, and only when it is broken.
    return not angles or bool(asked.teeth)


def _is_endodontics(act: ActFacts, asked: Asked) -> bool:
    if asked.says(*_PULPOTOMY):
        return act.code in {"HBFD006", "HBFD032"}
    if asked.says("retrait", "rte", "desobtur", "reprise"):
        return act.family == "endodontics" and (
            "retraitement" in act.words or "nécros" in act.label
        )
    plain = act.family == "endodontics" and act.charts_as == "endodontics"
    if not plain or "apexification" in act.words or "immature" in act.label:
        return False
    if asked.says("necros", "mort", "infect"):
        return "nécros" in act.label
    if asked.says("vivant", "pulpect", "biopulp", "devital"):
        return "vivante" in act.label
    return True


def _endodontics_order(act: ActFacts, _asked: Asked) -> tuple[int, ...]:
    sorts = ("vivante", "nécros", "Pulpotomie")
    return (next((at for at, word in enumerate(sorts) if word in act.label), len(sorts)),)


def _is_extraction(act: ActFacts, asked: Asked) -> bool:
    if act.family != "extraction" or not act.is_by_teeth:
        return False
    primary = bool(asked.teeth) and is_primary(asked.teeth[0])
    if asked.says("inclus", "retenu", "germe"):
        return "inclus" in act.label
    if asked.says("racine"):
        return "racine" in act.label
    if asked.says("chirurg", "alveol"):
        return "alvéol" in act.label or "séparation" in act.label
    return primary or act.code != "HBGD016"


def _extraction_order(act: ActFacts, _asked: Asked) -> tuple[int, ...]:
    sorts = ("alvéol", "séparation", "muqueuse", "ankylosée", "incluse", "racine incluse")
    return (max((at + 1 for at, word in enumerate(sorts) if word in act.label), default=0),)


def _is_bridge(act: ActFacts, asked: Asked) -> bool:
    if asked.says("provis", "transit"):
        return act.charts_as == "bridge" and act.material == "temporary"
    is_lasting = act.charts_as == "bridge" and act.material != "temporary"
    if not is_lasting or not _material(act, asked):
        return False
    glued = "collé" in act.label
    if asked.says("colle", "maryland", "ailette"):
        return glued
    if asked.says("extension", "cantilever"):
        return "extension" in act.label
    return not glued or 0 < len(asked.teeth) <= 3


def _is_denture(act: ActFacts, asked: Asked) -> bool:
    if act.family != "denture":
        return False
    whole = "complète" in act.label or "complètes" in act.label
    if asked.says("complet", "dentier", "pac"):
        return whole and _material(act, asked)
    return not whole and bool(asked.teeth) and _material(act, asked)


def _of(codes: str) -> Callable[[ActFacts, Asked], bool]:
    wanted = frozenset(codes.split())
    return lambda act, _asked: act.code in wanted


def _in_order(codes: str) -> Callable[[ActFacts, Asked], tuple[int, ...]]:
    places = {code: at for at, code in enumerate(codes.split())}
    return lambda act, _asked: (places[act.code],)


def _listed(beginnings: str, codes: str) -> _Topic:
    return _Topic(tuple(beginnings.split()), _of(codes), _in_order(codes))


_FILLING: Final = _Topic(
    ("composite", "compo", "obtur", "carie", "plomb", "amalgame", "face", "angle", "soin"),
    _is_filling,
    _as_listed,
)
#: What is done to a work that is there already is looked for by its words.
_ELSEWHERE: Final = (
    "ablat", "adjonct", "ajout", "depos", "rebas", "recoll", "repar", "rescell",
)  # fmt: skip
#: The first whose word is said answers: what is more precise stands first.
_TOPICS: Final = (
    _Topic(("bridge", "pont"), _is_bridge, _bridge_order),
    _listed("provisoire transitoire", "HBLD490 HBLD724 HBLD486 HBLD610"),
    _listed("csi implantoport", "HBLD418 HBLD012 HNPILI"),
    _Topic(
        ("implant",),
        lambda act, asked: (
            act.code == "HBLD418" if asked.says("couronne", "cour") else act.charts_as == "implant"
        ),
        lambda act, _asked: (act.system != "hn",),
    ),
    _Topic(
        ("inlaycore", "ic", "fauxmoignon"),
        lambda act, _asked: act.code in {"HBLD090", "HBLD745", "HBLD245"},
        _by_basket,
    ),
    _Topic(
        ("core",),
        lambda act, _asked: act.code in {"HBLD090", "HBLD745", "HBLD245"},
        _by_basket,
    ),
    _Topic(("inlay", "onlay"), _is_inlay, _by_basket),
    _Topic(("couronne", "cour", "ccm", "cc"), _is_crown, _by_basket),
    _Topic(
        ("stellite", "pap", "ppa", "dentier", "pac", "prothes", "amovible", "chassis"),
        _is_denture,
        _by_basket,
    ),
    _listed("facette", "HBMD048"),
    _Topic(
        ("endo", "pulpect", "biopulp", "devital", "rte", "retrait", "desobtur", *_PULPOTOMY),
        _is_endodontics,
        _endodontics_order,
    ),
    _Topic(("extr", "avuls", "exo", "sagesse"), _is_extraction, _extraction_order),
    _Topic(
        ("scell", "sillon", "sealant"),
        lambda act, _asked: act.charts_as == "sealant",
        _as_listed,
    ),
    _listed("detart", "HBJD001"),
    _listed("pano opt", "HBQK002"),
    _listed("cbct cone", "LAQK027"),
    _listed("retro rvg", "HBQK389 HBQK061 HBQK191"),
    _listed("consult", "C CBX"),
    _listed("ebd mt", "BDA BDB BDD BDP"),
    _listed("tenon screw", "HBMD042"),
    _FILLING,
)


def proposal(act: ActFacts, asked: Asked, permille: int) -> Proposal:
    """Return an act as an answer: where, why, and what is left to pay."""
    teeth = asked.teeth if act.is_by_teeth or act.area == "open" else ()
    parts = [
        _place(teeth),
        _length(act, teeth),
        _(BASKETS[act.basket]) if act.basket else "",
        _faces(act, asked),
    ]
    return Proposal(
        act=act,
        teeth=teeth,
        surfaces=asked.surfaces,
        reason=" · ".join(filter(None, parts)),
        left_cents=act.left_cents(permille),
    )


def _place(teeth: Sequence[int]) -> str:
    if len(teeth) == 1:
        return f"{teeth[0]} : {_(kind_fr(teeth[0]))}"
    return _("%(count)s dents") % {"count": len(teeth)} if teeth else ""


def _length(act: ActFacts, teeth: Sequence[int]) -> str:
    """Say of a long bridge what its act does not cover."""
    if act.charts_as != "bridge" or not teeth:
        return ""
    if _is_too_short(act, teeth):
        return _("cet acte ne couvre pas %(count)s dents") % {"count": len(teeth)}
    if len(teeth) > _MOST_ELEMENTS and complements(act, teeth):
        return _("plus de %(most)s éléments : ajoutez les piliers intermédiaires") % {
            "most": _MOST_ELEMENTS
        }
    return ""


def _faces(act: ActFacts, asked: Asked) -> str:
    if act.charts_as != "filling" or not asked.faces:
        return ""
    return _("%(count)s face(s)") % {"count": asked.faces}
