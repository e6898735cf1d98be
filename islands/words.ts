/** Every sentence that the browser part says, in one place, ready for another language. */
const NBSP = "\u00a0";

const FILE_KEPT =
  "Rien n’a été enregistré et rien n’est perdu\u00a0: le fichier reste où il était.";

const KEPT = "Ce que vous avez saisi est toujours à l’écran.";

const BY_STATUS: Record<number, string> = {
  400: `La demande n’a pas été comprise. ${KEPT}`,
  401: `Votre session est terminée. ${KEPT} Reconnectez-vous dans un autre onglet, puis recommencez.`,
  403: `Votre rôle ou votre session ne permet pas cette action. ${KEPT}`,
  404: `Cet élément n’existe plus ou n’est pas de votre cabinet. ${KEPT}`,
  413: "Ce fichier est trop volumineux. Rien n’a été enregistré.",
  423: "Le poste est verrouillé. Ce que vous aviez saisi attend en brouillon.",
  429: `Trop de demandes à la fois. ${KEPT} Patientez un instant.`,
  503: `Le serveur est occupé. ${KEPT} Recommencez dans un instant.`,
};

/** Say what an HTTP refusal means for the person; `incident` is the number to quote. */
export function refusal(status: number, incident = ""): string {
  const text =
    BY_STATUS[status] ??
    (status >= 500
      ? `Une erreur s’est produite de notre côté. ${KEPT}`
      : `La demande a été refusée. ${KEPT}`);
  return incident ? `${text} Numéro d’incident${NBSP}: ${incident}.` : text;
}

export const words = {
  unreachable: `Le serveur ne répond pas. ${KEPT} Recommencez dans un instant.`,
  sessionOver: `Votre session est terminée. ${KEPT} Reconnectez-vous dans un autre onglet, puis recommencez.`,
  locked: "Verrouillé · Quenotte",
  passkeyFailed: "La clé d’accès n’a pas répondu. Rien n’a été modifié : réessayez.",
  notices: {
    off_hours: "Une personne se connecte hors de ses horaires. Sa raison est sur « Aujourd’hui ».",
    stolen: "Une session venue d’un autre poste a été refusée et fermée. Voyez le journal.",
    glass: "Un dossier vient d’être ouvert en accès exceptionnel. À relire sur « Aujourd’hui ».",
  } as Record<string, string>,
  close: "Fermer",
  undo: "Annuler",
  confirm: "Confirmer",
  draftSaved: (time: string) => `Brouillon enregistré à ${time}`,
  draftWaiting: "Modification en cours",
  draftKeptHere: "Brouillon gardé sur ce poste. L’envoi reprendra dès que le serveur répondra.",
  draftRestored: "Brouillon retrouvé sur ce poste",
  fileWaiting: "En attente",
  fileSending: "Envoi",
  fileDone: "Reçu",
  fileFailed: "Non envoyé. Vérifiez la connexion, puis déposez ce fichier de nouveau.",
  fileRefused: "Fichier refusé. Rien n’a été enregistré.",
  fileTooBig: (sizes = "") =>
    `Fichier trop volumineux${sizes}. ${FILE_KEPT} Exportez-le plus petit ou en plusieurs fichiers, puis déposez-les ici.`,
  fileSizes: (size: string, limit: string) =>
    `${NBSP}: ${size}${NBSP}Mo, pour ${limit}${NBSP}Mo au plus`,
  fileNoRoom: `Le disque du serveur est plein. ${FILE_KEPT} Libérez de la place ou prévenez votre prestataire informatique, puis déposez-le de nouveau.`,
  fileNotYours: `Votre session est terminée, ou votre rôle ne permet pas cet envoi. ${FILE_KEPT} Reconnectez-vous, puis déposez-le de nouveau.`,
  islandFailed: "Cette partie de la page n’a pas pu être chargée. Rechargez la page.",
};
