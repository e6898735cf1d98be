"""The questionnaires themselves, ours, by version. A version that was answered is never changed:
another one is added below it, with the next number.
"""

from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.care.questionnaires import children, later
from quenotte.care.questionnaires.questions import (
    Asked,
    Definition,
    Question,
    Section,
    Sort,
    line,
    text,
)

ADULT: Final = "adult"
CHILD: Final = "child"

_REASON: Final = Section(
    "motif",
    _("Votre venue"),
    (
        text("motif", _("Qu’est-ce qui vous amène ?")),
        Question(
            "douleur",
            _("Avez-vous mal en ce moment ?"),
            follow_ups=(line("douleur_ou", _("Où, et depuis quand ?")),),
        ),
        line("medecin", _("Nom de votre médecin traitant")),
        line("poids", _("Votre poids, en kilogrammes"), _("Il sert à doser les médicaments.")),
    ),
)

_HEART: Final = Section(
    "coeur",
    _("Cœur et circulation"),
    (
        Question(
            "endocardite",
            _("Portez-vous une valve cardiaque, ou a-t-on soigné une infection du cœur ?"),
            Sort.SOME,
            (
                ("valve", _("Une valve artificielle ou réparée")),
                ("endocardite", _("Une endocardite déjà soignée")),
                ("congenital", _("Une malformation du cœur depuis la naissance")),
                ("aucun", _("Aucun des trois")),
                ("nsp", _("Je ne sais pas")),
            ),
            hint=_("Ces trois situations changent la préparation de certains soins."),
        ),
        Question(
            "stimulateur",
            _("Portez-vous un stimulateur cardiaque (pacemaker) ou un défibrillateur ?"),
            follow_ups=(line("stimulateur_quel", _("Lequel, et depuis quand ?")),),
        ),
        Question(
            "infarctus",
            _("Avez-vous eu un infarctus, une angine de poitrine, ou la pose d’un stent ?"),
            follow_ups=(line("infarctus_quand", _("Quand ?")),),
        ),
        Question(
            "hypertension",
            _("Avez-vous de l’hypertension artérielle ?"),
            follow_ups=(line("hypertension_suivi", _("Est-elle équilibrée par un traitement ?")),),
        ),
        Question(
            "avc",
            _("Avez-vous eu un accident vasculaire cérébral ?"),
            follow_ups=(line("avc_quand", _("Quand ?")),),
        ),
    ),
)

_BLOOD: Final = Section(
    "sang",
    _("Saignement"),
    (
        Question(
            "anticoagulant",
            _("Prenez-vous un médicament qui fluidifie le sang (anticoagulant) ?"),
            follow_ups=(
                line(
                    "anticoagulant_quel",
                    _("Lequel ?"),
                    _("Par exemple Previscan, Coumadine, Eliquis, Xarelto, Pradaxa."),
                ),
                line("inr", _("Votre dernier INR, si on le mesure, et sa date")),
            ),
        ),
        Question(
            "antiagregant",
            _("Prenez-vous de l’aspirine à petite dose, du Plavix ou un antiagrégant ?"),
            follow_ups=(line("antiagregant_quel", _("Lequel ?")),),
        ),
        Question(
            "saignement",
            _("Avez-vous une maladie du sang, ou saignez-vous longtemps après une coupure ?"),
            follow_ups=(line("saignement_quoi", _("Précisez")),),
        ),
    ),
)

_BONES: Final = Section(
    "os",
    _("Os et traitements lourds"),
    (
        Question(
            "antiresorptif",
            _("Prenez-vous, ou avez-vous pris, un médicament pour les os ?"),
            hint=_(
                "Biphosphonates (Fosamax, Actonel, Aclasta, Zometa) ou dénosumab (Prolia, Xgeva)."
            ),
            follow_ups=(
                line("antiresorptif_quel", _("Lequel ?")),
                Question(
                    "antiresorptif_voie",
                    _("Comment ?"),
                    Sort.ONE,
                    (
                        ("orale", _("Par la bouche")),
                        ("injection", _("En perfusion ou en piqûre")),
                        ("nsp", _("Je ne sais pas")),
                    ),
                    is_needed=False,
                ),
                line("antiresorptif_depuis", _("Depuis quand, et jusqu’à quand ?")),
            ),
        ),
        Question(
            "radiotherapie",
            _("Avez-vous reçu des rayons sur la tête ou le cou ?"),
            follow_ups=(line("radiotherapie_quand", _("Quand, et pour quoi ?")),),
        ),
        Question(
            "chimiotherapie",
            _("Suivez-vous une chimiothérapie ou un traitement contre un cancer ?"),
            follow_ups=(line("chimiotherapie_quoi", _("Lequel, et depuis quand ?")),),
        ),
        Question("corticoides", _("Prenez-vous de la cortisone depuis plus de trois mois ?")),
        Question(
            "immunodepression",
            _("Vos défenses sont-elles affaiblies (greffe, maladie, traitement) ?"),
            follow_ups=(line("immunodepression_quoi", _("Précisez")),),
        ),
    ),
)

_HEALTH: Final = Section(
    "sante",
    _("Santé générale"),
    (
        Question(
            "diabete",
            _("Avez-vous du diabète ?"),
            follow_ups=(
                Question(
                    "diabete_type",
                    _("Comment est-il soigné ?"),
                    Sort.ONE,
                    (
                        ("insuline", _("Insuline")),
                        ("comprimes", _("Comprimés")),
                        ("regime", _("Régime seul")),
                    ),
                    is_needed=False,
                ),
                line("hba1c", _("Votre dernière hémoglobine glyquée (HbA1c)")),
            ),
        ),
        Question("asthme", _("Avez-vous de l’asthme ou une gêne pour respirer ?")),
        Question(
            "epilepsie",
            _("Avez-vous de l’épilepsie ?"),
            follow_ups=(line("epilepsie_crise", _("Date de la dernière crise")),),
        ),
        Question(
            "reins",
            _("Avez-vous une maladie des reins ?"),
            follow_ups=(line("reins_quoi", _("Laquelle ? Dialyse ?")),),
        ),
        Question(
            "foie",
            _("Avez-vous une maladie du foie ?"),
            follow_ups=(line("foie_quoi", _("Laquelle ?")),),
        ),
        Question(
            "infection",
            _("Vivez-vous avec une hépatite B ou C, le VIH ou une autre infection durable ?"),
            hint=_(
                "Vous êtes libre de répondre. L’hygiène du cabinet est la même pour tous : la "
                "réponse sert à choisir vos médicaments, et reste entre le praticien et vous."
            ),
            follow_ups=(line("infection_quoi", _("Ce que vous souhaitez nous dire")),),
            is_needed=False,
        ),
        text("autre_maladie", _("Une autre maladie, une opération, une hospitalisation ?")),
    ),
)

_ALLERGIES: Final = Section(
    "allergies",
    _("Allergies"),
    (
        Question(
            "allergies",
            _("À quoi êtes-vous allergique ?"),
            Sort.SOME,
            (
                ("penicillin", _("Pénicilline, amoxicilline")),
                ("macrolides", _("Autres antibiotiques (macrolides)")),
                ("latex", _("Latex")),
                ("local_anaesthetic", _("Anesthésie du dentiste")),
                ("nsaid", _("Anti-inflammatoires (ibuprofène…)")),
                ("aspirin", _("Aspirine")),
                ("codeine", _("Codéine")),
                ("iodine", _("Iode, produits de contraste")),
                ("chlorhexidine", _("Chlorhexidine (bains de bouche)")),
                ("nickel", _("Nickel, métaux")),
                ("methacrylate", _("Résines, colles d’ongles")),
                ("aucune", _("Aucune allergie connue")),
                ("nsp", _("Je ne sais pas")),
            ),
        ),
        line("allergie_autre", _("Une autre allergie (médicament, aliment…)")),
        line("allergie_reaction", _("Que s’est-il passé ? (plaques, gonflement, malaise…)")),
    ),
)

_TREATMENTS: Final = Section(
    "traitements",
    _("Vos médicaments"),
    (
        Question(
            "traitement",
            _("Prenez-vous des médicaments en ce moment ?"),
            follow_ups=(
                text(
                    "traitements",
                    _("Lesquels ?"),
                    _("Un par ligne. Vous pouvez aussi montrer l’ordonnance à l’accueil."),
                ),
            ),
        ),
        Question(
            "anesthesie_probleme",
            _("Une anesthésie s’est-elle mal passée (dentaire ou générale) ?"),
            follow_ups=(line("anesthesie_quoi", _("Que s’est-il passé ?")),),
        ),
        Question(
            "malaises", _("Faites-vous des malaises chez le dentiste ou à la prise de sang ?")
        ),
    ),
)

_PREGNANCY: Final = Section(
    "grossesse",
    _("Grossesse"),
    (
        Question(
            "grossesse",
            _("Êtes-vous enceinte, ou est-ce possible ?"),
            asked=Asked.MAY_BE_PREGNANT,
            follow_ups=(line("terme", _("Date prévue de l’accouchement, ou mois en cours")),),
        ),
        Question("allaitement", _("Allaitez-vous ?"), asked=Asked.MAY_BE_PREGNANT),
    ),
)

_HABITS: Final = Section(
    "habitudes",
    _("Habitudes"),
    (
        Question(
            "tabac",
            _("Fumez-vous ?"),
            Sort.ONE,
            (
                ("non", _("Non")),
                ("arrete", _("J’ai arrêté")),
                ("tabac", _("Tabac")),
                ("vapoteuse", _("Cigarette électronique")),
                ("deux", _("Les deux")),
            ),
            follow_ups=(line("tabac_combien", _("Combien par jour, depuis combien d’années ?")),),
        ),
        Question(
            "alcool",
            _("Buvez-vous de l’alcool ?"),
            Sort.ONE,
            (
                ("jamais", _("Jamais")),
                ("parfois", _("Parfois")),
                ("souvent", _("Presque chaque jour")),
                ("tu", _("Je préfère ne pas répondre")),
            ),
        ),
        Question("bruxisme", _("Serrez-vous ou grincez-vous des dents ?")),
        Question("ronflement", _("Ronflez-vous, ou avez-vous des apnées du sommeil ?")),
        Question(
            "brossage",
            _("Combien de fois par jour brossez-vous vos dents ?"),
            Sort.ONE,
            (
                ("0", _("Pas tous les jours")),
                ("1", _("Une fois")),
                ("2", _("Deux fois")),
                ("3", _("Trois fois ou plus")),
            ),
        ),
        Question("gencives", _("Vos gencives saignent-elles ?")),
        Question("anxiete", _("Avez-vous peur des soins dentaires ?")),
        text("autre", _("Autre chose que nous devrions savoir ?")),
    ),
)

_CHILD_REASON: Final = Section(
    "motif",
    _("La venue de l’enfant"),
    (
        text("motif", _("Qu’est-ce qui vous amène ?")),
        Question(
            "douleur",
            _("L’enfant a-t-il mal en ce moment ?"),
            follow_ups=(line("douleur_ou", _("Où, et depuis quand ?")),),
        ),
        Question(
            "premiere_visite",
            _("Est-ce sa première visite chez un dentiste ?"),
            follow_ups=(line("premiere_visite_mot", _("Que faut-il savoir pour l’accueillir ?")),),
        ),
        line("medecin", _("Nom de son médecin ou pédiatre")),
        line("poids", _("Son poids, en kilogrammes"), _("Il sert à doser les médicaments.")),
    ),
    lead=_("À remplir par le représentant légal. Les questions parlent de l’enfant."),
)

_CHILD_HEALTH: Final = Section(
    "sante",
    _("Sa santé"),
    (
        Question(
            "endocardite",
            _("L’enfant a-t-il une maladie du cœur ?"),
            Sort.SOME,
            (
                ("valve", _("Une valve artificielle ou réparée")),
                ("endocardite", _("Une infection du cœur déjà soignée")),
                ("congenital", _("Une malformation du cœur depuis la naissance")),
                ("aucun", _("Aucune")),
                ("nsp", _("Je ne sais pas")),
            ),
        ),
        Question(
            "saignement",
            _("A-t-il une maladie du sang, ou saigne-t-il longtemps ?"),
            follow_ups=(line("saignement_quoi", _("Précisez")),),
        ),
        Question(
            "diabete",
            _("A-t-il du diabète ?"),
            follow_ups=(line("hba1c", _("Dernière hémoglobine glyquée (HbA1c)")),),
        ),
        Question("asthme", _("A-t-il de l’asthme ?")),
        Question(
            "epilepsie",
            _("A-t-il de l’épilepsie ou fait-il des convulsions ?"),
            follow_ups=(line("epilepsie_crise", _("Date de la dernière crise")),),
        ),
        Question(
            "immunodepression",
            _("Ses défenses sont-elles affaiblies (greffe, maladie, traitement) ?"),
            follow_ups=(line("immunodepression_quoi", _("Précisez")),),
        ),
        Question(
            "handicap",
            _("A-t-il un handicap, un trouble de l’attention ou de la communication ?"),
            follow_ups=(line("handicap_quoi", _("Ce qui l’aide pendant les soins")),),
        ),
        text("autre_maladie", _("Une autre maladie, une opération, une hospitalisation ?")),
    ),
)

_CHILD_HABITS: Final = Section(
    "habitudes",
    _("Habitudes"),
    (
        Question(
            "brossage",
            _("Combien de fois par jour brosse-t-on ses dents ?"),
            Sort.ONE,
            (
                ("0", _("Pas tous les jours")),
                ("1", _("Une fois")),
                ("2", _("Deux fois")),
                ("3", _("Trois fois ou plus")),
            ),
        ),
        Question("succion", _("Suce-t-il son pouce ou une tétine ?")),
        Question("sucre", _("Boit-il des boissons sucrées ou du lait la nuit ?")),
        Question("ronflement", _("Ronfle-t-il, ou dort-il la bouche ouverte ?")),
        Question("bruxisme", _("Grince-t-il des dents ?")),
        Question("anxiete", _("A-t-il peur des soins ?")),
        text("autre", _("Autre chose que nous devrions savoir ?")),
    ),
)

_FIRST: Final = (
    Definition(
        ADULT,
        1,
        _("Questionnaire médical"),
        (
            _REASON,
            _HEART,
            _BLOOD,
            _BONES,
            _HEALTH,
            _ALLERGIES,
            _TREATMENTS,
            _PREGNANCY,
            _HABITS,
        ),
    ),
    Definition(
        CHILD,
        1,
        _("Questionnaire médical de l’enfant"),
        (_CHILD_REASON, _CHILD_HEALTH, _ALLERGIES, _TREATMENTS, _PREGNANCY, _CHILD_HABITS),
    ),
    Definition(
        CHILD,
        2,
        _("Questionnaire médical de l’enfant"),
        (_CHILD_REASON, *children.SECTIONS, _CHILD_HABITS, children.TEENS, children.PREGNANCY),
    ),
)

#: With sulphites among the allergies.
_SECOND: Final = (later.with_sulphites(_FIRST[0]), later.with_sulphites(_FIRST[-1]))
#: With heart failure, conduction disorders and ulcer.
_THIRD: Final = (
    later.with_heart_and_stomach(_SECOND[0]),
    later.with_heart_and_stomach(_SECOND[1], of_child=True),
)

DEFINITIONS: Final = (*_FIRST, *_SECOND, *_THIRD)
