"""Findings in French: the words of the screen, of the trail and of what is refused."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quenotte.care.chart.rules.findings import Finding, Kind, Presence, Status
from quenotte.care.chart.rules.places import is_upper

KINDS: Final = {
    Kind.FILLING: _("obturation"),
    Kind.INLAY: _("inlay-onlay"),
    Kind.VENEER: _("facette"),
    Kind.CROWN: _("couronne"),
    Kind.POST: _("inlay-core ou tenon"),
    Kind.BRIDGE: _("bridge"),
    Kind.IMPLANT: _("implant"),
    Kind.ENDODONTICS: _("traitement endodontique"),
    Kind.EXTRACTION: _("extraction"),
    Kind.SEALANT: _("scellement de sillons"),
    Kind.SPLINT: _("contention"),
    Kind.PROSTHESIS: _("prothèse amovible"),
    Kind.REMOVAL: _("dépose"),
    Kind.CARIES: _("carie"),
    Kind.FRACTURE: _("fracture"),
    Kind.APICAL: _("lésion apicale"),
    Kind.MOVED: _("dent déplacée"),
    Kind.ROTATED: _("rotation"),
    Kind.SUPERNUMERARY: _("dent surnuméraire"),
    Kind.PRESENT: _("présente"),
    Kind.MISSING: _("absente"),
    Kind.AGENESIS: _("agénésie"),
    Kind.IMPACTED: _("incluse"),
    Kind.ROOT: _("racine restante"),
}
STATUSES: Final = {
    Status.EXISTING: _("existant"),
    Status.PLANNED: _("à faire"),
    Status.DONE: _("fait"),
    Status.WATCH: _("à surveiller"),
    Status.REFERRED: _("adressé"),
}
PRESENCES: Final = {
    Presence.PRESENT: _("présente"),
    Presence.MISSING: _("absente"),
    Presence.AGENESIS: _("agénésie"),
    Presence.IMPACTED: _("incluse"),
    Presence.ROOT: _("racine restante"),
    Presence.IMPLANT: _("implant"),
}
MATERIALS: Final = {
    "composite": _("composite"),
    "amalgam": _("amalgame"),
    "glass_ionomer": _("verre ionomère (CVI)"),
    "ceramic": _("céramique"),
    "zirconia": _("zircone"),
    "metal_ceramic": _("céramo-métallique"),
    "metal": _("métal"),
    "gold": pgettext_lazy("matériau", "or"),
    "steel": _("acier (pédiatrique)"),
    "resin": _("résine"),
    "temporary": _("provisoire"),
    "cast": _("inlay-core coulé"),
    "fibre": _("tenon fibré"),
    "titanium": _("titane"),
    "flexible": _("souple"),
}
DEPTHS: Final = {
    "enamel": _("de l’émail"),
    "dentine": _("de la dentine"),
    "deep": _("profonde"),
    "pulp": _("pulpaire"),
}


_BELOW: Final = {"R": _("de la racine"), "A": _("de l’apex")}


def shown_surfaces(tooth: int, surfaces: str) -> str:
    """Return surfaces as dentists write them: the inner side of an upper tooth is P.

    The root and its apex are no letters of theirs: they are said.
    """
    letters = "".join(letter for letter in surfaces if letter not in "RA")
    crown = letters.replace("L", "P") if is_upper(tooth) else letters
    below = [str(word) for letter, word in _BELOW.items() if letter in surfaces]
    return " ".join(filter(None, [crown, *below]))


def words_of(finding: Finding) -> str:
    """Return a finding without its teeth nor its status: « composite MOD »."""
    name, material, detail = _name_of(finding)
    parts = [
        name,
        material,
        shown_surfaces(finding.teeth[0], finding.surfaces),
        str(DEPTHS.get(finding.depth, "")),
        f"ICDAS {finding.icdas}" if finding.icdas is not None else "",
        _canals_of(finding),
        detail,
    ]
    return " ".join(filter(None, parts))


def _canals_of(finding: Finding) -> str:
    """Return the canals of an endodontic treatment: « 3 canaux MV DV P »."""
    count = finding.canal_count
    words = str(_CANALS if count > 1 else _CANAL) % {"count": count} if count else ""
    return " ".join(filter(None, [words, *finding.canals]))


_CANAL: Final = _("%(count)d canal")
_CANALS: Final = _("%(count)d canaux")


def _name_of(finding: Finding) -> tuple[str, str, str]:
    """Return the name of a finding, its material and its detail, each said once."""
    kind, detail = finding.kind, finding.detail
    material = str(MATERIALS.get(finding.material, ""))
    first, _space, rest = detail.partition(" ")
    if first in _NAMES:
        return first, material, rest
    if kind is Kind.FILLING and material:
        return material, "", detail
    if kind is Kind.POST and material:
        return str(_POSTS[finding.material]), "", detail
    if kind is Kind.EXTRACTION and finding.status is Status.EXISTING:
        return str(_("extraite")), "", detail
    return str(KINDS[kind]), material, detail


def status_of(finding: Finding) -> str:
    """Return the status of a finding, agreeing with its name: « faite » for a crown."""
    is_named_so = finding.kind is Kind.ENDODONTICS and finding.detail.startswith("pulpotomie")
    is_feminine = is_named_so or (
        finding.kind in _FEMININE and not (finding.kind is Kind.FILLING and finding.material)
    )
    if is_feminine and finding.status in _FEMININE_STATUSES:
        return str(_FEMININE_STATUSES[finding.status])
    return str(STATUSES[finding.status])


def teeth_of(finding: Finding) -> str:
    """Return the teeth of a finding: « 16 », « 16-14 » for a bridge, « 15, 14 » for others."""
    if finding.kind is Kind.BRIDGE:
        return f"{finding.teeth[0]}-{finding.teeth[-1]}"
    return ", ".join(map(str, finding.teeth))


def sentence_of(finding: Finding) -> str:
    """Return a finding with its teeth and its status: « 16 : composite MOD, à faire »."""
    status = "" if finding.status is Status.EXISTING else f", {status_of(finding)}"
    return f"{teeth_of(finding)} : {words_of(finding)}{status}"


def brief_of(finding: Finding) -> str:
    """Return the same as ``sentence_of`` in the middle of a sentence: « 16 composite MOD »."""
    return sentence_of(finding).replace(" : ", " ", 1)


#: Details that are a name by themselves.
_NAMES: Final = frozenset(
    "onlay overlay retraitement pulpotomie version dérive égression mésiodens enclavée "
    "saine".split()
)
_POSTS: Final = {
    "cast": _("inlay-core"),
    "fibre": _("tenon fibré"),
    "metal": _("tenon métallique"),
    "titanium": _("tenon en titane"),
}
_FEMININE: Final = frozenset(
    {
        Kind.FILLING,
        Kind.VENEER,
        Kind.CROWN,
        Kind.EXTRACTION,
        Kind.PROSTHESIS,
        Kind.SPLINT,
        Kind.REMOVAL,
        Kind.CARIES,
        Kind.FRACTURE,
        Kind.APICAL,
        Kind.MOVED,
        Kind.ROTATED,
        Kind.SUPERNUMERARY,
        Kind.IMPACTED,
        Kind.ROOT,
    }
)
_FEMININE_STATUSES: Final = {
    Status.EXISTING: _("existante"),
    Status.DONE: _("faite"),
    Status.REFERRED: _("adressée"),
}
