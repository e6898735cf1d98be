"""Findings in French: the words of the screen, of the trail and of what is refused."""

from typing import Final

from django.utils.translation import gettext_lazy as _

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
    "gold": _("or"),
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


def shown_surfaces(tooth: int, surfaces: str) -> str:
    """Return surfaces as dentists write them: the inner side of an upper tooth is P."""
    return surfaces.replace("L", "P") if is_upper(tooth) else surfaces


def words_of(finding: Finding) -> str:
    """Return a finding without its teeth nor its status: « composite MOD »."""
    name = str(KINDS[finding.kind])
    material = str(MATERIALS.get(finding.material, ""))
    if finding.kind is Kind.FILLING and material:
        name, material = material, ""
    parts = [
        name,
        material,
        shown_surfaces(finding.teeth[0], finding.surfaces),
        str(DEPTHS.get(finding.depth, "")),
        f"ICDAS {finding.icdas}" if finding.icdas is not None else "",
        finding.detail,
    ]
    return " ".join(filter(None, parts))


def teeth_of(finding: Finding) -> str:
    """Return the teeth of a finding: « 16 », « 14-16 » for a bridge, « 14, 15 » for others."""
    if finding.kind is Kind.BRIDGE:
        return f"{finding.teeth[0]}-{finding.teeth[-1]}"
    return ", ".join(map(str, finding.teeth))


def sentence_of(finding: Finding) -> str:
    """Return a finding with its teeth and its status: « 16 : composite MOD, à faire »."""
    status = "" if finding.status is Status.EXISTING else f", {STATUSES[finding.status]}"
    return f"{teeth_of(finding)} : {words_of(finding)}{status}"
