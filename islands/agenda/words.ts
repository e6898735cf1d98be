/** Every sentence that the agenda says in the browser. */
const NBSP = "\u00a0";

export const said = {
  free: "libre",
  carrying: (name: string) => `Déplacer${NBSP}: ${name}`,
  carryHelp: "Choisissez la nouvelle place, puis Entrée. Échap abandonne.",
  carryDropped: "Déplacement abandonné. Rien n’a changé.",
  emptyChairs: (names: string[]) => `Aucun rendez-vous cette semaine${NBSP}: ${names.join(", ")}`,
  nothingHere: "Aucun rendez-vous à cette place.",
  nothingPinned: "Rien n’est épinglé.",
  nothingToUndo: "Rien à annuler ici. L’historique du rendez-vous garde tout.",
  placeAnyway: "Placer quand même",
  notRead:
    "L’agenda n’a pas pu être relu. Ce qui est affiché date d’avant. Nouvel essai dans un instant.",
  shown: (title: string, count: number) => `${title}, ${count} rendez-vous`,
  readOnly: "Votre rôle permet de lire l’agenda, pas de le modifier.",
};
