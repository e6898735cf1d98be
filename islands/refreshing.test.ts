// @vitest-environment jsdom
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { isBusy, isRefresh, openAgain, openOnes, startRefreshing } from "./refreshing";

const PAGE = `<p id="above"><select id="which"><option>a</option></select></p>
  <form><select id="filter"><option>a</option></select></form>
  <div id="rows" data-refreshed hx-select-oob="#above,#gone"><button>Finir</button>
    <details data-kept="one"><summary>1</summary></details>
    <details data-kept="one"><summary>1 again</summary></details></div>
  <strong data-stale hidden></strong><span data-paused hidden></span>`;
const MINUTE = new CustomEvent("live:minute");

const rows = (): HTMLElement => document.getElementById("rows") as HTMLElement;
const hidden = (name: string): boolean =>
  document.querySelector(`[data-${name}]`)?.hasAttribute("hidden") ?? false;

function tell(name: string, more: object = {}, triggeringEvent: Event = MINUTE) {
  const requestConfig = { elt: rows(), triggeringEvent };
  const detail = { elt: rows(), shouldSwap: true, requestConfig, ...more };
  const event = new CustomEvent(name, { detail, cancelable: true });
  document.body.dispatchEvent(event);
  return event;
}

beforeAll(startRefreshing);
beforeEach(() => {
  document.body.innerHTML = PAGE;
});

describe("a page that draws itself again", () => {
  it("is told from what somebody asked for", () => {
    expect(isRefresh({ elt: rows(), requestConfig: { triggeringEvent: MINUTE } })).toBe(true);
    const click = { triggeringEvent: new Event("click") };
    expect(isRefresh({ elt: rows(), requestConfig: click })).toBe(false);
    expect(isRefresh({ elt: document.body, requestConfig: { triggeringEvent: MINUTE } })).toBe(
      false,
    );
  });

  it("waits for a question, and for a field in what it replaces", () => {
    expect(isBusy(rows())).toBe(false);
    document.getElementById("filter")?.focus();
    expect(isBusy(rows())).toBe(false);
    document.getElementById("which")?.focus();
    expect(isBusy(rows())).toBe(true);
    (document.activeElement as HTMLElement).blur();
    document.body.insertAdjacentHTML("beforeend", "<dialog open></dialog>");
    expect(isBusy(rows())).toBe(true);
    expect(tell("htmx:beforeRequest").defaultPrevented).toBe(true);
    expect(hidden("paused")).toBe(false);
    // The question came while the answer was on its way.
    expect((tell("htmx:beforeSwap").detail as { shouldSwap: boolean }).shouldSwap).toBe(false);
    expect(hidden("stale")).toBe(true);
    document.querySelector("dialog")?.remove();
    expect(tell("htmx:beforeRequest").defaultPrevented).toBe(false);
    expect(hidden("paused")).toBe(true);
  });

  it("leaves open what was open, and folded what was folded", () => {
    const one = (): HTMLDetailsElement => document.querySelector("details") as HTMLDetailsElement;
    one().open = true;
    const before = openOnes();
    document.body.innerHTML = `${PAGE}<details data-kept="new" open></details>`;
    openAgain(before);
    expect([...document.querySelectorAll("details")].map((each) => each.open)).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("says that it is old when the server does not answer, or answers something else", () => {
    tell("htmx:sendError", {}, new Event("click"));
    expect(hidden("stale")).toBe(true);
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
      document.body.innerHTML = PAGE;
      tell(name);
      expect(hidden("stale")).toBe(false);
    }
    document.body.innerHTML = PAGE;
    tell("htmx:beforeSwap", { shouldSwap: false });
    expect(hidden("stale")).toBe(false);
  });
});
