import { openDrawer } from "../drawers";
import { showPicked } from "../picked";
import type { Place } from "./grid";
import { frenchDay, hhmm } from "./moments";

const DRAWER = "reservation";
/** What the server answers to a booking that it refused. */
const REFUSAL = "[data-answer-first], [data-error-summary], .error";
/** What is said anew at each call, beside the patient whom the search found. */
const NEXT_CALL = ["surname", "first_name", "phone", "time", "born_on", "note"];

/** What the grid knows of the place where an appointment is to be. */
export interface Chosen {
  day: string;
  place: Place;
  column: string;
  columnsAre: string;
  /** Who works there on that day; "" when nobody knows. */
  usual: string;
  /** What a search for slots knows more: kind, practitioner, chair. */
  slot: DOMStringMap;
}

function drawer(): HTMLElement | null {
  return document.getElementById(DRAWER);
}

function form(): HTMLFormElement | null {
  return drawer()?.querySelector("form") ?? null;
}

function set(target: HTMLFormElement, name: string, value: string): void {
  const field = target.elements.namedItem(name);
  const takes =
    field instanceof HTMLInputElement ||
    field instanceof HTMLSelectElement ||
    field instanceof HTMLTextAreaElement;
  if (takes) field.value = value;
}

/** Open the booking panel on a place; what is already typed in it stays. */
export function openBooking(chosen: Chosen, opener: HTMLElement): void {
  const [box, target] = [drawer(), form()];
  if (!box || !target) return;
  const { place, slot } = chosen;
  set(target, "day", frenchDay(chosen.day));
  set(target, "time", hhmm(place.from));
  set(target, chosen.columnsAre === "chairs" ? "chair" : "practitioner", chosen.column);
  if (chosen.usual) set(target, "practitioner", chosen.usual);
  for (const name of ["kind", "practitioner", "chair"]) {
    const value = slot[`slot${name.charAt(0).toUpperCase()}${name.slice(1)}`];
    if (value) set(target, name, value);
  }
  // A dragged length is meant; a simple click leaves the length of the type.
  if (place.to > place.from) set(target, "minutes", String(place.to - place.from));
  else setUsualLength(target);
  forgetRefusal(target);
  target.dispatchEvent(new Event("input", { bubbles: true }));
  openDrawer(box, opener);
  // What an earlier call left is written over by the first letter.
  const first = target.elements.namedItem("surname");
  if (first instanceof HTMLInputElement) first.select();
}

/** Take away what the server said of another place: it is not true of this one. */
function forgetRefusal(target: HTMLFormElement): void {
  for (const said of target.querySelectorAll(REFUSAL)) said.remove();
  for (const field of target.querySelectorAll("[aria-invalid]")) {
    field.removeAttribute("aria-invalid");
  }
}

/** Close the booking panel: its appointment is in the grid. */
export function closeBooking(): void {
  const box = drawer();
  if (box) box.hidden = true;
}

/** Show the panel as the server filled it, for the patient of a record. */
export function showBooking(opener: HTMLElement): void {
  const box = drawer();
  if (box) openDrawer(box, opener);
}

/** Put the day that is looked at in the panel; the hour is still to be said. */
export function setDay(day: string): void {
  const target = form();
  if (!target) return;
  forgetRefusal(target);
  set(target, "day", frenchDay(day));
}

/** Put a patient that the search found in the panel, or take her out again. */
function pick(target: HTMLFormElement, chosen: HTMLElement | null): void {
  const { pick: id = "", label = "" } = chosen?.dataset ?? {};
  showPicked(target, id, label);
  target.querySelector("[data-found]")?.replaceChildren();
  target.querySelector("[data-known]")?.remove();
  target.dispatchEvent(new Event("input"));
  (target.elements.namedItem(chosen ? "kind" : "surname") as HTMLElement | null)?.focus();
}

/** Make the panel ready for the next telephone call: its day and its dentist stay. */
function empty(target: HTMLFormElement): void {
  if (target.querySelector(REFUSAL)) {
    // What the server refused is drawn in it: the server draws an empty one.
    const settings = { target, swap: "outerHTML", select: "#reservation-form" } as const;
    void import("htmx.org").then((it) =>
      it.default.ajax("get", `${target.action}?panel=1`, settings),
    );
    return;
  }
  for (const name of NEXT_CALL) set(target, name, "");
  showPicked(target, "", "");
  const kind = target.elements.namedItem("kind");
  if (kind instanceof HTMLSelectElement) kind.selectedIndex = 0;
  setUsualLength(target);
  target.querySelector("[data-found]")?.replaceChildren();
  const draft = target.querySelector<HTMLTextAreaElement>("textarea[data-draft]");
  if (draft) draft.value = "";
}

function setUsualLength(target: HTMLFormElement): void {
  const kind = target.elements.namedItem("kind");
  if (!(kind instanceof HTMLSelectElement)) return;
  const minutes = kind.selectedOptions[0]?.dataset.minutes;
  if (minutes) set(target, "minutes", minutes);
}

function onArrows(event: KeyboardEvent): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const field = event.target as HTMLElement;
  const names = field.closest("[data-names]");
  if (!names) return;
  const stops = [...names.querySelectorAll<HTMLElement>("[data-pick], [data-stop]")];
  const here = stops.indexOf(field);
  if (here < 0 && event.key === "ArrowUp") return;
  const next = stops[here + (event.key === "ArrowDown" ? 1 : -1)];
  event.preventDefault();
  (next ?? (here >= 0 ? names.querySelector("input") : null))?.focus();
}

/** After a refusal, the keys go to what must be answered first. */
function onSettle(event: Event): void {
  // What settles may be a piece of text.
  const place: unknown = (event as CustomEvent).detail.elt;
  if (!(place instanceof HTMLElement) || !place.matches("#reservation-form")) return;
  place.querySelector<HTMLElement>("[data-answer-first] button, [data-error-summary]")?.focus();
}

/** Wire every booking form of the page, also those that htmx brings. */
export function startBooking(): () => void {
  const onClick = (event: Event) => {
    const target = event.target as Element;
    const chosen = target.closest<HTMLElement>("[data-pick]");
    const again = target.closest("[data-unpick]");
    const owner = (chosen ?? again)?.closest("form");
    if (owner) pick(owner, chosen);
    const emptied = target.closest("[data-empty-booking]")?.closest("form");
    if (!emptied) return;
    empty(emptied);
    (emptied.elements.namedItem("surname") as HTMLElement | null)?.focus();
  };
  const onChange = (event: Event) => {
    const field = event.target as HTMLElement;
    const owner = field.closest("form");
    if (owner && field.matches("select[name=kind]")) setUsualLength(owner);
  };
  const onInput = (event: Event) => {
    const field = event.target as HTMLElement;
    const owner = field.closest("form");
    // A name that is typed is somebody else's: nobody is booked whom the names do not say.
    if (owner && field.matches("[name=surname], [name=first_name]")) showPicked(owner, "", "");
  };
  const onBooked = () => {
    const target = form();
    if (target) empty(target);
  };
  document.body.addEventListener("agenda:booked", onBooked);
  document.addEventListener("click", onClick);
  document.addEventListener("change", onChange);
  // Before the draft of the form is taken.
  document.addEventListener("input", onInput, true);
  document.addEventListener("keydown", onArrows);
  document.body.addEventListener("htmx:afterSettle", onSettle);
  return () => {
    document.body.removeEventListener("agenda:booked", onBooked);
    document.removeEventListener("click", onClick);
    document.removeEventListener("change", onChange);
    document.removeEventListener("input", onInput, true);
    document.removeEventListener("keydown", onArrows);
    document.body.removeEventListener("htmx:afterSettle", onSettle);
  };
}
