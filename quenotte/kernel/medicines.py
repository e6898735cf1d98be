"""Which family an active substance belongs to, and which substances a well-known name holds.

A table of ours for reminders, short on purpose: what dentists prescribe, and what patients name
in a questionnaire. It certifies nothing.

Source: public drug database (active substances of these names).
"""

import re
from collections.abc import Iterable
from typing import Final

from quenotte.kernel.names import fold

#: Family -> beginnings of the folded names of its substances.
FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "penicillins": (
        "amoxicilline", "ampicilline", "penicilline", "benzylpenicilline", "bacampicilline",
        "phenoxymethylpenicilline", "pivmecillinam", "oxacilline", "cloxacilline",
        "piperacilline", "ticarcilline", "benzathine benzylpenicilline",
    ),
    "cephalosporins": (
        "cefaclor", "cefadroxil", "cefalexine", "cefazoline", "cefixime", "cefotaxime",
        "cefpodoxime", "cefradine", "ceftriaxone", "cefuroxime", "cefatrizine", "cefotiam",
    ),
    "macrolides": (
        "azithromycine", "clarithromycine", "erythromycine", "josamycine", "midecamycine",
        "roxithromycine", "spiramycine", "telithromycine",
    ),
    "lincosamides": ("clindamycine", "lincomycine"),
    "tetracyclines": (
        "doxycycline", "lymecycline", "metacycline", "minocycline", "tetracycline", "tigecycline",
    ),
    "imidazoles": ("metronidazole", "ornidazole", "tinidazole"),
    "azoles": ("fluconazole", "itraconazole", "ketoconazole", "miconazole", "voriconazole"),
    "fluoroquinolones": (
        "ciprofloxacine", "levofloxacine", "ofloxacine", "moxifloxacine", "norfloxacine",
    ),
    "sulfonamides": ("sulfamethoxazole", "cotrimoxazole", "trimethoprime"),
    "streptogramins": ("pristinamycine",),
    "polyenes": ("amphotericine", "nystatine"),
    "antifibrinolytics": ("acide tranexamique",),
    # Some substances of the family below have limits of their own.
    "ketoprofen": ("ketoprofene",),
    "flurbiprofen": ("flurbiprofene",),
    "coxibs": ("celecoxib", "etoricoxib", "parecoxib"),
    "nsaids": (
        "ibuprofene", "ketoprofene", "dexketoprofene", "naproxene", "flurbiprofene", "diclofenac",
        "aceclofenac", "tiaprofenique", "niflumique", "mefenamique", "morniflumate", "piroxicam",
        "meloxicam", "tenoxicam", "celecoxib", "etoricoxib", "indometacine", "sulindac",
        "etodolac", "fenoprofene", "nabumetone", "nimesulide", "alminoprofene",
    ),
    "aspirin": ("acetylsalicylique", "acetylsalicylate", "carbasalate"),
    "paracetamol": ("paracetamol", "propacetamol"),
    "codeine": ("codeine", "dihydrocodeine"),
    "tramadol": ("tramadol",),
    "opioids": ("morphine", "opium", "oxycodone", "hydromorphone", "fentanyl"),
    "corticosteroids": (
        "prednisone", "prednisolone", "methylprednisolone", "betamethasone", "dexamethasone",
        "cortisone", "hydrocortisone", "triamcinolone",
    ),
    "iodine": ("povidone iodee", "iode", "iodee"),
    "chlorhexidine": ("chlorhexidine",),
    "anaesthetics": (
        "articaine", "lidocaine", "mepivacaine", "prilocaine", "bupivacaine", "ropivacaine",
    ),
    "eugenol": ("eugenol", "girofle"),
}  # fmt: skip

#: The families that are antibiotics.
ANTIBIOTICS: Final = frozenset(
    {
        "penicillins", "cephalosporins", "macrolides", "lincosamides", "tetracyclines",
        "imidazoles", "fluoroquinolones", "sulfonamides", "streptogramins",
    }
)  # fmt: skip

#: Folded names that are not those of a substance -> what they hold.
NAMES: Final[dict[str, tuple[str, ...]]] = {
    "augmentin": ("amoxicilline", "acide clavulanique"),
    "ciblor": ("amoxicilline", "acide clavulanique"),
    "clamoxyl": ("amoxicilline",),
    "bristopen": ("oxacilline",),
    "orbenine": ("cloxacilline",),
    "josacine": ("josamycine",),
    "oracilline": ("phenoxymethylpenicilline",),
    "orelox": ("cefpodoxime",),
    "rodogyl": ("spiramycine", "metronidazole"),
    "birodogyl": ("spiramycine", "metronidazole"),
    "rovamycine": ("spiramycine",),
    "zithromax": ("azithromycine",),
    "zeclar": ("clarithromycine",),
    "flagyl": ("metronidazole",),
    "dalacine": ("clindamycine",),
    "pyostacine": ("pristinamycine",),
    "doliprane": ("paracetamol",),
    "dafalgan": ("paracetamol",),
    "efferalgan": ("paracetamol",),
    "codoliprane": ("paracetamol", "codeine"),
    "klipal": ("paracetamol", "codeine"),
    "ixprim": ("paracetamol", "tramadol"),
    "zaldiar": ("paracetamol", "tramadol"),
    "lamaline": ("paracetamol", "opium"),
    "izalgi": ("paracetamol", "opium"),
    "topalgic": ("tramadol",),
    "contramal": ("tramadol",),
    "advil": ("ibuprofene",),
    "nurofen": ("ibuprofene",),
    "antarene": ("ibuprofene",),
    "spedifen": ("ibuprofene",),
    "brufen": ("ibuprofene",),
    "nureflex": ("ibuprofene",),
    "profenid": ("ketoprofene",),
    "bi profenid": ("ketoprofene",),
    "ketum": ("ketoprofene",),
    "antadys": ("flurbiprofene",),
    "cebutid": ("flurbiprofene",),
    "apranax": ("naproxene",),
    "surgam": ("acide tiaprofenique",),
    "nifluril": ("acide niflumique",),
    "ponstyl": ("acide mefenamique",),
    "feldene": ("piroxicam",),
    "mobic": ("meloxicam",),
    "indocid": ("indometacine",),
    "voltarene": ("diclofenac",),
    "celebrex": ("celecoxib",),
    "arcoxia": ("etoricoxib",),
    "bactrim": ("sulfamethoxazole", "trimethoprime"),
    "ciflox": ("ciprofloxacine",),
    "oflocet": ("ofloxacine",),
    "tavanic": ("levofloxacine",),
    "izilox": ("moxifloxacine",),
    "aspirine": ("acide acetylsalicylique",),
    "aspegic": ("acetylsalicylate de lysine",),
    "kardegic": ("acetylsalicylate de lysine",),
    "resitune": ("acide acetylsalicylique",),
    "solupred": ("prednisolone",),
    "cortancyl": ("prednisone",),
    "medrol": ("methylprednisolone",),
    "celestene": ("betamethasone",),
    "eludril": ("chlorhexidine",),
    "eluperio": ("chlorhexidine",),
    "paroex": ("chlorhexidine",),
    "betadine": ("povidone iodee",),
    "daktarin": ("miconazole",),
    "loramyc": ("miconazole",),
    "triflucan": ("fluconazole",),
    "xylocaine": ("lidocaine",),
    "xylonor": ("lidocaine",),
    "emla": ("lidocaine", "prilocaine"),
    "septanest": ("articaine",),
    "ubistesin": ("articaine",),
    "primacaine": ("articaine",),
    "alphacaine": ("articaine",),
    "articadent": ("articaine",),
    "artinibsa": ("articaine",),
    "orabloc": ("articaine",),
    "ultracaine": ("articaine",),
    "lignospan": ("lidocaine",),
    "scandonest": ("mepivacaine",),
    "scandicaine": ("mepivacaine",),
    "carbocaine": ("mepivacaine",),
    "marcaine": ("bupivacaine",),
    "naropeine": ("ropivacaine",),
    "exacyl": ("acide tranexamique",),
}

#: Substances of no family that make an association of another one.
_PARTNERS: Final = (
    "acide clavulanique", "clavulanate", "sulbactam", "tazobactam", "cafeine",
    "acide ascorbique", "pseudoephedrine", "chlorphenamine", "pheniramine",
)  # fmt: skip

#: Beginnings of the folded words by which people name a whole class -> its families, its own first.
#: One that ends with a space is a whole word: « ainsi » names no medicine.
CLASSES: Final[dict[str, tuple[str, ...]]] = {
    "penicilline": ("penicillins",),
    "cephalosporine": ("cephalosporins",),
    "betalactam": ("penicillins", "cephalosporins"),
    "beta lactam": ("penicillins", "cephalosporins"),
    "macrolide": ("macrolides",),
    "cyclines": ("tetracyclines",),
    "anti inflam": ("nsaids", "aspirin"),
    "antiinflam": ("nsaids", "aspirin"),
    "antis inflam": ("nsaids", "aspirin"),
    "antinflam": ("nsaids", "aspirin"),
    "inflammatoires ": ("nsaids", "aspirin"),
    "ains ": ("nsaids", "aspirin"),
    "salicyle": ("aspirin",),
    "corticoide": ("corticosteroids",),
    "opiace": ("opioids", "codeine", "tramadol"),
    "morphinique": ("opioids", "codeine", "tramadol"),
    "anesthesique": ("anaesthetics",),
}

#: Folded words that hold the word of a class and name an illness.
_ILLNESS: Final = re.compile(r"\bmaladies? inflammatoires\b")

_STARTS: Final = [(start, family) for family, starts in FAMILIES.items() for start in starts]


def families_of(substances: Iterable[str]) -> dict[str, str]:
    """Return family -> the substance (folded) that belongs to it."""
    found: dict[str, str] = {}
    for substance in substances:
        folded = f" {fold(substance)}"
        for start, family in _STARTS:
            if f" {start}" in folded:
                found.setdefault(family, folded.strip())
    return found


def substances_in(name: str) -> tuple[str, ...]:
    """Return the substances that the typed name of a medicine tells, known ones alone."""
    folded = f" {fold(name)} "
    by_name = [held for known, holds in NAMES.items() if f" {known} " in folded for held in holds]
    starts = [start for start, _family in _STARTS] + list(_PARTNERS)
    by_start = [start for start in starts if f" {start}" in folded]
    return tuple(dict.fromkeys([*by_name, *by_start]))


def classes_in(text: str) -> frozenset[str]:
    """Return the families that the words of a class name: « céphalosporines », « AINS »."""
    folded = f" {_ILLNESS.sub('', fold(text))} "
    return frozenset(
        family
        for start, families in CLASSES.items()
        if f" {start}" in folded
        for family in families
    )


def names_of(family: str) -> tuple[str, ...]:
    """Return the beginnings of the folded words that name a family: substances, names, its class.

    Without a last « e », which many leave out. One that ends with a space is a whole word.
    """
    brands = (name for name, held in NAMES.items() if family in families_of(held))
    classes = (start for start, families in CLASSES.items() if families[0] == family)
    return tuple(
        dict.fromkeys(one.removesuffix("e") for one in (*FAMILIES[family], *brands, *classes))
    )
