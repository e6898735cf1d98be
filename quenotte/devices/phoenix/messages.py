"""The French sentences of this library, in one place: it has no gettext."""

NOT_EMPTY = "Le dossier « {folder} » n’est pas vide : rien n’y a été écrit."
NOT_EMPTY_NEXT = (
    "Un cabinet existant n’est jamais remplacé. Choisissez un dossier neuf, par exemple "
    "« {other} » (« --data »)."
)
OTHER_RETURN = "Ce dossier attend la suite d’un autre retour, commencé depuis une autre copie."
OTHER_RETURN_NEXT = (
    "Rien n’a été modifié. Reprenez avec la même copie, ou choisissez un dossier neuf."
)
BUSY = "Un retour est déjà en cours dans ce dossier."
BUSY_NEXT = "Rien n’a été touché : laissez-le finir."
NO_COPY = "Ce dépôt ne contient encore aucune copie."
NO_COPY_NEXT = "Rien n’a été écrit : essayez un autre support."
NO_COPY_THEN = "Aucune copie n’est aussi ancienne."
NO_COPY_THEN_NEXT = "Rien n’a été écrit : choisissez un moment plus récent, ou un autre support."
UNKNOWN_COPY = "Cette copie n’est pas dans le dépôt."
UNKNOWN_COPY_NEXT = "Rien n’a été écrit : vérifiez son numéro (« restic snapshots » les montre)."
NO_DATABASE = "Cette copie ne contient pas de base de données que Quenotte sache ouvrir ici."
NO_DATABASE_NEXT = "Rien n’est perdu : essayez une autre copie, ou appelez votre technicien."
BAD_DATABASE = "La base de données de cette copie est abîmée."
BAD_DATABASE_NEXT = "Rien n’est perdu : prenez une copie plus ancienne, ou un autre support."
NO_ROOM = "Il n’y a pas assez de place ici : il faut au moins {size}."
NO_ROOM_NEXT = "La copie est intacte : choisissez un dossier sur un disque plus grand."
OTHER_YEAR = "Cette clé ouvre une année plus ancienne ; une copie plus récente existe : {place}."
OTHER_YEAR_NEXT = (
    "Rien n’a été écrit. Prenez la feuille de secours de cette année-là ; pour revenir tout de "
    "même à l’ancienne, donnez son adresse : {older}."
)
NOT_YET = "Ce cabinet n’est pas encore revenu : l’agenda et les dossiers manquent."
NOT_YET_NEXT = (
    "Rien n’est perdu. Relancez « quenotte phoenix » avec ce dossier : il reprend où il en était."
)

OPENED = "Copie ouverte."
DATABASE = "Agenda et dossiers"
JOURNAL = "Journal de la base"
KEYS = "Clés et réglages"
STEPPED_OVER = "La copie du {moment} est abîmée : celle d’avant est prise à sa place."
ENDS_AT = "Le journal de la base s’arrête au {moment} : ce qui suit n’a pas pu être relu."
SKIPPED_JOURNAL = "Le journal de la base n’a pas pu être relu : la copie elle-même a été prise."
