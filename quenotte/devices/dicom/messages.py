"""The French sentences of this library, in one place: it has no gettext."""

NOT_DICOM = "Ce fichier n’est pas un objet DICOM. Rien n’a été modifié."
TRUNCATED = (
    "Ce fichier DICOM est incomplet : la fin de l’image manque. Envoyez-le de nouveau depuis "
    "l’appareil."
)
TOO_INFLATED = "Ce fichier DICOM compressé est anormalement grand une fois décompressé."
UNDECODABLE = "L’image de ce fichier ne peut pas être décodée. Le fichier reste conservé tel quel."
NO_PIXELS = "Ce fichier DICOM ne contient pas d’image."
TOO_MANY_PIXELS = "Cette image a trop de pixels pour être affichée sans risque."
NO_SUCH_FRAME = "Cette vue n’existe pas dans le fichier."
NOT_A_PICTURE = (
    "Ce fichier n’est pas une image JPEG, PNG ou TIFF lisible. Vérifiez le fichier, puis "
    "recommencez."
)
PICTURE_TOO_BIG = "Cette image est trop grande pour être ajoutée au dossier."
UNREACHABLE = (
    "L’appareil DICOM ne répond pas à cette adresse. Vérifiez qu’il est allumé, l’adresse et le "
    "port."
)
REJECTED = (
    "L’appareil DICOM refuse la connexion. Vérifiez les noms AE des deux côtés : celui qui "
    "appelle doit être déclaré."
)
BUSY = (
    "L’appareil DICOM est occupé pour le moment. Rien n’est perdu : réessayez dans quelques "
    "instants."
)
INTERRUPTED = "La connexion a été interrompue avant la fin. Aucun fichier n’a été modifié."
