import { isEditable } from "./dom";

/** Return which option the arrow leads to; -1 is none, the ends meet. */
export function nextOption(current: number, count: number, key: string): number {
  if (count === 0) return -1;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key === "ArrowDown") return (current + 1) % count;
  if (key === "ArrowUp") return current <= 0 ? count - 1 : current - 1;
  return current;
}

/** Tell whether a key asks for the search from anywhere on the page. */
export function isSearchKey(event: KeyboardEvent): boolean {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    return true;
  }
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  return plain && event.key === "/" && !isEditable(event.target);
}

function listOf(box: HTMLInputElement): HTMLElement | null {
  return document.getElementById(box.getAttribute("aria-controls") ?? "");
}

function optionsOf(box: HTMLInputElement): HTMLElement[] {
  return [...(listOf(box)?.querySelectorAll<HTMLElement>("a[role=option]") ?? [])];
}

function select(box: HTMLInputElement, index: number): void {
  const options = optionsOf(box);
  for (const [place, option] of options.entries()) {
    option.id = `${box.id}-choix-${place}`;
    option.setAttribute("aria-selected", String(place === index));
  }
  const chosen = options[index];
  if (chosen) box.setAttribute("aria-activedescendant", chosen.id);
  else box.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function selected(box: HTMLInputElement): number {
  return optionsOf(box).findIndex((option) => option.getAttribute("aria-selected") === "true");
}

function setOpen(box: HTMLInputElement, open: boolean): void {
  const list = listOf(box);
  if (!list) return;
  list.hidden = !open;
  box.setAttribute("aria-expanded", String(open));
  if (!open) select(box, -1);
}

function isOpen(box: HTMLInputElement): boolean {
  return listOf(box)?.hidden === false;
}

function onArrow(event: KeyboardEvent, box: HTMLInputElement): void {
  if (!isOpen(box)) setOpen(box, optionsOf(box).length > 0);
  if (!isOpen(box)) return;
  event.preventDefault();
  select(box, nextOption(selected(box), optionsOf(box).length, event.key));
}

/** Which words each list answers; while it answers others, Enter waits for its own. */
const answered = new WeakMap<HTMLInputElement, string>();
const waiting = new WeakSet<HTMLInputElement>();

/** Tell whether the options shown are those of what is typed now. */
export function isAnswered(box: HTMLInputElement): boolean {
  // A field without a list proposes nothing: Enter sends its form.
  if (!listOf(box)) return true;
  return box.value.trim() === "" || box.value === (answered.get(box) ?? box.defaultValue);
}

function wait(box: HTMLInputElement, waits: boolean): void {
  if (waits) waiting.add(box);
  else waiting.delete(box);
  box.ariaBusy = waits ? "true" : null;
}

/** Do what Enter asked for before the answer was there. */
function enterNow(box: HTMLInputElement): void {
  wait(box, false);
  const chosen = optionsOf(box)[0];
  if (chosen) chosen.click();
  else box.form?.requestSubmit();
}

function onAnswer(box: HTMLInputElement, words: string): void {
  answered.set(box, words);
  setOpen(box, box.value.trim() !== "" && box === document.activeElement);
  if (isOpen(box)) select(box, 0);
}

/** No answer came: the next Enter sends the form, and that tells what is wrong. */
function giveUp(box: HTMLInputElement): void {
  wait(box, false);
  listOf(box)?.replaceChildren();
  setOpen(box, false);
  answered.set(box, box.value);
}

function onKey(event: KeyboardEvent, box: HTMLInputElement): void {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") onArrow(event, box);
  if (event.key === "Enter" && !isAnswered(box)) {
    // A fast typist: what is shown answers fewer words than she typed.
    event.preventDefault();
    wait(box, true);
    return;
  }
  if (event.key === "Enter" && isOpen(box)) {
    const chosen = optionsOf(box)[selected(box)];
    if (!chosen) return;
    event.preventDefault();
    chosen.click();
  }
  if (event.key === "Escape") {
    event.preventDefault();
    if (isOpen(box)) setOpen(box, false);
    else if (box.value) box.value = "";
    else box.blur();
  }
}

function boxOf(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.hasAttribute("data-search") ? target : null;
}

/** Wire every `<input data-search>`; the one with `data-search="shortcut"` answers the keys. */
export function startSearch(): void {
  document.addEventListener("keydown", (event) => {
    const box = boxOf(event.target);
    if (box) onKey(event, box);
    if (!isSearchKey(event)) return;
    const shortcut = document.querySelector<HTMLInputElement>('[data-search="shortcut"]');
    if (!shortcut) return;
    event.preventDefault();
    shortcut.focus();
    shortcut.select();
  });
  // Not before it has settled: until then htmx does not know the options, and Enter would leave
  // the page instead of choosing one.
  document.body.addEventListener("htmx:afterSettle", (event) => {
    const { elt, parameters } = (event as CustomEvent).detail.requestConfig ?? {};
    const box = boxOf(elt ?? null);
    if (!box) return;
    onAnswer(box, String(parameters?.[box.name] ?? ""));
    if (waiting.has(box) && isAnswered(box)) enterNow(box);
  });
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.body.addEventListener(failed, (event) => {
      const box = boxOf((event as CustomEvent).detail.requestConfig?.elt ?? null);
      if (box) giveUp(box);
    });
  }
  document.addEventListener("input", (event) => {
    const box = boxOf(event.target);
    if (box) wait(box, false);
    if (box && box.value.trim() === "") setOpen(box, false);
  });
  document.addEventListener("focusin", (event) => {
    const box = boxOf(event.target);
    if (box?.value.trim() && optionsOf(box).length > 0) setOpen(box, true);
  });
  document.addEventListener("focusout", (event) => {
    const form = (event.target as Element).closest(".search");
    if (!form || form.contains(event.relatedTarget as Node | null)) return;
    const box = boxOf(form.querySelector("[data-search]"));
    if (box) setOpen(box, false);
  });
}
