/** Every sentence that the agenda says in the browser. */
import { gettext } from "../gettext";

export const said = {
  free: gettext("libre"),
  assisted: (minutes: number) => gettext("assistante {minutes}\u00a0min", { minutes }),
  carrying: (name: string) => gettext("Déplacer\u00a0: {name}", { name }),
  carryHelp: gettext("Choisissez la nouvelle place, puis Entrée. Échap abandonne."),
  carryDropped: gettext("Déplacement abandonné. Rien n’a changé."),
  emptyChairs: (names: string[]) =>
    gettext("Aucun rendez-vous cette semaine\u00a0: {names}", { names: names.join(", ") }),
  nothingHere: gettext("Aucun rendez-vous à cette place."),
  nothingPinned: gettext("Rien n’est épinglé."),
  nothingToUndo: gettext("Rien à annuler ici. L’historique du rendez-vous garde tout."),
  placeAnyway: gettext("Placer quand même"),
  notRead: gettext(
    "L’agenda n’a pas pu être relu. Ce qui est affiché date d’avant. Nouvel essai dans un instant.",
  ),
  shown: (title: string, count: number) =>
    gettext("{title}, {count} rendez-vous", { title, count }),
  readOnly: gettext("Votre rôle permet de lire l’agenda, pas de le modifier."),
  noChair: gettext("Sans fauteuil"),
  nobody: gettext("Autre praticien"),
  hours: (from: string, to: string) => gettext("{from} à {to}", { from, to }),
  days: (first: string, last: string, year: string) =>
    gettext("Du {first} au {last} {year}", { first, last, year }),
};
