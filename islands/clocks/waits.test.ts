import { expect, test } from "vitest";
import { isLate, waited } from "./waits";

const MIN = 60_000;

test("a wait is said in minutes, then in hours", () => {
  expect(waited(0, 59_000)).toBe("0 min");
  expect(waited(0, 4 * MIN)).toBe("4 min");
  expect(waited(0, 65 * MIN)).toBe("1 h 05");
});

test("a clock that was set back shows no negative wait", () => {
  expect(waited(10 * MIN, 0)).toBe("0 min");
});

test("who waits past the hour of the appointment is late from the tenth minute on", () => {
  expect(isLate(0, 9 * MIN, 10)).toBe(false);
  expect(isLate(0, 10 * MIN, 10)).toBe(true);
  expect(isLate(20 * MIN, 10 * MIN, 10)).toBe(false);
});
