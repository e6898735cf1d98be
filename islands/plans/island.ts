import htmx from "htmx.org";
import { startKeys } from "./keys";
import { startLighting } from "./lighting";
import { startDragging } from "./moving";

/** Put the focus back where it was in what was just drawn again: keys may be held down. */
function keepFocus(root: HTMLElement, signal: AbortSignal): void {
  let line = "";
  let planned = -1;
  root.addEventListener(
    "htmx:beforeSwap",
    () => {
      const here = document.activeElement;
      line = here?.closest<HTMLElement>("[data-line]")?.dataset.line ?? "";
      planned = [...root.querySelectorAll("[data-do]")].indexOf(here as Element);
    },
    { signal },
  );
  root.addEventListener(
    "htmx:afterSettle",
    () => {
      if (document.activeElement !== document.body) return;
      const again = line
        ? root.querySelector<HTMLElement>(`[data-line="${CSS.escape(line)}"] .line-main`)
        : null;
      const buttons = [...root.querySelectorAll<HTMLElement>("[data-do]")];
      const next = planned < 0 ? null : buttons[Math.min(planned, buttons.length - 1)];
      // Nothing is left to do: the keys stay in this part, where none of them types anything.
      const part = planned < 0 ? null : root.querySelector<HTMLElement>("#travail");
      part?.setAttribute("tabindex", "-1");
      (again ?? next ?? part)?.focus({ preventScroll: true });
    },
    { signal },
  );
}

/** After an act was added, the field is empty for the next one. */
function clearLine(root: HTMLElement, signal: AbortSignal): void {
  document.body.addEventListener(
    "lineAdded",
    () => {
      const field = root.querySelector<HTMLInputElement>("[data-add-line]");
      if (!field) return;
      field.value = "";
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    },
    { signal },
  );
}

/** A note that somebody else writes is drawn again, unless this person is at it. */
function followNote(root: HTMLElement, signal: AbortSignal): void {
  const note = root.querySelector<HTMLElement>("[data-note-url]");
  if (!note) return;
  // Somebody writes here, reads why nothing was signed, or chooses the act of a template.
  const isBusy = (): boolean =>
    note.contains(document.activeElement) ||
    note.querySelector('[role="alert"], [data-asking]') !== null;
  document.body.addEventListener(
    "live:patient.changed",
    (event) => {
      const told = (event as CustomEvent<{ patient?: string; part?: string }>).detail;
      if (told?.part !== "note-draft" || told.patient !== note.dataset.livePatient) return;
      if (isBusy()) return;
      void htmx.ajax("get", note.dataset.noteUrl ?? "", { target: note, swap: "innerHTML" });
    },
    { signal },
  );
  note.addEventListener(
    "htmx:beforeSwap",
    (event) => {
      const { target, requestConfig } = (event as CustomEvent).detail;
      // The answer may come when this person has begun to write: her words are the newer ones.
      const isFollowing = target === note && requestConfig?.verb === "get";
      if (isFollowing && isBusy()) {
        (event as CustomEvent).detail.shouldSwap = false;
      }
    },
    { signal },
  );
}

/** A small form whose words were noted is empty again; what is refused stays as it was typed. */
function emptyForms(root: HTMLElement, signal: AbortSignal): void {
  root.addEventListener(
    "formNoted",
    ({ target }) => {
      if (target instanceof HTMLFormElement && "reset" in target.dataset) target.reset();
    },
    { signal },
  );
}

/** The other forms of the page name the version of the plan that is shown now. */
function followVersion(root: HTMLElement, signal: AbortSignal): void {
  root.addEventListener(
    "htmx:afterSettle",
    () => {
      const version = root.querySelector<HTMLElement>("#plan [data-version]")?.dataset.version;
      const field = root.querySelector<HTMLInputElement>("[data-plan-version]");
      if (version && field) field.value = version;
    },
    { signal },
  );
}

/** Acts and teeth that light each other, keys, dragging: the state lives on the server. */
export function mount(root: HTMLElement): () => void {
  const off = new AbortController();
  for (const start of [
    startKeys,
    startDragging,
    keepFocus,
    clearLine,
    emptyForms,
    followNote,
    followVersion,
  ]) {
    start(root, off.signal);
  }
  startLighting(off.signal);
  return () => off.abort();
}
