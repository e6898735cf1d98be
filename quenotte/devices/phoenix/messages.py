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
NO_SERVER_NAMED = "Cette copie est celle d’un cabinet sur PostgreSQL : il lui faut une base vide."
NO_SERVER_NAMED_NEXT = (
    "Rien n’a été écrit. Installez PostgreSQL, créez-y un compte et une base vide (« createuser "
    "--pwprompt quenotte », « createdb --owner quenotte --encoding UTF8 quenotte »), puis donnez "
    "son adresse : « --database-url postgres://quenotte:MOTDEPASSE@127.0.0.1:5432/quenotte »."
)
BAD_ADDRESS = "Cette adresse n’est pas celle d’une base PostgreSQL."
BAD_ADDRESS_NEXT = (
    "Rien n’a été écrit. Écrivez-la ainsi : postgres://quenotte:MOTDEPASSE@127.0.0.1:5432/quenotte."
)
NO_SERVER = "Le serveur PostgreSQL ne répond pas à cette adresse, ou refuse ce compte."
NO_SERVER_NEXT = (
    "Rien n’a été écrit. Vérifiez qu’il est démarré, que la base existe, le compte et le mot de "
    "passe, puis recommencez."
)
DATABASE_NOT_EMPTY = "Cette base PostgreSQL contient déjà quelque chose : rien n’y a été écrit."
DATABASE_NOT_EMPTY_NEXT = (
    "Un cabinet existant n’est jamais remplacé. Créez une base vide sous un autre nom (« createdb "
    "--owner quenotte --encoding UTF8 quenotte_retrouve ») et donnez son adresse."
)
NO_RESTORE_PROGRAM = "Le programme pg_restore de PostgreSQL n’est pas sur cette machine."
NO_RESTORE_PROGRAM_NEXT = (
    "Rien n’a été écrit. Installez le paquet « postgresql-client », au moins de la version "
    "qu’avait l’ancien serveur, puis recommencez."
)
NOT_TAKEN = "Le serveur PostgreSQL n’a pas accepté la base de cette copie ; la sienne reste vide."
NOT_TAKEN_NEXT = (
    "La copie est intacte. Il faut un PostgreSQL au moins aussi récent que l’ancien, une base en "
    "UTF8 et un compte qui en est propriétaire. Le serveur a dit : « {said} »."
)
OTHER_DATABASE = "La base de ce cabinet n’est pas celle que ce démarrage ouvrirait."
OTHER_DATABASE_NEXT = (
    "Rien n’a été touché. Un cabinet revenu sur PostgreSQL s’ouvre avec l’adresse de sa base dans "
    "QUENOTTE_DATABASE_URL ; un cabinet revenu sur SQLite, sans ce réglage."
)
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
INTO_SERVER = "La base est remplie sur le serveur PostgreSQL"
KEYS = "Clés et réglages"
STEPPED_OVER = "La copie du {moment} est abîmée : celle d’avant est prise à sa place."
ENDS_AT = "Le journal de la base s’arrête au {moment} : ce qui suit n’a pas pu être relu."
HELD_BACK = (
    "Le cabinet est rendu tel qu’au {moment}, sa dernière bonne copie : la garde doute de la copie "
    "du {first} et n’en a pas accepté depuis. Ce qui a été écrit après le {moment} n’est pas "
    "repris, il pourrait ramener les dégâts."
)
HELD_BACK_NEXT = (
    "Pour suivre plus loin le journal de la base : « --as-of » (« Tel qu’au » sur la page) avec un "
    "moment d’avant l’attaque, dans un dossier neuf."
)
PAST_DOUBT = (
    "Le journal de la base a été suivi jusqu’au {moment}, comme demandé, au-delà de la copie du "
    "{first} dont la garde doute : relisez ce qui a été écrit entre les deux."
)
ALL_DOUBTED = (
    "Aucune bonne copie n’a pu être prise : la garde doutait aussi de celle-ci, du {moment}. "
    "Relisez ce qui est revenu."
)
SERVER_UNUSED = (
    "Cette copie est celle d’un cabinet sur SQLite : la base PostgreSQL indiquée n’a pas servi. "
    "Démarrez ce cabinet sans QUENOTTE_DATABASE_URL."
)
LEFT_ASIDE = (
    "Copie laissée de côté : {copies}. Elle se dit plus récente que le journal de la base, qui ne "
    "la connaît pas : Quenotte ne l’a pas écrite ici. Pour la prendre tout de même, dans un "
    "dossier neuf : « --snapshot » et son numéro (« Quelle copie ? » sur la page)."
)
LEFT_ASIDE_MANY = (
    "Copies laissées de côté : {copies}. Elles se disent plus récentes que le journal de la base, "
    "qui ne les connaît pas : Quenotte ne les a pas écrites ici. Pour en prendre une tout de même, "
    "dans un dossier neuf : « --snapshot » et son numéro (« Quelle copie ? » sur la page)."
)
AHEAD = (
    "Copie dont la date est en avance sur ce que ce lieu a reçu : {copies}. Une horloge était "
    "fausse, ou quelqu’un d’autre a écrit ici : l’ordre est celui du journal et des réceptions, "
    "pas celui de cette date."
)
AHEAD_MANY = (
    "Copies dont les dates sont en avance sur ce que ce lieu a reçu : {copies}. Une horloge était "
    "fausse, ou quelqu’un d’autre a écrit ici : l’ordre est celui du journal et des réceptions, "
    "pas celui de ces dates."
)
AND_MORE = " et {count} autres"
OLDER_JOURNAL = (
    "Le journal de la base s’arrête au {end}, avant l’heure que la copie se donne ({moment}), et "
    "rien ne dit qu’elle le contient : il n’a pas été suivi. Si l’horloge de l’ancien serveur "
    "avançait, ce qui a été écrit entre les deux manque ; « --as-of » avec le moment où le journal "
    "s’arrête le rend, dans un dossier neuf."
)
SKIPPED_JOURNAL = "Le journal de la base n’a pas pu être relu : la copie elle-même a été prise."
LOG = "Journal de PostgreSQL : un serveur à part le refait jusqu’au bout"
SKIPPED_LOG = (
    "Le journal de PostgreSQL n’a pas pu être refait : la copie elle-même a été prise ({said})."
)
NO_SAME_SERVER = (
    "Le journal de PostgreSQL va plus loin que la copie, mais il faut sur cette machine un serveur "
    "de la même version que l’ancien (paquet « postgresql ») pour le suivre : la copie elle-même a "
    "été prise."
)
