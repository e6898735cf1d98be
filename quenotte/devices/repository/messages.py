"""The French sentences of this library, in one place: it has no gettext."""

DAMAGED = "Un fichier de la sauvegarde est abîmé."
DAMAGED_NAMED = "Un fichier de la sauvegarde est abîmé : {file}."
DAMAGED_NEXT = (
    "Rien d’autre n’est touché : restaurez depuis un autre support, et laissez celui-ci tel quel."
)
MISSING = "Il manque un fichier à la sauvegarde."
MISSING_NAMED = "Il manque un fichier à la sauvegarde : {file}."
MISSING_NEXT = "Rien n’a été modifié : essayez un autre support."
NOT_THERE = "Il n’y a pas de sauvegarde à cet endroit."
NOT_THERE_NEXT = "Vérifiez l’adresse ou le dossier, et que le support est branché."
ALREADY = "Il y a déjà une sauvegarde à cet endroit."
ALREADY_NEXT = "Elle reste telle quelle : ouvrez-la, ou choisissez un autre dossier."
NO_KEY_OPENS = "Cette phrase de passe n’ouvre pas la sauvegarde."
NO_KEY_OPENS_NEXT = "Rien n’a été modifié : relisez la feuille, lettre par lettre."
REFUSED = "Le support de sauvegarde refuse l’opération."
REFUSED_NEXT = "Rien n’est perdu : vérifiez les droits sur le dossier, ou l’accès au coffre."
UNTRUSTED = "Le coffre répond, mais rien ne dit ici que son certificat est le bon."
UNTRUSTED_NEXT = (
    "Rien n’a été envoyé. Donnez le certificat de son autorité, ou l’empreinte que le prestataire "
    "vous a remise par un autre chemin."
)
OTHER_CERTIFICATE = "Le certificat du coffre n’est pas celui de l’empreinte."
OTHER_CERTIFICATE_NEXT = (
    "Rien n’a été envoyé. Relisez les 64 signes ; s’ils sont justes, appelez le prestataire à un "
    "numéro que vous connaissiez déjà : il a changé de certificat, ou quelqu’un se fait passer "
    "pour lui."
)
CERTIFICATE_OVER = "Le certificat du coffre n’est pas valable à cette date."
CERTIFICATE_OVER_NEXT = (
    "Rien n’a été envoyé. Vérifiez d’abord l’heure de cette machine ; si elle est juste, le "
    "prestataire doit renouveler son certificat."
)
OTHER_NAME = "Le certificat du coffre est à un autre nom que celui de l’adresse."
OTHER_NAME_NEXT = (
    "Rien n’a été envoyé. Tapez l’adresse telle que le prestataire l’a donnée, nom compris."
)
UNREACHABLE = "Le support de sauvegarde ne répond pas."
UNREACHABLE_NEXT = "Rien n’est perdu : vérifiez qu’il est branché ou joignable, puis recommencez."
FULL = "Le support de sauvegarde est plein."
FULL_NEXT = (
    "Les sauvegardes déjà faites restent entières : libérez de la place ailleurs sur ce support, "
    "ou prenez-en un autre."
)
UNREADABLE_SOURCE = "Un fichier à sauvegarder ne peut pas être lu."
UNREADABLE_SOURCE_NAMED = "Un fichier à sauvegarder ne peut pas être lu : {file}."
UNREADABLE_SOURCE_NEXT = "La sauvegarde précédente reste entière : vérifiez ce fichier."
UNSAFE_NAME = "La sauvegarde contient un nom de fichier qui ne peut pas être restauré sans risque."
UNSAFE_NAME_NEXT = "Rien n’a été écrit hors du dossier choisi."
CANNOT_RESTORE = "Le dossier de restauration ne peut pas être écrit."
CANNOT_RESTORE_NEXT = "La sauvegarde est intacte : choisissez un dossier vide avec assez de place."
NO_SUCH_PATH = "Ce fichier n’est pas dans cette sauvegarde."
