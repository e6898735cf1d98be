/** Every sentence that the browser part says to anybody, in one place. */
import { gettext } from "./gettext";

const FILE_KEPT = gettext(
  "Rien n’a été enregistré et rien n’est perdu\u00a0: le fichier reste où il était.",
);

const KEPT = gettext("Ce que vous avez saisi est toujours à l’écran.");
const AGAIN = gettext("Recommencez dans un instant.");
const LOGIN_AGAIN = gettext("Reconnectez-vous dans un autre onglet, puis recommencez.");
const OVER = gettext("Votre session est terminée.");

const inTurn = (...sentences: string[]): string => sentences.join(" ");

const BY_STATUS: Record<number, string> = {
  400: inTurn(gettext("La demande n’a pas été comprise."), KEPT),
  401: inTurn(OVER, KEPT, LOGIN_AGAIN),
  403: inTurn(gettext("Votre rôle ou votre session ne permet pas cette action."), KEPT),
  404: inTurn(gettext("Cet élément n’existe plus ou n’est pas de votre cabinet."), KEPT),
  413: gettext("Ce fichier est trop volumineux. Rien n’a été enregistré."),
  423: gettext("Le poste est verrouillé. Ce que vous aviez saisi attend en brouillon."),
  429: inTurn(gettext("Trop de demandes à la fois."), KEPT, gettext("Patientez un instant.")),
  503: inTurn(gettext("Le serveur est occupé."), KEPT, AGAIN),
};

/** Say what an HTTP refusal means for the person; `incident` is the number to quote. */
export function refusal(status: number, incident = ""): string {
  const other =
    status >= 500
      ? gettext("Une erreur s’est produite de notre côté.")
      : gettext("La demande a été refusée.");
  const text = BY_STATUS[status] ?? inTurn(other, KEPT);
  if (!incident) return text;
  return inTurn(text, gettext("Numéro d’incident\u00a0: {incident}.", { incident }));
}

export const words = {
  unreachable: inTurn(gettext("Le serveur ne répond pas."), KEPT, AGAIN),
  notLeft: gettext(
    "Le serveur ne répond pas\u00a0: rien n’est encore signé ni enregistré. Votre texte est gardé sur ce poste\u00a0; recommencez dans un instant.",
  ),
  sessionOver: inTurn(OVER, KEPT, LOGIN_AGAIN),
  locked: gettext("Verrouillé · Quenotte"),
  passkeyFailed: gettext("La clé d’accès n’a pas répondu. Rien n’a été modifié : réessayez."),
  notices: {
    off_hours: gettext(
      "Une personne se connecte hors de ses horaires. Sa raison est sur « Aujourd’hui ».",
    ),
    stolen: gettext(
      "Une session venue d’un autre poste a été refusée et fermée. Voyez le journal.",
    ),
    glass: gettext(
      "Un dossier vient d’être ouvert en accès exceptionnel. À relire sur « Aujourd’hui ».",
    ),
  } as Record<string, string>,
  close: gettext("Fermer"),
  undo: gettext("Annuler"),
  confirm: gettext("Confirmer"),
  draftSaved: (time: string) => gettext("Brouillon enregistré à {time}", { time }),
  draftWaiting: gettext("Modification en cours"),
  draftKeptHere: gettext(
    "Brouillon gardé sur ce poste. L’envoi reprendra dès que le serveur répondra.",
  ),
  draftRestored: gettext("Brouillon retrouvé sur ce poste"),
  draftBeside: gettext(
    "Quelqu’un d’autre a écrit ici entre-temps. Rien n’est écrasé\u00a0: votre texte est à côté.",
  ),
  readNote: gettext("Relire la note, votre texte à côté"),
  printNotNoted: gettext(
    "Rien n’est imprimé\u00a0: l’impression n’a pas pu être notée. Vérifiez que le poste n’est pas verrouillé et que le serveur répond, puis recommencez.",
  ),
  printedUnnoted: gettext(
    "Cette impression n’a pas pu être notée\u00a0: la suivante ne portera pas «\u00a0Duplicata\u00a0». Vérifiez que le serveur répond, et rechargez cette page.",
  ),
  besideLabel: gettext("Ce que vous aviez tapé, et qui n’est pas enregistré"),
  takenUp: gettext("C’est repris"),
  fileWaiting: gettext("En attente"),
  fileSending: gettext("Envoi"),
  fileDone: gettext("Reçu"),
  fileFailed: gettext("Non envoyé. Vérifiez la connexion, puis déposez ce fichier de nouveau."),
  fileRefused: gettext("Fichier refusé. Rien n’a été enregistré."),
  fileTooBig: (sizes = "") =>
    inTurn(
      gettext("Fichier trop volumineux{sizes}.", { sizes }),
      FILE_KEPT,
      gettext("Exportez-le plus petit ou en plusieurs fichiers, puis déposez-les ici."),
    ),
  fileSizes: (size: string, limit: string) =>
    gettext("\u00a0: {size}\u00a0Mo, pour {limit}\u00a0Mo au plus", { size, limit }),
  fileNoRoom: inTurn(
    gettext("Le disque du serveur est plein."),
    FILE_KEPT,
    gettext(
      "Libérez de la place ou prévenez votre prestataire informatique, puis déposez-le de nouveau.",
    ),
  ),
  fileNotYours: inTurn(
    gettext("Votre session est terminée, ou votre rôle ne permet pas cet envoi."),
    FILE_KEPT,
    gettext("Reconnectez-vous, puis déposez-le de nouveau."),
  ),
  islandFailed: gettext("Cette partie de la page n’a pas pu être chargée. Rechargez la page."),
};
