import htmx from "htmx.org";
import { meta } from "./dom";
import { isElsewhere, isForAnother, isOverTyping } from "./live/audience";
import { isOverAnswer, redrawLater } from "./live/patience";
import { PUBLIC_PAGE } from "./pages";
import { isRefresh } from "./refreshing";
import { toast } from "./toasts";
import { refusal, words } from "./words";

/** Set htmx up for a strict CSP, records that stay out of the browser's stores, French errors. */
export function startRequests(): void {
  Object.assign(htmx.config, {
    allowEval: false,
    allowScriptTags: false,
    includeIndicatorStyles: false,
    selfRequestsOnly: true,
    // Pages of records must not stay in the browser's storage.
    historyCacheSize: 0,
    // What is drawn can be clicked at once: 20 ms later is too late for a key that was held ready.
    defaultSettleDelay: 0,
    // Copying a style attribute is an inline style: the CSP refuses it.
    attributesToSettle: ["class", "width", "height"],
    refreshOnHistoryMiss: true,
    timeout: 60_000,
    responseHandling: [
      { code: "204", swap: false },
      { code: "[23]..", swap: true },
      { code: "409", swap: true },
      { code: "422", swap: true },
      { code: "[45]..", swap: false, error: true },
    ],
  });
  const body = document.body;
  body.addEventListener("htmx:configRequest", (event) => {
    (event as CustomEvent).detail.headers["X-CSRFToken"] = meta("csrf-token");
  });
  body.addEventListener("htmx:beforeRequest", (event) => {
    const asked = (event as CustomEvent).detail;
    if (isForAnother(asked) || isElsewhere(asked) || isOverTyping(asked)) event.preventDefault();
  });
  body.addEventListener("htmx:responseError", (event) => {
    // A page that draws itself again says itself that it is old.
    if (isRefresh((event as CustomEvent).detail)) return;
    const xhr = (event as CustomEvent).detail.xhr as XMLHttpRequest;
    toast({
      text: refusal(xhr.status, xhr.getResponseHeader("X-Incident") ?? ""),
      level: "danger",
    });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, (event) => {
      if (isRefresh((event as CustomEvent).detail)) return;
      toast({ text: words.unreachable, level: "danger" });
    });
  }
  body.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent).detail;
    const { requestConfig } = detail;
    const asked = { elt: requestConfig.elt, requestConfig };
    // What was typed or ticked while the answer was on its way stays too.
    if (isOverTyping(asked)) detail.shouldSwap = false;
    if (isOverAnswer(asked)) {
      detail.shouldSwap = false;
      redrawLater(asked);
    }
    if (!PUBLIC_PAGE.test(detail.xhr.responseText)) return;
    detail.shouldSwap = false;
    toast({ text: words.sessionOver, level: "danger" });
  });
}
