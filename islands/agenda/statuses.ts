import type { StatusCode } from "./feed";

interface Look {
  words: string;
  icon: string;
  name: string;
}

/** Each status in words, with the icon that goes with them. */
export const STATUSES: Record<StatusCode, Look> = {
  b: { words: "Réservé", icon: "calendar", name: "booked" },
  c: { words: "Confirmé", icon: "calendar-check", name: "confirmed" },
  a: { words: "Arrivé", icon: "clock", name: "arrived" },
  i: { words: "Au fauteuil", icon: "stethoscope", name: "in_chair" },
  d: { words: "Terminé", icon: "check", name: "done" },
  m: { words: "Non venu", icon: "circle-x", name: "missed" },
  x: { words: "Annulé", icon: "x", name: "cancelled" },
};
