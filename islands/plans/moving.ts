import htmx from "htmx.org";
import { placeAmong } from "./order";

function linesOf(list: HTMLElement, but: HTMLElement): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>("[data-line]")].filter((one) => one !== but);
}

/** Let acts be dragged within a session and from one to another. */
export function startDragging(root: HTMLElement, signal: AbortSignal): void {
  let dragged: HTMLElement | null = null;
  root.addEventListener(
    "pointerdown",
    (event) => {
      // A link or a button inside a line is pressed, not dragged.
      const target = event.target as Element;
      const line = target.closest<HTMLElement>("[data-move]");
      if (line) line.draggable = !target.closest("a, button, input, form");
    },
    { signal },
  );
  root.addEventListener(
    "dragstart",
    (event) => {
      dragged = (event.target as Element).closest<HTMLElement>("[data-move]");
      dragged?.classList.add("is-dragged");
      event.dataTransfer?.setData("text/plain", dragged?.dataset.line ?? "");
    },
    { signal },
  );
  root.addEventListener(
    "dragover",
    (event) => {
      if (dragged && (event.target as Element).closest("[data-session]")) event.preventDefault();
    },
    { signal },
  );
  root.addEventListener(
    "drop",
    (event) => {
      const session = (event.target as Element).closest<HTMLElement>("[data-session]");
      if (!dragged || !session) return;
      event.preventDefault();
      const boxes = linesOf(session, dragged).map((one) => one.getBoundingClientRect());
      void htmx.ajax("post", dragged.dataset.move ?? "", {
        target: "#plan",
        values: {
          seance: session.dataset.session ?? "",
          position: String(placeAmong(boxes, event.clientY)),
          version: dragged.dataset.version ?? "",
        },
      });
    },
    { signal },
  );
  root.addEventListener(
    "dragend",
    () => {
      dragged?.classList.remove("is-dragged");
      dragged = null;
    },
    { signal },
  );
}
