"""Words that say something of a person's health: no message may hold them.

A telephone lies on a table, a mailbox is shared, an operator reads: the fact that somebody has
an appointment is all that leaves the practice. Folded (no accent, no case). What the practice is
(« cabinet dentaire ») may be said; what is done to a tooth may not.
"""

from typing import Final

#: Whole words; their plural in « s » or « x » is meant too.
WORDS: Final = frozenset(
    """
    abces acte ald anesthesie angine apnee appareil attelle bague bilan biopsie bouche canal canaux
    cancer canine chirurgie chirurgical controle couronne covid cmu css curetage dent dentition
    dentier diagnostic douleur empreinte enceinte examen facette fievre fluor fracture gencive
    gouttiere greffe grossesse hiv inlay intervention irm jeun kyste lesion machoire mal malade
    maladie molaire nerf nevralgie obturation onlay operation ordonnance os osteite panoramique
    pansement patch pathologie piercing plaie plaque plombage premolaire
    pulpe pulpite racine radio radiographie radiotherapie resine saignement sagesse salive scanner
    scellement sensibilite sida sinus soin stress surfacage symptome tartre tenon traitement trauma
    traumatisme tumeur urgence vih virus cbct icm icp
    """.split()
)
#: Beginnings of words.
STEMS: Final = (
    *("alcool", "allerg", "amalgame", "anemi", "antibio", "anticoag", "antidepress", "aphte"),
    *("arthr", "asthm", "avuls", "blanchiment", "bridge", "bruxi", "cardia", "cardio"),
    *("carie", "chimio", "cicatris", "composite", "coron", "dechauss", "depress", "detartr"),
    *("devitalis", "diabet", "dialyse", "edent", "endocardit", "endodon", "epilep", "extraction"),
    *("gingiv", "handicap", "hemophil", "hepati", "hemorrag", "hypertens", "implant", "incisiv"),
    *("infect", "inflamm", "maxill", "medicament", "mandibul", "mutuelle", "mycose", "necros"),
    *("oncolog", "orthodon", "osteo", "parodon", "patholog", "pedodon", "periodon", "polyp"),
    *("postop", "preop", "prothes", "psych", "seropos", "stomato", "sutur", "tabac", "therap"),
    *("toxic", "transfus", "ulcer", "vaccin"),
)


def health_words(folded: list[str]) -> list[str]:
    """Return the words of a folded text that speak of health, each once, in order."""
    return list(dict.fromkeys(word for word in folded if _speaks(word)))


def _speaks(word: str) -> bool:
    return bool({word, word.removesuffix("s"), word.removesuffix("x")} & WORDS) or word.startswith(
        STEMS
    )
