import htmx from "htmx.org";
import type { Asked } from "./audience";

/** Tell whether a live event would redraw a part of the page from which an answer is awaited: what
 * somebody has just clicked would be gone before its answer came. */
export function isOverAnswer(asked: Asked): boolean {
  if (!asked.requestConfig?.triggeringEvent?.type.startsWith("live:")) return false;
  return asked.elt.querySelector(".htmx-request") !== null;
}

/** Ask again once the awaited answer is drawn; what was typed since then still stays. */
export function redrawLater({ elt, requestConfig }: Asked): void {
  const event = requestConfig?.triggeringEvent;
  const path = elt.getAttribute("hx-get");
  if (!event || !path) return;
  const again = (): void => {
    if (elt.isConnected) void htmx.ajax("get", path, { source: elt, event });
  };
  elt.addEventListener("htmx:afterRequest", () => window.setTimeout(again), { once: true });
}
