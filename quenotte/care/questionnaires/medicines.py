"""Names of medicines that patients write, and the alert that each asks for. It certifies nothing.

Source: public drug database (active substances of these names).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from quenotte.kernel.medicines import names_of
from quenotte.kernel.names import fold

#: code of an alert -> beginnings of folded words: brands and substances.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "anticoagulant": (
        "xarelto", "rivaroxaban", "eliquis", "apixaban", "pradaxa", "dabigatran", "previscan",
        "fluindione", "coumadin", "warfarin", "sintrom", "minisintrom", "acenocoumarol", "lovenox",
        "enoxaparin", "innohep", "tinzaparin", "fragmine", "heparin", "arixtra", "fondaparinux",
        "avk", "anticoagulant",
    ),
    "antiplatelet": (
        "plavix", "clopidogrel", "duoplavin", "kardegic", "resitune", "brilique", "ticagrelor",
        "efient", "prasugrel", "asasantine", "antiagregant", "aspirin", "aspegic", "cardiosolupsan",
    ),
    "corticosteroid": (
        "cortancyl", "prednison", "solupred", "prednisolone", "medrol", "methylprednisolone",
        "hydrocortisone", "celestene", "betamethasone", "dectancyl", "dexamethasone", "cortisone",
        "corticoide",
    ),
    "antiresorptive": (
        "fosamax", "fosavance", "adrovance", "alendron", "actonel",
        "risedron", "bonviva", "ibandron", "aclasta", "zometa", "zoledron", "prolia", "xgeva",
        "denosumab", "aredia", "pamidron", "bisphosphonate", "biphosphonate",
    ),
    "lithium": ("lithium", "teralithe"),
    "methotrexate": ("methotrexate", "novatrex", "imeth", "metoject", "prexate"),
    "immunosuppression": (
        "imurel", "azathioprine", "cellcept", "mycophenol", "neoral", "ciclosporine", "prograf",
        "advagraf", "tacrolimus", "humira", "adalimumab", "enbrel", "etanercept", "remicade",
        "infliximab",
    ),
    "diabetes": ("insuline", "metformine", "glucophage", "diamicron", "lantus", "novorapid"),
}  # fmt: skip


#: What stands between two words.
_BETWEEN: Final = re.compile(r"[\s,;:/+'’().\[\]-]+")
#: The end of what stands before a name that is denied: « pas de », « jamais d’ », « aucun ».
_DENIED: Final = re.compile(r"\b(?:(?:pas|jamais) d(?:e|u)?|aucune?|ni)$")
#: « ni », and the small words after it. « Je ne supporte ni l’aspirine ni les AINS » names them and
#: « le pollen, ni l’aspirine ni les AINS » denies them: no rule of ours tells the two apart, and to
#: leave an allergy out is the graver mistake. It is asked again.
_NEITHER: Final = re.compile(r"\bni(?: (?:aux?|a|d|des?|du|l|la|les?))*$")
#: The end of what stands before « inflammatoires » when the word is no class of its own: an
#: illness, or a class that was read from « anti » on.
_HOLDS: Final = re.compile(r"\b(?:antis?|maladies?)$")


#: code of an allergy -> beginnings of folded words that set off an asthma; one that ends with a
#: space is a whole word. Source: summaries (RCP) of aspirin, NSAIDs and articaine with adrenaline:
#: an asthma that one set off rules it out.
SETS_OFF: Final[dict[str, tuple[str, ...]]] = {
    "aspirin": names_of("aspirin"),
    "nsaid": names_of("nsaids"),
    "sulphites": ("sulfite", "sulphite", "metabisulfite", "bisulfite"),
}


def told(text: str) -> dict[str, str]:
    """Return, by the code of an alert, the words of a text that ask for it, as they were typed."""
    found: dict[str, list[str]] = {}
    for code, word, before in _named(text, NAMES):
        if not _DENIED.search(before):
            found.setdefault(code, []).append(word)
    return {code: ", ".join(dict.fromkeys(words)) for code, words in found.items()}


def sets_off(text: str) -> dict[str, bool]:
    """Return the codes of what sets off an asthma; False: named after « ni » alone, to be asked."""
    found: dict[str, bool] = {}
    for code, _word, before in _named(text, SETS_OFF):
        if _NEITHER.search(before):
            found.setdefault(code, False)
        elif not _DENIED.search(before):
            found[code] = True
    return found


def _named(text: str, names: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield the code of each name in a text, its first word as typed, and what stands before."""
    words = [word for word in _BETWEEN.split(text) if word]
    folded = [fold(word) for word in words]
    for place, word in enumerate(words):
        before, after = " ".join(folded[:place])[-40:], f"{' '.join(folded[place:])} "
        if after.startswith("inflammatoires ") and _HOLDS.search(before):
            continue
        for code, starts in names.items():
            if after.startswith(starts):
                yield code, word, before


#: Folded words of an answer that names nothing, and those of which one at least denies.
_DENIALS: Final = frozenset(
    {"aucun", "aucune", "aucunes", "non", "no", "rien", "neant", "ras", "sans", "pas"}
)
_FILLERS: Final = frozenset(
    {
        "a", "allergie", "allergies", "allergique", "autre", "autres", "connu", "connue", "connues",
        "connaissance", "d", "de", "je", "n", "ne", "en", "ai", "suis", "l", "heure", "actuelle",
        "ma", "notre", "objet", "signaler", "que", "sache", "du", "tout",
    }
)  # fmt: skip
#: « R.A.S. » is one word.
_SHORT: Final = 6


def says_nothing(text: str) -> bool:
    """Tell whether an answer names nothing: « aucune », « non », « néant », « RAS », « - »."""
    if not any(sign.isalnum() for sign in text):
        return True
    words = fold(text.replace(".", "") if len(text) <= _SHORT else text).split()
    return bool(_DENIALS.intersection(words)) and _DENIALS.union(_FILLERS).issuperset(words)
