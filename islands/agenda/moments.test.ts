import { expect, test } from "vitest";
import {
  addDays,
  addMonths,
  clockOf,
  frenchDay,
  hhmm,
  jumped,
  longDay,
  minutesOf,
  titleOf,
} from "./moments";

test("minutes are written and read as the wall clock shows them", () => {
  expect(hhmm(570)).toBe("09:30");
  expect(hhmm(0)).toBe("00:00");
  expect(clockOf(570)).toBe("9 h 30");
  expect(minutesOf("09:30")).toBe(570);
  expect(minutesOf("23:59")).toBe(1439);
});

test("days go on over months, years and the nights in which the clock is set", () => {
  expect(addDays("2026-12-31", 1)).toBe("2027-01-01");
  expect(addDays("2026-03-28", 1)).toBe("2026-03-29");
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2026-10-25", 7)).toBe("2026-11-01");
  expect(addDays("2028-02-28", 1)).toBe("2028-02-29");
});

test("a month later is the same day, or the last one of a shorter month", () => {
  expect(addMonths("2026-11-27", 3)).toBe("2027-02-27");
  expect(addMonths("2026-08-31", 6)).toBe("2027-02-28");
  expect(addMonths("2028-08-31", 6)).toBe("2029-02-28");
  expect(addMonths("2027-11-30", 3)).toBe("2028-02-29");
});

test("jumps lead where their words say", () => {
  const today = "2026-11-27";
  expect(jumped("2026-01-05", "today", today)).toBe(today);
  expect(jumped("2026-01-05", "+7d", today)).toBe("2026-01-12");
  expect(jumped("2026-01-05", "-1d", today)).toBe("2026-01-04");
  expect(jumped("2026-01-05", "+6m", today)).toBe("2026-07-05");
  expect(jumped("2026-01-05", "ailleurs", today)).toBe("2026-01-05");
});

test("titles are French words", () => {
  expect(longDay("2026-11-27")).toBe("vendredi 27 novembre 2026");
  expect(titleOf(["2026-11-27"])).toBe("vendredi 27 novembre 2026");
  expect(titleOf(["2026-12-28", "2027-01-02"])).toBe("Du 28 décembre au 2 janvier 2027");
  expect(titleOf(["2026-11-23", "2026-11-28"])).toBe("Du 23 au 28 novembre 2026");
  expect(frenchDay("2026-11-07")).toBe("07/11/2026");
});
