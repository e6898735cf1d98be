"""Words of the line that is typed: each as dentists write it, and what it means.

They are what a French keyboard gives, whatever the language of the screen.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from quenotte.care.chart.rules.findings import Kind, Status
from quenotte.kernel.names import fold


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a word adds to a finding; several fields when it says several things.

    ``is_soft``: a material that makes a filling when it is not that of something else.
    """

    kind: Kind | None = None
    material: str = ""
    status: Status | None = None
    surfaces: str = ""
    depth: str = ""
    detail: str = ""
    is_soft: bool = False
    is_filler: bool = False
    #: Status of the kind when the line says none: « 38 extraction » is still to be done.
    usual: Status = Status.EXISTING


#: What is said of a tooth that is there, and has nothing.
SOUND: Final = "saine"

_KINDS: Final[Mapping[Kind, str]] = {
    Kind.FILLING: "obturation, restauration, plombage",
    Kind.VENEER: "facette, facettes",
    Kind.CROWN: "couronne, couronnes",
    Kind.POST: "tenon, faux moignon, pivot",
    Kind.BRIDGE: "bridge, bridges",
    Kind.IMPLANT: "implant, implants",
    Kind.ENDODONTICS: "endo, endodontie, traitement endodontique, traitement canalaire,"
    " traitement radiculaire, dévitalisée, dépulpée",
    Kind.SPLINT: "contention, contentions, contention collée, attelle",
    Kind.SEALANT: "scellement, scellement de sillons, sealant",
    Kind.PROSTHESIS: "prothèse, prothèse amovible, amovible, PPA, PAP",
    Kind.CARIES: "carie, caries, lésion carieuse",
    Kind.FRACTURE: "fracture, fracturée, fêlure, fêlée, cassée",
    Kind.APICAL: "lésion apicale, lésion périapicale, LIPOE, granulome, kyste",
    Kind.MOVED: "déplacée, migration",
    Kind.ROTATED: "rotation, en rotation",
    Kind.SUPERNUMERARY: "surnuméraire",
    Kind.PRESENT: "présente, présentes, présent, en place",
    Kind.MISSING: "absente, absentes, absent, manquante, manquantes",
    Kind.AGENESIS: "agénésie, agénésies",
    Kind.IMPACTED: "incluse, incluses, inclus, non sortie",
    Kind.ROOT: "racine restante, racine résiduelle, racine, racines, reste radiculaire",
}
_STATUSES: Final[Mapping[Status, str]] = {
    Status.PLANNED: "à faire, prévu, prévue, prévus, prévues, à prévoir, prévoir",
    Status.DONE: "fait, faite, faits, faites, réalisé, réalisée",
    Status.WATCH: "surveiller, à surveiller, surveillance",
    Status.REFERRED: "adresser, à adresser, adressé, adressée",
    Status.EXISTING: "existant, existante, existants, existantes, ancien, ancienne",
}
_MATERIALS: Final[Mapping[str, str]] = {
    "ceramic": "céramique, céramo-céramique, emax",
    "zirconia": "zircone, zirconium",
    "metal_ceramic": "céramo-métallique, céramométallique",
    "metal": "métal, métallique, coulée, chrome cobalt",
    "gold": "or",
    "resin": "résine",
    "steel": "acier",
    "titanium": "titane",
    "fibre": "fibre, fibré",
    "flexible": "souple",
    "cast": "coulé",
}
_SOFT: Final[Mapping[str, str]] = {
    "composite": "composite, composites, compo",
    "amalgam": "amalgame, amalgames",
    "glass_ionomer": "CVI, verre ionomère",
    "temporary": "provisoire, provisoires, pansement",
}
_SURFACES: Final[Mapping[str, str]] = {
    "M": "mésial, mésiale",
    "O": "occlusal, occlusale",
    "I": "incisal, incisale",
    "D": "distal, distale",
    "V": "vestibulaire",
    "L": "lingual, linguale",
    "P": "palatin, palatine",
    "R": "radiculaire",
}
_DEPTHS: Final[Mapping[str, str]] = {
    "enamel": "superficielle, amélaire, initiale",
    "dentine": "moyenne, dentinaire",
    "deep": "profonde, profondes",
    "pulp": "pulpaire",
}
_FILLERS: Final = "de, du, des, la, le, les, un, une, sur, avec, et, en, dent, dents, au, aux"
_SPECIAL: Final[dict[str, Meaning]] = {
    "saine": Meaning(Kind.PRESENT, detail=SOUND),
    "saines": Meaning(Kind.PRESENT, detail=SOUND),
    "inlay": Meaning(Kind.INLAY),
    "inlay-onlay": Meaning(Kind.INLAY),
    "onlay": Meaning(Kind.INLAY, detail="onlay"),
    "overlay": Meaning(Kind.INLAY, detail="overlay"),
    "CCM": Meaning(Kind.CROWN, material="metal_ceramic"),
    "CCC": Meaning(Kind.CROWN, material="ceramic"),
    "inlay-core": Meaning(Kind.POST, material="cast"),
    "stellite": Meaning(Kind.PROSTHESIS, material="metal"),
    "pulpotomie": Meaning(Kind.ENDODONTICS, detail="pulpotomie"),
    "collet": Meaning(detail="collet"),
    "cervical": Meaning(detail="collet"),
    "cervicale": Meaning(detail="collet"),
    "retraitement": Meaning(Kind.ENDODONTICS, detail="retraitement"),
    "retraitement endodontique": Meaning(Kind.ENDODONTICS, detail="retraitement"),
    "extraction": Meaning(Kind.EXTRACTION, usual=Status.PLANNED),
    "à extraire": Meaning(Kind.EXTRACTION, usual=Status.PLANNED),
    "extraire": Meaning(Kind.EXTRACTION, usual=Status.PLANNED),
    "extractions": Meaning(Kind.EXTRACTION, usual=Status.PLANNED),
    "avulsion": Meaning(Kind.EXTRACTION, usual=Status.PLANNED),
    "extraite": Meaning(Kind.EXTRACTION),
    "extraites": Meaning(Kind.EXTRACTION),
    "avulsée": Meaning(Kind.EXTRACTION),
    "dépose": Meaning(Kind.REMOVAL, usual=Status.PLANNED),
    "déposée": Meaning(Kind.REMOVAL, usual=Status.DONE),
    "version": Meaning(Kind.MOVED, detail="version"),
    "versée": Meaning(Kind.MOVED, detail="version"),
    "dérive": Meaning(Kind.MOVED, detail="dérive"),
    "égression": Meaning(Kind.MOVED, detail="égression"),
    "égressée": Meaning(Kind.MOVED, detail="égression"),
    "mésiodens": Meaning(Kind.SUPERNUMERARY, detail="mésiodens"),
    "enclavée": Meaning(Kind.IMPACTED, detail="enclavée"),
}


def _listed(words: str) -> list[str]:
    return [word.strip() for word in words.split(",")]


def _table() -> dict[str, Meaning]:
    table = {word: Meaning(kind) for kind, words in _KINDS.items() for word in _listed(words)}
    table |= {w: Meaning(status=one) for one, words in _STATUSES.items() for w in _listed(words)}
    table |= {w: Meaning(material=one) for one, words in _MATERIALS.items() for w in _listed(words)}
    table |= {
        w: Meaning(material=one, is_soft=True)
        for one, words in _SOFT.items()
        for w in _listed(words)
    }
    table |= {w: Meaning(surfaces=one) for one, words in _SURFACES.items() for w in _listed(words)}
    table |= {w: Meaning(depth=one) for one, words in _DEPTHS.items() for w in _listed(words)}
    table |= {word: Meaning(is_filler=True) for word in _listed(_FILLERS)}
    return table | _SPECIAL


#: Each word or phrase as it is written -> what it means.
WRITTEN: Final[Mapping[str, Meaning]] = _table()
#: The same without accents nor case, hyphens as spaces.
WORDS: Final[Mapping[str, Meaning]] = {fold(word): meaning for word, meaning in WRITTEN.items()}
#: Words in the longest phrase.
LONGEST: Final = max(len(word.split()) for word in WORDS)
