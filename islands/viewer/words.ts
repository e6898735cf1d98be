/** Every sentence of the full-screen view. */
import { gettext } from "../gettext";

const KEPT = gettext("Le fichier reçu est gardé tel quel.");

export const words = {
  picture: gettext("Image"),
  close: gettext("Fermer (Échap)"),
  before: gettext("Image précédente (←)"),
  after: gettext("Image suivante (→)"),
  tools: gettext("Outils"),
  help: gettext("Aide et raccourcis (?)"),
  shortcuts: gettext("Raccourcis"),
  again: gettext("Réessayer"),
  loading: gettext("Chargement de l’image"),
  byHand: [
    [gettext("Glisser"), gettext("Contraste (largeur) et luminosité (centre)")],
    [gettext("Molette"), gettext("Zoom sous le pointeur")],
    [gettext("Clic droit, ou Espace + glisser"), gettext("Déplacer")],
    [gettext("Double clic"), gettext("Ajuster")],
    ["← →", gettext("Image précédente, suivante")],
    [gettext("Échap"), gettext("Fermer")],
  ] as [string, string][],
  invert: gettext("Inverser"),
  turnRight: gettext("Tourner à droite"),
  turnLeft: gettext("Tourner à gauche"),
  mirror: gettext("Miroir"),
  larger: gettext("Agrandir"),
  smaller: gettext("Réduire"),
  fit: gettext("Ajuster"),
  actualSize: gettext("Taille réelle"),
  reset: gettext("Rétablir"),
  inverted: gettext("Inversée"),
  point: (column: number, row: number, value: number) =>
    gettext("x {column}  y {row}  valeur {value}", { column, row, value }),
  window: (center: number, width: number) =>
    gettext("Centre {center}  largeur {width}", { center, width }),
  zoom: (percent: number) => gettext("Zoom {percent}\u00a0%", { percent }),
  unreachable: gettext("Le serveur ne répond pas. L’image est gardée ; réessayez dans un instant."),
  sessionOver: gettext("Votre session est terminée. Reconnectez-vous, puis rouvrez l’image."),
  notAllowed: gettext("Votre rôle ne permet pas de voir cette image."),
  gone: gettext("Cette image n’existe plus, ou n’est pas de votre cabinet."),
  cannotShow: gettext("Cette image ne peut pas être affichée."),
  unshown: [gettext("Cette image ne peut pas être affichée."), KEPT].join(" "),
  unread: [gettext("Cette image n’a pas pu être lue en entier."), KEPT].join(" "),
};
