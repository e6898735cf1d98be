"""Pure decisions about a patient: what proves an identity, which alerts exist, how old."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from quenotte.care.patients import likenesses
from quenotte.kernel.dates import age_years
from quenotte.kernel.phones import display_phone

#: What the rooms above ask of two descriptions of a person.
Traits = likenesses.Traits
Likeness = likenesses.Likeness
Level = likenesses.Level
likeness = likenesses.likeness
name_key, phone_key = likenesses.name_key, likenesses.phone_key

#: Traits that make an identity (RNIV); changing one undoes what was proved.
STRICT_TRAITS: Final = (
    "birth_name",
    "birth_first_names",
    "first_birth_first_name",
    "born_on",
    "sex",
    "birth_place_code",
    "ins_matricule",
    "ins_oid",
)

PROVISIONAL: Final = "provisoire"
RETRIEVED: Final = "recuperee"
VALIDATED: Final = "validee"
QUALIFIED: Final = "qualifiee"

#: Papers of high trust with the HL7 code that names each.
PAPERS: Final[dict[str, str]] = {
    "CN": _("Carte nationale d’identité"),
    "PA": _("Passeport"),
    "LE": _("Titre de séjour"),
    "AN": _("Acte de naissance et photographie"),
}

#: Kept in the place of a birth date that nobody has asked yet (a booking by telephone): no
#: living person was born so long ago. Pages say that it must be asked; no search finds it.
UNKNOWN_BIRTH: Final = date(1900, 12, 31)

#: Nobody who is treated was born more than this many years ago.
OLDEST_AGE_YEARS: Final = 130


def after_papers(status: str) -> str:
    """Return the status once papers of high trust were seen. Source: RNIV."""
    return {PROVISIONAL: VALIDATED, RETRIEVED: QUALIFIED}.get(status, status)


def changed_traits(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the strict traits whose value differs; those that ``after`` omits stay."""
    return [name for name in STRICT_TRAITS if name in after and before[name] != after[name]]


def after_change(status: str, changed: list[str]) -> str:
    """Return the status once these strict traits changed. Source: RNIV."""
    return PROVISIONAL if changed else status


def may_check_papers(*, is_doubtful: bool, is_fictitious: bool) -> bool:
    """Return whether papers may prove this identity; a doubt must be lifted first."""
    return not (is_doubtful or is_fictitious)


def may_be_marked_together(*, is_homonym: bool, is_doubtful: bool, is_fictitious: bool) -> bool:
    """Return whether an identity may carry these marks at once. Source: RNIV.

    Doubtful and homonym alone may go together.
    """
    return not (is_fictitious and (is_doubtful or is_homonym))


def may_be_contacted(*, do_not_contact: bool, died_on: date | None) -> bool:
    """Return whether the practice may write to or call a patient: alive, and no objection."""
    return died_on is None and not do_not_contact


def first_of(first_names: str) -> str:
    """Return the first of several birth first names (« Marie-Louise Anne » gives the first)."""
    return first_names.replace(",", " ").split()[0] if first_names.strip() else ""


def is_birth_date_possible(born_on: date, today: date) -> bool:
    """Return whether a person born that day can sit in the chair today."""
    if born_on == UNKNOWN_BIRTH:
        return True
    return born_on <= today and age_years(born_on, today) <= OLDEST_AGE_YEARS


def known_birth(born_on: date) -> date | None:
    """Return a birth date that somebody gave, None for the one that stands for « not asked »."""
    return None if born_on == UNKNOWN_BIRTH else born_on


def strange_character(name: str) -> str:
    """Return the first character that no name contains, or nothing."""
    for character in name:
        if character.isalpha() or character in " -'":
            continue
        # Marks written apart from their letter (decomposed accents) belong to it.
        if unicodedata.category(character) == "Mn":
            continue
        return character if character.isprintable() else "?"
    return ""


def shown_phone(phone: str) -> str:
    """Return a telephone as French people read it; lists show it hundreds of times."""
    if phone.startswith("+33") and len(phone) == 12:
        digits = "0" + phone[3:]
        return " ".join(digits[i : i + 2] for i in range(0, 10, 2))
    return display_phone(phone) if phone else ""


def status_tone(status: str, *, is_doubtful: bool) -> str:
    """Return the colour that goes with the words of an identity status."""
    if is_doubtful:
        return "attention"
    return {QUALIFIED: "ok", VALIDATED: "info", RETRIEVED: "info"}.get(status, "neutral")


#: Severities of an alert, the most severe first.
SEVERITIES: Final = ("danger", "attention", "info")


@dataclass(frozen=True)
class KnownAlert:
    """One entry of the list: ``kind`` and ``severity`` are those of ``MedicalAlert``."""

    code: str
    kind: str
    severity: str
    label: str
    advice: str = ""


#: What a dentist must know before she touches a mouth; the words are those of the banner.
ALERTS: Final[dict[str, KnownAlert]] = {
    alert.code: alert
    for alert in (
        KnownAlert("latex", "allergy", "danger", _("Latex"), _("Gants et digue sans latex.")),
        KnownAlert(
            "penicillin",
            "allergy",
            "danger",
            _("Pénicillines"),
            _("Amoxicilline et apparentés exclus."),
        ),
        KnownAlert("macrolides", "allergy", "danger", _("Macrolides")),
        KnownAlert(
            "local_anaesthetic",
            "allergy",
            "danger",
            _("Anesthésiques locaux"),
            _("Noter la molécule et le bilan d’allergologie."),
        ),
        KnownAlert("sulphites", "allergy", "danger", _("Sulfites")),
        KnownAlert("nsaid", "allergy", "danger", _("Anti-inflammatoires (AINS)")),
        KnownAlert("aspirin", "allergy", "danger", _("Aspirine")),
        KnownAlert("codeine", "allergy", "danger", _("Codéine")),
        KnownAlert("iodine", "allergy", "danger", _("Produits iodés")),
        KnownAlert("chlorhexidine", "allergy", "danger", _("Chlorhexidine")),
        KnownAlert("nickel", "allergy", "attention", _("Nickel")),
        KnownAlert("methacrylate", "allergy", "attention", _("Résines (méthacrylates)")),
        KnownAlert("eugenol", "allergy", "attention", _("Eugénol")),
        KnownAlert(
            "anticoagulant",
            "treatment",
            "danger",
            _("Anticoagulant"),
            _("Noter la molécule et le dernier INR."),
        ),
        KnownAlert("antiplatelet", "treatment", "attention", _("Antiagrégant plaquettaire")),
        KnownAlert(
            "antiresorptive",
            "treatment",
            "danger",
            _("Bisphosphonate ou dénosumab"),
            _("Risque d’ostéonécrose : noter voie, début et motif."),
        ),
        KnownAlert("corticosteroid", "treatment", "attention", _("Corticoïdes au long cours")),
        KnownAlert(
            "lithium", "treatment", "attention", _("Lithium"), _("AINS : voir le prescripteur.")
        ),
        KnownAlert(
            "methotrexate",
            "treatment",
            "danger",
            _("Méthotrexate"),
            _("AINS, pénicillines, cotrimoxazole : voir le prescripteur."),
        ),
        KnownAlert("chemotherapy", "treatment", "danger", _("Chimiothérapie en cours")),
        KnownAlert(
            "endocarditis",
            "condition",
            "danger",
            _("Haut risque d’endocardite"),
            _("Antibioprophylaxie selon l’acte."),
        ),
        KnownAlert(
            "pacemaker",
            "condition",
            "attention",
            _("Stimulateur ou défibrillateur cardiaque"),
            _("Prudence : bistouri électrique, ultrasons."),
        ),
        KnownAlert("heart_disease", "condition", "attention", _("Maladie coronarienne")),
        KnownAlert(
            "heart_failure",
            "condition",
            "attention",
            _("Insuffisance cardiaque"),
            _("AINS à éviter ; fauteuil peu incliné."),
        ),
        KnownAlert(
            "conduction",
            "condition",
            "attention",
            _("Trouble du rythme ou de la conduction"),
            _("Avant d’injecter : demander s’il est sévère, et appareillé."),
        ),
        KnownAlert(
            "stroke", "condition", "attention", _("AVC"), _("Noter la date et le traitement.")
        ),
        KnownAlert("hypertension", "condition", "info", _("Hypertension")),
        KnownAlert(
            "haemophilia",
            "condition",
            "danger",
            _("Hémophilie ou trouble de la coagulation"),
            _("Contacter le centre de référence avant tout geste."),
        ),
        KnownAlert("bleeding", "condition", "attention", _("Saignements prolongés : à préciser")),
        KnownAlert("diabetes", "condition", "attention", _("Diabète")),
        KnownAlert(
            "epilepsy",
            "condition",
            "attention",
            _("Épilepsie"),
            _("Demander si elle est équilibrée, et la date de la dernière crise."),
        ),
        KnownAlert(
            "asthma",
            "condition",
            "attention",
            _("Asthme"),
            _("Demander si l’aspirine, un AINS ou les sulfites le déclenchent."),
        ),
        KnownAlert("immunosuppression", "condition", "danger", _("Immunodépression")),
        KnownAlert(
            "radiotherapy",
            "condition",
            "danger",
            _("Radiothérapie tête et cou"),
            _("Risque d’ostéoradionécrose."),
        ),
        KnownAlert("kidney_failure", "condition", "attention", _("Insuffisance rénale")),
        KnownAlert("liver_failure", "condition", "attention", _("Insuffisance hépatique")),
        KnownAlert(
            "stomach_ulcer",
            "condition",
            "attention",
            _("Ulcère ou saignement digestif"),
            _("AINS et aspirine à éviter."),
        ),
        KnownAlert(
            "adrenaline",
            "precaution",
            "danger",
            _("Adrénaline à éviter"),
            _("Anesthésie sans vasoconstricteur."),
        ),
        KnownAlert(
            "pregnancy", "precaution", "attention", _("Grossesse"), _("Noter le terme prévu.")
        ),
        KnownAlert("breastfeeding", "precaution", "attention", _("Allaitement")),
        # Standard precautions are for everybody: the words on a screen that others can see
        # name no infection (hepatitis, HIV).
        KnownAlert(
            "blood_exposure",
            "precaution",
            "info",
            _("Suivi infectieux : voir le praticien"),
            _("Précautions standard, comme pour tous."),
        ),
        KnownAlert("dental_anxiety", "precaution", "info", _("Anxiété des soins")),
        KnownAlert("fainting", "precaution", "info", _("Malaises vagaux")),
        KnownAlert("smoking", "precaution", "info", _("Tabac")),
        KnownAlert("reduced_mobility", "precaution", "info", _("Mobilité réduite")),
    )
}
