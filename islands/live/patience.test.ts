// @vitest-environment jsdom
import htmx from "htmx.org";
import { afterEach, expect, it, vi } from "vitest";
import { isOverAnswer, redrawLater } from "./patience";

vi.mock("htmx.org", () => ({ default: { ajax: vi.fn() } }));

const event = new CustomEvent("live:patient.changed", { detail: { patient: "a" } });

function part(drawn: string): HTMLElement {
  document.body.innerHTML = `<div id="notes" hx-get="/notes/">${drawn}</div>`;
  return document.getElementById("notes") as HTMLElement;
}

const AWAITED = '<a class="htmx-request">Corriger</a>';

afterEach(() => {
  vi.clearAllMocks();
  vi.useRealTimers();
});

it("lets nothing be redrawn under a click whose answer is awaited", () => {
  const asked = (elt: HTMLElement, triggeringEvent: Event) => ({
    elt,
    requestConfig: { triggeringEvent },
  });
  expect(isOverAnswer(asked(part(AWAITED), event))).toBe(true);
  expect(isOverAnswer(asked(part("<a>Corriger</a>"), event))).toBe(false);
  expect(isOverAnswer(asked(part(AWAITED), new Event("click")))).toBe(false);
});

it("asks again when the answer is there, once", () => {
  vi.useFakeTimers();
  const elt = part(AWAITED);
  redrawLater({ elt, requestConfig: { triggeringEvent: event } });
  for (let answers = 0; answers < 2; answers++) {
    elt.firstElementChild?.dispatchEvent(new Event("htmx:afterRequest", { bubbles: true }));
    vi.runAllTimers();
  }
  expect(htmx.ajax).toHaveBeenCalledExactlyOnceWith("get", "/notes/", { source: elt, event });
});

it("asks nothing for a part that has left the page", () => {
  vi.useFakeTimers();
  const elt = part(AWAITED);
  redrawLater({ elt, requestConfig: { triggeringEvent: event } });
  elt.firstElementChild?.dispatchEvent(new Event("htmx:afterRequest", { bubbles: true }));
  elt.remove();
  vi.runAllTimers();
  expect(htmx.ajax).not.toHaveBeenCalled();
});
