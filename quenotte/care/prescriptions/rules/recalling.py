"""What a prescriber is reminded of: her patient's own alerts beside what she prescribes.

It is no certified prescribing aid (LAP): it knows some families, some alerts and the age, and
blocks nothing. Source: summaries of product characteristics (public drug database); Afssaps,
« Prescription des antibiotiques en pratique bucco-dentaire », July 2011; ANSM, « Thésaurus des
interactions médicamenteuses » (vitamin K antagonists).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from quenotte.care.prescriptions.rules.lines import Line
from quenotte.kernel.medicines import (
    ANTIBIOTICS,
    classes_in,
    families_of,
    substances_in,
)
from quenotte.kernel.names import fold


@dataclass(frozen=True, slots=True)
class Noted:
    """An alert of the record. ``code`` is one of ``patients.rules.ALERTS``, or empty."""

    code: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """One thing to think of. ``tone``: danger or attention; ``code`` is stable and sayable."""

    code: str
    tone: str
    words: str

    @property
    def is_grave(self) -> bool:
        """Asks that whoever issues it says that she has read it."""
        return self.tone == "danger" or self.code.partition(":")[0] in _ASKED


#: Alerts of which every reminder asks, in whatever tone.
_ASKED: Final = frozenset(
    {
        "allergy", "penicillin", "macrolides", "codeine", "iodine", "chlorhexidine",
        "local_anaesthetic", "eugenol", "pregnancy",
    }
)  # fmt: skip
_ALLERGY: Final = gettext_noop("Allergie notée au dossier : ce médicament en fait partie.")
_INR: Final = gettext_noop(
    "Anticoagulant : peut renforcer un AVK ; surveillance de l’INR (ANSM, interactions)."
)
_BLEEDING: Final = gettext_noop("Risque de saignement avec le traitement noté au dossier.")

#: (alert, family, tone, words)
_BY_ALERT: Final = (
    ("penicillin", "penicillins", "danger",
     gettext_noop("Allergie aux pénicillines : ce médicament en est une.")),
    ("penicillin", "cephalosporins", "attention",
     gettext_noop("Allergie aux pénicillines : réaction croisée possible.")),
    ("macrolides", "macrolides", "danger", _ALLERGY),
    ("nsaid", "nsaids", "danger", _ALLERGY),
    ("nsaid", "aspirin", "danger",
     gettext_noop("Allergie aux AINS : l’aspirine en est proche.")),
    ("aspirin", "aspirin", "danger", _ALLERGY),
    ("aspirin", "nsaids", "danger",
     gettext_noop("Allergie à l’aspirine : réaction croisée possible avec les AINS.")),
    ("codeine", "codeine", "danger", _ALLERGY),
    ("codeine", "opioids", "attention",
     gettext_noop("Allergie à la codéine : autre opioïde.")),
    ("iodine", "iodine", "danger", _ALLERGY),
    ("chlorhexidine", "chlorhexidine", "danger", _ALLERGY),
    ("local_anaesthetic", "anaesthetics", "danger", _ALLERGY),
    ("eugenol", "eugenol", "attention", _ALLERGY),
    ("pregnancy", "nsaids", "danger",
     gettext_noop("Grossesse : AINS contre-indiqués à partir de 24 semaines d’aménorrhée, "
                  "à éviter avant.")),
    ("pregnancy", "aspirin", "danger",
     gettext_noop("Grossesse : aspirine contre-indiquée à partir de 24 semaines d’aménorrhée, "
                  "à éviter avant.")),
    ("pregnancy", "tetracyclines", "danger",
     gettext_noop("Grossesse : cyclines contre-indiquées aux deuxième et troisième trimestres.")),
    ("pregnancy", "azoles", "danger",
     gettext_noop("Grossesse : fluconazole et azolés par la bouche à ne pas utiliser sans "
                  "nécessité absolue ; miconazole en gel à discuter.")),
    ("pregnancy", "coxibs", "danger",
     gettext_noop("Grossesse : coxib contre-indiqué pendant toute la grossesse (RCP).")),
    ("pregnancy", "tramadol", "attention",
     gettext_noop("Grossesse : tramadol à éviter par prudence, surtout près du terme ; à "
                  "vérifier.")),
    ("pregnancy", "opioids", "attention",
     gettext_noop("Grossesse : opioïde à discuter, surtout près du terme ; à vérifier.")),
    ("pregnancy", "iodine", "attention",
     gettext_noop("Grossesse : povidone iodée à éviter aux deuxième et troisième trimestres "
                  "(thyroïde du fœtus) ; à vérifier.")),
    ("pregnancy", "fluoroquinolones", "attention",
     gettext_noop("Grossesse : fluoroquinolone à éviter par prudence ; à vérifier.")),
    ("pregnancy", "codeine", "attention",
     gettext_noop("Grossesse : codéine à discuter, surtout près du terme.")),
    ("breastfeeding", "codeine", "danger", gettext_noop("Allaitement : codéine contre-indiquée.")),
    ("breastfeeding", "tramadol", "attention", gettext_noop("Allaitement : tramadol à éviter.")),
    ("breastfeeding", "opioids", "attention",
     gettext_noop("Allaitement : opioïde à éviter ; à vérifier.")),
    ("breastfeeding", "iodine", "attention",
     gettext_noop("Allaitement : povidone iodée à éviter ; à vérifier.")),
    ("breastfeeding", "tetracyclines", "attention",
     gettext_noop("Allaitement : cyclines déconseillées.")),
    ("anticoagulant", "nsaids", "danger", _BLEEDING),
    ("anticoagulant", "aspirin", "danger", _BLEEDING),
    ("anticoagulant", "azoles", "danger",
     gettext_noop("Anticoagulant : un antifongique azolé peut renforcer un AVK ; le miconazole "
                  "est contre-indiqué.")),
    ("anticoagulant", "imidazoles", "attention",
     gettext_noop("Anticoagulant : peut renforcer un AVK ; surveillance de l’INR.")),
    ("anticoagulant", "macrolides", "attention",
     gettext_noop("Anticoagulant : certains macrolides le renforcent ; surveillance.")),
    ("anticoagulant", "cephalosporins", "attention",
     gettext_noop("Anticoagulant : certaines céphalosporines renforcent un AVK ; surveillance de "
                  "l’INR (ANSM, interactions).")),
    ("anticoagulant", "tetracyclines", "attention", _INR),
    ("anticoagulant", "fluoroquinolones", "attention", _INR),
    ("anticoagulant", "sulfonamides", "danger",
     gettext_noop("Anticoagulant : le cotrimoxazole renforce fortement un AVK ; à éviter, sinon "
                  "surveillance de l’INR (ANSM, interactions).")),
    ("anticoagulant", "lincosamides", "attention",
     gettext_noop("Anticoagulant : la clindamycine peut déséquilibrer un AVK ; surveillance de "
                  "l’INR, à vérifier.")),
    ("anticoagulant", "tramadol", "attention",
     gettext_noop("Anticoagulant : le tramadol peut renforcer un AVK ; surveillance de l’INR "
                  "(ANSM, interactions).")),
    ("antiplatelet", "nsaids", "attention", _BLEEDING),
    ("antiplatelet", "aspirin", "attention", _BLEEDING),
    ("haemophilia", "nsaids", "danger",
     gettext_noop("Trouble de la coagulation : AINS déconseillés.")),
    ("haemophilia", "aspirin", "danger",
     gettext_noop("Trouble de la coagulation : aspirine déconseillée.")),
    ("bleeding", "nsaids", "attention",
     gettext_noop("Saignements prolongés : AINS à éviter tant que la cause n’est pas connue.")),
    ("bleeding", "aspirin", "attention",
     gettext_noop("Saignements prolongés : aspirine à éviter tant que la cause n’est pas connue.")),
    ("kidney_failure", "nsaids", "danger",
     gettext_noop("Insuffisance rénale : AINS déconseillés, contre-indiqués si elle est sévère.")),
    ("kidney_failure", "penicillins", "attention",
     gettext_noop("Insuffisance rénale : dose à adapter à la fonction rénale.")),
    ("kidney_failure", "tramadol", "attention",
     gettext_noop("Insuffisance rénale : espacer les prises.")),
    ("kidney_failure", "aspirin", "attention",
     gettext_noop("Insuffisance rénale : aspirine contre-indiquée si elle est sévère (RCP).")),
    ("stomach_ulcer", "nsaids", "danger",
     gettext_noop("Ulcère ou saignement digestif : AINS contre-indiqués s’il évolue, s’il est "
                  "revenu ou s’il est venu d’un AINS (RCP).")),
    ("stomach_ulcer", "aspirin", "danger",
     gettext_noop("Ulcère ou saignement digestif : aspirine contre-indiquée s’il évolue ou s’il "
                  "est venu de l’aspirine ou d’un AINS (RCP).")),
    ("stomach_ulcer", "corticosteroids", "attention",
     gettext_noop("Ulcère ou saignement digestif : corticoïde à discuter, à surveiller (RCP).")),
    ("heart_failure", "nsaids", "danger",
     gettext_noop("Insuffisance cardiaque : AINS contre-indiqués si elle est sévère, à éviter "
                  "sinon : rétention d’eau et de sel (RCP).")),
    ("heart_failure", "coxibs", "danger",
     gettext_noop("Insuffisance cardiaque : coxib contre-indiqué dès la classe II de la NYHA "
                  "(RCP).")),
    ("heart_failure", "aspirin", "attention",
     gettext_noop("Insuffisance cardiaque : aspirine contre-indiquée si elle est sévère et mal "
                  "contrôlée (RCP).")),
    ("heart_failure", "corticosteroids", "attention",
     gettext_noop("Insuffisance cardiaque : les corticoïdes retiennent l’eau et le sel (RCP).")),
    ("conduction", "macrolides", "attention",
     gettext_noop("Trouble du rythme ou de la conduction : certains macrolides allongent le QT "
                  "(RCP) ; à vérifier.")),
    ("conduction", "fluoroquinolones", "attention",
     gettext_noop("Trouble du rythme ou de la conduction : les fluoroquinolones allongent le QT "
                  "(RCP) ; à vérifier.")),
    ("conduction", "azoles", "attention",
     gettext_noop("Trouble du rythme ou de la conduction : le fluconazole allonge le QT (RCP) ; à "
                  "vérifier.")),
    ("liver_failure", "paracetamol", "danger",
     gettext_noop("Insuffisance hépatique : dose maximale réduite, contre-indiqué si sévère.")),
    ("liver_failure", "nsaids", "attention", gettext_noop("Insuffisance hépatique : prudence.")),
    ("asthma", "nsaids", "attention",
     gettext_noop("Asthme : demander s’il est déclenché par l’aspirine ou les AINS.")),
    ("asthma", "aspirin", "attention",
     gettext_noop("Asthme : demander s’il est déclenché par l’aspirine ou les AINS.")),
    ("heart_disease", "nsaids", "attention",
     gettext_noop("Maladie coronarienne : risque cardiovasculaire des AINS.")),
    ("hypertension", "nsaids", "attention",
     gettext_noop("Hypertension : les AINS réduisent l’effet de plusieurs traitements.")),
    ("corticosteroid", "nsaids", "attention",
     gettext_noop("Corticoïdes au long cours : risque digestif augmenté avec les AINS.")),
    ("chemotherapy", "nsaids", "attention",
     gettext_noop("Chimiothérapie : AINS à discuter (méthotrexate, plaquettes).")),
    ("lithium", "nsaids", "danger",
     gettext_noop("Lithium : les AINS augmentent la lithiémie ; association déconseillée (ANSM, "
                  "interactions).")),
    ("methotrexate", "nsaids", "danger",
     gettext_noop("Méthotrexate : les AINS augmentent sa toxicité selon sa dose (ANSM, "
                  "interactions).")),
    ("methotrexate", "penicillins", "attention",
     gettext_noop("Méthotrexate : les pénicillines peuvent augmenter sa toxicité (ANSM, "
                  "interactions).")),
    ("methotrexate", "sulfonamides", "danger",
     gettext_noop("Méthotrexate : cotrimoxazole contre-indiqué (ANSM, interactions).")),
    ("stroke", "nsaids", "attention",
     gettext_noop("AVC noté : risque cardiovasculaire des AINS.")),
    ("epilepsy", "tramadol", "danger",
     gettext_noop("Épilepsie : le tramadol abaisse le seuil des crises.")),
    ("diabetes", "corticosteroids", "attention",
     gettext_noop("Diabète : les corticoïdes déséquilibrent la glycémie.")),
    ("immunosuppression", "corticosteroids", "attention",
     gettext_noop("Immunodépression : corticoïdes à discuter.")),
)  # fmt: skip

#: (below this age in years, family, tone, words)
_BY_AGE: Final = (
    (7, "chlorhexidine", "attention",
     gettext_noop("Moins de 7 ans : bain de bouche réservé par le RCP à l’enfant qui sait "
                  "recracher, à partir de 6 ou 7 ans selon le produit ; à vérifier.")),
    (8, "tetracyclines", "danger",
     gettext_noop("Moins de 8 ans : cyclines contre-indiquées (coloration des dents).")),
    (12, "codeine", "danger", gettext_noop("Moins de 12 ans : codéine contre-indiquée.")),
    (12, "tramadol", "danger", gettext_noop("Moins de 12 ans : tramadol à ne pas utiliser.")),
    (16, "aspirin", "attention",
     gettext_noop("Moins de 16 ans : aspirine à éviter (syndrome de Reye).")),
    (15, "ketoprofen", "danger",
     gettext_noop("Moins de 15 ans : kétoprofène réservé par le RCP à partir de 15 ans.")),
    (15, "flurbiprofen", "attention",
     gettext_noop("Moins de 15 ans : flurbiprofène en comprimé réservé par le RCP à partir de "
                  "15 ans ; à vérifier selon la forme.")),
    (16, "coxibs", "danger",
     gettext_noop("Moins de 16 ans : étoricoxib contre-indiqué, célécoxib non indiqué chez "
                  "l’enfant (RCP).")),
    (18, "fluoroquinolones", "danger",
     gettext_noop("Moins de 18 ans : fluoroquinolones contre-indiquées pendant la croissance, "
                  "sauf indications particulières de la ciprofloxacine (RCP).")),
)  # fmt: skip

#: A word of a freely typed allergy shorter than this proves nothing.
_SHORTEST_WORD: Final = 5


def reminders(line: Line, noted: Sequence[Noted], age_years: int | None) -> list[Reminder]:
    """Return what to think of before this line is signed, the gravest first."""
    families = families_of(line.known_substances)
    codes = {one.code for one in noted if one.code}
    found = [
        Reminder(f"{alert}:{family}", tone, _(words))
        for alert, family, tone, words in _BY_ALERT
        if alert in codes and family in families
    ]
    found += [
        Reminder(f"age-{limit}:{family}", tone, _(words))
        for limit, family, tone, words in _BY_AGE
        if family in families and age_years is not None and age_years < limit
    ]
    found += _free_allergies(line, families, noted)
    return sorted(found, key=lambda one: one.tone != "danger")


def _free_allergies(line: Line, families: dict[str, str], noted: Iterable[Noted]) -> list[Reminder]:
    """Compare with the allergies that nobody chose in the list: by substance and by name."""
    own = {fold(one) for one in (line.name, *line.known_substances)}
    words = {word for text in own for word in text.split() if len(word) >= _SHORTEST_WORD}
    found = []
    for one in noted:
        if one.kind != "allergy" or one.code:
            continue
        told = set(fold(one.label).split()) & words
        named = families_of(substances_in(one.label)).keys() | classes_in(one.label)
        shared = named & families.keys()
        if told or shared:
            text = _("Allergie notée au dossier : « %(label)s ».") % {"label": one.label}
            found.append(Reminder(f"allergy:{'-'.join(sorted(told | shared))}", "danger", text))
    return found


def doubles(lines: Sequence[Line]) -> dict[int, Reminder]:
    """Return, by place, the lines that repeat a family of medicines of a line above.

    Or stand beside one that is near to it: aspirin and an NSAID, two opioids.
    """
    seen: set[str] = set()
    found: dict[int, Reminder] = {}
    for place, line in enumerate(lines):
        families = families_of(line.known_substances)
        if reminder := _again(families, seen) or _beside(families, seen):
            found[place] = reminder
        seen.update(families.keys())
    return found


def _again(families: dict[str, str], seen: Collection[str]) -> Reminder | None:
    again = [family for family in families if family in seen and family in _ONCE]
    if not again:
        return None
    text = _("Déjà prescrit plus haut : %(substance)s.")
    words = text % {"substance": families[again[0]]}
    return Reminder(f"double:{again[0]}", "attention", words)


def _beside(families: dict[str, str], seen: Collection[str]) -> Reminder | None:
    for code, group, words in _BESIDE:
        if group.intersection(families) and group.intersection(seen):
            return Reminder(f"double:{code}", "attention", _(words))
    return None


#: Families of which two medicines at once are seldom meant; those that are put on a place, as
#: rinses, are none of them.
_ONCE: Final = ANTIBIOTICS | frozenset(
    {
        "azoles", "nsaids", "paracetamol", "corticosteroids", "aspirin", "codeine", "tramadol",
        "opioids", "antifibrinolytics",
    }
)  # fmt: skip
#: (code, families that are near to one another, words)
_BESIDE: Final = (
    ("aspirin-nsaids", frozenset({"aspirin", "nsaids"}),
     gettext_noop("Aspirine et AINS ensemble : risque digestif et de saignement augmenté ; à "
                  "vérifier selon la dose d’aspirine (ANSM, interactions).")),
    ("opioids", frozenset({"codeine", "tramadol", "opioids"}),
     gettext_noop("Deux opioïdes ensemble : risque augmenté de dépression respiratoire (ANSM, "
                  "interactions).")),
)  # fmt: skip
