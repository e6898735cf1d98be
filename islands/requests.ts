import htmx from "htmx.org";
import { meta } from "./dom";
import { isElsewhere, isForAnother, isOverTyping } from "./live/audience";
import { PUBLIC_PAGE } from "./pages";
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
    const xhr = (event as CustomEvent).detail.xhr as XMLHttpRequest;
    toast({
      text: refusal(xhr.status, xhr.getResponseHeader("X-Incident") ?? ""),
      level: "danger",
    });
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    body.addEventListener(name, () => toast({ text: words.unreachable, level: "danger" }));
  }
  body.addEventListener("htmx:beforeSwap", (event) => {
    const detail = (event as CustomEvent).detail;
    const { requestConfig } = detail;
    // What was typed or ticked while the answer was on its way stays too.
    if (isOverTyping({ elt: requestConfig.elt, requestConfig })) detail.shouldSwap = false;
    if (!PUBLIC_PAGE.test(detail.xhr.responseText)) return;
    detail.shouldSwap = false;
    toast({ text: words.sessionOver, level: "danger" });
  });
}
