"""Invented names, streets and sentences from which the demo practice is drawn."""

from typing import Final

SURNAMES: Final = """
Abgrall Allain Aubert Aubry Audouin Auffray Babin Baron Barreau Baudry Beaufils Bélanger Bernard
Berthelot Besnard Bigot Billard Blanchard Blin Bocquet Boisseau Bonnet Bouchet Boucher Boulanger
Bourdin Bouvier Breton Briand Brunet Cadiou Caillaud Cariou Carré Chauvin Chevalier Cloarec Colas
Corre Coutant Crépin Dagorne Danet Daniel David Delattre Delaunay Denis Deschamps Doucet Drouet
Dubois Dufour Dugast Dupont Dupuis Durand Evain Favreau Février Fleury Fontaine Fournier Fradin
Gallais Garnier Gaudin Gautier Gauthier Gilbert Girard Gouin Grelier Guérin Guichard Guillet
Guillou Hamon Hardy Hervé Hervouet Huet Hubert Jacquet Jamin Joly Jouan Kerbrat Kervella Lambert
Lamy Landais Langlois Laurent Lebreton Leclerc Lecomte Lefebvre Lefèvre Legrand Lelièvre Lemaître
Lemoine Leroux Leroy Lesage Lucas Luneau Mabille Mahé Maillard Marchand Marion Martin Masson Maurice
Ménard Mercier Merlet Meunier Michaud Moreau Morin Morvan Nicolas Noël Olivier Ollivier Orain
Pasquier Pelletier Péron Perrin Petit Philippe Picard Pineau Poirier Poulain Prévost Prigent Quéré
Raimbault Renard Renaud Riou Rivière Robert Robin Rolland Rousseau Roussel Roy Salaün Sauvage
Simon Soulard Tanguy Terrien Tessier Texier Thomas Tricot Vallée Vasseur Vidal Vincent Vrignaud
""".split()

#: Surnames in more than one word or with an apostrophe: searches stumble on these first.
KNOTTY_SURNAMES: Final = (
    "Le Gall", "Le Goff", "Le Maître", "Le Bihan", "Le Roux", "De La Rue", "Du Plessis",
    "D’Hervé", "L’Hostis", "Saint-Martin", "Petit-Jean", "Bourdon-Lacroix", "N’Diaye",
    "Ben Saïd", "El Amrani", "Dos Santos", "Da Costa", "Van Houtte", "Nguyen", "Müller",
)  # fmt: skip

WOMEN: Final = """
Adèle Agathe Agnès Aïcha Alice Amandine Amélie Anaïs Andréa Anne Annie Anouk Ariane Audrey Aurélie
Béatrice Brigitte Camille Capucine Caroline Catherine Cécile Céline Chantal Charlotte Chloé
Christine Claire Clémence Colette Corinne Delphine Denise Diane Dominique Élise Élodie Emma
Estelle Eugénie Ève Fabienne Fanny Fatima Florence Françoise Gaëlle Geneviève Hélène Inès Irène
Isabelle Jacqueline Jade Jeanne Joëlle Julie Juliette Justine Karine Laure Laurence Léa Léonie
Lise Louise Lucie Madeleine Maëlle Manon Margaux Marie Marion Martine Mathilde Maud Mélanie
Monique Myriam Nadia Nathalie Nicole Noémie Océane Odile Pascale Patricia Pauline Rachel Romane
Rose Sabrina Sandrine Sarah Simone Solène Sophie Stéphanie Suzanne Sylvie Thérèse Valérie Véronique
Victoire Virginie Yasmine Yvette Zoé Marie-Louise Anne-Sophie Marie-Hélène
""".split()

MEN: Final = """
Adam Adrien Alain Alexandre Alexis Anthony Antoine Arnaud Arthur Aurélien Bastien Benjamin Benoît
Bernard Bruno Cédric Christian Christophe Clément Corentin Cyril Damien Daniel David Denis Didier
Dylan Édouard Élie Émile Enzo Éric Erwan Étienne Fabien Fabrice Félix Florian François Frédéric
Gabriel Gaël Gaspard Georges Gérard Gilles Grégory Guillaume Gustave Guy Hervé Hugo Jacques Jean
Jérémy Jérôme Joël Joseph Jules Julien Karim Kévin Laurent Léo Léon Loïc Louis Luc Lucas Malo Marc
Marcel Martin Mathieu Maxence Maxime Mehdi Michel Mickaël Nathan Nicolas Noé Olivier Pascal Patrick
Paul Philippe Pierre Quentin Raphaël Raymond Rémi René Robert Robin Romain Samuel Sébastien Serge
Simon Stéphane Sylvain Théo Thibault Thierry Thomas Tristan Valentin Victor Vincent Xavier Yann
Yves Jean-Pierre Jean-Luc Jean-Baptiste Pierre-Yves
""".split()

STREETS: Final = (
    "rue des Acacias", "rue de la Marne", "allée des Charmes", "rue du Calvaire", "quai Malakoff",
    "boulevard des Anglais", "rue de Strasbourg", "place Viarme", "rue Paul-Bellamy",
    "avenue de la Gare", "rue des Hauts-Pavés", "chemin du Moulin", "impasse des Lilas",
    "rue Crébillon", "route de Vannes", "rue de la Bastille", "cours des Cinquante-Otages",
)  # fmt: skip

TOWNS: Final = (
    ("44000", "Nantes"), ("44100", "Nantes"), ("44200", "Nantes"), ("44300", "Nantes"),
    ("44400", "Rezé"), ("44800", "Saint-Herblain"), ("44700", "Orvault"), ("44120", "Vertou"),
    ("44230", "Saint-Sébastien-sur-Loire"), ("44240", "La Chapelle-sur-Erdre"),
)  # fmt: skip

#: INSEE codes of birth places (communes, overseas, abroad).
BIRTH_PLACES: Final = (
    "44109", "44109", "44109", "44184", "35238", "49007", "85191", "29019", "56260", "75114",
    "33063", "69383", "2A004", "97411", "99350", "99139",
)  # fmt: skip

MUTUELLES: Final = (
    "Mutuelle des Marais", "Santé Estuaire", "Prévoyance de l’Erdre", "Mutuelle du Sillon",
    "Harmonie des Quais", "La Solidaire Atlantique",
)  # fmt: skip

DOCTORS: Final = (
    "Dr Solange Verdier", "Dr Henri Castagne", "Dr Maïwenn Le Floc’h", "Dr Olivier Brossard",
    "Dr Nora Belkacem",
)  # fmt: skip

#: Reasons that a child never comes for, or comes for later.
ADULT_VISITS: Final = frozenset({"Couronne", "Traitement endodontique"})
PAIN: Final = "Urgence douleur"
FIRST_VISIT: Final = "Première consultation"
EXTRACTION: Final = "Extraction"
#: What a wisdom tooth alone has, as it comes through.
ERUPTION: Final = "Péricoronarite"

#: (reason of the appointment, minutes, sentences that may be noted afterwards)
VISITS: Final = (
    ("Contrôle annuel", 30, (
        "Examen bucco-dentaire complet. Hygiène satisfaisante, gencive saine.",
        "Contrôle. Tartre modéré en lingual des incisives inférieures. Détartrage à prévoir.",
        "Contrôle. Début de lésion proximale sur {tooth}, à surveiller à six mois.",
    )),
    ("Détartrage", 30, (
        "Détartrage aux ultrasons des deux arcades, polissage. Conseils de brossage.",
        "Détartrage. Saignement localisé au sondage secteur {tooth}, brossettes conseillées.",
    )),
    ("Soin carie", 45, (
        "{tooth} : anesthésie locale, éviction carieuse, composite collé. Occlusion réglée.",
        "{tooth} : carie occluso-distale, champ opératoire, composite en deux couches.",
        "{tooth} : reprise d’un ancien amalgame fracturé, composite, point de contact vérifié.",
    )),
    ("Traitement endodontique", 60, (
        "{tooth} : pulpectomie sous digue, longueur de travail contrôlée au localisateur.",
        "{tooth} : obturation canalaire, radiographie de contrôle satisfaisante.",
    )),
    ("Couronne", 45, (
        "{tooth} : préparation périphérique, empreinte optique, couronne provisoire scellée.",
        "{tooth} : pose de la couronne céramique, point de contact et occlusion vérifiés.",
    )),
    ("Extraction", 30, (
        "{tooth} : avulsion sous anesthésie locale, hémostase obtenue, conseils remis.",
    )),
    (PAIN, 20, (
        "Douleur spontanée {tooth}, test au froid prolongé. Ouverture de chambre, soulagement.",
        "Fracture d’un bord de {tooth}. Polissage, pas d’effraction pulpaire.",
        "Péricoronarite {tooth}. Irrigation, bains de bouche, revoir dans huit jours.",
    )),
    ("Première consultation", 45, (
        "Première visite. Questionnaire médical relu avec le patient. Bilan radiographique.",
    )),
)  # fmt: skip
