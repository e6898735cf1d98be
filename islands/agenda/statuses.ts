import { gettext } from "../gettext";
import type { StatusCode } from "./feed";

interface Look {
  words: string;
  icon: string;
  name: string;
}

/** Each status in words, with the icon that goes with them. */
export const STATUSES: Record<StatusCode, Look> = {
  b: { words: gettext("Réservé"), icon: "calendar", name: "booked" },
  c: { words: gettext("Confirmé"), icon: "calendar-check", name: "confirmed" },
  a: { words: gettext("Arrivé"), icon: "clock", name: "arrived" },
  i: { words: gettext("Au fauteuil"), icon: "stethoscope", name: "in_chair" },
  d: { words: gettext("Terminé"), icon: "check", name: "done" },
  m: { words: gettext("Non venu"), icon: "circle-x", name: "missed" },
  x: { words: gettext("Annulé"), icon: "x", name: "cancelled" },
};
