"""Letters, certificates and advice: templates with places, filled from what is known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

LONGEST_BODY: Final = 8000
LONGEST_TITLE: Final = 120

#: What may stand in braces in a template, with what it is called on screen.
PLACES: Final = {
    "patient": _("nom du patient"),
    "naissance": _("date de naissance"),
    "date": _("date du jour"),
    "praticien": _("praticien"),
    "cabinet": _("cabinet"),
    "correspondant": _("correspondant"),
    "dents": _("dents"),
    "acte": _("acte ou motif"),
    "heure": _("heures de présence"),
    "debut": _("premier jour"),
    "fin": _("dernier jour"),
}
_PLACE: Final = re.compile(r"\{(\w+)\}")
#: What stands where something is still to be written; a paper that has one is not issued.
MISSING: Final = "[à compléter : "


class UnknownPlace(ValueError):
    """A template names something that nobody fills."""


def check(body: str) -> None:
    """Raise UnknownPlace for the first place of a template that is none of ours."""
    for name in _PLACE.findall(body):
        if name not in PLACES:
            raise UnknownPlace(name)


def filled(body: str, values: Mapping[str, str]) -> str:
    """Return the text with its places filled; what is not known says that it is missing."""

    def put(found: re.Match[str]) -> str:
        name = found[1]
        if name not in PLACES:
            return found[0]
        return values.get(name, "").strip() or f"{MISSING}{PLACES[name]}]"

    return _PLACE.sub(put, body)


def is_complete(body: str) -> bool:
    """Tell whether nothing is left to write in a text."""
    return MISSING not in body


def paragraphs(body: str) -> list[list[str]]:
    """Return the paragraphs of a text, each as its lines."""
    blocks = re.split(r"\n(?:[ \t]*\n)+", body.replace("\r\n", "\n").replace("\r", "\n").strip())
    return [block.split("\n") for block in blocks if block.strip()]


@dataclass(frozen=True, slots=True)
class UsualLetter:
    """A text that every practice begins with. ``kind``: letter, certificate or other."""

    code: str
    kind: str
    name: object
    title: object
    body: object
    needs_dentist: bool = True
    has_correspondent: bool = False


USUAL: Final = (
    UsualLetter(
        "adressage", "letter", _("Adressage à un confrère"), _("Courrier d’adressage"),
        _("{correspondant}\n\nCher confrère, chère consœur,\n\nJe vous adresse {patient}, né(e) le "
          "{naissance}, pour {acte} (dents : {dents}).\n\nJe vous remercie de votre avis et de me "
          "tenir informé(e) de la suite donnée.\n\nBien confraternellement,"),
        has_correspondent=True,
    ),
    UsualLetter(
        "medecin", "letter", _("Courrier au médecin traitant"), _("Demande d’avis médical"),
        _("{correspondant}\n\nCher confrère, chère consœur,\n\nJe dois réaliser chez {patient}, "
          "né(e) le {naissance}, le soin suivant : {acte}.\n\nPourriez-vous me préciser ses "
          "traitements en cours, ses antécédents et les précautions que vous souhaitez, en "
          "particulier pour un traitement anticoagulant ou antirésorptif ?\n\nBien "
          "confraternellement,"),
        has_correspondent=True,
    ),
    UsualLetter(
        "suite", "letter", _("Compte rendu au médecin"), _("Compte rendu de soins"),
        _("{correspondant}\n\nCher confrère, chère consœur,\n\nJ’ai reçu {patient}, né(e) le "
          "{naissance}, pour {acte} (dents : {dents}).\n\nLes suites attendues sont simples. Je "
          "reste à votre disposition.\n\nBien confraternellement,"),
        has_correspondent=True,
    ),
    UsualLetter(
        "presence", "certificate", _("Attestation de présence"), _("Attestation de présence"),
        _("Le cabinet atteste que {patient}, né(e) le {naissance}, était présent(e) le {date}, "
          "{heure}, pour recevoir des soins.\n\nAttestation remise en main propre pour faire "
          "valoir ce que de droit."),
        needs_dentist=False,
    ),
    UsualLetter(
        "accompagnant", "certificate", _("Attestation d’accompagnement"),
        _("Attestation de présence d’un accompagnant"),
        _("Le cabinet atteste que la personne qui accompagnait {patient} était présente le {date}, "
          "{heure}.\n\nAttestation remise en main propre pour faire valoir ce que de droit."),
        needs_dentist=False,
    ),
    UsualLetter(
        "arret", "certificate", _("Note pour un arrêt de travail"),
        _("Note relative à un arrêt de travail"),
        _("Je soussigné(e), {praticien}, note que l’état de santé de {patient}, né(e) le "
          "{naissance}, justifie un arrêt du {debut} au {fin} inclus.\n\nCette note ne remplace "
          "pas l’avis d’arrêt de travail (formulaire officiel), seul valable auprès de la caisse "
          "et de l’employeur."),
    ),
    UsualLetter(
        "conseils-extraction", "other", _("Conseils après une extraction"),
        _("Conseils après une extraction"),
        _("Dents : {dents}\n\nMordez la compresse une demi-heure. Ne crachez pas et ne rincez pas "
          "pendant 24 heures.\n\nMangez tiède et mou, de l’autre côté. Pas de tabac ni d’alcool "
          "pendant une semaine.\n\nUn peu de sang dans la salive est normal le premier jour. "
          "Appliquez du froid sur la joue, dix minutes à la fois.\n\nBrossez les autres dents "
          "dès ce soir. "
          "Prenez les médicaments comme prescrit.\n\nAppelez le cabinet si le saignement ne cède "
          "pas, si la douleur augmente après trois jours, ou en cas de fièvre."),
        needs_dentist=False,
    ),
    UsualLetter(
        "conseils-implant", "other", _("Conseils après un implant"),
        _("Conseils après la pose d’un implant"),
        _("Site : {dents}\n\nAujourd’hui, appliquez du froid sur la joue, dix minutes à la fois. "
          "Mangez mou pendant une semaine et ne "
          "mâchez pas de ce côté.\n\nPas de tabac : il compromet l’implant.\n\nN’appuyez pas sur "
          "la zone ; brosse très souple à partir de demain, bain de bouche comme "
          "prescrit.\n\nAppelez le cabinet en cas de fièvre, de gonflement qui augmente, ou si "
          "une pièce bouge."),
        needs_dentist=False,
    ),
    UsualLetter(
        "conseils-endo", "other", _("Conseils après un traitement de racine"),
        _("Conseils après un traitement de racine"),
        _("Dent : {dents}\n\nUne sensibilité à la pression est habituelle pendant quelques jours. "
          "Évitez de mâcher de ce côté jusqu’à la restauration.\n\nLa dent reste fragile : prenez "
          "rendez-vous pour la reconstituer.\n\nAppelez le cabinet en cas de gonflement, de "
          "fièvre ou de douleur qui augmente."),
        needs_dentist=False,
    ),
    UsualLetter(
        "conseils-surfacage", "other", _("Conseils après un surfaçage"),
        _("Conseils après un surfaçage"),
        _("Les gencives peuvent être sensibles et les dents réagir au froid pendant quelques "
          "semaines.\n\nBrosse souple matin et soir, brossettes chaque jour. Pas de tabac.\n\nUn "
          "contrôle est prévu : il décide de la suite."),
        needs_dentist=False,
    ),
    UsualLetter(
        "conseils-provisoire", "other", _("Conseils avec une prothèse provisoire"),
        _("Conseils avec une prothèse provisoire"),
        _("Dents : {dents}\n\nÉvitez ce qui colle et ce qui casse. Passez le fil en le tirant sur "
          "le côté.\n\nSi la prothèse se descelle, gardez-la et appelez le cabinet : ne la "
          "recollez pas vous-même."),
        needs_dentist=False,
    ),
    UsualLetter(
        "libre", "letter", _("Courrier libre"), _("Courrier"),
        _("{correspondant}\n\n"), has_correspondent=True,
    ),
)  # fmt: skip
