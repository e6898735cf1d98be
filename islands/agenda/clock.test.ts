import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Clock } from "./clock";

const MIN = 60_000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function served(wall: string): void {
  document.body.innerHTML = `<div data-wall="${wall}"></div>`;
}

test("the wall clock goes on from what the server said, whatever this machine believes", () => {
  vi.setSystemTime("1999-01-01T03:33:00Z");
  served("2026-03-17T09:58:00");
  const clock = new Clock();
  expect(clock.now()).toEqual({ day: "2026-03-17", minute: 598 });
  vi.advanceTimersByTime(4 * MIN);
  expect(clock.now()).toEqual({ day: "2026-03-17", minute: 602 });
});

test("a workstation whose clock is set meanwhile changes nothing", () => {
  served("2026-03-17T23:50:00");
  const clock = new Clock();
  clock.now();
  vi.setSystemTime("2031-01-01T00:00:00Z");
  vi.advanceTimersByTime(15 * MIN);
  expect(clock.now()).toEqual({ day: "2026-03-18", minute: 5 });
});

test("a waiting room drawn again says the time anew, and none says no day", () => {
  served("2026-03-17T09:00:00");
  const clock = new Clock();
  clock.now();
  vi.advanceTimersByTime(5 * MIN);
  served("2026-03-17T09:07:00");
  expect(clock.now().minute).toBe(547);
  document.body.replaceChildren();
  expect(clock.now()).toEqual({ day: "", minute: 0 });
});

test("nothing of the agenda asks this machine for the time", () => {
  const sources = import.meta.glob<string>("./*.ts", {
    query: "?raw",
    import: "default",
    eager: true,
  });
  const asking = Object.entries(sources).filter(
    ([name, text]) => !name.endsWith(".test.ts") && /new Date\(\)|Date\.now\(/.test(text),
  );
  expect(Object.keys(sources)).toContain("./grid.ts");
  expect(asking.map(([name]) => name)).toEqual([]);
});
