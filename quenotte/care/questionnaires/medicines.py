"""Names of medicines that patients write, and the alert that each asks for. It certifies nothing.

Source: public drug database (active substances of these names).
"""

from typing import Final

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
        "efient", "prasugrel", "asasantine", "antiagregant",
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


def told(text: str) -> dict[str, str]:
    """Return, by the code of an alert, the words of a text that ask for it, as they were typed."""
    found: dict[str, list[str]] = {}
    for word in text.replace(",", " ").replace(";", " ").replace("/", " ").split():
        for code, starts in NAMES.items():
            if fold(word).startswith(starts):
                found.setdefault(code, []).append(word.strip(".()[]:"))
    return {code: ", ".join(dict.fromkeys(words)) for code, words in found.items()}
