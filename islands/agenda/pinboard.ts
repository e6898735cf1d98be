import type { Visit } from "./feed";

/** An appointment in the hand: taken from the grid or from the pinboard. */
export interface Carried {
  id: string;
  name: string;
  minutes: number;
  version: string;
}

/** Read a pin of the page. */
export function carriedOf(pin: HTMLElement): Carried {
  const { pinned = "", name = "", minutes = "15", version = "" } = pin.dataset;
  return { id: pinned, name, minutes: Number(minutes), version };
}

/** Take an appointment of the grid in the hand. */
export function carriedFrom(visit: Visit): Carried {
  const { id, name, from, to, version } = visit;
  return { id, name, minutes: to - from, version: String(version) };
}

/** Read the « Déplacer » button of an appointment's panel. */
export function carriedFromButton({ dataset }: HTMLElement): Carried {
  const { carry = "", name = "", minutes = "15", version = "" } = dataset;
  return { id: carry, name, minutes: Number(minutes), version };
}

/** What this person pinned last: no key drops what a colleague carries. */
export function ownPin(): HTMLElement | null {
  const mine = document.querySelectorAll<HTMLElement>("#pinboard [data-pinned][data-mine]");
  return mine[mine.length - 1] ?? null;
}

/** Tell whether a point of the screen lies on the pinboard. */
export function isOnPinboard(x: number, y: number): boolean {
  return document.elementFromPoint(x, y)?.closest("#pinboard") != null;
}

interface Wanted {
  carry(carried: Carried): void;
  drop(carried: Carried, x: number, y: number): void;
}

/** Let pins be dragged to the grid, or taken with a click or a key. */
export function startPinboard(grid: HTMLElement, wanted: Wanted): () => void {
  let held: Carried | null = null;
  const onStart = (event: DragEvent) => {
    const pin = (event.target as Element).closest?.<HTMLElement>("[data-pinned]");
    if (!pin) return;
    held = carriedOf(pin);
    event.dataTransfer?.setData("text/plain", held.name);
  };
  const onOver = (event: DragEvent) => {
    if (held) event.preventDefault();
  };
  const onDrop = (event: DragEvent) => {
    if (!held) return;
    event.preventDefault();
    wanted.drop(held, event.clientX, event.clientY);
    held = null;
  };
  const onEnd = () => {
    held = null;
  };
  const onClick = (event: Event) => {
    const button = (event.target as Element).closest("[data-pin-take]");
    const pin = button?.closest<HTMLElement>("[data-pinned]");
    if (pin) wanted.carry(carriedOf(pin));
  };
  document.addEventListener("dragstart", onStart);
  document.addEventListener("dragend", onEnd);
  document.addEventListener("click", onClick);
  grid.addEventListener("dragover", onOver);
  grid.addEventListener("drop", onDrop);
  return () => {
    document.removeEventListener("dragstart", onStart);
    document.removeEventListener("dragend", onEnd);
    document.removeEventListener("click", onClick);
  };
}
