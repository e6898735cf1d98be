"""What is asked of a child, in words that speak of the child to whoever answers for it."""

from typing import Final

from django.utils.translation import gettext_noop as _

from quenotte.care.questionnaires.questions import Asked, Question, Section, Sort, line, text

_HEART: Final = Section(
    "coeur",
    _("Son cœur et son sang"),
    (
        Question(
            "endocardite",
            _("L’enfant a-t-il une maladie du cœur ?"),
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
            "stimulateur",
            _("L’enfant porte-t-il un stimulateur cardiaque (pacemaker) ou un défibrillateur ?"),
            follow_ups=(line("stimulateur_quel", _("Lequel, et depuis quand ?")),),
        ),
        Question(
            "anticoagulant",
            _("L’enfant prend-il un médicament qui fluidifie le sang (anticoagulant) ?"),
            follow_ups=(
                line("anticoagulant_quel", _("Lequel ?")),
                line("inr", _("Son dernier INR, si on le mesure, et sa date")),
            ),
        ),
        Question(
            "saignement",
            _("L’enfant a-t-il une maladie du sang, ou saigne-t-il longtemps ?"),
            follow_ups=(line("saignement_quoi", _("Précisez")),),
        ),
    ),
    lead=_("Les questions parlent de l’enfant, pas de la personne qui répond."),
)

_HEALTH: Final = Section(
    "sante",
    _("Sa santé"),
    (
        Question(
            "diabete",
            _("L’enfant a-t-il du diabète ?"),
            follow_ups=(line("hba1c", _("Sa dernière hémoglobine glyquée (HbA1c)")),),
        ),
        Question("asthme", _("L’enfant a-t-il de l’asthme ?")),
        Question(
            "epilepsie",
            _("L’enfant a-t-il de l’épilepsie, ou fait-il des convulsions ?"),
            follow_ups=(line("epilepsie_crise", _("Date de la dernière crise")),),
        ),
        Question(
            "reins",
            _("L’enfant a-t-il une maladie des reins ?"),
            follow_ups=(line("reins_quoi", _("Laquelle ? Dialyse ?")),),
        ),
        Question(
            "foie",
            _("L’enfant a-t-il une maladie du foie ?"),
            follow_ups=(line("foie_quoi", _("Laquelle ?")),),
        ),
        Question(
            "immunodepression",
            _("Les défenses de l’enfant sont-elles affaiblies (greffe, maladie, traitement) ?"),
            follow_ups=(line("immunodepression_quoi", _("Précisez")),),
        ),
        Question(
            "infection",
            _("L’enfant vit-il avec une hépatite B ou C, le VIH ou une autre infection durable ?"),
            hint=_(
                "Vous êtes libre de répondre. L’hygiène du cabinet est la même pour tous : la "
                "réponse sert à choisir ses médicaments, et reste entre le praticien et vous."
            ),
            follow_ups=(line("infection_quoi", _("Ce que vous souhaitez nous dire")),),
            is_needed=False,
        ),
        Question(
            "handicap",
            _("L’enfant a-t-il un handicap, un trouble de l’attention ou de la communication ?"),
            follow_ups=(line("handicap_quoi", _("Ce qui l’aide pendant les soins")),),
        ),
        text("autre_maladie", _("Une autre maladie, une opération, une hospitalisation ?")),
    ),
)

_ALLERGIES: Final = Section(
    "allergies",
    _("Ses allergies"),
    (
        Question(
            "allergies",
            _("À quoi l’enfant est-il allergique ?"),
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
        line("allergie_autre", _("Une autre allergie de l’enfant (médicament, aliment…)")),
        line("allergie_reaction", _("Que s’est-il passé ? (plaques, gonflement, malaise…)")),
    ),
)

_TREATMENTS: Final = Section(
    "traitements",
    _("Ses médicaments"),
    (
        Question(
            "traitement",
            _("L’enfant prend-il des médicaments en ce moment ?"),
            follow_ups=(
                text(
                    "traitements",
                    _("Lesquels ?"),
                    _("Un par ligne. Vous pouvez aussi montrer l’ordonnance à l’accueil."),
                ),
            ),
        ),
        Question(
            "antiresorptif",
            _("L’enfant prend-il, ou a-t-il pris, un médicament pour les os ?"),
            hint=_("Biphosphonates ou dénosumab, par exemple pour une ostéogenèse imparfaite."),
            follow_ups=(
                line("antiresorptif_quel", _("Lequel ?")),
                line("antiresorptif_depuis", _("Depuis quand, et jusqu’à quand ?")),
            ),
        ),
        Question(
            "anesthesie_probleme",
            _("Une anesthésie de l’enfant s’est-elle mal passée (dentaire ou générale) ?"),
            follow_ups=(line("anesthesie_quoi", _("Que s’est-il passé ?")),),
        ),
        Question(
            "malaises",
            _("L’enfant fait-il des malaises chez le dentiste ou à la prise de sang ?"),
        ),
    ),
)

#: From twelve years on.
TEENS: Final = Section(
    "adolescence",
    _("À l’adolescence"),
    (
        Question(
            "tabac",
            _("L’enfant fume-t-il ou vapote-t-il ?"),
            Sort.ONE,
            (
                ("non", _("Non")),
                ("arrete", _("A arrêté")),
                ("tabac", _("Tabac")),
                ("vapoteuse", _("Cigarette électronique")),
                ("deux", _("Les deux")),
                ("nsp", _("Je ne sais pas")),
            ),
            asked=Asked.FROM_TWELVE,
            follow_ups=(line("tabac_combien", _("Combien par jour, depuis combien d’années ?")),),
        ),
    ),
)

#: For girls, from twelve years on.
PREGNANCY: Final = Section(
    "grossesse",
    _("Grossesse"),
    (
        Question(
            "grossesse",
            _("La jeune fille est-elle enceinte, ou est-ce possible ?"),
            hint=_("Elle peut répondre elle-même, ou en parler seule au praticien."),
            asked=Asked.MAY_BE_PREGNANT,
            follow_ups=(line("terme", _("Date prévue de l’accouchement, ou mois en cours")),),
        ),
        Question("allaitement", _("Allaite-t-elle ?"), asked=Asked.MAY_BE_PREGNANT),
    ),
)

SECTIONS: Final = (_HEART, _HEALTH, _ALLERGIES, _TREATMENTS)
