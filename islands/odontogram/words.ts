/** What the chart of the mouth says by itself; the server says the rest. */
import { gettext } from "../gettext";

export const said = {
  armed: (tool: string) => gettext("Outil {tool} pris : cliquez les dents.", { tool }),
  disarmed: gettext("Outil reposé."),
  status: (status: string) => gettext("État : {status}.", { status }),
  chosen: (teeth: string) => gettext("Dents choisies : {teeth}.", { teeth }),
  noneChosen: gettext("Aucune dent choisie."),
  apply: (count: number) =>
    count > 1
      ? gettext("Appliquer à {count} dents", { count })
      : gettext("Appliquer à la dent choisie"),
  surfaces: (fdi: number) => gettext("Faces de la {fdi}", { fdi }),
  surfaceNames: {
    M: gettext("Mésiale"),
    D: gettext("Distale"),
    O: gettext("Occlusale"),
    V: gettext("Vestibulaire"),
    L: gettext("Linguale, palatine"),
  } as Record<string, string>,
  enter: gettext("Enregistrer"),
  sending: gettext("Enregistrement…"),
  notSaved: (what: string) => gettext("Pas encore enregistré : {what}.", { what }),
  unreachable: gettext("Le serveur ne répond pas. La saisie est gardée ici."),
  refusedLater: gettext("La saisie est gardée ici."),
  again: gettext("Envoyer de nouveau"),
  forget: gettext("Ne pas enregistrer"),
  forgotten: gettext("Saisie retirée, rien n’a été enregistré."),
  undoIt: gettext("Annuler cette saisie"),
  keepIt: gettext("La garder"),
  redoIt: gettext("Rétablir cette saisie"),
  leaveIt: gettext("La laisser annulée"),
  nothingToUndo: gettext(
    "Rien à annuler ici : ce qui vient d’un plan ou d’une séance se reprend là.",
  ),
  nothingToRedo: gettext("Rien à rétablir ici."),
  past: (day: string) => gettext("La bouche, {day}.", { day }),
  pastRefuses: gettext("C’est une vue du passé : revenez à aujourd’hui pour saisir."),
  today: gettext("aujourd’hui"),
  cannotRead: gettext("Le schéma n’a pas pu être relu. Ce qui est à l’écran reste affiché."),
  spanNeedsTwo: gettext(
    "Un bridge ou une prothèse couvre plusieurs dents : glissez de la première à la dernière.",
  ),
};
