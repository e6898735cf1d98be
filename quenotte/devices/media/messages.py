"""The French sentences of the carriers, in one place: this library has no gettext."""

from quenotte.devices.media.sorts import Sort

BAD_NAME = "Ce nom ne peut pas être écrit sur un support."
BAD_NAME_NEXT = "Rien n’a été écrit : lettres, chiffres, points, tirets et barres obliques."
OTHERWISE = "Ce support garde déjà autre chose sous ce nom : {name}."
OTHERWISE_NEXT = "Rien n’a été remplacé : un support ne change pas ce qu’il garde."
ABSENT = "Ce fichier n’est pas sur ce support : {name}."
ABSENT_NEXT = "Rien n’a été modifié : essayez un autre support."
DAMAGED = "Ce fichier est abîmé sur ce support : {name}."
DAMAGED_NEXT = (
    "Le reste du support n’est pas en cause : restaurez ce fichier depuis un autre support."
)
FULL = "Ce support est plein."
FULL_NEXT = "Ce qui y était déjà reste entier : prenez-en un autre."
NO_ANSWER = "Ce support ne répond pas."
NO_ANSWER_NEXT = "Rien n’est perdu : vérifiez qu’il est branché, ou inséré, puis recommencez."
DECLINED = "Ce support refuse l’écriture."
DECLINED_NEXT = "Rien n’est perdu : vérifiez le loquet de protection, ou les droits sur le dossier."
NO_PAST = "Ce support ne sait pas montrer ce qu’il gardait à une date passée."
NO_PAST_NEXT = "Choisissez une sauvegarde par sa date, ou prenez la vue du passé du coffre."
NO_PROGRAM = "Le programme « {name} » n’est pas installé sur cette machine."
NO_PROGRAM_NEXT = (
    "Rien n’a été écrit. Sous Debian ou Ubuntu : apt install {package}. Les autres supports "
    "n’en ont pas besoin."
)
FAILED = "Le programme « {name} » s’est arrêté sur une erreur."
FAILED_NEXT = "Les autres copies ne sont pas touchées : vérifiez le support, puis recommencez."

NOT_OURS = "Ce disque n’est pas un disque de sauvegarde de ce cabinet."
NOT_OURS_NEXT = "Rien n’y a été écrit. Pour en faire un : « quenotte media enrol »."
TAMPERED = "La marque de ce disque a été changée : ce n’est plus le disque préparé."
TAMPERED_NEXT = (
    "Rien n’y a été écrit. Débranchez-le, gardez-le tel quel, et appelez votre prestataire."
)
NO_DISK = "Aucun disque de sauvegarde de ce cabinet n’est branché."
NO_DISK_NEXT = "Rien n’est perdu : branchez le disque {letter}, puis recommencez."
NOT_PLUGGED = "Aucun disque utilisable ne porte ce nom sur cette machine."
NOT_PLUGGED_NEXT = (
    "Rien n’a été écrit : branchez-le, formaté en ext4 de préférence, et reprenez son nom "
    "(« lsblk »)."
)
SEVERAL = "Plusieurs disques de sauvegarde sont branchés à la fois."
SEVERAL_NEXT = "Rien n’a été écrit : n’en laissez qu’un, les autres doivent rester à l’abri."
BUSY = "Ce disque est utilisé par un autre programme."
BUSY_NEXT = "Rien n’a été écrit : fermez ce qui l’utilise, puis recommencez."
CANNOT_MOUNT = "Ce disque ne peut pas être ouvert."
CANNOT_MOUNT_NEXT = (
    "Rien n’a été modifié : il faut les droits d’administration, ou le disque est abîmé ; "
    "essayez l’autre."
)
KEPT_OUT = "Une anomalie est ouverte : ne branchez pas le disque."
KEPT_OUT_NEXT = (
    "Rien n’y a été écrit. Tant que l’anomalie n’est pas comprise, un disque débranché est la "
    "copie la plus sûre."
)
NOT_VERIFIED = "Ce qui a été écrit sur le disque ne se relit pas comme écrit."
NOT_VERIFIED_NEXT = (
    "Les copies précédentes et les autres supports ne sont pas touchés : débranchez ce disque, "
    "et prenez l’autre."
)

NO_SUMS = "Ce disque n’a pas de sommes de contrôle : il ne prouve rien."
NO_SUMS_NEXT = "Ne comptez pas dessus : gravez un autre jeu."
TOO_SMALL = "Un disque de cette taille ne peut rien garder."
TOO_SMALL_NEXT = "Rien n’a été écrit : choisissez une taille d’au moins 2 Mio."
MISREAD_BURN = "Le disque gravé ne se relit pas comme l’image."
MISREAD_BURN_NEXT = "L’image est gardée : gravez-la sur un autre disque, plus lentement."

NOT_BLANK = "Il n’y a pas de disque vierge dans le graveur."
NOT_BLANK_NEXT = (
    "Rien n’a été gravé par-dessus ce qui y est : insérez un disque vierge, puis recommencez avec "
    "« quenotte media burn »."
)

BLANK_TAPE = "Cette bande est vierge."
BLANK_TAPE_NEXT = "Rien n’est perdu : insérez une bande écrite."
FOREIGN_TAPE = "Cette bande n’a pas été écrite par Quenotte."
FOREIGN_TAPE_NEXT = (
    "Rien n’y a été écrit. Pour la réutiliser, donnez une bande vierge, ou --overwrite."
)
PROTECTED = "Cette bande est protégée contre l’écriture."
PROTECTED_NEXT = "Rien n’y a été écrit : poussez le loquet, ou prenez-en une autre."
NOT_A_TAPE = "Ce n’est pas un lecteur de bandes."
NOT_A_TAPE_NEXT = (
    "Rien n’a été écrit : un lecteur s’appelle /dev/nst0 ; un fichier simulé finit par .tap."
)
NO_TAPE = "Il n’y a pas de bande dans le lecteur."
NO_TAPE_NEXT = "Insérez-en une, puis recommencez."
REST_GONE = "Ce que la bande pleine n’avait pas pu prendre n’est plus tout entier dans le dépôt."
REST_GONE_NEXT = (
    "Rien n’a été écrit : ces deux bandes ne feraient pas une copie. Recommencez une copie entière "
    "sur une bande vierge, avec --new et sans --rest."
)
TAPE_DAMAGED = "La bande ne se lit plus à cet endroit."
TAPE_DAMAGED_NEXT = "Ce qui vient d’en être lu est écarté : prenez une autre bande."

NOT_STARTED = "Le relais vers le nuage ne démarre pas."
NOT_STARTED_NEXT = (
    "Rien n’a été envoyé, rien n’est perdu : vérifiez le nom du service dans rclone "
    "(« rclone listremotes »)."
)

#: What a damaged thing is called in a report; ``{name}`` is the file, or the place on the medium.
FLAWS: dict[Sort, str] = {
    Sort.ABSENT: "Il manque : {name}.",
    Sort.CHANGED: "Abîmé : {name}.",
    Sort.UNREADABLE: "Illisible : {name}.",
    Sort.UNPROVEN: "Sans preuve (pas de somme de contrôle) : {name}.",
    Sort.STRANGER: "Inconnu de la liste du support : {name}.",
}

LABEL_TITLES = {"disc": "Jeu {name}", "disk": "Disque {name}", "tape": "Bande {name}"}
LABEL_VOLUME = "Disque {volume} sur {volumes}"
LABEL_HINT = "Découpez en suivant les pointillés. Cette étiquette ne contient aucune clé."
LABEL_DAY = "Date"
LABEL_HOLDS = "Contenu"
LABEL_CONTENT = "{files} fichiers, {size} Go, chiffrés"
LABEL_PLACE = "À garder"
LABEL_PLACES = {
    "disc": "hors du cabinet, debout, à l’abri de la lumière",
    "disk": "hors du cabinet ; branché le temps de la copie, jamais plus de 30 minutes",
    "tape": "hors du cabinet, debout, loin des aimants",
}
LABEL_OPENS = {
    "disc": "S’ouvre avec la feuille de clé du cabinet. Mode d’emploi : LISEZMOI.txt.",
    "disk": "S’ouvre avec la feuille de clé du cabinet : dépôt restic dans QUENOTTE/depot.",
    "tape": "S’ouvre avec la feuille de clé du cabinet. Le mode d’emploi est en tête de la bande.",
}
LABEL_ROUND = "{day} · chiffré · s’ouvre avec la feuille de clé"
