"""The French sentences of this library, in one place: it has no gettext."""

NOT_A_TABLE = (
    "Ce fichier n’est ni un CSV ni un classeur Excel (.xlsx, .xls). Rien n’a été repris : exportez "
    "la liste depuis l’ancien logiciel dans l’un de ces formats."
)
OLD_EXCEL = (
    "Ce fichier est dans un ancien format d’Office, et n’est pas un classeur .xls lisible. Rien "
    "n’a été repris : ouvrez-le dans Excel, enregistrez-le en .xlsx ou en CSV, puis recommencez."
)
OLD_DATABASE = (
    "Ce fichier est une table de base de données (.dbf). Rien n’a été repris : ouvrez-la dans "
    "Excel ou LibreOffice, enregistrez-la en .xlsx ou en CSV, puis recommencez."
)
PROTECTED = (
    "Ce classeur est protégé par un mot de passe. Rien n’a été repris : enlevez la protection, "
    "enregistrez-le, puis recommencez."
)
OPEN_DOCUMENT = (
    "Ce fichier est une feuille LibreOffice (.ods). Rien n’a été repris : enregistrez-la en .xlsx "
    "ou en CSV, puis recommencez."
)
TOO_BIG = (
    "Ce fichier est anormalement grand une fois décompressé. Rien n’a été repris et rien n’est "
    "perdu : partagez la liste en plusieurs fichiers."
)
TOO_MANY_ROWS = (
    "Ce fichier compte plus de 100 000 lignes. Rien n’a été repris : partagez la liste en "
    "plusieurs fichiers."
)
BROKEN = (
    "Ce fichier est abîmé ou incomplet. Rien n’a été repris : exportez-le de nouveau depuis "
    "l’ancien logiciel."
)
EMPTY = "Ce fichier ne contient aucune ligne. Rien n’a été repris."
WRONG_ENCODING = (
    "Ce fichier ne se lit pas avec cet encodage. Rien n’a été repris : choisissez-en un autre."
)
