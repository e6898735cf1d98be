/** Places to fill in a text: « {teinte} ». Tab goes from one to the next, then leaves the field. */

const PLACE = /\{[^{}\n]{1,40}\}/g;

export interface Place {
  start: number;
  end: number;
  name: string;
}

/** Return the places of a text, in their order. */
export function placesOf(text: string): Place[] {
  return [...text.matchAll(PLACE)].map((found) => ({
    start: found.index,
    end: found.index + found[0].length,
    name: found[0],
  }));
}

/** Return the place that Tab leads to from here, the one before with `back`; null for none. */
export function nextPlace(text: string, from: number, to: number, back: boolean): Place | null {
  const places = placesOf(text);
  if (back) return places.reverse().find((one) => one.end <= from) ?? null;
  return places.find((one) => one.start >= to) ?? null;
}

function tell(area: HTMLTextAreaElement): void {
  const sign = area.form?.querySelector<HTMLElement>("[data-places-left]");
  if (!sign) return;
  const names = [...new Set(placesOf(area.value).map((one) => one.name))];
  sign.hidden = names.length === 0;
  const list = sign.querySelector("span");
  if (list) list.textContent = names.join(" ");
}

function areaOf(target: EventTarget | null): HTMLTextAreaElement | null {
  const isOne = target instanceof HTMLTextAreaElement && target.hasAttribute("data-places");
  return isOne ? target : null;
}

function onTab(event: KeyboardEvent): void {
  const area = areaOf(event.target);
  if (!area || event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
  const { value, selectionStart, selectionEnd } = area;
  const place = nextPlace(value, selectionStart, selectionEnd, event.shiftKey);
  if (!place) return;
  event.preventDefault();
  area.setSelectionRange(place.start, place.end);
}

interface Settled {
  target?: Element;
  requestConfig?: { verb?: string };
}

/** After a template came, the first place to fill is the next thing to type. */
function onSettle(event: Event): void {
  const { target, requestConfig } = (event as CustomEvent<Settled>).detail;
  // A template was asked for; a note that another workstation changed takes no focus.
  if (requestConfig?.verb !== "post") return;
  const area = target?.querySelector<HTMLTextAreaElement>("textarea[data-places]");
  // What is asked about the template comes first.
  if (!area || target?.querySelector("[data-asking]")) return;
  const first = placesOf(area.value)[0];
  area.focus();
  if (first) area.setSelectionRange(first.start, first.end);
  else area.setSelectionRange(area.value.length, area.value.length);
}

type Known = Record<string, string>;

/** What the visit knew when the page last looked. */
let before: Known = {};

interface Edit {
  start: number;
  end: number;
  words: string;
}

/** Return what changes in a text, last first: places that are known now, words that changed. */
export function editsOf(text: string, was: Known, now: Known): Edit[] {
  const found: Edit[] = [];
  for (const [name, said] of Object.entries(now)) {
    const place = `{${name}}`;
    const words = said || place;
    for (const old of new Set([place, was[name] || place])) {
      let start = old === words ? -1 : text.indexOf(old);
      for (; start >= 0; start = text.indexOf(old, start + old.length)) {
        found.push({ start, end: start + old.length, words });
      }
    }
  }
  return found.sort((one, other) => other.start - one.start);
}

/**
 * Fill what the visit has come to know in the note that is open. It is kept with what is typed
 * next, or signed: two workstations that fill the same note do not contradict each other.
 */
function follow(): void {
  const told = document.querySelector<HTMLElement>("[data-places-known]")?.dataset.placesKnown;
  const area = document.querySelector<HTMLTextAreaElement>("textarea[data-places]");
  if (!told || !area) return;
  const now = JSON.parse(told) as Known;
  for (const { words, start, end } of editsOf(area.value, before, now)) {
    area.setRangeText(words, start, end, "preserve");
  }
  before = now;
  tell(area);
}

/** Wire every `<textarea data-places>`. */
export function startPlaces(): void {
  follow();
  document.body.addEventListener("htmx:afterSettle", follow);
  document.addEventListener("keydown", onTab);
  document.addEventListener("input", (event) => {
    const area = areaOf(event.target);
    if (area) tell(area);
  });
  document.body.addEventListener("htmx:afterSettle", onSettle);
}
