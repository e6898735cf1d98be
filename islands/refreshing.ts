/** Pages that draw themselves again each minute, and say how old they are when they could not.
 *
 * A part `[data-refreshed]` asks by htmx (`live:minute`); `[data-stale]` and `[data-paused]` are the
 * sentences that say why what is shown is old. */

import type { Asked } from "./live/audience";

const PARTS = "[data-refreshed]";
const KEPT = "details[data-kept]";
const FIELDS = "input:not([type=hidden]), textarea, select";

/** Tell whether a request is one that nobody asked for: the page draws itself again. */
export function isRefresh(asked: {
  elt?: Element;
  requestConfig?: Asked["requestConfig"];
}): boolean {
  const kind = asked.requestConfig?.triggeringEvent?.type ?? "";
  return kind.startsWith("live:") && Boolean(asked.elt?.matches(PARTS));
}

/** Return the parts that one answer replaces. */
function partsOf(elt: Element): Element[] {
  const beside = (elt.getAttribute("hx-select-oob") ?? "").split(",").filter(Boolean);
  const found = beside.map((name) => document.querySelector(name.trim()));
  return [elt, ...found.filter((one) => one !== null)];
}

/** Tell whether somebody is in the middle of something that a new drawing would take away. */
export function isBusy(elt: Element): boolean {
  if (document.querySelector("dialog[open]")) return true;
  const held = document.activeElement;
  if (!held?.matches(FIELDS)) return false;
  return partsOf(elt).some((part) => part.contains(held));
}

/** Return the folded parts with their names; one that stands twice in a page is told by its turn. */
function folded(): [string, HTMLDetailsElement][] {
  const turns = new Map<string, number>();
  return [...document.querySelectorAll<HTMLDetailsElement>(KEPT)].map((one) => {
    const name = one.dataset.kept ?? "";
    const turn = (turns.get(name) ?? 0) + 1;
    turns.set(name, turn);
    return [`${name} ${turn}`, one];
  });
}

/** Return which folded parts are open, by their names. */
export function openOnes(): Map<string, boolean> {
  return new Map(folded().map(([name, one]) => [name, one.open]));
}

/** Fold and unfold as it was before; what is new stays as it was drawn. */
export function openAgain(before: Map<string, boolean>): void {
  for (const [name, one] of folded()) one.open = before.get(name) ?? one.open;
}

function show(name: "stale" | "paused", isShown: boolean): void {
  for (const one of document.querySelectorAll<HTMLElement>(`[data-${name}]`)) one.hidden = !isShown;
}

function told(event: Event): { elt: HTMLElement; requestConfig?: Asked["requestConfig"] } {
  const detail = (event as CustomEvent).detail;
  return { elt: detail.requestConfig?.elt ?? detail.elt, requestConfig: detail.requestConfig };
}

/** Wire the parts that draw themselves again. */
export function startRefreshing(): void {
  const body = document.body;
  let before = new Map<string, boolean>();
  body.addEventListener("htmx:beforeRequest", (event) => {
    const asked = told(event);
    if (!isRefresh(asked)) return;
    const isHeld = isBusy(asked.elt);
    show("paused", isHeld);
    if (isHeld) event.preventDefault();
  });
  body.addEventListener("htmx:beforeSwap", (event) => {
    const asked = told(event);
    if (!isRefresh(asked)) return;
    const { detail } = event as CustomEvent;
    // A dialog may have opened, or a word begun, while the answer was on its way.
    if (isBusy(asked.elt)) detail.shouldSwap = false;
    // An error page, the login page: what is on screen is not of now.
    if (!detail.shouldSwap) show("stale", !isBusy(asked.elt));
    before = openOnes();
  });
  body.addEventListener("htmx:afterSwap", (event) => {
    if (isRefresh(told(event))) openAgain(before);
  });
  for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, (event) => {
      if (isRefresh(told(event))) show("stale", true);
    });
  }
}
