"""What a patient is told before she decides, act by act: our own texts, which a practice edits."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_noop as _

#: The parts of a text, in their order; each is explained to the patient.
PARTS: Final = (
    ("act", _("Le soin proposé")),
    ("benefits", _("Ce qu’on en attend")),
    ("risks", _("Les risques, fréquents ou graves")),
    ("alternatives", _("Les autres possibilités, dont ne rien faire")),
    ("after", _("Après le soin")),
)


@dataclass(frozen=True)
class Text:
    """A text of the product: version 0 of an act."""

    act: str
    title: str
    benefits: str
    risks: str
    alternatives: str
    after: str
    told: str

    @property
    def parts(self) -> dict[str, str]:
        """The text, part by part."""
        return {
            "act": self.told,
            "benefits": self.benefits,
            "risks": self.risks,
            "alternatives": self.alternatives,
            "after": self.after,
        }


TEXTS: Final = (
    Text(
        "extraction",
        _("Extraction d’une dent"),
        told=_(
            "La dent est retirée sous anesthésie locale. Une compresse, parfois des fils, "
            "arrêtent le saignement."
        ),
        benefits=_("Faire cesser la douleur ou l’infection, et éviter qu’elle s’étende."),
        risks=_(
            "Fréquents : gêne, gonflement, petit saignement pendant deux jours. Plus rares : "
            "infection de la plaie (alvéolite), fracture d’une racine, communication avec le "
            "sinus, lésion d’une dent voisine, perte de sensibilité de la lèvre."
        ),
        alternatives=_(
            "Parfois un traitement de racine. Ne rien faire expose à la douleur, à un abcès et à "
            "l’extension de l’infection."
        ),
        after=_(
            "Mordre la compresse une demi-heure, ne pas rincer ni fumer le premier jour, manger "
            "froid et mou, prendre les médicaments prescrits. Appeler si le saignement ou la "
            "douleur augmentent."
        ),
    ),
    Text(
        "wisdom",
        _("Extraction des dents de sagesse"),
        told=_(
            "La gencive est ouverte, un peu d’os peut être retiré, la dent est parfois coupée en "
            "morceaux. Des fils referment la plaie."
        ),
        benefits=_("Éviter les infections répétées, la carie de la dent voisine, les kystes."),
        risks=_(
            "Fréquents : gonflement et bouche qui s’ouvre mal pendant une semaine. Plus rares : "
            "infection, saignement, perte de sensibilité de la lèvre ou de la langue, le plus "
            "souvent passagère, communication avec le sinus. Exceptionnel : fracture de la "
            "mâchoire."
        ),
        alternatives=_(
            "Surveiller par des radiographies. Ne rien faire expose à une infection à un moment "
            "mal choisi, et à une opération plus difficile avec l’âge."
        ),
        after=_(
            "Glace le premier jour, repos, alimentation molle, brossage doux à côté de la plaie, "
            "pas de tabac ni d’effort pendant plusieurs jours."
        ),
    ),
    Text(
        "implant",
        _("Pose d’un implant"),
        told=_(
            "Une racine en titane est vissée dans l’os sous anesthésie locale. Après quelques "
            "mois, une dent est fixée dessus."
        ),
        benefits=_("Remplacer une dent sans toucher aux voisines, et garder l’os."),
        risks=_(
            "Fréquents : gonflement, bleu. Plus rares : infection, implant qui ne tient pas (à "
            "retirer), lésion d’un nerf avec perte de sensibilité, atteinte du sinus. À long "
            "terme : inflammation autour de l’implant, surtout avec le tabac ou sans suivi."
        ),
        alternatives=_(
            "Un bridge, une prothèse amovible, ou laisser l’espace vide : les dents voisines "
            "peuvent alors bouger et l’os diminuer."
        ),
        after=_(
            "Brossage doux, bains de bouche prescrits, pas de tabac. Un contrôle au moins une "
            "fois par an pendant toute la vie de l’implant."
        ),
    ),
    Text(
        "endodontics",
        _("Traitement de racine"),
        told=_(
            "Le nerf ou l’infection est retiré de l’intérieur de la dent, qui est désinfectée "
            "puis remplie, sous une digue."
        ),
        benefits=_("Garder la dent, supprimer la douleur et l’infection."),
        risks=_(
            "Fréquents : sensibilité quelques jours. Plus rares : instrument cassé dans un canal, "
            "canal bouché ou oublié, perforation, échec qui demande de reprendre le traitement, "
            "une chirurgie ou l’extraction. La dent devient plus fragile."
        ),
        alternatives=_(
            "L’extraction, avec ou sans remplacement. Ne rien faire laisse l’infection s’étendre."
        ),
        after=_(
            "Éviter de mordre dur jusqu’à la reconstitution définitive, souvent une couronne. "
            "Appeler en cas de gonflement ou de fièvre."
        ),
    ),
    Text(
        "periodontal",
        _("Chirurgie de la gencive"),
        told=_(
            "La gencive est soulevée pour nettoyer les racines et l’os, parfois greffée, puis "
            "recousue."
        ),
        benefits=_("Arrêter la perte d’os, garder les dents plus longtemps, couvrir une racine."),
        risks=_(
            "Fréquents : gêne, gonflement, dents sensibles au froid, racines plus visibles. Plus "
            "rares : saignement, infection, résultat incomplet, perte d’une dent déjà condamnée."
        ),
        alternatives=_(
            "Un nettoyage sans chirurgie, avec un résultat parfois moindre. Ne rien faire laisse "
            "la maladie avancer, jusqu’à la perte des dents."
        ),
        after=_(
            "Ne pas brosser la zone opérée avant l’accord du praticien, bains de bouche, pas de "
            "tabac. Un suivi régulier est indispensable."
        ),
    ),
    Text(
        "sinus",
        _("Greffe sous le sinus"),
        told=_(
            "Un matériau osseux est placé sous la membrane du sinus pour rendre possible la pose "
            "d’un implant."
        ),
        benefits=_("Obtenir assez d’os pour un implant solide."),
        risks=_(
            "Fréquents : gonflement, bleu, petit saignement de nez. Plus rares : déchirure de la "
            "membrane, sinusite, infection ou perte de la greffe, retard de la pose."
        ),
        alternatives=_(
            "Un implant court, un bridge, une prothèse amovible, ou ne pas remplacer la dent."
        ),
        after=_(
            "Ne pas se moucher fort ni souffler pendant trois semaines, éternuer bouche ouverte, "
            "ni avion ni plongée sans accord, pas de tabac."
        ),
    ),
    Text(
        "whitening",
        _("Éclaircissement des dents"),
        told=_(
            "Un gel au peroxyde est appliqué sur les dents, au cabinet ou chez vous dans une "
            "gouttière."
        ),
        benefits=_("Éclaircir la teinte des dents naturelles."),
        risks=_(
            "Fréquents : dents sensibles et gencive irritée quelques jours. Le résultat varie et "
            "ne dure pas toujours. Obturations et couronnes ne changent pas de teinte."
        ),
        alternatives=_("Un nettoyage simple, des facettes, ou garder sa teinte."),
        after=_(
            "Éviter café, thé, vin rouge et tabac pendant deux jours. Arrêter et appeler si la "
            "sensibilité gêne."
        ),
    ),
    Text(
        "orthodontics",
        _("Traitement d’orthodontie"),
        told=_(
            "Des bagues, un appareil ou des gouttières déplacent les dents pendant des mois, "
            "puis un fil ou une gouttière les maintient."
        ),
        benefits=_("Aligner les dents, mieux mordre, mieux nettoyer."),
        risks=_(
            "Fréquents : gêne, aphtes, taches et caries si le brossage est insuffisant. Plus "
            "rares : racines raccourcies, gencive qui recule, retour en arrière sans contention."
        ),
        alternatives=_("Un traitement partiel, une prothèse, ou ne rien faire."),
        after=_(
            "Brossage après chaque repas, rendez-vous réguliers, pas d’aliment dur ni collant, "
            "contention portée aussi longtemps que demandé."
        ),
    ),
    Text(
        "child",
        _("Soins d’un enfant"),
        told=_(
            "Les soins nécessaires sont faits sous anesthésie locale si besoin, au rythme de "
            "l’enfant, en présence ou non du parent selon ce qui l’aide."
        ),
        benefits=_("Soigner la douleur et la carie, garder les dents de lait à leur place."),
        risks=_(
            "Fréquents : lèvre mordue tant qu’elle dort, fatigue. Plus rares : soin incomplet si "
            "l’enfant ne le supporte pas, infection, atteinte du germe de la dent définitive."
        ),
        alternatives=_(
            "Soigner en plusieurs fois, sous MEOPA ou, rarement, sous anesthésie générale. Ne rien "
            "faire expose à la douleur et à l’infection."
        ),
        after=_("Surveiller la lèvre endormie, ne pas manger avant le réveil, brosser deux fois."),
    ),
    Text(
        "sedation",
        _("Anesthésie locale et MEOPA"),
        told=_(
            "Une injection endort la zone du soin. Le MEOPA, gaz respiré par un masque, détend "
            "sans faire dormir."
        ),
        benefits=_("Être soigné sans douleur et avec moins de peur."),
        risks=_(
            "Fréquents : battements de cœur, bleu, lèvre endormie deux heures ; avec le MEOPA, "
            "nausée, vertige, rires. Rares : malaise, allergie, nerf touché."
        ),
        alternatives=_("Une autre technique d’anesthésie, un soin reporté, ou aucun soin."),
        after=_(
            "Ne pas manger tant que la zone dort. Après le MEOPA, rester un quart d’heure au "
            "cabinet ; un enfant repart accompagné."
        ),
    ),
    Text(
        "photography",
        _("Photographies"),
        told=_(
            "Des photographies de la bouche ou du visage sont prises pour le dossier. Vous dites "
            "ci-dessous si elles peuvent aussi servir, sans votre nom, à l’enseignement."
        ),
        benefits=_("Préparer et suivre les soins, échanger avec le prothésiste."),
        risks=_(
            "Un visage peut être reconnu, même sans nom. Une image publiée ne se retire jamais "
            "tout à fait."
        ),
        alternatives=_("Des photographies pour le dossier seulement, ou aucune."),
        after=_("Vous pouvez retirer cet accord ; les images du dossier y restent gardées."),
    ),
)


def text_of(act: str) -> Text:
    """Return the product's text of an act. Raises: KeyError."""
    for one in TEXTS:
        if one.act == act:
            return one
    raise KeyError(act)
