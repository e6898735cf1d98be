import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { mount } from "./island";
import { waited } from "./waits";

vi.mock("htmx.org", () => ({ default: { ajax: vi.fn() } }));

const MIN = 60_000;
const NOON = Date.UTC(2026, 2, 17, 11);

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("a wait is said in minutes, then in hours", () => {
  expect(waited(0, 59_000)).toBe("0 min");
  expect(waited(0, 4 * MIN)).toBe("4 min");
  expect(waited(0, 65 * MIN)).toBe("1 h 05");
});

test("a clock that was set back shows no negative wait", () => {
  expect(waited(10 * MIN, 0)).toBe("0 min");
});

function room(): HTMLElement {
  document.body.innerHTML = `<section id="room"><div data-now="${NOON}"><p data-waiting>
    <span data-since="${NOON - 13 * MIN}" data-long-after="15"></span>
    <strong data-long-words hidden></strong></p></div></section>`;
  return document.getElementById("room") as HTMLElement;
}

test("clocks go on from the server's time, and say when a wait is long", () => {
  const root = room();
  const leave = mount(root);
  const clock = root.querySelector("[data-since]");
  expect(clock?.textContent).toBe("13 min");
  vi.advanceTimersByTime(2 * MIN);
  expect(clock?.textContent).toBe("15 min");
  expect(root.querySelector("[data-waiting]")?.classList.contains("is-late")).toBe(true);
  expect(root.querySelector<HTMLElement>("[data-long-words]")?.hidden).toBe(false);
  leave();
});

test("a redraw sets the clocks by what the server says then", () => {
  const root = room();
  const leave = mount(root);
  vi.advanceTimersByTime(5 * MIN);
  const inner = root.querySelector<HTMLElement>("[data-now]");
  if (inner) inner.dataset.now = String(NOON + MIN);
  document.body.dispatchEvent(new CustomEvent("htmx:afterSettle"));
  expect(root.querySelector("[data-since]")?.textContent).toBe("14 min");
  leave();
});
