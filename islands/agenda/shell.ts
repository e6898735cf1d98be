import { openDrawer } from "../drawers";

/** Tell whether keys belong to what the person is typing in, or to a question on screen. */
export function isTyping(target: HTMLElement, editable: string): boolean {
  return target.closest(editable) !== null || document.querySelector("dialog[open]") !== null;
}

/** Say something to who listens instead of looking. */
export function say(text: string): void {
  const place = document.getElementById("agenda-voix");
  if (place) place.textContent = text;
}

/** Open one of the panels that are in the page from the start. */
export function openPanel(id: string, opener: HTMLElement): void {
  const panel = document.getElementById(id);
  if (panel) openDrawer(panel, opener);
}

/** Press the button that opens a panel of the toolbar. */
export function press(name: string): void {
  document.querySelector<HTMLElement>(`[data-panel-open="${name}"]`)?.click();
}

/** Take the last change back, by its button in the corner; false when there is none. */
export function undoLast(): boolean {
  const buttons = document.querySelectorAll<HTMLElement>("#toasts .toast > .button-quiet");
  const last = buttons[buttons.length - 1];
  last?.click();
  return last !== undefined;
}

/** Write the day in the address, and in every link that keeps it. */
export function writeAddress(day: string): void {
  const here = new URL(location.href);
  here.searchParams.set("jour", day);
  history.pushState(null, "", here);
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-keeps-day]")) {
    const url = new URL(link.href);
    url.searchParams.set("jour", day);
    link.href = url.href;
  }
}

/** Tell whether a key moves a cursor. */
export function isArrow(pressed: KeyboardEvent): boolean {
  const isPlain = !pressed.ctrlKey && !pressed.metaKey && !pressed.altKey;
  return isPlain && /^Arrow(Up|Down|Left|Right)$/.test(pressed.key);
}

/**
 * Tell whether a letter was meant for a panel that is open, beside its fields: no command then. The
 * list of free slots stays open from one call to the next, and nobody types a name in it.
 */
export function isLetterBesideDrawer(pressed: KeyboardEvent): boolean {
  const open = document.querySelector("#drawers > [data-drawer]:not([hidden], #creneaux)");
  return open !== null && pressed.key.length === 1 && pressed.key !== "?";
}
