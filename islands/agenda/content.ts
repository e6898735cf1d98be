import { icon, make } from "../dom";
import { isOff, type Visit } from "./feed";
import { clockOf } from "./moments";
import { STATUSES } from "./statuses";
import { said } from "./words";

/** Say an appointment in one line, for ears and for the tooltip. */
export function inWords(visit: Visit): string {
  const what = [visit.kind, visit.title].filter(Boolean).join(" : ");
  const parts = [
    said.hours(clockOf(visit.from), clockOf(visit.to)),
    visit.name,
    what,
    visit.beside,
    STATUSES[visit.status].words,
    visit.assistant > 0 ? said.assisted(visit.assistant) : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/** The classes that colour an appointment; the words and the icon say the same. */
export function classesOf(visit: Visit): string[] {
  const classes = [`kind-${visit.colour}`, `is-${STATUSES[visit.status].name}`];
  if (isOff(visit.status)) classes.push("is-off");
  if (visit.isPinned) classes.push("is-pinned");
  if (visit.to - visit.from <= 20) classes.push("is-short");
  return classes;
}

/** Draw the hatched band beside the minutes in which an assistant is there; the words say it too. */
function band(visit: Visit): Node[] {
  if (visit.assistant <= 0 || isOff(visit.status)) return [];
  const drawn = make("span", { class: "slot-assistant", "aria-hidden": "true" });
  const share = Math.min(1, visit.assistant / (visit.to - visit.from));
  drawn.style.setProperty("block-size", `${Math.round(share * 100)}%`);
  return [drawn];
}

/** Draw what stands in the box of an appointment. */
export function drawn(visit: Visit): Node[] {
  const status = STATUSES[visit.status];
  const third = [visit.beside, visit.assistant > 0 ? said.assisted(visit.assistant) : ""];
  const second = [visit.title || visit.kind, status.words].filter(Boolean).join(" · ");
  return [
    make(
      "div",
      { class: "slot", title: inWords(visit), "data-visit": visit.id },
      make(
        "p",
        { class: "slot-head" },
        icon(visit.isPinned ? "pin" : status.icon),
        make("span", { class: "slot-time" }, clockOf(visit.from)),
        make("strong", { class: "slot-name" }, visit.name),
      ),
      make("p", { class: "slot-text" }, second),
      make("p", { class: "slot-text" }, third.filter(Boolean).join(" · ")),
    ),
    ...band(visit),
  ];
}
