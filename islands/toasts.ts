import htmx from "htmx.org";
import { icon, iconButton, make } from "./dom";
import { words } from "./words";

export interface Toast {
  text: string;
  level?: "info" | "ok" | "attention" | "danger";
  /** Address that takes the action back when it is POSTed. */
  undoUrl?: string;
}

const ICONS = {
  info: "info",
  ok: "circle-check",
  attention: "triangle-alert",
  danger: "octagon-alert",
};
/** Messages of trouble stay until they are read and closed; the others leave by themselves. */
const STAY_MS = { info: 6000, ok: 6000, attention: 12000, danger: Number.POSITIVE_INFINITY };
const UNDO_STAY_MS = 12000;

/** Show a short message in the corner; trouble stays until it is closed. */
export function toast({ text, level = "ok", undoUrl }: Toast): HTMLElement | null {
  const region = document.getElementById("toasts");
  if (!region) return null;
  for (const shown of region.querySelectorAll<HTMLElement>(".toast")) {
    if (shown.dataset.text === text) shown.remove();
  }
  const close = iconButton("x", words.close);
  const box = make(
    "div",
    { class: `toast tone-${level}`, "data-text": text, role: level === "danger" && "alert" },
    icon(ICONS[level]),
    make("p", { class: "toast-text" }, text),
  );
  if (undoUrl) box.append(undoButton(undoUrl, box));
  box.append(close);
  close.addEventListener("click", () => box.remove());
  region.append(box);
  leaveLater(box, undoUrl ? UNDO_STAY_MS : STAY_MS[level]);
  return box;
}

function undoButton(url: string, box: HTMLElement): HTMLButtonElement {
  const button = make("button", { type: "button", class: "button button-quiet" }, words.undo);
  button.addEventListener("click", () => {
    box.remove();
    if (url !== "#") void htmx.ajax("post", url, { swap: "none" });
  });
  return button;
}

function leaveLater(box: HTMLElement, delay: number): void {
  if (!Number.isFinite(delay)) return;
  let timer = window.setTimeout(() => box.remove(), delay);
  // Nobody loses a message, or the way back, while reaching for it.
  box.addEventListener("pointerenter", () => window.clearTimeout(timer));
  box.addEventListener("focusin", () => window.clearTimeout(timer));
  box.addEventListener("pointerleave", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => box.remove(), delay / 2);
  });
}

/** Listen to the server (`HX-Trigger: {"toast": {...}}`) and to `data-toast` buttons. */
export function startToasts(): void {
  document.body.addEventListener("toast", (event) => {
    toast((event as CustomEvent<Toast>).detail);
  });
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-toast]");
    if (!button?.dataset.toast) return;
    const undoUrl = button.dataset.toastUndo;
    toast({ text: button.dataset.toast, ...(undoUrl ? { undoUrl } : {}) });
  });
}
